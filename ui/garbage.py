"""Collects garbage in the GUI thread only.

Python runs its cyclic collector in whatever thread allocates; run by the worker, it would delete Qt objects there, and
Qt allows that only in the thread they live in.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL = 1000  # ms


class GarbageCollection(QObject):
    """Takes over from Python's automatic collection for as long as its parent lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # libraries and the window stay; examining them again and again would take 30 ms each time
        parent.destroyed.connect(gc.unfreeze)
        parent.destroyed.connect(gc.enable)
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def _collect(self) -> None:
        """What the automatic collection would have done by now, generation by generation."""
        for generation, (count, threshold) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > threshold > 0:
                gc.collect(generation)
                return
