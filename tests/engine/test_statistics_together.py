"""Several tests at once: corrected together, and differences between spaces and between measures."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from engine.request import NamedSource
from engine.statistics import run_whole
from engine.words import WordRule
from tests.engine.inferring import found_by, pair_of
from tests.engine.related import asked, space


@pytest.mark.parametrize("sided", ["greater", "two-sided"])
def test_benjamini_hochberg_counts_all_measures_and_pairs_of_spaces(sided: str) -> None:
    request = asked("ABC", permutations=99, sided=sided, comparisons=("pearson", "spearman"), seed=3)
    plain, corrected = (
        found_by(replace(request, statistics=replace(request.statistics, correction=correction)))
        for correction in ("none", "benjamini_hochberg")
    )
    p = np.array([test.p for pair in plain.pairs for test in pair.tests.values()], float)
    assert len(p) == 6
    expected = np.empty(6)
    smallest = 1.0
    for place, i in reversed(list(enumerate(np.argsort(p), 1))):
        smallest = min(smallest, p[i] * 6 / place)
        expected[i] = smallest
    tests = [test for pair in corrected.pairs for test in pair.tests.values()]
    assert [test.p for test in tests] == p.tolist()
    assert [test.corrected_p for test in tests] == pytest.approx(expected)
    assert {test.correction for test in tests} == {"Benjamini-Hochberg"}


def test_the_largest_statistic_is_over_all_measures_and_pairs_of_spaces() -> None:
    request = asked("ABC", permutations=99, correction="max_statistic", comparisons=("pearson", "spearman"))
    tests = [test for pair in found_by(request).pairs for test in pair.tests.values()]
    scores = []
    for test in tests:
        values = np.array([test.observed, *test.null])
        scores.append((values - values.mean()) / values.std())
    largest = np.max(scores, axis=0)
    expected = [np.mean(largest >= row[0] - 1e-5) for row in scores]
    assert [test.corrected_p for test in tests] == pytest.approx(expected)


@pytest.mark.parametrize("correction", ["max_statistic", "benjamini_hochberg"])
@pytest.mark.parametrize("adaptive", [False, True])
def test_every_p_is_corrected_where_that_is_asked_for(correction: str, adaptive: bool) -> None:
    words = WordRule(3, 4, None)
    changes = {"permutations": 1_999, "controls": ("frequency",), "bootstraps": 50}
    statistics = found_by(
        asked("ABC", words, correction=correction, adaptive=adaptive, comparisons=("pearson", "spearman"), **changes)
    )
    tests = [test for pair in statistics.pairs for test in pair.tests.values()]
    partial = [one.test for pair in statistics.pairs for one in pair.partial.values()]
    differences = [one for pair in statistics.pairs for one in pair.differences]
    differences += [one.difference for one in statistics.between]
    assert (len(tests), len(partial), len(differences)) == (6, 6, 6)
    for one in (*tests, *partial, *differences):
        assert one.p is not None
        assert one.corrected_p is not None
        assert one.corrected_p >= one.p or correction == "max_statistic"
        assert one.correction


def test_tests_that_are_corrected_together_by_the_largest_statistic_do_not_stop_early() -> None:
    """One pair agrees clearly and another hardly: alone, they stop after different numbers of relabellings."""
    spaces = tuple(NamedSource(name, space(k, 7)) for name, k in (("A", 0), ("B", 0), ("C", 5)))
    changes = {"spaces": spaces, "words": WordRule(3, 4, None), "permutations": 3_999, "adaptive": True}
    alone = [test.permutations for pair in found_by(asked(**changes)).pairs for test in pair.tests.values()]
    assert min(alone) < 3_900
    together = found_by(asked(correction="max_statistic", **changes))
    counts = {test.permutations for pair in together.pairs for test in pair.tests.values()}
    assert len(counts) == 1
    assert counts.pop() >= 3_999


def test_an_adaptive_test_stops_early_and_says_so() -> None:
    test = pair_of(asked(words=WordRule(3, 4, None), permutations=9_999, adaptive=True)).tests["pearson"]
    assert test.stopped_early
    assert test.permutations < 9_999
    assert "stopped early" in test.method


def test_three_spaces_are_three_pairs_and_three_differences_between_them() -> None:
    result = run_whole(asked("ABC", bootstraps=200))
    statistics = result.statistics
    assert statistics is not None
    assert [(pair.first, pair.second) for pair in statistics.pairs] == [(0, 1), (0, 2), (1, 2)]
    assert [(one.first, one.second) for one in statistics.between] == list(combinations(range(3), 2))
    for one in statistics.between:
        first, second = (statistics.pairs[k].bootstraps["pearson"].values for k in (one.first, one.second))
        values = [result.comparisons[k].values["pearson"] or 0 for k in (one.first, one.second)]
        assert one.difference.interval.observed == pytest.approx(values[0] - values[1])
        np.testing.assert_array_equal(one.difference.draws, first - second)
        rarer = min((first <= second).sum(), (first >= second).sum())
        assert one.difference.p == pytest.approx(min(1, 2 * (1 + rarer) / 201))


def test_two_spaces_have_nothing_between_them() -> None:
    assert found_by(asked(bootstraps=20)).between == ()


def test_differences_are_between_measures_of_one_scale() -> None:
    pair = pair_of(asked(bootstraps=20, comparisons=("pearson", "procrustes", "spearman", "knn_overlap")))
    assert [one.interval.measure for one in pair.differences] == ["pearson - spearman"]
    assert set(pair.intervals) == {"pearson", "procrustes", "spearman", "knn_overlap"}
