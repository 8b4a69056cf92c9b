"""Agreement of the ranks of two triangles; equal values share their middle rank."""

from __future__ import annotations

from engine.data import FloatArray
from engine.measures import pairs


def spearman(u: FloatArray, v: FloatArray) -> float | None:
    """Spearman's rho: Pearson r of the mid-ranks; None where a triangle is constant."""
    return pairs.pearson(mid_ranks(u), mid_ranks(v))


def rho_a(u: FloatArray, v: FloatArray) -> float:
    """rho-a = 12 x'y / (m^3 - m) - 3 (m + 1) / (m - 1) of the mid-ranks x, y; 0 where a triangle is constant."""
    m = len(u)
    x, y = mid_ranks(u) - (m + 1) / 2, mid_ranks(v) - (m + 1) / 2
    return float(12 * (x @ y) / (float(m) ** 3 - m))


def mid_ranks(values: FloatArray) -> FloatArray:
    """(m,) float64 ranks from 1 to m; equal values get the mean of theirs."""
    from scipy.stats import rankdata

    ranks: FloatArray = rankdata(values)
    return ranks
