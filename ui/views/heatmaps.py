"""The similarity matrices of two spaces and their difference, panned and zoomed together, on true colour scales."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.brush import Brush
from engine.brush_shapes import Block
from engine.colours import ColourScale
from engine.result import AnalysisResult
from ui.state import AppState, Selection
from ui.theme import Colours
from ui.views.base import View
from ui.views.heatmap_grid import HeatmapGrid
from ui.views.heatmap_picture import Heatmap

HOVERS_PER_SECOND = 30
NARROWEST_SCALE = 0.03  # similarity
NEIGHBOURHOOD = 12  # cells on each side that a double click zooms to

ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
ZOOMS = {Qt.Key.Key_Plus: 0.5, Qt.Key.Key_Equal: 0.5, Qt.Key.Key_Minus: 2.0}


class HeatmapsView(View):
    """Both matrices, and their difference where the result has it.

    Click selects a pair, double click zooms to its neighbourhood, arrow keys move the selected cell, the wheel zooms at
    the pointer, plus and minus at the selected cell, a drag pans; a drag or arrow keys with Shift pick a block.

    Signals
    -------
    menu_requested(QPoint)
        A right click, with the global position; what it points at is selected. Or the menu key, for what is selected.
    inspected()
        The selected pair is to be seen in full.
    brush_requested(Block, bool)
        Pairs were enclosed; whether they are added to those picked before.
    """

    name = "heatmaps"
    title = "Heatmaps"

    menu_requested = Signal(object)
    inspected = Signal()
    brush_requested = Signal(object, bool)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.canvas = HeatmapGrid()
        self.maps, self.difference = self.canvas.maps, self.canvas.difference
        self.rows, self.shared_bar = self.canvas.rows, self.canvas.shared_bar
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self._n_words = 0
        self._shows_all = True
        self._difference_alone = False
        self._anchor: tuple[int, int] | None = None  # where the block began that keys are enlarging
        self._connect()
        self.show_theme(self.theme)

    def _connect(self) -> None:
        self.canvas.installEventFilter(self)
        self.canvas.viewport().installEventFilter(self)
        self.canvas.fitted.connect(self._on_fitted)
        for heatmap in self.canvas.heatmaps:
            heatmap.box.sigRangeChangedManually.connect(self._on_zoomed)
            heatmap.box.drawn.connect(self._on_drawn)
        scene = self.canvas.scene()
        self._moves = pg.SignalProxy(scene.sigMouseMoved, rateLimit=HOVERS_PER_SECOND, slot=self._on_moved)
        scene.sigMouseClicked.connect(self._on_clicked)
        self.shared_bar.sigLevelsChangeFinished.connect(self._on_bar_dragged)

    # What the state says.

    def show_result(self, result: AnalysisResult) -> None:
        for heatmap, space in zip(self.maps, result.spaces, strict=False):
            heatmap.show_space(space, result.request.similarity, result.words)
        if result.difference is not None:
            self.difference.show_difference(result, result.difference)
        self.canvas.show_words(result)
        self._arrange(result)
        self.show_theme(self.theme)
        if len(result.words) != self._n_words:
            self._n_words = len(result.words)
            self.reset_zoom()

    def _arrange(self, result: AnalysisResult) -> None:
        """Show A and B, or all three, or the difference alone, with the part that is seen now."""
        seen = self.canvas.lead.viewRange()
        wanted: tuple[Heatmap, ...] = self.maps
        if result.difference is not None:
            wanted = (self.difference,) if self._difference_alone else self.canvas.heatmaps
        self.canvas.show_heatmaps(wanted)
        self.canvas.show_colours(self.state.colours, result)
        if not self._shows_all:
            self.canvas.lead.setRange(xRange=seen[0], yRange=seen[1], padding=0)

    @property
    def difference_alone(self) -> bool:
        """Whether the difference, where there is one, takes the place of both matrices."""
        return self._difference_alone

    def show_difference_alone(self, alone: bool) -> None:
        """Show the difference, where there is one, instead of both matrices or beside them."""
        self._difference_alone = alone
        if self.state.result is not None:
            self._arrange(self.state.result)

    def show_colours(self, scale: ColourScale) -> None:
        if self.state.result is not None:
            self.canvas.show_colours(scale, self.state.result)

    def show_selection(self, selection: Selection | None) -> None:
        cell = self._cell(selection)
        self._anchor = None
        for heatmap in self.canvas.heatmaps:
            heatmap.show_cell(*cell) if cell else heatmap.hide_cell()
            heatmap.columns.set_marked((cell[1],) if cell else ())
        self.rows.set_marked((cell[0],) if cell else ())
        if cell:
            self._bring_into_view(*cell)

    def show_hovered(self, hovered: Selection | None) -> None:
        cell = self._cell(hovered)
        for heatmap in self.canvas.heatmaps:
            heatmap.cross.show_at(cell[1] + 0.5, cell[0] + 0.5) if cell else heatmap.cross.hide()

    def show_brush(self, brush: Brush | None) -> None:
        for heatmap in self.canvas.heatmaps:
            heatmap.show_brush(brush)
        self._give_up()
        self.rows.set_brushed(() if brush is None else brush.rows.tolist())

    def _give_up(self) -> None:
        """Forget the shape that is being drawn."""
        for heatmap in self.canvas.heatmaps:
            heatmap.box.give_up()

    def show_drag(self, drag: str) -> None:
        for heatmap in self.canvas.heatmaps:
            heatmap.box.set_mode(drag)

    def show_theme(self, theme: Colours) -> None:
        self.canvas.set_theme(theme)

    # What the user does.

    def reset_zoom(self) -> None:
        """Show the matrices whole."""
        self._shows_all = True
        n = max(self._n_words, 1)
        self.canvas.lead.setRange(xRange=(0, n), yRange=(0, n), padding=0)

    def zoom_to_selection(self) -> None:
        """Show the neighbourhood of the marked cell."""
        if cell := self._cell(self.state.selection):
            self._zoom_to(*cell)

    def _zoom_to(self, row: int, column: int) -> None:
        self._shows_all = False
        size = min(2 * NEIGHBOURHOOD + 1, self._n_words)
        left, top = (min(max(cell - size // 2, 0), self._n_words - size) for cell in (column, row))
        self.canvas.lead.setRange(xRange=(left, left + size), yRange=(top, top + size), padding=0)

    def _on_fitted(self) -> None:
        if self._shows_all:
            self.reset_zoom()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.state.set_hovered(None)
        if event.type() == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            if event.reason() == QContextMenuEvent.Reason.Keyboard:
                self._ask_for_menu()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        cell = self._cell(self.state.selection)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self._give_up()
            self.state.clear()
        elif event.key() in ARROWS and self._n_words:
            down, right = ARROWS[Qt.Key(event.key())]
            row, column = (cell[0] + down, cell[1] + right) if cell else (0, 1)
            self._go(row, column, shift)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and cell:
            edge = 0 if event.key() == Qt.Key.Key_Home else self._n_words - 1
            self._go(*((edge, cell[1]) if control else (cell[0], edge)), shift)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self.inspected.emit()
        elif event.key() in ZOOMS and cell and not control:
            self._shows_all = False
            self.canvas.lead.scaleBy((ZOOMS[Qt.Key(event.key())],) * 2, center=QPointF(cell[1] + 0.5, cell[0] + 0.5))
        elif event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self._ask_for_menu()
        else:
            return False
        return True

    def _go(self, row: int, column: int, enlarges: bool) -> None:
        """Mark another cell; and if that enlarges a block, pick it from where it began."""
        anchor = self._anchor or self._cell(self.state.selection) if enlarges else None
        self._select(row, column)
        self._anchor = anchor
        if anchor and (cell := self._cell(self.state.selection)):
            rows, columns = (range(min(ends), max(ends) + 1) for ends in zip(anchor, cell, strict=True))
            self.brush_requested.emit(Block(rows, columns), False)

    def _ask_for_menu(self) -> None:
        if cell := self._cell(self.state.selection):
            middle = self.canvas.lead.mapViewToScene(QPointF(cell[1] + 0.5, cell[0] + 0.5))
            self.menu_requested.emit(self.canvas.viewport().mapToGlobal(self.canvas.mapFromScene(middle)))

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

    def _on_drawn(self, corners: list[QPointF], _: str, adds: bool) -> None:
        """Pick the block of cells between two corners, as far as there are any."""
        block = self.canvas.lead.snapped(QRectF(corners[0], corners[-1]).normalized()).toRect()
        inside = block & QRect(0, 0, self._n_words, self._n_words)
        if not inside.isEmpty():
            rows = range(inside.top(), inside.bottom() + 1)
            self.brush_requested.emit(Block(rows, range(inside.left(), inside.right() + 1)), adds)

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
        for heatmap in self.canvas.shown:
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
        (left, right), (top, bottom) = self.canvas.lead.viewRange()
        across = _overshoot(column, left, right)
        down = _overshoot(row, top, bottom)
        if across or down:
            self.canvas.lead.translateBy(x=across, y=down)


def _overshoot(cell: int, low: float, high: float) -> float:
    """How far cell..cell + 1 lies outside low..high; negative before it."""
    return cell - low if cell < low else cell + 1 - high if cell + 1 > high else 0.0
