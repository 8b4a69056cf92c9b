"""The brushed pairs in the scatter: as points while these can be told apart, as their density where they cannot."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject

from engine.brush import Brush
from engine.data import Cells
from engine.density import counting
from engine.result import AnalysisResult
from ui.theme import Colours
from ui.views.density_image import COLOURS, Area, DensityImage
from ui.views.pair_picture import MOST_POINTS, PairPicture
from ui.views.point_cloud import PointCloud

FEW = 500  # brushed pairs; below, their points are larger than others
LARGER = 1.6  # times a point that is not brushed
SOLID = 170  # opacity of a point, of 255
FAINT = 0.35  # opacity of the density of all pairs below that of the brushed ones
FAINTEST, STRONGEST = 110, 255  # opacity of few and of many brushed pairs, of 255

Drawn = tuple[Brush, Area, tuple[int, ...]]


class BrushPicture(QObject):
    """Draws the brushed pairs over all pairs, as fine as these are drawn."""

    def __init__(self, box: pg.ViewBox, pairs: PairPicture) -> None:
        super().__init__(box)
        self._pairs = pairs
        self._result: AnalysisResult | None = None
        self._brush: Brush | None = None
        self._pointed: tuple[Brush, Cells | None] | None = None  # whose points are drawn, of all or of these cells
        self._counted: Drawn | None = None  # whose density is drawn
        self._wanted: Drawn | None = None  # whose is being counted
        self.points, self.density = PointCloud(), DensityImage()
        for item in (self.density, self.points):
            item.setZValue(5)
            box.addItem(item, ignoreBounds=True)
        self.density.counted.connect(self._on_counted)
        pairs.drawn.connect(self._draw)

    @property
    def is_complete(self) -> bool:
        """Whether the picture is what it will be while the range stays."""
        return not self.density.is_counting

    def show_brush(self, result: AnalysisResult | None, brush: Brush | None) -> None:
        """Draw these pairs of a result, or none."""
        self._result, self._brush = result, brush
        self._pointed = self._counted = self._wanted = None
        self._draw()

    def show_theme(self, theme: Colours) -> None:
        """Draw in the accent colour of a theme."""
        accent = pg.mkColor(theme.accent)
        point = pg.mkColor(theme.accent)
        point.setAlpha(SOLID)
        self.points.set_colour(point)
        table = np.empty((COLOURS, 4), np.uint8)
        table[:, :3] = accent.getRgb()[:3]
        table[:, 3] = np.linspace(FAINTEST, STRONGEST, COLOURS)
        table[0, 3] = 0
        self.density.setLookupTable(table)

    def _draw(self) -> None:
        self.density.stop()
        brush = self._brush
        few = brush is not None and (brush.n_pairs <= MOST_POINTS or self._pairs.points.isVisible())
        self.points.setVisible(few)
        self.density.setVisible(brush is not None and not few)
        self._pairs.density.setOpacity(1.0 if brush is None else FAINT)
        if brush is not None:
            self._show_points(brush) if few else self._show_density(brush)

    def _show_points(self, brush: Brush) -> None:
        shown = None if brush.n_pairs <= MOST_POINTS else self._pairs.cells
        if self._pointed is not None and self._pointed[0] is brush and self._pointed[1] is shown:
            return
        self._pointed = brush, shown
        cells = brush.cells if shown is None else shown[brush.shares[0].reshape(-1)[shown] > 0]
        assert self._result is not None
        x, y = self._result.pair_index.places(cells)
        self.points.set_points(x, y, self._pairs.size * (LARGER if brush.n_pairs <= FEW else 1))

    def _show_density(self, brush: Brush) -> None:
        """Count the brushed pairs where all pairs were counted, in as fine a grid."""
        result, area = self._result, self._pairs.counted
        assert result is not None
        assert area is not None
        wanted = brush, area, self._pairs.density.image.shape
        if self._counted == wanted:
            return
        if self._counted is None or self._counted[0] is not brush:
            self.density.clear()  # what is drawn is another brush's
        self._wanted = wanted
        across, up = (space.similarities for space in result.spaces[:2])
        self.density.start(counting(across, up, *area, wanted[2], brush.cells), area)

    def _on_counted(self) -> None:
        self._counted = self._wanted
