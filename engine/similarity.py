"""First-order measures: the vectors of n words -> their n x n similarity matrix.

A new measure is one function and one entry of `SIMILARITIES`; the panel, sessions, headless runs and the
parametrised tests find it there. Larger always means more alike, so distances are negated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from engine.data import FloatArray, SimilarityMatrix
from engine.measures import one_to_many
from engine.measures.distances import Distances, row_blocks
from engine.measures.invariances import (
    COMMON_SCALING,
    COMMON_SHIFT,
    ORDER_OF_DIMENSIONS,
    OWN_SCALING,
    OWN_SHIFT,
    ROTATION,
    in_words,
    range_in_words,
)
from engine.progress import SILENT, Progress

FEW = 2_000  # words whose similarities are computed in double precision, whatever the vectors are stored in
DECIMALS = 12  # of these that are kept; single precision has 7 significant ones


def cosine(vectors: FloatArray, progress: Progress = SILENT) -> FloatArray:
    """Cosine of the angle between any two rows, x'y / (|x||y|)."""
    return _as_stored(_cosines(_precise(vectors)), vectors)


def pearson(vectors: FloatArray, progress: Progress = SILENT) -> FloatArray:
    """Pearson correlation over dimensions: the cosine of the rows, each minus its own mean."""
    precise = _precise(vectors)
    return _as_stored(_cosines(precise - precise.mean(axis=1, keepdims=True)), vectors)


def dot(vectors: FloatArray, progress: Progress = SILENT) -> FloatArray:
    """Dot product of any two rows, x'y."""
    products: FloatArray = vectors @ vectors.T
    return products


def euclidean(vectors: FloatArray, progress: Progress = SILENT) -> FloatArray:
    """Negative Euclidean distance, -|x - y|."""
    return _negative(Distances(vectors).plain, vectors, progress)


def cityblock(vectors: FloatArray, progress: Progress = SILENT) -> FloatArray:
    """Negative city-block distance, -sum |x - y|."""
    from scipy.spatial.distance import cdist

    precise = vectors.astype(np.float64, copy=False)
    return _negative(lambda rows, start: cdist(precise[rows], precise[start:], "cityblock"), vectors, progress)


def _precise(vectors: FloatArray) -> FloatArray:
    """Few vectors in double precision: what is equal on paper is then equal again in single, and ties in ranks."""
    return vectors.astype(np.float64, copy=False) if len(vectors) <= FEW else vectors


def _as_stored(cosines: FloatArray, vectors: FloatArray) -> FloatArray:
    """In the vectors' own precision; what is left of rounding in double, around 0 too, is rounded away."""
    return cosines if cosines.dtype == vectors.dtype else np.round(cosines, DECIMALS).astype(vectors.dtype)


def _cosines(rows: FloatArray) -> FloatArray:
    return dot(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def _negative(distances: Callable[[slice, int], FloatArray], vectors: FloatArray, progress: Progress) -> FloatArray:
    """Minus the distances, filled in by blocks of rows and mirrored, so that nothing else of this size is held."""
    n = len(vectors)
    filled = np.empty((n, n), vectors.dtype)
    for rows in row_blocks(n):
        progress.step(f"distances, {rows.start:,} of {n:,} words", 1 - (1 - rows.start / n) ** 2)
        block = -distances(rows, rows.start)
        square = block[:, : len(block)]
        square[:] = np.maximum(square, square.T)  # a matrix product may round the two halves differently
        filled[rows, rows.start :] = block
        filled[rows.stop :, rows] = block[:, len(block) :].T
    np.fill_diagonal(filled, 0)
    return filled


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
        (n, d) vectors, progress -> (n, n) similarities, of the same dtype.
    to_one : callable
        (n, d) vectors, (d,) vector -> (n,) their similarities to it, of the same dtype.
    range : (low, high)
        Between which its values lie.
    invariances : frozenset of str
        Changes of the vectors that leave it as it is, by the names of `engine.measures.invariances`; what is not
        declared changes it.
    reference : str
        Where it is defined.
    description : str
        Formula and what to know about it.
    """

    name: str
    label: str
    compute: Callable[[FloatArray, Progress], FloatArray]
    to_one: Callable[[FloatArray, FloatArray], FloatArray]
    range: tuple[float, float]
    invariances: frozenset[str]
    reference: str
    description: str

    @property
    def tooltip(self) -> str:
        """All of it in a few sentences."""
        return f"{self.description} Range: {range_in_words(self.range)}. {in_words(self.invariances)} {self.reference}"


SIMILARITIES: dict[str, SimilarityMeasure] = {
    measure.name: measure
    for measure in (
        SimilarityMeasure(
            "cosine",
            "cosine similarity",
            cosine,
            one_to_many.cosine,
            (-1, 1),
            frozenset({COMMON_SCALING, OWN_SCALING, ROTATION, ORDER_OF_DIMENSIONS}),
            "Salton & McGill 1983, Introduction to Modern Information Retrieval.",
            "x'y / (|x||y|), the cosine of the angle between two vectors.",
        ),
        SimilarityMeasure(
            "pearson",
            "Pearson correlation over dimensions",
            pearson,
            one_to_many.pearson,
            (-1, 1),
            frozenset({COMMON_SCALING, OWN_SCALING, OWN_SHIFT, ORDER_OF_DIMENSIONS}),
            "Kriegeskorte, Mur & Bandettini 2008, Front. Syst. Neurosci. 2:4.",
            "Cosine after each vector's own mean over its dimensions is subtracted.",
        ),
        SimilarityMeasure(
            "dot",
            "dot product",
            dot,
            one_to_many.dot,
            (-inf, inf),
            frozenset({ROTATION, ORDER_OF_DIMENSIONS}),
            "Mikolov et al. 2013, NeurIPS 26.",
            "x'y: long vectors dominate.",
        ),
        SimilarityMeasure(
            "euclidean",
            "negative Euclidean distance",
            euclidean,
            one_to_many.euclidean,
            (-inf, 0),
            frozenset({ROTATION, ORDER_OF_DIMENSIONS, COMMON_SHIFT}),
            "Kriegeskorte & Diedrichsen 2019, Annu. Rev. Neurosci. 42.",
            "-|x - y|, the straight-line distance, negated so that larger means more alike.",
        ),
        SimilarityMeasure(
            "cityblock",
            "negative city-block distance",
            cityblock,
            one_to_many.cityblock,
            (-inf, 0),
            frozenset({ORDER_OF_DIMENSIONS, COMMON_SHIFT}),
            "Krause 1986, Taxicab Geometry.",
            "-sum |x - y| over dimensions, negated so that larger means more alike.",
        ),
    )
}


def similarity_matrix(vectors: FloatArray, measure: str, progress: Progress = SILENT) -> SimilarityMatrix:
    """The similarities of all rows.

    Parameters
    ----------
    vectors : (n, d) floating array
    measure : str
        A key of `SIMILARITIES`.
    progress : Progress, optional
        Told how far distances are, block by block.

    Returns
    -------
    SimilarityMatrix
        (n, n), exactly symmetric, of the vectors' dtype but at least float32; not finite where undefined. Those of
        different words are exactly equal where they differ by rounding alone.
    """
    precise = vectors.astype(np.result_type(vectors.dtype, np.float32), copy=False)  # half precision adds up badly
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return SimilarityMatrix(_levelled(SIMILARITIES[measure].compute(precise, progress)))


def _levelled(values: FloatArray) -> FloatArray:
    """The matrix, all pairs equal if they differ by rounding alone: else that would pass for what a space finds."""
    if len(values) < 2:
        return values
    sizes = np.abs(values.diagonal())
    usual = float(np.partition(sizes, len(sizes) // 2)[len(sizes) // 2])  # np.median would import numpy.ma: 15 ms
    rounding = 16 * float(np.finfo(values.dtype).eps)
    if not _is_level(values[0, 1:], usual, rounding):  # most often that tells without a look at all pairs
        return values
    triangle = SimilarityMatrix(values).triangle
    if not _is_level(triangle, usual, rounding):
        return values
    level = np.full_like(values, triangle[0])
    np.fill_diagonal(level, values.diagonal())
    return level


def _is_level(pairs: FloatArray, usual: float, rounding: float) -> bool:
    low, high = float(pairs.min()), float(pairs.max())
    return high - low <= rounding * max(-low, high, usual)  # not where some are no numbers


def similarities_to_one(vectors: FloatArray, one: FloatArray, measure: str) -> FloatArray:
    """The similarities of all rows to one vector.

    Parameters
    ----------
    vectors : (n, d) floating array
    one : (d,) floating array
    measure : str
        A key of `SIMILARITIES`.

    Returns
    -------
    (n,) floating array
        Of the vectors' dtype but at least float32; not finite where undefined.
    """
    dtype = np.result_type(vectors.dtype, np.float32)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return SIMILARITIES[measure].to_one(vectors.astype(dtype, copy=False), one.astype(dtype, copy=False))
