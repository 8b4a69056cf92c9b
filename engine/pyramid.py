"""Coarser copies of a large matrix, for pictures in which a cell is smaller than a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

SMALLEST = 64  # cells; no picture is smaller
BLOCK = 64  # rows joined at once, so that what lies between stays in the processor's cache


def pyramid(values: Array, outstanding: float) -> tuple[Array, ...]:
    """The matrix in blocks of 2 x 2, 4 x 4, 8 x 8, ... cells, each block as one number.

    The number is the mean of the block, as one would see it from afar; or, where a cell stands out from that mean, the
    cell: a single pair of alike words among thousands must not vanish.

    Parameters
    ----------
    values : (n, n) floating array
        All finite.
    outstanding : float
        How far from the mean of its block a cell must be to be shown instead.

    Returns
    -------
    tuple of (ceil(n / 2^k), ceil(n / 2^k)) float32 arrays
        For k = 1, 2, ...; none for a matrix that is small.
    """
    levels = []
    mean = low = high = values
    while len(mean) > SMALLEST:
        mean, low, high = _halved(mean, low, high)
        level = mean.copy()
        up, down = high - mean, mean - low
        np.copyto(level, low, where=down > outstanding)
        np.copyto(level, high, where=(up > outstanding) & (up >= down))
        levels.append(level)
    return tuple(levels)


def _halved(mean: Array, low: Array, high: Array) -> tuple[Array, Array, Array]:
    """Mean, lowest and highest of every 2 x 2 cells; an odd last row or column borrows its neighbour for the mean."""
    n = -(-len(mean) // 2)
    halved = np.empty((3, n, n), np.float32)
    for start in range(0, len(mean), BLOCK):
        rows = slice(start // 2, start // 2 + BLOCK // 2)
        for joined, values, join in zip(halved, (mean, low, high), (np.add, np.minimum, np.maximum), strict=True):
            block = _even(values, start, -2 if join is np.add else -1)
            pairs = join(block[0::2], block[1::2])
            join(pairs[:, 0::2], pairs[:, 1::2], out=joined[rows], casting="same_kind")
    halved[0] *= np.float32(0.25)
    return halved[0], halved[1], halved[2]


def _even(values: Array, start: int, filling: int) -> Array:
    """A block of rows, filled up with one of the last rows and columns where their number is odd."""
    block = values[start : start + BLOCK]
    if len(block) % 2:
        block = np.vstack((block, values[filling]))
    if len(values) % 2:
        block = np.column_stack((block, block[:, filling]))
    return block
