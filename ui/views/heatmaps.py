"""The similarity matrices of two spaces, panned and zoomed together, on a colour scale that is true for both."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.analysis import AnalysisResult
from engine.colours import ColourScale, colour_levels
from ui.state import AppState, Selection
from ui.theme import Colours
from ui.views.base import View
from ui.views.heatmap_picture import Heatmap, colour_bar
from ui.views.word_axis import WordAxis

HOVERS_PER_SECOND = 30
NARROWEST_SCALE = 0.03  # similarity
MARGIN = 2  # pixels around the pictures
NEIGHBOURHOOD = 12  # cells on each side that a double click zooms to

ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class HeatmapsView(View):
    """Both matrices.

    Click selects a pair, double click zooms to its neighbourhood, arrow keys move the selected cell, the wheel zooms at
    the pointer, a drag pans.

    Signals
    -------
    menu_requested(QPoint)
        A right click, with the global position; what it points at is selected.
    """

    name = "heatmaps"
    title = "Heatmaps"

    menu_requested = Signal(object)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.canvas = pg.GraphicsLayoutWidget()
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.canvas.setAccessibleName("Similarity matrices; arrow keys move the selected cell")
        self.canvas.installEventFilter(self)
        self.canvas.viewport().installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self.maps = (Heatmap(), Heatmap())
        self.shared_bar = colour_bar([heatmap.image for heatmap in self.maps])
        self.rows = WordAxis("left")
        self._n_words = 0
        self._shows_all = True
        self._lay_out()
        self._link()
        self.show_theme(self.theme)

    def _lay_out(self) -> None:
        grid = self.canvas.ci.layout
        grid.setHorizontalSpacing(3)
        grid.setVerticalSpacing(2)
        self.canvas.addItem(self.rows, row=1, col=0)
        for k, heatmap in enumerate(self.maps):
            column = 1 + 2 * k
            self.canvas.addItem(heatmap.title, row=0, col=column)
            self.canvas.addItem(heatmap.box, row=1, col=column)
            self.canvas.addItem(heatmap.columns, row=2, col=column)
            grid.setColumnStretchFactor(column, 1)  # equal widths: locked and linked boxes of unequal size cannot agree
        self.rows.linkToView(self.maps[0].box)

    def _link(self) -> None:
        first, second = self.maps
        second.box.setXLink(first.box)
        second.box.setYLink(first.box)
        for heatmap in self.maps:
            heatmap.box.sigRangeChangedManually.connect(self._on_zoomed)
        self.canvas.sigDeviceRangeChanged.connect(self._fit_squares)
        scene = self.canvas.scene()
        self._moves = pg.SignalProxy(scene.sigMouseMoved, rateLimit=HOVERS_PER_SECOND, slot=self._on_moved)
        scene.sigMouseClicked.connect(self._on_clicked)
        self.shared_bar.sigLevelsChangeFinished.connect(self._on_bar_dragged)

    @property
    def _placed_bars(self) -> list[pg.ColorBarItem]:
        return [item for item in self.canvas.ci.items if isinstance(item, pg.ColorBarItem)]

    def _place_bars(self, shared: bool) -> None:
        """Right of both heatmaps the one bar that is true for both, or right of each its own."""
        wanted = {4: self.shared_bar} if shared else {2: self.maps[0].bar, 4: self.maps[1].bar}
        for bar in self._placed_bars:
            if bar not in wanted.values():
                self.canvas.removeItem(bar)
        for column, bar in wanted.items():
            if bar not in self._placed_bars:
                self.canvas.addItem(bar, row=1, col=column)
                bar.axis.setPen(self.theme.line)
                bar.axis.setTextPen(self.theme.text)
        self._fit_squares()

    # What the state says.

    def show_result(self, result: AnalysisResult) -> None:
        for heatmap, space in zip(self.maps, result.spaces, strict=False):
            heatmap.show_space(space, result.request.similarity, result.words)
        self.rows.set_words(result.words)
        self.show_colours(self.state.colours)
        self.show_theme(self.theme)
        if len(result.words) != self._n_words:
            self._n_words = len(result.words)
            self.reset_zoom()

    def show_colours(self, scale: ColourScale) -> None:
        if self.state.result is None:
            return
        self._place_bars(scale.shared)
        levels = colour_levels(scale, [space.similarities for space in self.state.result.spaces[:2]])
        colour_map = pg.colormap.get(scale.colour_map)
        for bar in self._placed_bars:
            bar.setColorMap(colour_map)
        if scale.shared:
            self.shared_bar.setLevels(levels[0])
        else:
            for heatmap, limits in zip(self.maps, levels, strict=True):
                heatmap.bar.setLevels(limits)

    def show_selection(self, selection: Selection | None) -> None:
        cell = self._cell(selection)
        for heatmap in self.maps:
            heatmap.show_cell(*cell) if cell else heatmap.hide_cell()
            heatmap.columns.set_marked((cell[1],) if cell else ())
        self.rows.set_marked((cell[0],) if cell else ())
        if cell:
            self._bring_into_view(*cell)

    def show_hovered(self, hovered: Selection | None) -> None:
        cell = self._cell(hovered)
        for heatmap in self.maps:
            heatmap.cross.show_at(cell[1] + 0.5, cell[0] + 0.5) if cell else heatmap.cross.hide()

    def show_theme(self, theme: Colours) -> None:
        self.canvas.setBackground(theme.base)
        self.rows.set_theme(theme)
        for k, heatmap in enumerate(self.maps):
            heatmap.title.set_text(heatmap.title.text, theme.spaces[k])
            heatmap.columns.set_theme(theme)
            heatmap.cross.set_colour("#ffffffb0")
        for bar in self._placed_bars:
            bar.axis.setPen(theme.line)
            bar.axis.setTextPen(theme.text)

    # What the user does.

    def reset_zoom(self) -> None:
        """Show both matrices whole."""
        self._shows_all = True
        n = max(self._n_words, 1)
        self.maps[0].box.setRange(xRange=(0, n), yRange=(0, n), padding=0)

    def zoom_to_selection(self) -> None:
        """Show the neighbourhood of the marked cell."""
        if cell := self._cell(self.state.selection):
            self._zoom_to(*cell)

    def _zoom_to(self, row: int, column: int) -> None:
        self._shows_all = False
        size = min(2 * NEIGHBOURHOOD + 1, self._n_words)
        left, top = (min(max(cell - size // 2, 0), self._n_words - size) for cell in (column, row))
        self.maps[0].box.setRange(xRange=(left, left + size), yRange=(top, top + size), padding=0)

    def _fit_squares(self, *_: object) -> None:
        """Make the boxes square, so that labels and colour bar stand close to the pictures."""
        grid, box = self.canvas.ci.layout, self.maps[0].box
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        self.canvas.ci.setGeometry(self.canvas.range)  # wider margins had made it larger than the canvas
        grid.activate()
        across, down = max(box.width() - box.height(), 0), max(box.height() - box.width(), 0) / 2
        grid.setContentsMargins(MARGIN + across, MARGIN + down, MARGIN + across, down)
        grid.activate()
        if self._shows_all:
            self.reset_zoom()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.state.set_hovered(None)
        if event.type() == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        cell = self._cell(self.state.selection)
        if event.key() == Qt.Key.Key_Escape:
            self.state.set_selection(None)
        elif event.key() in ARROWS and self._n_words:
            down, right = ARROWS[Qt.Key(event.key())]
            row, column = (cell[0] + down, cell[1] + right) if cell else (0, 1)
            self._select(row, column)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and cell:
            edge = 0 if event.key() == Qt.Key.Key_Home else self._n_words - 1
            vertical = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._select(*((edge, cell[1]) if vertical else (cell[0], edge)))
        else:
            return False
        return True

    def _select(self, row: int, column: int) -> None:
        words = self.state.result.words if self.state.result else ()
        row, column = (int(np.clip(value, 0, len(words) - 1)) for value in (row, column))
        self.state.select_pair(words[row], words[column])

    def _on_moved(self, arguments: tuple[QPointF]) -> None:
        self.state.set_hovered(self._at(arguments[0]))

    def _on_clicked(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        pair = self._at(event.scenePos())
        if pair is None:
            return
        self.canvas.setFocus()
        self.state.set_selection(pair)
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_requested.emit(event.screenPos().toPoint())
        elif event.double():
            self.zoom_to_selection()

    def _on_zoomed(self, *_: object) -> None:
        self._shows_all = False

    def _on_bar_dragged(self, bar: pg.ColorBarItem) -> None:
        colours = self.state.colours
        low, high = bar.levels()
        if high - low < NARROWEST_SCALE:  # a slip of the hand: such a bar says nothing
            self.show_colours(colours)
            return
        self.state.set_colours(ColourScale(colours.colour_map, (round(low, 2), round(high, 2)), shared=True))

    def _at(self, scene_position: QPointF) -> Selection | None:
        """The pair under a point of the scene."""
        for heatmap in self.maps:
            if self.state.result and heatmap.box.sceneBoundingRect().contains(scene_position):
                place = heatmap.box.mapSceneToView(scene_position)
                row, column = int(np.floor(place.y())), int(np.floor(place.x()))
                if 0 <= row < self._n_words and 0 <= column < self._n_words:
                    return Selection(self.state.result.words[row], self.state.result.words[column])
        return None

    def _cell(self, pair: Selection | None) -> tuple[int, int] | None:
        if pair is None or self.state.result is None:
            return None
        rows = self.state.result.rows
        return rows[pair.first], rows[pair.second]

    def _bring_into_view(self, row: int, column: int) -> None:
        """Pan just so far that a cell selected elsewhere is seen."""
        (left, right), (top, bottom) = self.maps[0].box.viewRange()
        across = _overshoot(column, left, right)
        down = _overshoot(row, top, bottom)
        if across or down:
            self.maps[0].box.translateBy(x=across, y=down)


def _overshoot(cell: int, low: float, high: float) -> float:
    """How far cell..cell + 1 lies outside low..high; negative before it."""
    return cell - low if cell < low else cell + 1 - high if cell + 1 > high else 0.0
