"""Distances between the rows of a matrix, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.data import FloatArray

CELLS = 1 << 21  # distances in a block: 16 MB of float64
NEAR = 1e-6  # squared distances below this share of the squared lengths are taken from the differences themselves


def row_blocks(n: int) -> Iterator[slice]:
    """Slices that cover n rows of an n x n matrix, each of about `CELLS` cells."""
    step = max(1, CELLS // n)
    return (slice(start, min(start + step, n)) for start in range(0, n, step))


class Distances:
    """Euclidean distances of all rows, computed in float64 when asked for.

    |x - y|^2 = |x|^2 + |y|^2 - 2 x'y needs one matrix product. Where the result is small against the lengths most
    digits cancel, so those few pairs are computed from their differences.

    Parameters
    ----------
    vectors : (n, d) floating array
    """

    def __init__(self, vectors: FloatArray) -> None:
        self._vectors = centred(vectors)
        self._squares = np.einsum("ij,ij->i", self._vectors, self._vectors)

    def __len__(self) -> int:
        return len(self._vectors)

    def squared(self, rows: slice, start: int = 0) -> FloatArray:
        """(rows, n - start) squared distances of some rows to all from `start` on."""
        lengths = self._squares[rows, None] + self._squares[start:]
        block: FloatArray = self._vectors[rows] @ self._vectors[start:].T
        block *= -2
        block += lengths
        near = np.nonzero(block <= NEAR * lengths)
        differences = self._vectors[near[0] + rows.start] - self._vectors[near[1] + start]
        block[near] = np.einsum("ij,ij->i", differences, differences)
        return block

    def plain(self, rows: slice, start: int = 0) -> FloatArray:
        """(rows, n - start) distances of some rows to all from `start` on."""
        block = self.squared(rows, start)
        return np.sqrt(block, out=block)


def centred(vectors: FloatArray) -> FloatArray:
    """The vectors in float64 minus their mean; equal vectors become exactly 0, which the mean alone may miss."""
    shifted: FloatArray = vectors.astype(np.float64)
    shifted -= shifted[0].copy()
    shifted -= shifted.mean(axis=0)
    return shifted
