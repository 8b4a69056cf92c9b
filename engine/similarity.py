"""First-order measures: the vectors of n words -> their n x n similarity matrix.

A new measure is one function and one entry of `SIMILARITIES`; the panel, sessions, headless runs and the
parametrised tests find it there. Larger always means more alike, so distances are negated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.data import FloatArray, SimilarityMatrix


def cosine(vectors: FloatArray) -> FloatArray:
    """Cosine of the angle between any two rows, x'y / (|x||y|)."""
    return dot(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def pearson(vectors: FloatArray) -> FloatArray:
    """Pearson correlation over dimensions: the cosine of the rows, each minus its own mean."""
    return cosine(vectors - vectors.mean(axis=1, keepdims=True))


def dot(vectors: FloatArray) -> FloatArray:
    """Dot product of any two rows, x'y."""
    products: FloatArray = vectors @ vectors.T
    return products


def euclidean(vectors: FloatArray) -> FloatArray:
    """Negative Euclidean distance, -|x - y|."""
    return _negative_distances(vectors, "euclidean")


def cityblock(vectors: FloatArray) -> FloatArray:
    """Negative city-block distance, -sum |x - y|."""
    return _negative_distances(vectors, "cityblock")


def _negative_distances(vectors: FloatArray, metric: str) -> FloatArray:
    from scipy.spatial.distance import pdist, squareform

    distances: FloatArray = squareform(pdist(vectors, metric)).astype(vectors.dtype)
    return -distances


@dataclass(frozen=True)
class SimilarityMeasure:
    """One entry of the table.

    Parameters
    ----------
    name : str
        As written in session files.
    label : str
        As shown to the user: "cosine similarity".
    compute : callable
        (n, d) vectors -> (n, n) similarities, of the same dtype.
    description : str
        Formula, range and what it is invariant to, for the tooltip.
    """

    name: str
    label: str
    compute: Callable[[FloatArray], FloatArray]
    description: str


SIMILARITIES: dict[str, SimilarityMeasure] = {
    measure.name: measure
    for measure in (
        SimilarityMeasure(
            "cosine",
            "cosine similarity",
            cosine,
            "x'y / (|x||y|), from -1 to 1. Unchanged by the length of a vector and by rotation.",
        ),
        SimilarityMeasure(
            "pearson",
            "Pearson correlation over dimensions",
            pearson,
            "Cosine after each vector's own mean is subtracted, from -1 to 1. Unchanged by a vector's length and mean.",
        ),
        SimilarityMeasure(
            "dot",
            "dot product",
            dot,
            "x'y, unbounded. Unchanged by rotation only: long vectors dominate.",
        ),
        SimilarityMeasure(
            "euclidean",
            "negative Euclidean distance",
            euclidean,
            "-|x - y|, at most 0. Unchanged by rotation and by a common shift.",
        ),
        SimilarityMeasure(
            "cityblock",
            "negative city-block distance",
            cityblock,
            "-sum |x - y|, at most 0. Unchanged by a common shift.",
        ),
    )
}


def similarity_matrix(vectors: FloatArray, measure: str) -> SimilarityMatrix:
    """The similarities of all rows.

    Parameters
    ----------
    vectors : (n, d) floating array
    measure : str
        A key of `SIMILARITIES`.

    Returns
    -------
    SimilarityMatrix
        (n, n), exactly symmetric, of the vectors' dtype but at least float32; not finite where undefined.
    """
    precise = vectors.astype(np.result_type(vectors.dtype, np.float32), copy=False)  # half precision adds up badly
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return SimilarityMatrix(SIMILARITIES[measure].compute(precise))
