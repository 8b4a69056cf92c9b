"""The nouns: read-only arrays, triangles, ranks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import percentileofscore, rankdata

from engine.data import Anisotropy, Compared, Comparison, EmbeddingSpace, SimilarityMatrix, report_pair


def symmetric(n: int, seed: int = 0, decimals: int = 8) -> np.ndarray:
    values = np.random.default_rng(seed).normal(size=(n, n)).round(decimals)
    return np.triu(values, 1) + np.triu(values, 1).T + np.eye(n)


@pytest.mark.parametrize("n", [2, 3, 7, 40])
def test_the_triangle_holds_every_pair_once_row_by_row(n: int) -> None:
    values = symmetric(n)
    assert SimilarityMatrix(values).triangle.tolist() == values[np.triu_indices(n, 1)].tolist()


def test_the_triangle_keeps_the_precision_of_the_matrix() -> None:
    assert SimilarityMatrix(symmetric(5).astype(np.float32)).triangle.dtype == np.float32


def test_arrays_refuse_to_be_changed() -> None:
    matrix = SimilarityMatrix(symmetric(4))
    space = EmbeddingSpace(
        "A",
        "somewhere",
        9,
        np.arange(4),
        np.ones((4, 3)),
        Compared(matrix, np.ones((4, 3))),
        Anisotropy(0.0, 1 / 3, 1.0, 3),
    )
    for array in (matrix.values, matrix.triangle, space.indices, space.vectors):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7
    assert space.dimensions == 3


@given(arrays(np.float64, (6, 6), elements=st.integers(-3, 3)))  # few values, so that there are ties
def test_ranks_and_percentiles_are_those_of_all_sorted_pairs(values: np.ndarray) -> None:
    values = values + values.T
    matrix = SimilarityMatrix(values)
    ranks = rankdata(-matrix.triangle, method="min")
    for k, (i, j) in enumerate(zip(*np.triu_indices(6, 1), strict=True)):
        report = report_pair(matrix, j, i)  # either way round
        assert report == report_pair(matrix, i, j)
        assert (report.rank, report.n_pairs) == (ranks[k], 15)
        assert report.percentile == pytest.approx(percentileofscore(matrix.triangle, values[i, j], kind="mean"))
        assert report.similarity == values[i, j]


def test_the_spread_ignores_a_few_extreme_pairs() -> None:
    values = symmetric(60, seed=3)
    values[0, 1] = values[1, 0] = 1000.0
    low, high = SimilarityMatrix(values).spread
    assert low == np.percentile(SimilarityMatrix(values).triangle, 1)
    assert high == np.percentile(SimilarityMatrix(values).triangle, 99)
    assert high < 5


def test_a_comparison_of_100_words_is_one_of_4950_pairs() -> None:
    assert Comparison(0, 1, 100, {}).n_pairs == 4950


def test_the_diagonal_is_seen_from_afar_however_widely_pairs_vary() -> None:
    values = symmetric(301, seed=5)
    np.fill_diagonal(values, 1.0)
    values[values != 1.0] *= 0.9 / np.abs(values[values != 1.0]).max()
    levels = SimilarityMatrix(values).pyramid
    assert [len(level) for level in levels] == [151, 76, 38]
    for level in levels:
        np.testing.assert_array_equal(level.diagonal(), 1.0)
