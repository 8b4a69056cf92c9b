"""Pearson r and cosine of all pairs' similarities straight from the vectors: no n x n matrix is ever made.

For rows x_i and y_i whose products are the similarities a_ij = x_i'x_j and b_ij = y_i'y_j,

    sum_{i<j} a_ij b_ij = (|X'Y|^2 - sum_i |x_i|^2 |y_i|^2) / 2,
    sum_{i<j} a_ij = (|sum_i x_i|^2 - sum_i |x_i|^2) / 2,

and sum a^2 is the first with Y = X. For many random draws of words, where the matrices themselves are not wanted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.data import FloatArray
from engine.measures.alignment import shared_square

ROUNDING = 1e-13  # spread of the similarities, as a share of their squares, below which they count as equal


@dataclass(frozen=True)
class PairAgreement:
    """What the similarities of all pairs of words in two spaces have in common.

    Parameters
    ----------
    pearson, cosine : float or None
        As in `COMPARISONS`; None where undefined.
    first_mean, second_mean : float
        Mean similarity in either space.
    """

    pearson: float | None
    cosine: float | None
    first_mean: float
    second_mean: float


def pair_agreement(first: FloatArray, second: FloatArray, similarity: str = "cosine") -> PairAgreement:
    """Pearson r and cosine of two spaces' similarities, computed in float64.

    Parameters
    ----------
    first, second : (n, d) floating arrays
        The same words in either space; d may differ.
    similarity : {"cosine", "pearson", "dot"}
        The first-order measures that are products of rows.
    """
    x, y = product_rows(first, similarity), product_rows(second, similarity)
    lengths = [np.einsum("ij,ij->i", one, one) for one in (x, y)]
    m = len(x) * (len(x) - 1) / 2
    means = [_sum_of_pairs(one, squares) / m for one, squares in zip((x, y), lengths, strict=True)]
    shared, own_x, own_y = (
        (shared_square(x if i == 0 else y, x if j == 0 else y) - float(lengths[i] @ lengths[j])) / 2
        for i, j in ((0, 1), (0, 0), (1, 1))
    )
    return PairAgreement(
        _ratio(shared - m * means[0] * means[1], own_x - m * means[0] ** 2, own_y - m * means[1] ** 2, (own_x, own_y)),
        _ratio(shared, own_x, own_y, (own_x, own_y)),
        *means,
    )


def product_rows(vectors: FloatArray, similarity: str) -> FloatArray:
    """(n, d) float64 rows whose products x'y are the similarities."""
    rows: FloatArray = vectors.astype(np.float64)
    if similarity == "pearson":
        rows -= rows.mean(axis=1, keepdims=True)
    if similarity != "dot":
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def _sum_of_pairs(rows: FloatArray, lengths: FloatArray) -> float:
    total = rows.sum(axis=0)
    return float(total @ total - lengths.sum()) / 2


def _ratio(shared: float, first: float, second: float, squares: tuple[float, float]) -> float | None:
    if first <= ROUNDING * squares[0] or second <= ROUNDING * squares[1]:
        return None
    return max(-1.0, min(1.0, shared / float(np.sqrt(first) * np.sqrt(second))))
