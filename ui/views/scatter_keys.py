"""The scatter by keyboard: from pair to pair, nearer and further off."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent

from engine.result import AnalysisResult
from ui.state import AppState, Selection
from ui.views.brush_box import BrushBox
from ui.views.focus_frame import FocusFrame

LEAST = 2.0  # pixels of a step: of pairs nearer to each other one is only reached from closer by
ZOOM = 0.5
ARROWS = {
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
ZOOMS = {Qt.Key.Key_Plus: ZOOM, Qt.Key.Key_Equal: ZOOM, Qt.Key.Key_Minus: 1 / ZOOM}


class ScatterKeys(QObject):
    """Answers the keys of a plot that shows the pairs of the state's result.

    Signals
    -------
    menu_requested(QPoint)
        What can be done with the selected pair, at a global position.
    inspected()
        The selected pair is to be seen in full.
    """

    menu_requested = Signal(object)
    inspected = Signal()

    def __init__(self, state: AppState, plot: pg.PlotWidget) -> None:
        super().__init__(plot)
        self._state, self._plot = state, plot
        self._box: BrushBox = plot.getViewBox()
        plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        plot.installEventFilter(self)
        FocusFrame(plot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        result = self._state.result
        if result is not None and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event, result)
        if event.type() == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            if event.reason() == QContextMenuEvent.Reason.Keyboard:
                self._ask_for_menu()
            return True
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent, result: AnalysisResult) -> bool:
        key, modifiers = event.key(), event.modifiers()
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if key in ARROWS and shift:
            self._select(self._along_word(ARROWS[Qt.Key(key)], result), result)
        elif key in ARROWS:
            self._select(self._towards(ARROWS[Qt.Key(key)], result), result)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            upwards = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
            self._select(result.pair_index.extreme(upwards, key == Qt.Key.Key_End), result)
        elif key in ZOOMS and not modifiers & Qt.KeyboardModifier.ControlModifier:
            self._zoom(ZOOMS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not modifiers & Qt.KeyboardModifier.ControlModifier:
            self.inspected.emit()
        elif key == Qt.Key.Key_Escape:
            self._box.give_up()
            self._state.clear()
        elif key == Qt.Key.Key_F10 and shift:
            self._ask_for_menu()
        else:
            return False
        return True

    # Where to.

    def _towards(self, step: tuple[int, int], result: AnalysisResult) -> tuple[int, int] | None:
        place, pixel = self._place(result), self._box.viewPixelSize()
        if place is None:
            return self._middle(result)
        return result.pair_index.towards(*place, step, pixel, LEAST)

    def _along_word(self, step: tuple[int, int], result: AnalysisResult) -> tuple[int, int] | None:
        """The next pair of the selection's first word, by similarity in A (left and right) or in B (up and down)."""
        selection = self._state.selection
        if selection is None:
            return self._middle(result)
        matrix = result.spaces[0 if step[0] else 1].similarities.values
        word, other = result.rows[selection.first], result.rows[selection.second]
        others = np.flatnonzero(np.arange(len(matrix)) != word)
        others = others[np.argsort(matrix[word, others], kind="stable")]
        at = int(np.flatnonzero(others == other)[0]) if selection.is_pair else -1 if sum(step) > 0 else len(others)
        return word, int(others[min(max(at + sum(step), 0), len(others) - 1)])

    def _middle(self, result: AnalysisResult) -> tuple[int, int] | None:
        """The pair nearest to the middle of what is shown."""
        middle = self._box.viewRect().center()
        return result.pair_index.nearest(middle.x(), middle.y(), self._box.viewPixelSize(), np.inf)

    def _place(self, result: AnalysisResult) -> tuple[float, float] | None:
        selection = self._state.selection
        if selection is None or not selection.is_pair:
            return None
        i, j = result.rows[selection.first], result.rows[selection.second]
        x, y = (float(space.similarities.values[i, j]) for space in result.spaces[:2])
        return x, y

    # What is done.

    def _select(self, pair: tuple[int, int] | None, result: AnalysisResult) -> None:
        if pair is not None:
            self._state.set_selection(Selection(result.words[pair[0]], result.words[pair[1]]))
            self._bring_into_view(result)

    def _bring_into_view(self, result: AnalysisResult) -> None:
        """Pan just so far that the pair is seen."""
        place, view = self._place(result), self._box.viewRect()
        if place is not None:
            across, up = (
                min(value - low, 0.0) + max(value - high, 0.0)
                for value, low, high in zip(
                    place, (view.left(), view.top()), (view.right(), view.bottom()), strict=True
                )
            )
            if across or up:
                self._box.translateBy(x=1.1 * across, y=1.1 * up)

    def _zoom(self, factor: float) -> None:
        place = self._place(self._state.result) if self._state.result else None
        self._box.scaleBy((factor, factor), center=QPointF(*place) if place else None)

    def _ask_for_menu(self) -> None:
        place = self._place(self._state.result) if self._state.result else None
        if place is not None:
            at: QPoint = self._plot.mapFromScene(self._box.mapViewToScene(QPointF(*place)))
            self.menu_requested.emit(self._plot.viewport().mapToGlobal(at))
