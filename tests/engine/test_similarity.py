"""First-order measures, against scipy; what they are invariant to is in test_invariances.py."""

from __future__ import annotations

import tracemalloc
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from engine.measures.distances import CELLS
from engine.measures.ranks import spearman
from engine.progress import Cancelled
from engine.similarity import SIMILARITIES, similarities_to_one, similarity_matrix

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
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_similarities_to_one_vector_are_its_row_of_the_matrix(measure: str, dtype: type) -> None:
    vectors = np.random.default_rng(3).normal(size=(40, 9)).astype(dtype)
    row, matrix = similarities_to_one(vectors, vectors[6], measure), similarity_matrix(vectors, measure).values
    assert row.dtype == matrix.dtype
    np.testing.assert_allclose(row, matrix[6], atol=1e-12 if dtype is np.float64 else 2e-6)


@every_measure
def test_equal_vectors_are_exactly_as_similar_to_one_wherever_they_stand(measure: str) -> None:
    vectors = np.random.default_rng(4).normal(size=(999, 301)).astype(np.float32)
    vectors[[3, 500, 998]] = vectors[77]
    row = similarities_to_one(vectors, vectors[5], measure)
    assert len(set(row[[3, 77, 500, 998]].tolist())) == 1


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


def test_vectors_are_not_changed() -> None:
    vectors = VECTORS.copy()
    for measure in SIMILARITIES:
        similarity_matrix(vectors, measure)
    assert np.array_equal(vectors, VECTORS)


@pytest.mark.parametrize("measure", ["euclidean", "cityblock"])
def test_distances_need_no_more_than_the_matrix_and_some_blocks(measure: str) -> None:
    vectors = np.random.default_rng(0).normal(size=(3000, 4)).astype(np.float32)
    tracemalloc.start()
    values = similarity_matrix(vectors, measure).values
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < values.nbytes + 4 * 8 * CELLS


def test_distances_say_how_far_they_are_and_stop_when_cancelled() -> None:
    class Impatient:
        fractions: ClassVar[list[float | None]] = []

        def step(self, message: str, fraction: float | None = None) -> None:
            self.fractions.append(fraction)
            if len(self.fractions) == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        similarity_matrix(np.ones((3000, 4)), "cityblock", Impatient())
    assert Impatient.fractions[0] == 0
    assert 0 < Impatient.fractions[1] < 1


@every_measure
def test_every_entry_says_what_it_is(measure: str) -> None:
    entry = SIMILARITIES[measure]
    assert entry.name == measure
    for part in (entry.description, entry.reference, *entry.invariances):
        assert part
        assert part in entry.tooltip


@pytest.mark.parametrize("measure", ["cosine", "pearson"])
def test_what_is_equal_on_paper_is_equal_in_single_precision(measure: str) -> None:
    """So that spaces of binary vectors have ties and no order made of rounding."""
    binary = np.random.default_rng(0).integers(0, 2, (60, 6)).astype(np.float32)
    binary = np.unique(binary[(binary.sum(axis=1) > 0) & (binary.sum(axis=1) < 6)], axis=0)
    first, scaled = (similarity_matrix(vectors, measure).triangle for vectors in (binary, 3 * binary))
    np.testing.assert_array_equal(first, scaled)
    x = binary.astype(float) - (binary.mean(axis=1, keepdims=True) if measure == "pearson" else 0)
    exact = {round(float(a @ b / np.sqrt((a @ a) * (b @ b))), 9) for k, a in enumerate(x) for b in x[:k]}
    assert len(np.unique(first)) == len(exact)
    assert spearman(first, scaled) == 1
