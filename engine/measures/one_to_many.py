"""How alike one vector is to each of many, for the first-order measures: a row of their matrix without the matrix.

Every row is computed by itself and in the same way, so that equal vectors get equal numbers wherever they stand.
"""

from __future__ import annotations

import numpy as np

from engine.data import FloatArray


def cosine(vectors: FloatArray, one: FloatArray) -> FloatArray:
    """X'y / (|x||y|)."""
    return dot(vectors, one) / (_lengths(vectors) * _lengths(one))


def pearson(vectors: FloatArray, one: FloatArray) -> FloatArray:
    """The cosine of vectors, each minus its own mean."""
    return cosine(vectors - vectors.mean(axis=1, keepdims=True), one - one.mean())


def dot(vectors: FloatArray, one: FloatArray) -> FloatArray:
    """X'y."""
    products: FloatArray = np.vecdot(vectors, one)  # a matrix product may round the same row in several ways
    return products


def euclidean(vectors: FloatArray, one: FloatArray) -> FloatArray:
    """-|x - y|."""
    return -_lengths(vectors - one)


def cityblock(vectors: FloatArray, one: FloatArray) -> FloatArray:
    """-sum |x - y|."""
    differences = vectors - one
    distances: FloatArray = np.abs(differences, out=differences).sum(axis=1)
    return -distances


def _lengths(vectors: FloatArray) -> FloatArray:
    lengths: FloatArray = np.sqrt(np.vecdot(vectors, vectors))
    return lengths
