"""Paints a new result one view after another, so that the window answers in between."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ui.state import AppState
from ui.views.base import View


class PaintingInTurn(QObject):
    """Made before the views are, so that it hears of a result before they draw it.

    Every view takes in a result at once. Qt would then paint them all in one turn of the event loop; those that are not
    yet their turn show the earlier picture for some milliseconds. The first result has no earlier one, and no turns.

    Parameters
    ----------
    state : AppState
    window : QWidget
        Whose views are painted; may have none yet.
    """

    def __init__(self, state: AppState, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._is_first = True
        self._waiting = deque[View]()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._paint_next)
        state.result_changed.connect(self._wait)

    def _wait(self) -> None:
        if self._is_first:
            self._is_first = False
        else:
            self.take_turns()

    def take_turns(self) -> None:
        """Have the views that are on screen painted one after another from now on, whatever changes in this turn."""
        for view in self._window.findChildren(View):
            if view.isVisible() and view not in self._waiting:  # who waits already may be behind another by now
                view.setUpdatesEnabled(False)
                self._waiting.append(view)
        self._turn.start()

    def _paint_next(self) -> None:
        if self._waiting:
            self._waiting.popleft().setUpdatesEnabled(True)  # which asks for its painting
        else:
            self._turn.stop()
