"""Sums over the pairs of drawn words, for many draws at once.

A draw gives each word a weight w, how often it was drawn. The sum of x[i, j] over all pairs of drawn words is the
quadratic form w'Xw / 2, and a diagonal of 0 leaves out the pairs of a word with itself. So a thousand draws are one
matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.data import FloatArray, IntArray
from engine.inference.products import Centred, scale_and_offset

TERMS = ("a", "b", "aa", "bb", "ab")
PANEL = 256  # columns taken at once: the part below the diagonal, half of all work, is left out panel by panel
ROUNDING = 1e-12  # a variance that is a smaller part of its sum of squares is rounding


@dataclass(frozen=True, eq=False)
class PairSums:
    """Sums over pairs, one number per draw: how many pairs, of a, of b, of a a, of b b, of a b."""

    pairs: FloatArray
    a: FloatArray
    b: FloatArray
    aa: FloatArray
    bb: FloatArray
    ab: FloatArray


def of_draws(first: Centred, second: Centred, weights: IntArray) -> PairSums:
    """The sums for (draws, n) weights."""
    n = len(first.values)
    rows = weights.astype(first.values.dtype)
    totals = np.zeros((len(weights), len(TERMS)))
    for start in range(0, n, PANEL):
        stop = min(start + PANEL, n)
        above = [np.triu(matrix[:stop], 1 - start) for matrix in _products(first, second, slice(start, stop))]
        sums = (rows[:, :stop] @ np.concatenate(above, axis=1)).reshape(len(weights), len(TERMS), stop - start)
        totals += np.einsum("dtw,dw->dt", sums, rows[:, start:stop])
    pairs = (weights.sum(axis=1) ** 2 - np.einsum("ij,ij->i", weights, weights)) / 2
    return PairSums(pairs, *totals.T)


def without_each(first: Centred, second: Centred) -> PairSums:
    """The sums without each word in turn, (n,) each."""
    n = len(first.values)
    by_word = np.empty((len(TERMS), n))
    for start in range(0, n, PANEL):
        columns = slice(start, min(start + PANEL, n))
        for sums, matrix in zip(by_word, _products(first, second, columns), strict=True):
            sums[columns] = matrix.sum(axis=0, dtype=np.float64)
    rest = by_word.sum(axis=1, keepdims=True) / 2 - by_word
    return PairSums(np.full(n, (n - 1) * (n - 2) / 2), *rest)


def measure_of(measure: str, sums: PairSums, first: Centred, second: Centred) -> FloatArray:
    """A measure of `PRODUCTS` of each draw; NaN where the draw's pairs are all equal, or none."""
    if measure == "cosine":
        sums = _uncentred(sums, first, second)
        return _ratio(sums.ab, (sums.aa, sums.bb), (sums.aa, sums.bb))
    pairs = np.maximum(sums.pairs, 1)
    squares = (sums.aa - sums.a**2 / pairs, sums.bb - sums.b**2 / pairs)
    values = _ratio(sums.ab - sums.a * sums.b / pairs, squares, (sums.aa, sums.bb))
    if measure == "rho_a":
        values *= scale_and_offset(measure, first, second)[0]
    return values


def _ratio(
    products: FloatArray, squares: tuple[FloatArray, FloatArray], scales: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Products over the roots of both squares; NaN where a square is but the rounding of its scale."""
    defined = (squares[0] > ROUNDING * scales[0]) & (squares[1] > ROUNDING * scales[1])
    values = np.full(len(products), np.nan)
    values[defined] = products[defined] / np.sqrt(squares[0][defined] * squares[1][defined])
    return values


def _products(first: Centred, second: Centred, columns: slice) -> tuple[FloatArray, ...]:
    """Some columns of a, b, a a, b b, a b."""
    a, b = (one.values[:, columns] for one in (first, second))
    return a, b, a * a, b * b, a * b


def _uncentred(sums: PairSums, first: Centred, second: Centred) -> PairSums:
    """The sums of the triangles as they were before they were centred and scaled."""
    p, q, s, t = first.norm, first.mean, second.norm, second.mean  # a became p a + q, b became s b + t
    return PairSums(
        sums.pairs,
        p * sums.a + q * sums.pairs,
        s * sums.b + t * sums.pairs,
        p * p * sums.aa + 2 * p * q * sums.a + q * q * sums.pairs,
        s * s * sums.bb + 2 * s * t * sums.b + t * t * sums.pairs,
        p * s * sums.ab + p * t * sums.a + q * s * sums.b + q * t * sums.pairs,
    )
