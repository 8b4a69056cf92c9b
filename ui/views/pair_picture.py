"""All pairs in a plot: as points while these can be told apart, as their density where they cannot."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QTimer, Signal

from engine.density import Limits, counting
from engine.pair_index import PairIndex
from engine.result import AnalysisResult
from ui.theme import Colours
from ui.views.density_image import COLOURS, Area, DensityImage
from ui.views.point_cloud import PointCloud

MOST_POINTS = 20_000  # in the shown range; more are a blot, and too slow to pan
FEW_POINTS = 500  # below, points are drawn larger
PAUSE = 60  # ms without a change of the range, before its density is counted
FINE, COARSE = 2, 3  # pixels; a cell of the density as it is counted, and from when on it is counted anew
ROOM = 2  # times the shown range is drawn, so that most steps of a drag need nothing new


class PairPicture(QObject):
    """Draws the pairs of a result into a view box, and anew as the user pans and zooms.

    While a density is being counted, a few milliseconds at a time, the old one is shown, stretched, or that of all.

    Attributes
    ----------
    cells : (m,) int32 array
        Where in the flattened matrices the pairs stand that are drawn as points.
    counted : (x_range, y_range) or None
        Whose density is drawn.

    Signals
    -------
    drawn()
        Other points, or another density.
    """

    drawn = Signal()

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box)
        self._box = box
        self._result: AnalysisResult | None = None
        self._loaded: Area | None = None  # whose points are drawn
        self.cells = np.empty(0, np.int32)
        self.counted: Area | None = None
        self.points, self.density = PointCloud(), DensityImage()
        for item in (self.density, self.points):
            box.addItem(item, ignoreBounds=True)
        self.legend = pg.TextItem()
        self.legend.setParentItem(box)  # in the corner, wherever one pans
        self.legend.hide()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._start_counting)
        self.density.counted.connect(self._on_counted)
        box.sigRangeChanged.connect(self._on_range_changed)
        box.sigResized.connect(self._on_range_changed)

    @property
    def size(self) -> float:
        """Pixels across a point."""
        return 4 if self._index.n_pairs > FEW_POINTS else 7

    @property
    def is_complete(self) -> bool:
        """Whether the picture is what it will be while the range stays."""
        return not self._pause.isActive() and not self.density.is_counting

    def show_result(self, result: AnalysisResult) -> None:
        """Draw the pairs of another result."""
        self._result = result
        self._loaded = self.counted = None
        self._draw()

    def show_theme(self, theme: Colours) -> None:
        """Draw in the colours of a theme."""
        point = pg.mkColor(theme.points)
        point.setAlpha(90)
        self.points.set_colour(point)
        self.density.setLookupTable(_density_colours(theme))
        more = "brighter" if _is_dark(theme) else "darker"
        self.legend.setText(f"{more}: more pairs, on a log scale", theme.faint)

    def _on_range_changed(self, *_: object) -> None:
        if self._result is not None:
            self._draw()

    def _draw(self) -> None:
        self._pause.stop()
        self.density.stop()
        shown = self._shown()
        as_points = self._load_points(shown)
        self.points.setVisible(as_points)
        self.density.setVisible(not as_points)
        self.legend.setVisible(not as_points)
        if not as_points:
            self._show_density(shown)
        self.drawn.emit()

    # Points.

    def _load_points(self, shown: Area) -> bool:
        """Have the points of the shown range drawn, if they are not too many."""
        index = self._index
        if self._loaded and _holds(self._loaded, shown) and index.count(*shown) <= MOST_POINTS:
            return True
        wanted = next((limits for limits in (_around(shown), shown) if index.count(*limits) <= MOST_POINTS), None)
        if wanted is None:
            return False
        self._loaded = wanted
        self.cells = index.cells(*wanted)
        x, y = index.places(self.cells)
        self.points.set_points(x, y, self.size)
        return True

    # Density.

    def _show_density(self, shown: Area) -> None:
        if self.counted is None or not _holds(self.counted, _common(shown, self._everything)):
            self.counted = self._everything
            self.density.show_counts(self._index.overview, self.counted)
        if self._is_coarse(shown):
            self._pause.start()

    def _is_coarse(self, shown: Area) -> bool:
        assert self.counted is not None
        rows, columns = self.density.image.shape
        (x_shown, y_shown), (x_counted, y_counted) = shown, self.counted
        across, up = columns * _length(x_shown) / _length(x_counted), rows * _length(y_shown) / _length(y_counted)
        return self._box.width() > COARSE * across or self._box.height() > COARSE * up

    def _start_counting(self) -> None:
        assert self._result is not None
        across, up = (space.similarities for space in self._result.spaces[:2])
        bins = max(int(ROOM * self._box.height() / FINE), 1), max(int(ROOM * self._box.width() / FINE), 1)
        self._wanted = _around(self._shown())
        self.density.start(counting(across, up, *self._wanted, bins), self._wanted)

    def _on_counted(self) -> None:
        self.counted = self._wanted
        self.drawn.emit()

    # Ranges.

    @property
    def _index(self) -> PairIndex:
        assert self._result is not None
        return self._result.pair_index

    @property
    def _everything(self) -> Area:
        return self._index.x_range, self._index.y_range

    def _shown(self) -> Area:
        (left, right), (bottom, top) = self._box.viewRange()
        return (left, right), (bottom, top)


def _length(limits: Limits) -> float:
    return limits[1] - limits[0]


def _holds(outer: Area, inner: Area) -> bool:
    return all(low <= first and last <= high for (low, high), (first, last) in zip(outer, inner, strict=True))


def _common(first: Area, second: Area) -> Area:
    (x, y) = ((max(one[0], other[0]), min(one[1], other[1])) for one, other in zip(first, second, strict=True))
    return x, y


def _around(area: Area) -> Area:
    """`ROOM` times as wide and as high."""
    (left, right), (bottom, top) = area
    across, up = ((ROOM - 1) / 2 * _length(limits) for limits in area)
    return (left - across, right + across), (bottom - up, top + up)


def _is_dark(theme: Colours) -> bool:
    return pg.mkColor(theme.base).lightness() < 128


def _density_colours(theme: Colours) -> np.ndarray:
    """`COLOURS` colours from few to many pairs, ever further from the background; the first is for none, and clear."""
    colour_map = pg.colormap.get("cividis")
    colours = colour_map.getLookupTable(*((0.25, 1.0) if _is_dark(theme) else (0.85, 0.0)), COLOURS, alpha=True)
    colours[0, 3] = 0
    return colours
