"""Pearson and cosine without a matrix, against those of the matrices."""

from __future__ import annotations

import numpy as np
import pytest

from engine.comparison import Compared, compare
from engine.measures.closed_form import pair_agreement
from engine.similarity import similarity_matrix


@pytest.mark.parametrize("similarity", ["cosine", "pearson", "dot"])
@pytest.mark.parametrize("shape", [(200, 7, 12), (20, 300, 50), (4, 3, 3)])
@pytest.mark.parametrize("mean", [0, 5])
def test_same_numbers_as_from_the_matrices(similarity: str, shape: tuple[int, int, int], mean: float) -> None:
    n, d_first, d_second = shape
    rng = np.random.default_rng(3)
    x, y = rng.normal(mean, 1, (n, d_first)), rng.normal(mean, 1, (n, d_second))
    first, second = (Compared(similarity_matrix(one, similarity), one) for one in (x, y))
    found = pair_agreement(x, y, similarity)
    assert found.pearson == pytest.approx(compare(first, second, "pearson"), abs=1e-11)
    assert found.cosine == pytest.approx(compare(first, second, "cosine"), abs=1e-11)
    assert found.first_mean == pytest.approx(first.similarities.triangle.mean(), abs=1e-12)
    assert found.second_mean == pytest.approx(second.similarities.triangle.mean(), abs=1e-12)


def test_equal_similarities_need_the_matrices() -> None:
    level, other = np.tile([1.0, 2, 3], (9, 1)), np.random.default_rng(0).normal(size=(9, 4))
    assert pair_agreement(level, other) is None
    assert pair_agreement(np.eye(9), other) is None
    far = np.random.default_rng(0).normal(1e3, 1, (9, 4))  # so nearly equal cosines that sums lose most of their digits
    assert pair_agreement(far, other) is None


@pytest.mark.parametrize("similarity", ["cosine", "pearson", "dot"])
@pytest.mark.parametrize("mean", [0, 1, 5, 30])  # the larger, the less do the similarities vary
def test_many_words_in_single_precision_are_as_good_as_in_double(similarity: str, mean: float) -> None:
    rng = np.random.default_rng(0)
    common = rng.normal(size=(5000, 10))
    x, y = ((common @ rng.normal(size=(10, d)) + rng.normal(mean, 2, (5000, d))).astype(np.float32) for d in (30, 60))
    found, exact = (pair_agreement(*spaces, similarity) for spaces in ((x, y), (x.astype(float), y.astype(float))))
    assert found.pearson == pytest.approx(exact.pearson, abs=1e-7)
    assert found.cosine == pytest.approx(exact.cosine, abs=1e-7)
    assert found.first_mean == pytest.approx(exact.first_mean, rel=1e-7, abs=1e-9)


def test_many_equal_vectors_need_the_matrices() -> None:
    level, other = np.full((5000, 3), 0.1, np.float32), np.random.default_rng(0).normal(size=(5000, 4))
    assert pair_agreement(level, other.astype(np.float32)) is None
