"""Histograms hold every value, and are captioned with what they show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.distributions import Distribution, bootstrap_distributions, histogram, null_distributions
from engine.request import NamedSource
from engine.result import AnalysisResult
from engine.statistics import run_whole
from tests.engine.related import asked, space


@pytest.fixture(scope="module")
def result() -> AnalysisResult:
    return run_whole(asked("ABC", permutations=199, bootstraps=100, comparisons=("pearson", "procrustes")))


def test_a_null_distribution_for_each_pair_of_spaces_and_measure(result: AnalysisResult) -> None:
    found = null_distributions(result)
    assert [(one.title, one.measure) for one in found] == [
        (f"{pair} and {other}", measure)
        for pair, other in (("A", "B"), ("A", "C"), ("B", "C"))
        for measure in ("pearson", "procrustes")
    ]
    test = result.inferred[0][1].tests["pearson"]
    assert found[0].values is test.null
    assert (found[0].observed, found[0].ends, found[0].unit) == (test.observed, None, "relabellings")
    assert found[0].caption.startswith("r = .")
    assert ", p " in found[0].caption


def test_a_bootstrap_distribution_has_its_interval(result: AnalysisResult) -> None:
    found = bootstrap_distributions(result)
    assert len(found) == 6
    interval = result.inferred[2][1].intervals["procrustes"]
    assert found[5].ends == (interval.low, interval.high)
    np.testing.assert_array_equal(found[5].values, result.inferred[2][1].bootstraps["procrustes"].defined)


def test_a_corrected_p_is_the_one_captioned() -> None:
    found = run_whole(
        asked(permutations=199, correction="max_statistic", comparisons=("pearson", "knn_overlap"), seed=2)
    )
    for one, test in zip(null_distributions(found), found.inferred[0][1].tests.values(), strict=True):
        assert test.corrected_p is not None
        assert one.caption.endswith(f"p = {test.corrected_p:.3f}, corrected".replace("0.", ".", 1))


def test_nothing_asked_for_is_nothing_to_draw() -> None:
    result = run_whole(asked())
    assert null_distributions(result) == bootstrap_distributions(result) == []


def test_undefined_measures_have_no_distribution() -> None:
    first = space(0, 7)
    first.array[:] = first.array[3]
    spaces = (NamedSource("A", first), NamedSource("B", space(1, 8)))
    result = run_whole(asked(spaces=spaces, permutations=99, bootstraps=20, comparisons=("pearson", "spearman")))
    assert null_distributions(result) == bootstrap_distributions(result) == []


def made(values: Any, observed: float = 0.0) -> Distribution:
    return Distribution("A and B", ("A", "B"), "pearson", np.array(values, float), observed, None, "", "draws")


@pytest.mark.parametrize(
    "values",
    [
        [0.0],
        [1.0] * 50,
        [1, 1 - 1e-16, 1 + 2e-16],
        [-1e-9, 1e-9],
        [1e30, 2e30],
        [1, 1e-12],
        np.linspace(-1, 1, 99),
    ],
)
def test_a_histogram_counts_every_value_and_has_width(values: Any) -> None:
    counts, edges = histogram(made(values))
    assert counts.sum() == len(values)
    assert (np.diff(edges) > 0).all()
    assert edges[0] < min(values)
    assert max(values) < edges[-1]
