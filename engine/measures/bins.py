"""Values of a triangle in 65,536 bins, and the ranks of the bins: enough for ranks that need not be exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data import FloatArray

BINS = 1 << 16
BLOCK = 1 << 18  # values binned at once
SAMPLED = 1 << 16  # values looked at to see where most lie
OUTER = 1e-4  # the share of them beyond the first and the last edge


@dataclass(frozen=True, eq=False)
class BinnedValues:
    """Which of `BINS` equal steps each value lies in; the few far out are in the first and the last.

    Parameters
    ----------
    bins : (m,) uint16 array
    counts : (BINS,) int64 array
        Values in each bin.
    """

    bins: NDArray[np.uint16]
    counts: NDArray[np.int64]

    @property
    def middles(self) -> FloatArray:
        """(BINS,) the mid-rank of each bin, as if its values were equal, less that of the middle."""
        return middles(self.counts) - len(self.bins) / 2

    @property
    def lost(self) -> float:
        """By how much the ranks are off: the root of their mean square error as a share of their spread, at most."""
        counts = self.counts.astype(float)
        return float(np.sqrt((counts**3 - counts).sum() / (float(len(self.bins)) ** 3 - len(self.bins))))


def middles(counts: NDArray[np.int64]) -> FloatArray:
    """The mid-rank of each bin less a half, as if the values in it were equal."""
    ends: FloatArray = np.cumsum(counts) - counts / 2
    return ends


@dataclass(frozen=True)
class Steps:
    """Where the steps lie.

    Parameters
    ----------
    low : float
        Where the first begins.
    in_one : float
        Steps in a difference of 1; 0 where nearly all values are equal.
    """

    low: float
    in_one: float

    def of(self, values: FloatArray) -> NDArray[np.intp]:
        """Which step each value lies in."""
        steps = values - values.dtype.type(self.low)
        steps *= self.in_one
        return np.clip(steps, 0, BINS - 1, out=steps).astype(np.intp)


def steps_for(drawn: FloatArray) -> Steps:
    """Steps between the outer edges of the bulk of the values, by a `sample` of them."""
    beyond = int(OUTER * SAMPLED)
    low, high = float(drawn[beyond]), float(drawn[-1 - beyond])
    return Steps(low, BINS / (high - low) if high > low else 0.0)


def binned(values: FloatArray) -> BinnedValues:
    """The bins of all values, none of them infinite."""
    steps = steps_for(sample(values))
    bins, counts = np.empty(len(values), np.uint16), np.zeros(BINS, np.int64)
    for part in blocks(len(values)):
        whole = steps.of(values[part])
        counts += np.bincount(whole, minlength=BINS)
        bins[part] = whole
    return BinnedValues(bins, counts)


def blocks(m: int, size: int = BLOCK) -> Iterator[slice]:
    """Slices that cover m values, small enough for the cache."""
    return (slice(start, start + size) for start in range(0, m, size))


def sample(values: FloatArray) -> FloatArray:
    """Some of the values, sorted: drawn at random, always the same ones."""
    return np.sort(values[np.random.default_rng(0).integers(len(values), size=SAMPLED)])
