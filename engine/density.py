"""Where the pairs of two large matrices lie, counted in a grid."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.data import Cells, FloatArray, SimilarityMatrix

Limits = tuple[float, float]
Counts = NDArray[np.int64]

CHUNK = 1 << 17  # pairs counted at once: small enough for the cache, large enough for numpy


def pair_density(
    across: SimilarityMatrix, up: SimilarityMatrix, x_range: Limits, y_range: Limits, bins: int | tuple[int, int] = 256
) -> Counts:
    """How many pairs fall into each cell of a grid.

    Parameters
    ----------
    across, up : SimilarityMatrix
        (n, n), of the same words.
    x_range, y_range : (low, high)
        Outer edges of the grid; pairs outside are not counted.
    bins : int or (int, int)
        Cells up and across; one number for both.

    Returns
    -------
    (bins, bins) int64 array
        Row 0 is the lowest of `y_range`, column 0 the lowest of `x_range`.
    """
    *_, counts = counting(across, up, x_range, y_range, bins)
    return counts


def counting(
    across: SimilarityMatrix,
    up: SimilarityMatrix,
    x_range: Limits,
    y_range: Limits,
    bins: int | tuple[int, int] = 256,
    cells: Cells | None = None,
) -> Iterator[Counts]:
    """The same in steps of a few milliseconds: the counts so far, the last time those of all pairs.

    For whoever must not be kept waiting. Counted straight from rows of both matrices: no array of all pairs is made.

    Parameters
    ----------
    cells : (m,) int32 array, optional
        Where in the flattened matrices the pairs stand, if not all are to be counted.
    """
    shape = (bins, bins) if isinstance(bins, int) else bins
    framed = shape[0] + 2, shape[1] + 2  # the frame catches what lies outside, without a mask
    counts = np.zeros(framed, np.int64)
    pairs = _pairs(across.values, up.values) if cells is None else _some(across.values, up.values, cells)
    for x, y in pairs:
        bin_of_each = _bins(y, y_range, shape[0])
        bin_of_each *= framed[1]
        bin_of_each += _bins(x, x_range, shape[1])
        counts += np.bincount(bin_of_each.ravel(), minlength=counts.size).reshape(framed)
        yield counts[1:-1, 1:-1]


def _pairs(across: FloatArray, up: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Every pair once, in blocks: of a few rows the columns right of them all, and the few pairs within these rows."""
    n = len(across)
    rows = max(1, CHUNK // n)
    for start in range(0, n, rows):
        end = min(start + rows, n)
        within = np.triu_indices(end - start, 1)
        yield across[start:end, start:end][within], up[start:end, start:end][within]
        if end < n:
            yield across[start:end, end:], up[start:end, end:]


def _some(across: FloatArray, up: FloatArray, cells: Cells) -> Iterator[tuple[FloatArray, FloatArray]]:
    """The pairs that stand in these cells, in blocks."""
    for start in range(0, len(cells), CHUNK):
        at = np.divmod(cells[start : start + CHUNK], len(across))
        yield across[at], up[at]


def _bins(values: FloatArray, limits: Limits, bins: int) -> NDArray[np.intp]:
    """In which bin of 1..bins each value lies; 0 is below the limits, bins + 1 above."""
    low, high = limits
    scaled = values - low
    scaled *= bins / (high - low)
    scaled += 1
    np.clip(scaled, 0, bins + 1, out=scaled)
    return scaled.astype(np.intp)
