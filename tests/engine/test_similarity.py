"""First-order measures, against scipy and by what they are invariant to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import pdist, squareform
from scipy.stats import ortho_group

from engine.similarity import SIMILARITIES, similarity_matrix

VECTORS = np.random.default_rng(5).normal(size=(12, 7))

SECOND_OPINION = {
    "cosine": lambda x: 1 - squareform(pdist(x, "cosine")),
    "pearson": np.corrcoef,
    "dot": lambda x: np.array([[a @ b for b in x] for a in x]),
    "euclidean": lambda x: -squareform(pdist(x, "euclidean")),
    "cityblock": lambda x: -np.abs(x[:, None] - x).sum(axis=2),
}

every_measure = pytest.mark.parametrize("measure", SIMILARITIES)


@every_measure
def test_values_are_those_of_an_independent_computation(measure: str) -> None:
    np.testing.assert_allclose(similarity_matrix(VECTORS, measure).values, SECOND_OPINION[measure](VECTORS), atol=1e-12)


@every_measure
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_matrices_are_exactly_symmetric_and_of_the_vectors_precision(measure: str, dtype: type) -> None:
    vectors = np.random.default_rng(1).normal(size=(150, 33)).astype(dtype)
    values = similarity_matrix(vectors, measure).values
    assert values.dtype == dtype
    assert np.array_equal(values, values.T)


@every_measure
def test_half_precision_vectors_are_added_up_in_single_precision(measure: str) -> None:
    vectors = np.random.default_rng(2).normal(scale=0.02, size=(20, 768)).astype(np.float16)
    values = similarity_matrix(vectors, measure).values
    assert values.dtype == np.float32
    np.testing.assert_allclose(values, SECOND_OPINION[measure](vectors.astype(float)), atol=2e-5)


@every_measure
@given(order=st.permutations(range(12)))
def test_another_order_of_words_is_the_same_matrix_in_another_order(measure: str, order: list[int]) -> None:
    shuffled = similarity_matrix(VECTORS[order], measure).values
    np.testing.assert_allclose(shuffled, similarity_matrix(VECTORS, measure).values[np.ix_(order, order)], atol=1e-12)


@every_measure
def test_the_most_alike_of_all_is_the_word_itself(measure: str) -> None:
    unit = VECTORS / np.linalg.norm(
        VECTORS, axis=1, keepdims=True
    )  # among long vectors a dot product prefers the longest
    assert similarity_matrix(unit, measure).values.argmax(axis=1).tolist() == list(range(12))


@pytest.mark.parametrize("measure", ["cosine", "dot", "euclidean"])
@given(seed=st.integers(0, 1000))
def test_rotation_changes_nothing(measure: str, seed: int) -> None:
    rotated = VECTORS @ ortho_group.rvs(7, random_state=seed)
    np.testing.assert_allclose(
        similarity_matrix(rotated, measure).values, similarity_matrix(VECTORS, measure).values, atol=1e-10
    )


@pytest.mark.parametrize("measure", ["pearson", "cityblock"])
def test_rotation_changes_measures_that_depend_on_the_axes(measure: str) -> None:
    rotated = VECTORS @ ortho_group.rvs(7, random_state=1)
    assert not np.allclose(similarity_matrix(rotated, measure).values, similarity_matrix(VECTORS, measure).values)


@pytest.mark.parametrize("measure", ["cosine", "pearson"])
@given(lengths=arrays(np.float64, (12, 1), elements=st.floats(1e-3, 1e3)))
def test_the_length_of_vectors_changes_nothing(measure: str, lengths: np.ndarray) -> None:
    np.testing.assert_allclose(
        similarity_matrix(VECTORS * lengths, measure).values, similarity_matrix(VECTORS, measure).values, atol=1e-10
    )


@pytest.mark.parametrize("measure", ["euclidean", "cityblock"])
def test_a_common_shift_changes_no_distance(measure: str) -> None:
    np.testing.assert_allclose(
        similarity_matrix(VECTORS + 3.5, measure).values, similarity_matrix(VECTORS, measure).values, atol=1e-10
    )


def test_vectors_are_not_changed() -> None:
    vectors = VECTORS.copy()
    for measure in SIMILARITIES:
        similarity_matrix(vectors, measure)
    assert np.array_equal(vectors, VECTORS)
