"""Agreement of the ranks of two triangles; equal values share their middle rank.

Ranks come from one sort of 64-bit integers, which hold the value in their upper half and what has to follow it in
their lower half. That is some ten times as fast as sorting positions, and as exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.data import FloatArray
from engine.measures.bins import binned, blocks

HIGH, LOW = (1, 0) if np.little_endian else (0, 1)  # where the halves of a 64-bit integer are
BLOCK = 1 << 13  # pairs turned to float64 at once: they stay in the cache, and too few for BLAS to start threads
FEWEST_BINNED = 2_000_000  # below that many pairs the exact way is as fast
COARSE = 2e-4  # error of the ranks, as a share of their spread, beyond which binning is not good enough


def spearman(u: FloatArray, v: FloatArray) -> float | None:
    """Spearman's rho: Pearson r of the mid-ranks; None where a triangle is constant."""
    products, u_spread, v_spread = _rank_sums(u, v)
    norms = float(np.sqrt(u_spread) * np.sqrt(v_spread))
    return max(-1.0, min(1.0, products / norms)) if norms else None


def rho_a(u: FloatArray, v: FloatArray) -> float:
    """rho-a = 12 x'y / (m^3 - m) - 3 (m + 1) / (m - 1) of the mid-ranks x, y; 0 where a triangle is constant."""
    return _rank_sums(u, v)[0] / spread(len(u))


def spread(m: int) -> float:
    """The sum of squares of m different ranks about their mean, (m^3 - m) / 12."""
    return (float(m) ** 3 - m) / 12


def mid_ranks(values: FloatArray) -> FloatArray:
    """(m,) float64 ranks from 1 to m; equal values get the mean of theirs."""
    halves = _sorted_halves(order_keys(values), np.arange(len(values), dtype=np.uint32))
    ranks = np.empty(len(values))
    ranks[halves[:, LOW]] = _doubled_ranks(halves)[0]
    ranks /= 2
    return ranks


def order_keys(values: FloatArray) -> NDArray[np.uint32]:
    """(m,) whole numbers in the same order as the values, equal where these are equal."""
    if values.dtype != np.float32:
        return _dense_keys(values)
    bits = (values + np.float32(0)).view(np.int32)  # makes -0 a 0, which it equals
    flips = bits >> 31  # all ones where negative: there, larger bits are smaller values
    flips |= np.int32(-(2**31))
    flips ^= bits
    return flips.view(np.uint32)


def _dense_keys(values: FloatArray) -> NDArray[np.uint32]:
    """The position of each value among the different ones."""
    order = np.argsort(values)
    ordered = values[order]
    keys = np.empty(len(values), np.uint32)
    keys[order[0]] = 0
    keys[order[1:]] = np.cumsum(ordered[1:] != ordered[:-1])
    return keys


def _rank_sums(u: FloatArray, v: FloatArray) -> tuple[float, float, float]:
    """Sums of products and of squares of the mid-ranks of u and v about their mean.

    Sorting by u with v carried along gives the ranks of u by position; sorting by v with those carried along gives
    the ranks of v beside those of u. Nothing is looked up at random places.
    """
    halves = _sorted_halves(order_keys(u), order_keys(v))
    u_ranks, u_ties = _doubled_ranks(halves)
    halves[:, HIGH] = halves[:, LOW]
    halves[:, LOW] = u_ranks
    halves.view(np.uint64).sort(axis=0)
    v_ranks, v_ties = _doubled_ranks(halves)
    m, products = len(u), 0.0
    for start in range(0, m, BLOCK):
        x, y = (ranks[start : start + BLOCK].astype(np.float64) for ranks in (halves[:, LOW], v_ranks))
        products += float((x - (m + 1)) @ (y - (m + 1)))
    return products / 4, spread(m) - u_ties, spread(m) - v_ties


def _sorted_halves(upper: NDArray[np.uint32], lower: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """(m, 2) the halves of 64-bit integers, sorted as such."""
    halves = np.empty((len(upper), 2), np.uint32)
    halves[:, HIGH] = upper
    halves[:, LOW] = lower
    halves.view(np.uint64).sort(axis=0)
    return halves


def _doubled_ranks(halves: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], float]:
    """Twice the mid-ranks by the upper halves of sorted integers, and the squares that the ties take away."""
    m, upper = len(halves), halves[:, HIGH]
    ranks = np.arange(2, 2 * m + 2, 2, dtype=np.uint32)
    tied = np.flatnonzero(upper[1:] == upper[:-1])  # positions whose successor is equal
    if not len(tied):
        return ranks, 0.0
    first = np.flatnonzero(np.diff(tied, prepend=-2) > 1)  # where in `tied` a run of equal values begins
    starts, lengths = tied[first], np.diff(first, append=len(tied)) + 1
    members = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    ranks[members] = np.repeat(2 * starts + lengths + 1, lengths)
    return ranks, sum_of_spreads(lengths)


def sum_of_spreads(lengths: NDArray[np.int64]) -> float:
    """The squares that ties of these lengths take away from those of all ranks."""
    counts = lengths.astype(float)
    return float((counts**3 - counts).sum()) / 12


def spearman_binned(u: FloatArray, v: FloatArray) -> float | None:
    """Spearman's rho within 1e-7 or so where there are millions of pairs, in a third of the time.

    Values in the same of 65,536 bins count as tied. Where the bins are too few for that (few pairs, or values far
    apart), it is `spearman`, exactly.
    """
    if len(u) < FEWEST_BINNED:
        return spearman(u, v)
    first, second = binned(u), binned(v)
    if max(first.lost, second.lost) > COARSE:
        return spearman(u, v)
    u_middles, v_middles = first.middles, second.middles
    products = 0.0
    for part in blocks(len(u), BLOCK):
        products += float(u_middles.take(first.bins[part]) @ v_middles.take(second.bins[part]))
    squares = [float((one.counts * one.middles**2).sum()) for one in (first, second)]
    return max(-1.0, min(1.0, products / float(np.sqrt(squares[0]) * np.sqrt(squares[1]))))
