"""What each entry of the tables declares to be invariant to, and that what it does not declare changes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ortho_group

from engine.comparison import COMPARISONS, Compared, Options, compare
from engine.data import SimilarityMatrix
from engine.measures import invariances as names
from engine.similarity import SIMILARITIES, similarity_matrix

Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]
N, D = 24, 7
VECTORS, OTHERS = np.random.default_rng(5).normal(size=(2, N, D))


def linear_map(vectors: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    turns = [ortho_group.rvs(D, random_state=int(rng.integers(1 << 30))) for _ in range(2)]
    return vectors @ turns[0] @ np.diag(rng.uniform(0.2, 5, D)) @ turns[1]


CHANGES_OF_VECTORS: dict[str, Change] = {
    names.ROTATION: lambda x, rng: x @ ortho_group.rvs(D, random_state=int(rng.integers(1 << 30))),
    names.ORDER_OF_DIMENSIONS: lambda x, rng: x[:, rng.permutation(D)],
    names.COMMON_SHIFT: lambda x, rng: x + rng.normal(scale=3, size=D),
    names.OWN_SHIFT: lambda x, rng: x + rng.normal(scale=3, size=(N, 1)),
    names.COMMON_SCALING: lambda x, rng: x * rng.uniform(0.1, 10),
    names.OWN_SCALING: lambda x, rng: x * rng.uniform(0.1, 10, (N, 1)),
    names.LINEAR_MAP: linear_map,
}
CHANGES_OF_SIMILARITIES: dict[str, Change] = {
    names.SHIFT_OF_SIMILARITIES: lambda s, rng: s + rng.normal(),
    names.SCALING_OF_SIMILARITIES: lambda s, rng: s * rng.uniform(0.1, 10),
    names.INCREASING_MAP: lambda s, rng: np.exp(rng.uniform(0.5, 3) * s) + s**3,
}

seeds = st.integers(0, 1 << 30)
every_similarity = pytest.mark.parametrize("measure", SIMILARITIES)
every_comparison = pytest.mark.parametrize("measure", COMPARISONS)


def changes_of(measure: str) -> dict[str, Change]:
    return CHANGES_OF_VECTORS if COMPARISONS[measure].takes == "vectors" else CHANGES_OF_SIMILARITIES


def compared(measure: str, change: Change, rng: np.random.Generator) -> tuple[float, float]:
    """The value of a measure before and after a change of the first space."""
    first, second = (Compared(similarity_matrix(x, "cosine"), x) for x in (VECTORS, OTHERS + VECTORS))
    if COMPARISONS[measure].takes == "vectors":
        changed = Compared(first.similarities, change(first.vectors, rng))
    else:
        changed = Compared(SimilarityMatrix(change(first.similarities.values, rng)), first.vectors)
    values = [compare(one, second, measure, Options(5)) for one in (first, changed)]
    assert values[0] is not None
    assert values[1] is not None
    return values[0], values[1]


def test_every_name_has_its_change() -> None:
    assert set(CHANGES_OF_VECTORS) == names.OF_VECTORS
    assert set(CHANGES_OF_SIMILARITIES) == names.OF_SIMILARITIES
    for similarity in SIMILARITIES.values():
        assert similarity.invariances <= names.OF_VECTORS
    for measure, comparison in COMPARISONS.items():
        assert comparison.invariances <= set(changes_of(measure))


@every_similarity
@given(seed=seeds)
@settings(max_examples=20)
def test_a_first_order_measure_keeps_what_it_declares(measure: str, seed: int) -> None:
    before = similarity_matrix(VECTORS, measure).values
    for name in SIMILARITIES[measure].invariances:
        after = similarity_matrix(CHANGES_OF_VECTORS[name](VECTORS, np.random.default_rng(seed)), measure).values
        np.testing.assert_allclose(after, before, atol=1e-10, err_msg=name)


@every_similarity
def test_a_first_order_measure_changes_with_all_that_it_does_not_declare(measure: str) -> None:
    before = similarity_matrix(VECTORS, measure).values
    for name in names.OF_VECTORS - SIMILARITIES[measure].invariances:
        after = similarity_matrix(CHANGES_OF_VECTORS[name](VECTORS, np.random.default_rng(1)), measure).values
        assert not np.allclose(after, before, atol=1e-3), name


@every_comparison
@given(seed=seeds)
@settings(max_examples=20)
def test_a_second_order_measure_keeps_what_it_declares(measure: str, seed: int) -> None:
    for name in COMPARISONS[measure].invariances:
        before, after = compared(measure, changes_of(measure)[name], np.random.default_rng(seed))
        assert after == pytest.approx(before, abs=1e-9), name


@every_comparison
def test_a_second_order_measure_changes_with_all_that_it_does_not_declare(measure: str) -> None:
    for name in set(changes_of(measure)) - COMPARISONS[measure].invariances:
        before, after = compared(measure, changes_of(measure)[name], np.random.default_rng(1))
        assert after != pytest.approx(before, abs=1e-4), name


@every_comparison
@given(seed=seeds)
@settings(max_examples=20)
def test_values_lie_in_the_declared_range(measure: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, 12, int(rng.integers(1, 20)))).round(int(rng.integers(0, 4)))
    first[0, 0], second[1, 0] = 9, 9  # never all equal
    spaces = [Compared(similarity_matrix(x, "euclidean"), x) for x in (first, second)]
    low, high = COMPARISONS[measure].range
    value = compare(*spaces, measure, Options(3))
    assert value is None or low <= value <= high


@every_similarity
def test_similarities_lie_in_the_declared_range(measure: str) -> None:
    low, high = SIMILARITIES[measure].range
    values = similarity_matrix(VECTORS, measure).values
    assert low - 1e-12 <= values.min() <= values.max() <= high + 1e-12
