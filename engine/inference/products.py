"""Measures that are sums of products over pairs, up to a factor and an offset that no relabelling changes.

Pearson r is the sum of the products of two centred triangles of norm 1. Cosine is the same sum, scaled and shifted by
what their means add. Spearman's rho is that sum of ranks, and rho-a a multiple of it. So one sum serves two measures,
and its fast ways (`engine.inference.relabellings`, `engine.inference.weighted`) serve four.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.comparison import COMPARISONS, Compared, measure_input
from engine.data import FloatArray, read_only
from engine.measures.ranks import mid_ranks

Kind = Literal["values", "ranks"]

PRODUCTS: dict[str, Kind] = {"pearson": "values", "cosine": "values", "spearman": "ranks", "rho_a": "ranks"}


@dataclass(frozen=True, eq=False)
class Centred:
    """A triangle, centred and of norm 1, as a matrix.

    Parameters
    ----------
    values : (n, n) floating array
        Symmetric, 0 on the diagonal; the upper triangle has mean 0 and norm 1, or is all 0 where it was constant.
    mean, norm : float
        Of the triangle: its mean, and its norm once centred.
    """

    values: FloatArray
    mean: float
    norm: float

    def __post_init__(self) -> None:
        read_only(self.values)


def centred(space: Compared, kind: Kind, dtype: type[np.floating]) -> Centred:
    """A space's similarities or their ranks, centred and of norm 1."""
    pairs = measure_input(space, COMPARISONS["pearson"])
    if kind == "ranks":
        return centred_pairs(mid_ranks(pairs), dtype)
    _, mean, norm = _deviations(pairs)
    values = space.similarities.values - space.similarities.values.dtype.type(mean)
    values *= 1 / norm if norm else 0.0
    np.fill_diagonal(values, 0)
    return Centred(values.astype(dtype, copy=False), mean, norm)


def centred_pairs(pairs: FloatArray, dtype: type[np.floating]) -> Centred:
    """(m,) pairs, centred and of norm 1, as a matrix."""
    deviations, mean, norm = _deviations(pairs)
    if norm:
        deviations /= norm
    return Centred(square(deviations, dtype), mean, norm)


def _deviations(pairs: FloatArray) -> tuple[FloatArray, float, float]:
    """Differences from the mean in float64, the mean, and the norm of the differences."""
    first = float(pairs[0])  # equal values become exactly 0; the mean of equal values can be off by a rounding
    deviations = pairs.astype(np.float64)
    deviations -= first
    mean = float(deviations.mean())
    deviations -= mean
    return deviations, first + mean, float(np.sqrt(np.einsum("i,i", deviations, deviations)))


def square(pairs: FloatArray, dtype: type[np.floating]) -> FloatArray:
    """(n, n) symmetric matrix with a strict upper triangle of (m,) pairs and 0 on the diagonal."""
    n = int((1 + np.sqrt(1 + 8 * len(pairs))) / 2)
    values = np.zeros((n, n), dtype)
    start = 0
    for i in range(n - 1):
        values[i, i + 1 :] = pairs[start : start + n - 1 - i]
        start += n - 1 - i
    values += values.T
    return values


def scale_and_offset(measure: str, first: Centred, second: Centred) -> tuple[float, float]:
    """What turns the sum of products of two centred triangles into a measure of `PRODUCTS`: factor and addend."""
    m = len(first.values) * (len(first.values) - 1) / 2
    if measure == "rho_a":
        return 12 * first.norm * second.norm / (m**3 - m), 0.0
    if measure != "cosine":
        return 1.0, 0.0
    uncentred = [float(np.hypot(one.norm, np.sqrt(m) * one.mean)) for one in (first, second)]
    (scale_1, mean_1), (scale_2, mean_2) = (
        (one.norm / norm, np.sqrt(m) * one.mean / norm) for one, norm in zip((first, second), uncentred, strict=True)
    )
    return scale_1 * scale_2, mean_1 * mean_2
