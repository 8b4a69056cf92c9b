"""Second-order measures: two n x n similarity matrices -> one number.

A new measure is one function and one entry of `COMPARISONS`; the panel, sessions, headless runs and the
parametrised tests find it there. All look at the n(n-1)/2 pairs of different words only: the diagonal, equal in
every space, would inflate any agreement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.data import FloatArray, SimilarityMatrix


def pearson(u: FloatArray, v: FloatArray) -> float | None:
    """Pearson r of two triangles."""
    return cosine(_centred(u), _centred(v))


def cosine(u: FloatArray, v: FloatArray) -> float | None:
    """Cosine of two triangles, u'v / (|u||v|): of similarities, as they are, not of distances."""
    norms = float(np.linalg.norm(u) * np.linalg.norm(v))
    return float(u @ v) / norms if norms else None


def spearman(u: FloatArray, v: FloatArray) -> float | None:
    """Spearman's rho: Pearson r of the mid-ranks."""
    from scipy.stats import rankdata

    return pearson(rankdata(u), rankdata(v))


def _centred(u: FloatArray) -> FloatArray:
    shifted: FloatArray = u - u[0]  # makes equal values exactly 0; the mean of equal values can be off by a rounding
    shifted -= shifted.mean()
    return shifted


@dataclass(frozen=True)
class ComparisonMeasure:
    """One entry of the table.

    Parameters
    ----------
    name : str
        As written in session files.
    label : str
        As shown to the user: "Pearson r".
    symbol : str
        As shown where room is short: "r".
    compute : callable
        Two (m,) float64 triangles -> number, or None where it is undefined (a constant triangle).
    description : str
        Formula, range and what it is invariant to, for the tooltip.
    """

    name: str
    label: str
    symbol: str
    compute: Callable[[FloatArray, FloatArray], float | None]
    description: str


COMPARISONS: dict[str, ComparisonMeasure] = {
    measure.name: measure
    for measure in (
        ComparisonMeasure(
            "pearson",
            "Pearson r",
            "r",
            pearson,
            "Linear agreement of the pairs' similarities, -1 to 1. Unchanged by shifting or scaling either matrix.",
        ),
        ComparisonMeasure(
            "spearman",
            "Spearman ρ",
            "ρ",
            spearman,
            "Agreement of the pairs' ranks, -1 to 1. Unchanged by any increasing map of either matrix.",
        ),
        ComparisonMeasure(
            "cosine",
            "cosine S_c (of similarities)",
            "S_c",
            cosine,
            "u'v / (|u||v|) of the similarities themselves, -1 to 1. Not centred: high mean similarity alone raises "
            "it, and distances instead of similarities would give another number.",
        ),
    )
}


def compare(first: SimilarityMatrix, second: SimilarityMatrix, measure: str) -> float | None:
    """How much two similarity matrices of the same words agree.

    Parameters
    ----------
    first, second : SimilarityMatrix
        (n, n), rows in the same order.
    measure : str
        A key of `COMPARISONS`.

    Returns
    -------
    float or None
        None where the measure is undefined, because all similarities of a matrix are equal.
    """
    return COMPARISONS[measure].compute(_pairs(first), _pairs(second))


def _pairs(matrix: SimilarityMatrix) -> FloatArray:
    """The triangle in float64; similarities that differ by rounding alone are made equal."""
    pairs = matrix.triangle.astype(np.float64)
    scale = max(np.abs(pairs).max(), np.median(np.abs(matrix.values.diagonal())))
    if np.ptp(pairs) <= 16 * np.finfo(matrix.values.dtype).eps * scale:
        pairs[:] = pairs[0]
    return pairs
