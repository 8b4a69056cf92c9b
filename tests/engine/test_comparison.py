"""Second-order measures, against published numbers, scipy, and by what they are invariant to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.comparison import COMPARISONS, compare
from engine.data import SimilarityMatrix
from engine.similarity import similarity_matrix

every_measure = pytest.mark.parametrize("measure", COMPARISONS)


def seeded_spaces() -> tuple[SimilarityMatrix, SimilarityMatrix]:
    rng = np.random.RandomState(1337)
    x = rng.randn(100, 10)
    y = rng.randn(100, 10) + x
    return similarity_matrix(x, "cosine"), similarity_matrix(y, "cosine")


def from_triangle(pairs: np.ndarray | list[float]) -> SimilarityMatrix:
    pairs = np.asarray(pairs)
    n = int((1 + np.sqrt(1 + 8 * len(pairs))) / 2)
    values = np.zeros((n, n), pairs.dtype)
    values[np.triu_indices(n, 1)] = pairs
    return SimilarityMatrix(values + values.T + np.eye(n, dtype=pairs.dtype))


def test_means_of_the_seeded_triangles() -> None:
    x, y = seeded_spaces()
    assert x.triangle.mean() == pytest.approx(-0.0051795718, abs=5e-11)
    assert y.triangle.mean() == pytest.approx(0.0034599006, abs=5e-11)


@pytest.mark.parametrize(
    ("measure", "expected"), [("pearson", 0.4936161881), ("cosine", 0.4933405940), ("spearman", 0.4817347875)]
)
def test_measures_of_the_seeded_spaces(measure: str, expected: float) -> None:
    assert compare(*seeded_spaces(), measure) == pytest.approx(expected, abs=5e-11)


@pytest.mark.parametrize(("measure", "expected"), [("pearson", 0.7559289460), ("spearman", 0.5)])
def test_measures_of_a_textbook_pair_of_matrices(measure: str, expected: float) -> None:
    x = SimilarityMatrix(np.array([[0.0, 1, 2], [1, 0, 3], [2, 3, 0]]))
    y = SimilarityMatrix(np.array([[0.0, 2, 7], [2, 0, 6], [7, 6, 0]]))
    assert compare(x, y, measure) == pytest.approx(expected, abs=5e-11)


def test_pearson_of_a_textbook_pair_that_disagrees() -> None:
    x = SimilarityMatrix(np.array([[0.0, 1, 2], [1, 0, 3], [2, 3, 0]]))
    z = SimilarityMatrix(np.array([[0, 0.5, 0.25], [0.5, 0, 0.1], [0.25, 0.1, 0]]))
    by_hand = -0.4 / np.sqrt(2 * 0.245 / 3)  # sums of products and squares about the means 2 and .85/3
    assert compare(x, z, "pearson") == pytest.approx(by_hand, abs=5e-11)
    assert by_hand == pytest.approx(-0.989743319, abs=5e-10)


def test_spearman_gives_tied_pairs_their_middle_rank() -> None:
    rng = np.random.default_rng(4)
    u, v = rng.integers(0, 5, 45).astype(float), rng.integers(0, 4, 45).astype(float)
    assert compare(from_triangle(u), from_triangle(v), "spearman") == pytest.approx(stats.spearmanr(u, v).statistic)


@every_measure
def test_a_matrix_agrees_with_itself_completely(measure: str) -> None:
    x, _ = seeded_spaces()
    assert compare(x, x, measure) == pytest.approx(1)


@every_measure
def test_the_order_of_the_two_matrices_does_not_matter(measure: str) -> None:
    x, y = seeded_spaces()
    assert compare(x, y, measure) == pytest.approx(compare(y, x, measure))


@every_measure
@given(order=st.permutations(range(100)))
def test_the_order_of_the_words_does_not_matter(measure: str, order: list[int]) -> None:
    x, y = seeded_spaces()
    reordered = (SimilarityMatrix(matrix.values[np.ix_(order, order)]) for matrix in (x, y))
    assert compare(*reordered, measure) == pytest.approx(compare(x, y, measure))


@every_measure
def test_the_diagonal_does_not_matter(measure: str) -> None:
    x, y = seeded_spaces()
    values = x.values.copy()
    np.fill_diagonal(values, 0.3)
    assert compare(SimilarityMatrix(values), y, measure) == pytest.approx(compare(x, y, measure))


@pytest.mark.parametrize(("measure", "same"), [("pearson", True), ("spearman", True), ("cosine", False)])
def test_only_cosine_depends_on_the_zero_of_the_similarities(measure: str, same: bool) -> None:
    x, y = seeded_spaces()
    shifted = compare(SimilarityMatrix(1 + 2 * x.values), y, measure)
    assert (shifted == pytest.approx(compare(x, y, measure))) is same


@pytest.mark.parametrize("measure", ["pearson", "spearman"])
@pytest.mark.parametrize("constant", [0.0, 0.1, -7000.3])
def test_equal_similarities_agree_with_nothing(measure: str, constant: float) -> None:
    other = from_triangle(np.random.default_rng(0).normal(scale=1e4, size=105))
    assert compare(from_triangle([constant] * 105), other, measure) is None
    assert compare(other, from_triangle([constant] * 105), measure) is None


@pytest.mark.parametrize("measure", ["pearson", "spearman"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_similarities_equal_but_for_rounding_agree_with_nothing(measure: str, dtype: type) -> None:
    rotation = stats.ortho_group.rvs(30, random_state=0).astype(dtype)  # rows at right angles: every cosine is 0
    other = similarity_matrix(np.random.default_rng(0).normal(size=(30, 5)), "cosine")
    assert np.ptp(similarity_matrix(rotation, "cosine").triangle) > 0
    assert compare(similarity_matrix(rotation, "cosine"), other, measure) is None


def test_cosine_is_undefined_for_zeros_only() -> None:
    other = from_triangle(np.arange(1.0, 11))
    assert compare(from_triangle(np.zeros(10)), other, "cosine") is None
    assert compare(from_triangle(np.full(10, 0.5)), other, "cosine") == pytest.approx(
        np.arange(1.0, 11).sum() / np.sqrt(10 * (np.arange(1.0, 11) ** 2).sum())
    )


@every_measure
def test_tiny_similarities_count_as_much_as_large_ones(measure: str) -> None:
    rng = np.random.default_rng(0)
    x, y = (similarity_matrix(rng.normal(size=(10, 4)), "dot") for _ in range(2))
    tiny = SimilarityMatrix(x.values * 1e-12)
    assert compare(tiny, y, measure) == pytest.approx(compare(x, y, measure))


@every_measure
def test_single_precision_matrices_are_added_up_in_double_precision(measure: str) -> None:
    vectors = np.random.default_rng(1).normal(0.5, 1, (2, 900, 6))
    single = [similarity_matrix(one.astype(np.float32), "cosine") for one in vectors]
    double = [SimilarityMatrix(matrix.values.astype(np.float64)) for matrix in single]
    assert compare(*single, measure) == compare(*double, measure)
