"""What p-values and intervals promise, in seeded simulations: pairs share words, as in every analysis."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.comparison import Compared, compare
from engine.data import SimilarityMatrix
from engine.inference.bootstrap import bootstraps
from engine.inference.confounds import length_differences
from engine.inference.corrections import max_statistic
from engine.inference.partial import partial_mantel
from engine.inference.permutation import permutation_tests
from tests.engine.inference.made import random_spaces

pytestmark = pytest.mark.slow


def share_at(p_values: list[float], level: float = 0.05) -> float:
    return float(np.mean(np.array(p_values) <= level + 1e-12))


@pytest.mark.parametrize(("n", "sided"), [(6, "greater"), (10, "two-sided"), (60, "greater"), (60, "two-sided")])
def test_unrelated_spaces_have_uniform_p_values(n: int, sided: str) -> None:
    names = ["pearson", "spearman", "cosine"]
    p_values: dict[str, list[float]] = {name: [] for name in names}
    for data in range(1_000):
        tests = permutation_tests(*random_spaces(n, seed=data), names, permutations=399, seed=data, sided=sided)
        for name in names:
            p_values[name].append(tests[name].p)
    for each in p_values.values():
        assert 0.03 <= share_at(each) <= 0.07
        assert stats.kstest(each, "uniform").pvalue > 1e-4


def test_stopping_early_keeps_the_level() -> None:
    tests = [
        permutation_tests(*random_spaces(30, seed=data), ["pearson"], seed=data, stop_at=0.05)["pearson"]
        for data in range(1_000)
    ]
    assert 0.03 <= share_at([test.p for test in tests]) <= 0.07
    assert np.mean([test.permutations for test in tests]) < 2_500  # of 10,000: what stopping early is for
    whole = [permutation_tests(*random_spaces(30, seed=data), ["pearson"], seed=data)["pearson"] for data in range(200)]
    assert [test.p <= 0.05 for test in tests[:200]] == [test.p <= 0.05 for test in whole]


def test_the_largest_statistic_bounds_any_false_alarm() -> None:
    names = ["pearson", "spearman", "cosine", "rho_a"]
    smallest = []
    for data in range(1_000):
        tests = permutation_tests(*random_spaces(20, seed=data), names, permutations=399, seed=data)
        smallest.append(min(test.corrected_p for test in max_statistic(list(tests.values()))))
    assert 0.03 <= share_at(smallest) <= 0.07


@pytest.mark.parametrize("measure", ["pearson", "spearman"])
@pytest.mark.parametrize("stop_at", [None, 0.05])
def test_spaces_related_by_length_alone_have_uniform_partial_p_values(measure: str, stop_at: float | None) -> None:
    p_values = []
    for data in range(700):
        rng = np.random.default_rng(data)
        length = length_differences(["a" * k for k in rng.integers(3, 10, 40)])
        first, second = (
            Compared(SimilarityMatrix(one.similarities.values - 0.2 * length), one.vectors)
            for one in random_spaces(40, seed=data)
        )
        found = partial_mantel(first, second, {"length": length}, measure, permutations=399, seed=data, stop_at=stop_at)
        p_values.append(found.test.p)
    assert 0.03 <= share_at(p_values) <= 0.07


@pytest.mark.parametrize("link", [0.5, 2.0])
def test_intervals_cover_the_populations_value(link: float) -> None:
    """The population: all words with normal vectors x in 5 dimensions, and link x + noise in the other space."""
    names = ["pearson", "spearman", "cosine"]
    large = [random_spaces(2_000, link=link, seed=10_000 + i) for i in range(2)]
    population = {name: np.mean([compare(*one, name) for one in large]) for name in names}
    covered: dict[tuple[str, str], list[bool]] = {}
    for data in range(500):
        drawn = bootstraps(*random_spaces(100, link=link, seed=data), names, draws=300, seed=data)
        for name in names:
            for kind in ("percentile", "bca"):
                interval = drawn[name].interval(kind=kind)
                covered.setdefault((name, kind), []).append(interval.low <= population[name] <= interval.high)
    for what, each in covered.items():
        assert 0.92 <= np.mean(each) <= 0.98, what


@pytest.mark.parametrize(
    "measure", ["kendall_tau_b", "cka_debiased", "distance_correlation", "knn_overlap", "knn_jaccard"]
)
def test_intervals_of_measures_that_are_computed_anew_for_each_draw_cover_too(measure: str) -> None:
    """The expected value for 40 words of the same population: that of k-NN depends on how many there are."""
    expected = np.mean([compare(*random_spaces(40, link=1, seed=10_000 + i), measure) for i in range(300)])
    covered = []
    for data in range(300):
        drawn = bootstraps(*random_spaces(40, link=1, seed=data), [measure], draws=120, seed=data, jackknife=False)
        interval = drawn[measure].interval()
        covered.append(interval.low <= expected <= interval.high)
    assert 0.92 <= np.mean(covered) <= 0.98
