"""Where pairs of words stand in the strict upper triangle of a matrix, row by row, and which pair stands where."""

from __future__ import annotations

from math import isqrt

from engine.data import IntArray


def pair_position(i: int, j: int, n: int) -> int:
    """Where pair (i, j) of n words stands in `SimilarityMatrix.triangle`; i and j differ."""
    i, j = min(i, j), max(i, j)
    return i * n - i * (i + 1) // 2 + j - i - 1


def pair_positions(first: IntArray | int, second: IntArray, n: int) -> IntArray:
    """(m,) the same of many pairs (first[k], second[k]), first[k] < second[k]; or all with the same first."""
    return first * n - first * (first + 1) // 2 + second - first - 1


def pair_at(position: int, n: int) -> tuple[int, int]:
    """The pair (i, j), i < j, at a position of `SimilarityMatrix.triangle`: the inverse of `pair_position`."""
    from_end = n * (n - 1) // 2 - 1 - position  # rows get longer from the end: 1, 2, 3, ... pairs
    row_from_end = (isqrt(8 * from_end + 1) - 1) // 2
    i = n - 2 - row_from_end
    return i, position - (i * n - i * (i + 1) // 2) + i + 1
