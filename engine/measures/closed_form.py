"""Pearson r and cosine of all pairs' similarities straight from the vectors: no n x n matrix is ever made.

For rows x_i and y_i whose products are the similarities a_ij = x_i'x_j and b_ij = y_i'y_j,

    sum_{i<j} a_ij b_ij = (|X'Y|^2 - sum_i |x_i|^2 |y_i|^2) / 2,
    sum_{i<j} a_ij = (|sum_i x_i|^2 - sum_i |x_i|^2) / 2,

and sum a^2 is the first with Y = X. For many random draws of words, where the matrices themselves are not wanted.
Products of thousands of vectors are taken in single precision, where that is enough, and added up in double.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data import FloatArray
from engine.measures.alignment import many_in_single, shared_square

NARROW = 0.1  # spread of the similarities, as a share of their squares, below which single precision is not enough
NEARLY_EQUAL = 1e-6  # the same, below which not even double precision is: sums lose as many digits as this has zeros


@dataclass(frozen=True)
class PairAgreement:
    """What the similarities of all pairs of words in two spaces have in common.

    Parameters
    ----------
    pearson, cosine : float
        As in `COMPARISONS`.
    first_mean, second_mean : float
        Mean similarity in either space.
    """

    pearson: float
    cosine: float
    first_mean: float
    second_mean: float


def pair_agreement(first: FloatArray, second: FloatArray, similarity: str = "cosine") -> PairAgreement | None:
    """Pearson r and cosine of two spaces' similarities: in float64, within 1e-7 of it for thousands of float32 vectors.

    None where a space finds all pairs so nearly equal that the similarities themselves are needed.

    Parameters
    ----------
    first, second : (n, d) floating arrays
        The same words in either space; d may differ.
    similarity : {"cosine", "pearson", "dot"}
        The first-order measures that are products of rows.
    """
    spaces = [first, second]
    if all(many_in_single(one) for one in spaces):
        x, y = (product_rows(one, similarity) for one in spaces)
        if (agreement := _agreement(x, y, NARROW)) is not None:
            return agreement
    x, y = (product_rows(one.astype(np.float64), similarity) for one in spaces)
    return _agreement(x, y, NEARLY_EQUAL)


def product_rows(vectors: FloatArray, similarity: str) -> FloatArray:
    """(n, d) rows whose products x'y are the similarities, in the vectors' precision."""
    rows = vectors - vectors.mean(axis=1, keepdims=True) if similarity == "pearson" else vectors
    if similarity != "dot":
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def _agreement(x: FloatArray, y: FloatArray, least: float) -> PairAgreement | None:
    """Of the products of rows, if these spread more than `least` in x and y, as a share of their squares."""
    lengths = [np.einsum("ij,ij->i", one, one).astype(np.float64) for one in (x, y)]
    m = len(x) * (len(x) - 1) / 2
    means = [_sum_of_pairs(one, squares) / m for one, squares in zip((x, y), lengths, strict=True)]
    shared, own_x, own_y = (
        (shared_square(x if i == 0 else y, x if j == 0 else y) - float(lengths[i] @ lengths[j])) / 2
        for i, j in ((0, 1), (0, 0), (1, 1))
    )
    spreads = own_x - m * means[0] ** 2, own_y - m * means[1] ** 2
    squares = own_x, own_y
    if any(spread <= least * square for spread, square in zip(spreads, squares, strict=True)):
        return None
    return PairAgreement(_ratio(shared - m * means[0] * means[1], spreads), _ratio(shared, squares), *means)


def _sum_of_pairs(rows: FloatArray, lengths: FloatArray) -> float:
    total = rows.sum(axis=0, dtype=np.float64)
    return float(total @ total - lengths.sum()) / 2


def _ratio(shared: float, squares: Sequence[float]) -> float:
    return max(-1.0, min(1.0, shared / float(np.sqrt(squares[0]) * np.sqrt(squares[1]))))
