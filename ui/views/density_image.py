"""The density of pairs as an image, counted a few milliseconds at a time so that the window may answer the user."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QTimer, Signal

from engine.density import Counts, Limits

PATIENCE = 0.003  # seconds of counting between two turns of the event loop
COLOURS = 256  # the first is for cells without pairs

Area = tuple[Limits, Limits]


class DensityImage(pg.ImageItem):
    """Shades for how many pairs lie in each cell of an area, on a log scale.

    Signals
    -------
    counted()
        What was started is counted and drawn.
    """

    counted = Signal()

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")
        self._counting: Iterator[Counts] = iter(())
        self._area: Area | None = None  # whose density is being counted
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._count)

    @property
    def is_counting(self) -> bool:
        """Whether another density is on its way."""
        return self._turns.isActive()

    def start(self, counting: Iterator[Counts], area: Area) -> None:
        """Count the density of an area, between events, and draw it then."""
        self._counting, self._area = counting, area
        self._turns.start()

    def stop(self) -> None:
        """Count no further."""
        self._turns.stop()

    def show_counts(self, counts: Counts, area: Area) -> None:
        """Draw how many pairs lie in each cell of an area."""
        (left, right), (bottom, top) = area
        shades, levels = _shades(counts)
        self.setImage(shades, autoLevels=False, levels=levels)
        self.setRect(QRectF(left, bottom, right - left, top - bottom))

    def _count(self) -> None:
        """Go on counting for a moment."""
        until = perf_counter() + PATIENCE
        for counts in self._counting:
            self._counts = counts
            if perf_counter() > until:
                return
        self.stop()
        assert self._area is not None
        self.show_counts(self._counts, self._area)
        self.counted.emit()


def _shades(counts: Counts) -> tuple[np.ndarray, Limits]:
    """The logarithms of the counts, and the levels at which the fewest have the second colour, none the first."""
    some = counts > 0
    shades = np.log(counts, where=some, out=np.zeros(counts.shape, np.float32))
    high = float(shades.max())
    low = min(float(shades.min(where=some, initial=np.inf)), high)
    span = max(high - low, 1.0)
    none = low - 1.5 * span / COLOURS
    shades[~some] = none
    return shades, (none, low + span)
