"""Measures that are sums of products over pairs, up to a factor and an offset that no relabelling changes.

Pearson r is the sum of the products of two centred triangles of norm 1. Cosine is the same sum, scaled and shifted by
what their means add. Spearman's rho is that sum of ranks, and rho-a a multiple of it. So one sum serves two measures,
and its fast ways (`engine.inference.relabellings`, `engine.inference.weighted`) serve four.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from engine.comparison import COMPARISONS, Compared, measure_input
from engine.data import FloatArray, read_only
from engine.measures.pairs import mean, norm_about
from engine.measures.ranks import mid_ranks

Kind = Literal["values", "ranks"]

MIRRORED = 256  # rows mirrored at once: ten times as fast as a whole matrix of thousands
PRODUCTS: dict[str, Kind] = {"pearson": "values", "cosine": "values", "spearman": "ranks", "rho_a": "ranks"}


@dataclass(frozen=True, eq=False)
class Centred:
    """A triangle, to be seen centred and of norm 1, as a matrix.

    Parameters
    ----------
    matrix : (n, n) floating array
        Symmetric; neither centred nor scaled, and whatever is on the diagonal is no part of it.
    mean, norm : float
        Of the triangle: its mean, and its norm once centred.
    dtype : type
        Of what is seen.
    """

    matrix: FloatArray
    mean: float
    norm: float
    dtype: type[np.floating]

    def __post_init__(self) -> None:
        read_only(self.matrix)

    @cached_property
    def values(self) -> FloatArray:
        """(n, n), 0 on the diagonal; the upper triangle has mean 0 and norm 1, or is all 0 where it was constant."""
        values = self.of(self.matrix)
        np.fill_diagonal(values, 0)
        return read_only(values)

    def of(self, cells: FloatArray, out: FloatArray | None = None) -> FloatArray:
        """Some cells of the matrix, centred and scaled: who needs them once need not hold another matrix."""
        seen: FloatArray = np.empty(cells.shape, self.dtype) if out is None else out
        # In the finer of both precisions: cells may be close together and far from 0.
        np.subtract(cells, self.mean, out=seen, dtype=np.result_type(cells, self.dtype), casting="same_kind")
        seen *= 1 / self.norm if self.norm else 0.0
        return seen


def centred(space: Compared, kind: Kind, dtype: type[np.floating]) -> Centred:
    """A space's similarities or their ranks, centred and of norm 1."""
    pairs = measure_input(space, COMPARISONS["pearson"])
    if kind == "ranks":
        pairs = mid_ranks(pairs)
    middle = mean(pairs)
    matrix = square(pairs, dtype) if kind == "ranks" else space.similarities.values
    return Centred(matrix, middle, norm_about(pairs, middle), dtype)


def square(pairs: FloatArray, dtype: type[np.floating]) -> FloatArray:
    """(n, n) symmetric matrix with a strict upper triangle of (m,) pairs and 0 on the diagonal."""
    n = int((1 + np.sqrt(1 + 8 * len(pairs))) / 2)
    values = np.zeros((n, n), dtype)
    start = 0
    for i in range(n - 1):
        values[i, i + 1 :] = pairs[start : start + n - 1 - i]
        start += n - 1 - i
    for k in range(0, n, MIRRORED):
        rows = slice(k, k + MIRRORED)
        values[rows, rows] += values[rows, rows].T
        values[k + MIRRORED :, rows] = values[rows, k + MIRRORED :].T
    return values


def scale_and_offset(measure: str, first: Centred, second: Centred) -> tuple[float, float]:
    """What turns the sum of products of two centred triangles into a measure of `PRODUCTS`: factor and addend."""
    m = len(first.matrix) * (len(first.matrix) - 1) / 2
    if measure == "rho_a":
        return 12 * first.norm * second.norm / (m**3 - m), 0.0
    if measure != "cosine":
        return 1.0, 0.0
    uncentred = [float(np.hypot(one.norm, np.sqrt(m) * one.mean)) for one in (first, second)]
    (scale_1, mean_1), (scale_2, mean_2) = (
        (one.norm / norm, np.sqrt(m) * one.mean / norm) for one, norm in zip((first, second), uncentred, strict=True)
    )
    return scale_1 * scale_2, mean_1 * mean_2
