"""Within and between categories: against plain loops over all pairs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis import run_analysis
from engine.categories import CategoryMeans, categories_of, category_means, category_names
from engine.data import SimilarityMatrix
from engine.request import AnalysisRequest
from engine.words import WordList


def by_loops(values: np.ndarray, categories: tuple[str | None, ...], wanted: str | None) -> tuple[list[float], ...]:
    """The similarities of all pairs within the category (of all, if None), and to other categories."""
    within, between = [], []
    for i, j in combinations(range(len(categories)), 2):
        first, second = categories[i], categories[j]
        if first is None or second is None or (wanted is not None and wanted not in (first, second)):
            continue
        (within if first == second else between).append(float(values[i, j]))
    return within, between


@given(
    st.lists(st.sampled_from([None, "a", "b", "c", "d"]), min_size=3, max_size=40).filter(any), st.integers(0, 2**31)
)
def test_means_are_those_of_plain_loops(categories: list[str | None], seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(len(categories),) * 2).astype(np.float32)
    values += values.T
    found = category_means(SimilarityMatrix(values), tuple(categories), 3)
    assert [means.category for means in found] == [None, *category_names(tuple(categories))]
    for means in found:
        within, between = by_loops(values, tuple(categories), means.category)
        assert means.within == (pytest.approx(np.mean(within), abs=1e-5) if within else None)
        assert means.between == (pytest.approx(np.mean(between), abs=1e-5) if between else None)
        assert means.space == 3
    assert [means.n_words for means in found] == [
        sum(name is not None for name in categories),
        *(categories.count(means.category) for means in found[1:]),
    ]


def test_more_words_than_are_summed_at_once() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(0.1, 1, size=(700, 700)).astype(np.float32)
    values += values.T
    categories = tuple(f"c{k}" for k in rng.integers(0, 40, 700))
    for means in category_means(SimilarityMatrix(values), categories, 0)[:5]:
        within, between = by_loops(values, categories, means.category)
        assert means.within == pytest.approx(np.mean(within), abs=1e-6)
        assert means.between == pytest.approx(np.mean(between), abs=1e-6)
        assert means.selectivity == pytest.approx(np.mean(within) / np.mean(between), rel=1e-4)


@pytest.mark.parametrize(
    ("within", "between", "selectivity"),
    [(0.4, 0.2, 2.0), (0.1, 0.2, 0.5), (-0.1, 0.2, -0.5), (0.4, 0.0, None), (0.4, -0.2, None), (None, 0.2, None)],
)
def test_selectivity_is_a_ratio_only_where_it_means_something(
    within: float | None, between: float, selectivity: float | None
) -> None:
    assert CategoryMeans(0, "a", 3, within, between).selectivity == selectivity
    assert CategoryMeans(0, "a", 3, within, None).selectivity is None


def test_words_keep_their_category_wherever_the_list_has_them() -> None:
    assert categories_of(("sun", "tea", "moon"), (("moon", "sky"), ("sun", "sky"))) == ("sky", None, "sky")
    assert categories_of(("sun", "tea"), (("moon", "sky"),)) == ()


def test_an_analysis_has_the_means_of_every_space() -> None:
    words = ("mother", "father", "money", "business", "world")
    assigned = (("mother", "people"), ("father", "people"), ("money", "trade"), ("business", "trade"))
    result = run_analysis(AnalysisRequest(words=WordList(words, assigned)))
    assert result.words == words
    assert result.categories == ("people", "people", "trade", "trade", None)
    for means in result.category_means:
        values = result.spaces[means.space].similarities.values
        within, between = by_loops(values, result.categories, means.category)
        assert (means.within, means.between) == pytest.approx((np.mean(within), np.mean(between)))
    assert [(means.space, means.category) for means in result.category_means] == [
        (space, name) for space in (0, 1) for name in (None, "people", "trade")
    ]


def test_without_categories_there_are_no_means() -> None:
    result = run_analysis(AnalysisRequest())
    assert result.categories == ()
    assert result.category_means == ()
