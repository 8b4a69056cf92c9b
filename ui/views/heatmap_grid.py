"""How heatmaps, labels, clusters, legend and colour bars stand beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGraphicsWidget

from engine.colours import ColourScale, category_colours, colour_levels
from engine.description import describe_order
from engine.result import AnalysisResult
from ui.colour_maps import colour_map_of
from ui.theme import Colours
from ui.views.brush_box import CellBox
from ui.views.category_legend import CategoryLegend
from ui.views.dendrogram import Dendrogram
from ui.views.difference_map import DifferenceMap
from ui.views.focus_frame import FocusFrame
from ui.views.heatmap_picture import Heatmap, colour_bar
from ui.views.word_axis import WordAxis

MARGIN = 2  # pixels around the pictures
TITLES, PICTURES, COLUMNS, LEGEND = range(4)  # rows of the grid


class HeatmapGrid(pg.GraphicsLayoutWidget):
    """The pictures of A, B and their difference, in one line: equally large, square, panned and zoomed together.

    What is not shown takes no room.

    Signals
    -------
    fitted()
        The pictures got another size.
    """

    fitted = Signal()
    shown: Sequence[Heatmap] = ()  # until it is made, but pyqtgraph resizes it before

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Similarity matrices; arrow keys move the selected cell")
        FocusFrame(self)
        self.maps = (Heatmap(), Heatmap())
        self.difference = DifferenceMap()
        self.heatmaps: tuple[Heatmap, ...] = (*self.maps, self.difference)
        self.shared_bar = colour_bar([heatmap.image for heatmap in self.maps])
        self.rows = WordAxis("left")
        self.clusters = Dendrogram()
        self.legend = CategoryLegend()
        self._theme: Colours | None = None
        self.ci.layout.setHorizontalSpacing(2)
        self.ci.layout.setVerticalSpacing(2)
        self.addItem(self.rows, row=PICTURES, col=1)
        self.show_heatmaps(self.maps)

    @property
    def lead(self) -> CellBox:
        """The view that the others follow."""
        return self.shown[0].box

    def show_heatmaps(self, wanted: Sequence[Heatmap]) -> None:
        """Show these pictures and no others."""
        if wanted == self.shown:
            return
        self.shown = wanted
        for k, heatmap in enumerate(self.heatmaps):
            shown = heatmap in wanted
            for row, item in ((TITLES, heatmap.title), (PICTURES, heatmap.box), (COLUMNS, heatmap.columns)):
                self._place(item, shown, row, _column(k))
            # Equal widths: locked and linked boxes of unequal size cannot agree.
            self.ci.layout.setColumnStretchFactor(_column(k), int(shown))
            follows = self.lead if shown and heatmap.box is not self.lead else None
            heatmap.box.setXLink(follows)
            heatmap.box.setYLink(follows)
        self.rows.linkToView(self.lead)
        self.clusters.link_to(self.lead)

    def show_words(self, result: AnalysisResult) -> None:
        """Label the rows; draw clusters and categories, where there are any."""
        self.rows.set_words(result.words)
        self.clusters.show_tree(result.tree, f"Words {describe_order(result)}; average linkage")
        self._place(self.clusters, result.tree is not None, PICTURES, 0)
        colours = category_colours(result.category_names)
        stripes = [None if name is None else colours[name] for name in result.categories]
        for axis in (self.rows, *(heatmap.columns for heatmap in self.heatmaps)):
            axis.set_categories(stripes)
        self.legend.show_categories(result.category_names)
        self._place(self.legend, bool(result.categories), LEGEND, 1, _column(len(self.heatmaps)) - 1)

    def show_colours(self, scale: ColourScale, result: AnalysisResult) -> None:
        """Colour A and B, under the one bar that is true for both or each under its own."""
        levels = colour_levels(scale, [space.similarities for space in result.spaces[:2]])
        colour_map = colour_map_of(scale.colour_map)
        bars = {self.shared_bar: levels[0]} if scale.shared else self._own_bars(levels)
        shown = bars.keys() if self.maps[0] in self.shown else set()
        known = [self.shared_bar, *(heatmap.bar for heatmap in self.maps if heatmap.has_bar)]
        with self._arranging():
            for bar in sorted(known, key=shown.__contains__):  # what goes first: B's and the shared one have one place
                self._place(bar, bar in shown, PICTURES, self._bar_column(bar))
            if self.difference in self.shown or self.difference.has_bar:
                self._place(self.difference.bar, self.difference in self.shown, PICTURES, _column(2) + 1)
        for bar, limits in bars.items():
            bar.setColorMap(colour_map)
            bar.setLevels(limits)

    def _own_bars(self, levels: Sequence[tuple[float, float]]) -> dict[pg.ColorBarItem, tuple[float, float]]:
        return {heatmap.bar: limits for heatmap, limits in zip(self.maps, levels, strict=True)}

    def _bar_column(self, bar: pg.ColorBarItem) -> int:
        """Right of the heatmap; the shared bar right of both."""
        return _column(0 if self.maps[0].has_bar and bar is self.maps[0].bar else 1) + 1

    def _place(self, item: QGraphicsWidget, shown: bool, row: int, column: int, columns: int = 1) -> None:
        if shown and item not in self.ci.items:
            self.addItem(item, row=row, col=column, colspan=columns)
            self._colour(item)
        elif not shown and item in self.ci.items:
            self.removeItem(item)

    def set_theme(self, theme: Colours) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.setBackground(theme.base)
        for item in (self.rows, self.clusters, self.legend):
            item.set_theme(theme)
        hues, crosses = (*theme.spaces[:2], theme.text), ("#ffffffb0", "#ffffffb0", "#000000a0")
        for heatmap, hue, cross in zip(self.heatmaps, hues, crosses, strict=True):
            heatmap.title.set_text(heatmap.title.text, hue)
            heatmap.columns.set_theme(theme)
            heatmap.cross.set_colour(cross)
            heatmap.box.set_colour(theme.accent)
        for item in self.ci.items:
            self._colour(item)

    def _colour(self, item: QGraphicsWidget) -> None:
        if isinstance(item, pg.ColorBarItem) and self._theme is not None:
            item.axis.setPen(self._theme.line)
            item.axis.setTextPen(self._theme.text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            with self._arranging():
                for part in (*self.heatmaps, self.rows, self.legend, self.shared_bar.axis):
                    part.fit_text()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        with self._arranging() if self.shown else nullcontext():
            super().resizeEvent(event)

    @contextmanager
    def _arranging(self) -> Iterator[None]:
        """Afterwards all boxes are square and show the part that the first one showed before.

        Meanwhile they do not follow each other: every step of a new layout would have them draw their axes anew.
        """
        across, down = self.lead.viewRange()
        boxes = [heatmap.box for heatmap in self.shown]
        for box in boxes:
            box.blockLink(True)
        try:
            yield
            self._make_square()
            for box in boxes:
                box.setRange(xRange=across, yRange=down, padding=0)
        finally:
            for box in boxes:
                box.blockLink(False)
        self.fitted.emit()

    def _make_square(self) -> None:
        """Leave margins such that labels and colour bars stand close to square boxes."""
        grid, box = self.ci.layout, self.lead
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        self.ci.setGeometry(self.range)  # wider margins had made it larger than the canvas
        grid.activate()
        across = max(box.width() - box.height(), 0) * len(self.shown) / 2
        down = max(box.height() - box.width(), 0) / 2
        grid.setContentsMargins(MARGIN + across, MARGIN + down, MARGIN + across, down)
        grid.activate()


def _column(k: int) -> int:
    """The column of the grid that heatmap k stands in; its colour bar is in the next one."""
    return 2 + 2 * k
