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


def test_equal_similarities_agree_with_nothing() -> None:
    level, other = np.tile([1.0, 2, 3], (9, 1)), np.random.default_rng(0).normal(size=(9, 4))
    assert pair_agreement(level, other).pearson is None
    assert pair_agreement(np.eye(9), other).cosine is None
    assert pair_agreement(level, level).cosine == pytest.approx(1)
