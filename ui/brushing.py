"""From a shape drawn in a picture to the pairs picked together."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.brush import Brush
from engine.brush_shapes import Shape, pick_pairs
from ui.jobs import JobRunner
from ui.state import AppState

PICK = "pick"


class Brushing(QObject):
    """Finds the pairs in a shape, in a thread of its own: pointing must not wait until an interval is computed.

    Signals
    -------
    found_nothing()
        No pair lies in the shape; what was picked before stays.
    failed(Exception)
    """

    found_nothing = Signal()
    failed = Signal(object)

    def __init__(self, state: AppState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self.runner = JobRunner(self)
        self.runner.succeeded.connect(self._on_succeeded)
        self.runner.failed.connect(lambda kind, error: self.failed.emit(error))

    def pick(self, shape: Shape, adds: bool) -> None:
        """Pick the pairs in a shape, instead of those picked before or besides them."""
        result = self._state.result
        if result is not None:
            self.runner.submit(PICK, partial(pick_pairs, result, shape, self._state.brush if adds else None))

    def _on_succeeded(self, kind: str, brush: Brush | None) -> None:
        result = self._state.result
        if brush is None or result is None:
            self.found_nothing.emit()
        else:
            self._state.set_brush(brush.moved_to(result.words))  # another result may have come meanwhile

    def clear(self) -> None:
        """Pick and select nothing."""
        self.runner.cancel()
        self._state.clear()
