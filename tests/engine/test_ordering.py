"""Orders: which word stands where, and that nothing but the place depends on it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.cluster.hierarchy import cophenet, fcluster, is_valid_linkage, leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

from engine.analysis import run_analysis
from engine.ordering import MOST_AT_ONCE, MOST_OPTIMAL, ORDERS, Tree
from engine.progress import Cancelled
from engine.request import AnalysisRequest, NamedSource
from engine.result import AnalysisResult
from engine.step_cache import StepCache
from engine.words import WordList, WordRule
from tests.engine.export.made import made_result
from tests.engine.memory import MemorySource

WORDS = ("pear", "Apple", "apple", "zebra", "cat", "étude", "moon")
CATEGORIES = (("pear", "fruit"), ("zebra", "animal"), ("apple", "fruit"), ("cat", "animal"))
CLUSTERED = {"cluster_a": 0, "cluster_b": 1, "cluster_mean": None}


def request(order: str, **changes: object) -> AnalysisRequest:
    rng = np.random.default_rng(1)
    vocabulary = sorted(WORDS)
    spaces = tuple(
        NamedSource(name, MemorySource(vocabulary, rng.normal(size=(len(WORDS), 5)).astype(np.float32)))
        for name in ("A", "B")
    )
    return replace(AnalysisRequest(spaces, WordList(WORDS, CATEGORIES), order=order), **changes)


def sample(order: str, limit: int = 60, **changes: object) -> AnalysisResult:
    return run_analysis(replace(AnalysisRequest(words=WordRule(1, 99, limit), order=order), **changes))


def expected_tree(result: AnalysisResult, order: str) -> np.ndarray:
    """The clusters by scipy alone, from the matrices in plain order of the alphabet."""
    distances = [squareform(1.0 - space.similarities.values, checks=False) for space in result.spaces]
    distances += [sum(one / one.std() for one in distances) / len(distances)]
    chosen = distances[-1 if CLUSTERED[order] is None else CLUSTERED[order]]
    return optimal_leaf_ordering(linkage(chosen, "average"), chosen)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("as_found", WORDS),
        ("alphabetical", ("Apple", "apple", "cat", "moon", "pear", "zebra", "étude")),
        ("frequency", ("Apple", "apple", "cat", "moon", "pear", "zebra", "étude")),
        ("category", ("pear", "apple", "zebra", "cat", "Apple", "étude", "moon")),
    ],
)
def test_words_stand_in_the_order_asked_for(order: str, expected: tuple[str, ...]) -> None:
    assert run_analysis(request(order)).words == expected


def test_frequency_is_the_first_spaces_own_order() -> None:
    result = run_analysis(request("frequency", spaces=tuple(reversed(request("frequency").spaces))))
    assert result.spaces[0].indices.tolist() == sorted(result.spaces[0].indices.tolist())


@pytest.mark.parametrize("order", ORDERS)
def test_every_pair_has_the_same_numbers_in_every_order(order: str) -> None:
    found, ordered = run_analysis(request("as_found")), run_analysis(request(order))
    assert sorted(ordered.words) == sorted(found.words)
    assert ordered.comparisons == found.comparisons, "to the last bit"
    rows = [found.rows[word] for word in ordered.words]
    for before, after in zip(found.spaces, ordered.spaces, strict=True):
        np.testing.assert_array_equal(after.similarities.values, before.similarities.values[np.ix_(rows, rows)])
        np.testing.assert_array_equal(after.vectors, before.vectors[rows])
        np.testing.assert_array_equal(after.indices, before.indices[rows])
    assert ordered.categories == tuple(dict(CATEGORIES).get(word) for word in ordered.words)
    assert ordered.category_means == found.category_means


@pytest.mark.parametrize("order", CLUSTERED)
def test_clusters_are_those_of_scipy(order: str) -> None:
    found, result = sample("as_found"), sample(order)
    expected = expected_tree(found, order)
    rows = [found.rows[word] for word in result.words]
    assert rows == leaves_list(expected).tolist()
    assert result.tree is not None
    assert result.tree.space == CLUSTERED[order]
    assert is_valid_linkage(result.tree.linkage)
    np.testing.assert_array_equal(leaves_list(result.tree.linkage), range(60), "word k is row k")
    np.testing.assert_allclose(
        squareform(cophenet(result.tree.linkage)), squareform(cophenet(expected))[np.ix_(rows, rows)], rtol=1e-5
    )


@pytest.mark.parametrize("similarity", ["dot", "euclidean"])
def test_unbounded_similarities_are_clustered_too(similarity: str) -> None:
    result = sample("cluster_b", similarity=similarity)
    assert result.tree is not None
    values = result.spaces[1].similarities.values.astype(float)
    distances = squareform(values.diagonal().max() - values, checks=False)
    np.testing.assert_allclose(linkage(distances, "average")[:, 2], result.tree.linkage[:, 2], rtol=1e-5)


def test_neighbouring_rows_are_no_less_alike_than_in_any_other_turn_of_the_tree() -> None:
    result = sample("cluster_a", 40)
    values = result.spaces[0].similarities.values
    alike = values.diagonal(1).sum()
    assert result.tree is not None
    plain = leaves_list(linkage(squareform(1.0 - values, checks=False), "average"))
    assert alike >= sum(values[i, j] for i, j in pairwise(plain)) - 1e-6


def test_a_cluster_is_a_block_of_rows() -> None:
    result = sample("cluster_mean", 60)
    assert result.tree is not None
    groups = fcluster(result.tree.linkage, 8, "maxclust")
    assert len([k for k in range(1, 60) if groups[k] != groups[k - 1]]) == len(set(groups)) - 1


def test_brackets_of_a_tree_join_the_middles_of_their_parts() -> None:
    tree = Tree(np.array([[0, 1, 0.2, 2], [3, 2, 0.5, 3]]), 0)
    np.testing.assert_array_equal(
        tree.joins,
        [[[0, 0.5], [0.2, 0.5], [0.2, 1.5], [0, 1.5]], [[0.2, 1], [0.5, 1], [0.5, 2.5], [0, 2.5]]],
    )
    assert tree.height == 0.5


@pytest.mark.parametrize("order", CLUSTERED)
def test_more_words_are_clustered_alike_in_a_process_of_their_own(order: str) -> None:
    n = MOST_AT_ONCE + 20
    found, result = sample("as_found", n), sample(order, n)
    assert [found.rows[word] for word in result.words] == leaves_list(expected_tree(found, order)).tolist()


class CancelledAt:
    def __init__(self, message: str) -> None:
        self._message = message

    def step(self, message: str, fraction: float | None = None) -> None:
        if message.startswith(self._message):
            raise Cancelled


@pytest.mark.parametrize("limit", [50, 900])
def test_clustering_can_be_cancelled(limit: int) -> None:
    cache = StepCache()
    wanted = AnalysisRequest(words=WordRule(1, 99, limit), order="cluster_a")
    with pytest.raises(Cancelled):
        run_analysis(wanted, CancelledAt("turning the branches"), cache)
    assert run_analysis(replace(wanted, words=WordRule(1, 99, 20)), cache=cache).tree is not None


@pytest.mark.slow
def test_of_very_many_words_the_branches_are_not_turned_and_a_note_says_so() -> None:
    result = made_result([f"w{i}" for i in range(MOST_OPTIMAL + 1)], order="cluster_a")
    assert any("not turned" in note for note in result.notes)
    assert result.tree is not None
    np.testing.assert_array_equal(leaves_list(result.tree.linkage), range(MOST_OPTIMAL + 1))


def test_without_categories_words_stand_as_found_and_a_note_says_so() -> None:
    result = sample("category")
    assert result.words == sample("as_found").words
    assert any("no categories" in note for note in result.notes)


@pytest.mark.parametrize("order", ORDERS)
def test_equal_requests_have_equal_orders(order: str) -> None:
    assert sample(order).words == sample(order).words


def test_words_with_equal_vectors_are_clustered() -> None:
    words = tuple("abcdef")
    spaces = tuple(NamedSource(name, MemorySource(words, np.ones((6, 3), np.float32))) for name in "AB")
    for order in CLUSTERED:
        result = run_analysis(AnalysisRequest(spaces, WordList(words), order=order))
        assert sorted(result.words) == list(words)
        assert result.tree is not None
        assert result.tree.height == 0


def test_another_order_measures_and_clusters_nothing_again() -> None:
    steps: list[str] = []

    class Noted:
        def step(self, message: str, fraction: float | None = None) -> None:
            steps.append(message)

    cache, wanted = StepCache(), AnalysisRequest(order="cluster_a")
    first = run_analysis(wanted, Noted(), cache)
    run_analysis(replace(wanted, order="alphabetical"), Noted(), cache)
    steps.clear()
    again = run_analysis(wanted, Noted(), cache)
    assert not [step for step in steps if "similarities in" in step or "clustering" in step]
    assert again.words == first.words
    assert again.tree is first.tree
