"""Bootstrap over words: against the plain loop, rsatoolbox and scipy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from engine.comparison import COMPARISONS, Compared, Options, compare
from engine.data import SimilarityMatrix
from engine.errors import MeasureError
from engine.inference.bootstrap import Bootstrap, bootstrap_intervals, bootstraps
from engine.inference.differences import benjamini_hochberg_of_differences, difference
from engine.inference.draws import draws_of_words
from engine.inference.seeds import generator
from engine.progress import Cancelled
from tests.engine.inference.made import CancelAt, random_spaces, same_numbers, seeded_spaces, space


def plain_loop(first: Compared, second: Compared, draws: int, seed: int, ranked: bool, centred: bool) -> list[float]:
    """Word by word: draw, look up all pairs but those of a word with itself, compare."""
    n = len(first.vectors)
    matrices = []
    for one in (first, second):
        values = one.similarities.values.astype(float)
        if ranked:
            ranks = np.zeros((n, n))
            ranks[np.triu_indices(n, 1)] = stats.rankdata(values[np.triu_indices(n, 1)])
            values = ranks + ranks.T
        matrices.append(values)
    results = []
    for counts in np.concatenate(list(draws_of_words(n, draws, generator(seed, "bootstrap")))):
        words = np.repeat(np.arange(n), counts)
        i, j = np.triu_indices(n, 1)
        different = words[i] != words[j]
        u, v = (values[words[i], words[j]][different] for values in matrices)
        if centred:
            u, v = u - u.mean(), v - v.mean()
        results.append(u @ v / np.sqrt((u @ u) * (v @ v)))
    return results


@pytest.mark.parametrize("n", [8, 30, 600])
@pytest.mark.parametrize("measure", ["pearson", "cosine", "spearman"])
def test_draws_are_those_of_the_plain_loop(measure: str, n: int) -> None:
    first, second = random_spaces(n, link=1)
    second = Compared(SimilarityMatrix(second.similarities.values + 0.3), second.vectors)
    draws = 20 if n > 100 else 200
    ours = bootstraps(first, second, [measure], draws=draws, seed=3)[measure].values
    with np.errstate(invalid="ignore"):
        theirs = plain_loop(first, second, draws, 3, measure == "spearman", measure != "cosine")
    defined = ~np.isnan(ours)
    assert defined.mean() > 0.9
    np.testing.assert_allclose(ours[defined], np.array(theirs)[defined], atol=1e-7)


@pytest.mark.parametrize("measure", ["pearson", "cosine", "spearman", "kendall_tau_b", "cka_debiased", "knn_overlap"])
def test_jackknife_leaves_out_each_word_in_turn(measure: str) -> None:
    first, second = random_spaces(20, link=1)
    left_out = bootstraps(first, second, [measure], Options(neighbours=5), draws=1)[measure].jackknife
    for word in (0, 7, 19):
        rest = [i for i in range(20) if i != word]
        expected = compare(*(space(one.vectors[rest]) for one in (first, second)), measure, Options(neighbours=5))
        assert left_out[word] == pytest.approx(expected, abs=2e-3 if measure == "spearman" else 1e-10)


@pytest.mark.parametrize("n", [24, 25])
def test_neighbours_in_one_half_of_the_words_are_compared_with_those_in_the_other(n: int) -> None:
    first, second = random_spaces(n, link=1)
    ours = bootstraps(first, second, ["knn_overlap"], Options(neighbours=4), draws=30, seed=3)["knn_overlap"]
    rng = generator(3, "halves")
    for value in ours.values:
        order = rng.permutation(n)
        one, other = (
            compare(*(space(each.vectors[np.sort(half)]) for each in (first, second)), "knn_overlap", Options(2))
            for half in (order[: n // 2], order[-(n // 2) :])
        )
        assert value == pytest.approx(ours.observed + (one - other) / 2)  # type: ignore[operator]


@pytest.mark.parametrize(("n", "k"), [(12, 10), (30, 28), (30, 29), (8, 1)])
def test_any_number_of_neighbours_has_an_interval_within_their_range(n: int, k: int) -> None:
    intervals = bootstrap_intervals(*random_spaces(n, link=1), ["knn_overlap", "knn_jaccard"], Options(neighbours=k))
    for interval in intervals.values():
        assert interval.low is not None
        assert interval.high is not None
        assert (interval.low == interval.high) == (k == n - 1)  # all others are always all others
        assert 0 <= interval.low <= interval.high <= 1


@pytest.mark.parametrize(
    ("measure", "n", "link"),
    [("knn_overlap", 20, 30), ("knn_jaccard", 20, 30), ("cka_debiased", 6, 2), ("distance_correlation", 6, 2)],
)
def test_draws_beyond_the_range_are_put_at_its_end(measure: str, n: int, link: float) -> None:
    low, high = COMPARISONS[measure].range
    values = bootstraps(*random_spaces(n, link=link), [measure], Options(neighbours=3))[measure].defined
    assert values.min() >= low
    assert values.max() == high


def test_intervals_of_the_published_example() -> None:
    first, second = seeded_spaces()
    for kind in ("percentile", "bca"):
        interval = bootstrap_intervals(first, second, ["pearson"], draws=4_000, kind=kind)["pearson"]
        assert interval.observed == pytest.approx(0.4936161881)
        assert interval.low == pytest.approx(0.440, abs=0.005)
        assert interval.high == pytest.approx(0.550, abs=0.007)


def test_rsatoolbox_finds_the_same_interval() -> None:
    from rsatoolbox.inference.bootstrap import bootstrap_sample_pattern
    from rsatoolbox.rdm import RDMs, compare_correlation

    first, second = seeded_spaces()
    rdms = [RDMs(1 - one.similarities.triangle[None]) for one in (first, second)]
    np.random.seed(0)  # noqa: NPY002  rsatoolbox draws from numpy's global generator
    theirs = []
    for _ in range(1_000):
        sample, words = bootstrap_sample_pattern(rdms[0])
        theirs.append(compare_correlation(sample, rdms[1].subsample_pattern("index", words))[0, 0])
    ours = bootstraps(first, second, ["pearson"], draws=4_000)["pearson"]
    assert ours.values.std() == pytest.approx(np.std(theirs), rel=0.1)
    interval = ours.interval()
    for end, share in ((interval.low, 0.025), (interval.high, 0.975)):
        assert end == pytest.approx(np.quantile(theirs, share), abs=5 * np.std(theirs) / np.sqrt(1_000) * 2.7)


def test_bca_ends_are_those_of_scipy() -> None:
    values = np.random.default_rng(0).exponential(size=30)
    theirs = stats.bootstrap((values,), np.mean, method="BCa", n_resamples=5_000, rng=np.random.default_rng(1))
    jackknife = (values.sum() - values) / 29
    ours = Bootstrap("mean", float(values.mean()), theirs.bootstrap_distribution.copy(), jackknife, 30, 0)
    interval = ours.interval(kind="bca")
    assert (interval.low, interval.high) == pytest.approx(tuple(theirs.confidence_interval), abs=2e-3)


def test_ranks_of_all_words_stand_in_for_ranks_of_each_draw() -> None:
    first, second = seeded_spaces()
    ours = bootstraps(first, second, ["spearman"], draws=300)["spearman"].values
    again = []
    for counts in np.concatenate(list(draws_of_words(100, 300, generator(0, "bootstrap")))):
        words = np.repeat(np.arange(100), counts)
        i, j = np.triu_indices(100, 1)
        different = words[i] != words[j]
        u, v = (one.similarities.values[words[i], words[j]][different] for one in (first, second))
        again.append(stats.spearmanr(u, v).statistic)
    assert np.corrcoef(ours, again)[0, 1] > 0.999
    assert ours.std() == pytest.approx(np.std(again), rel=0.02)
    assert ours.mean() == pytest.approx(np.mean(again), abs=0.03 * ours.std())


@pytest.mark.parametrize("measure", COMPARISONS)
@pytest.mark.parametrize("kind", ["percentile", "bca"])
def test_every_measure_has_an_interval_around_it(measure: str, kind: str) -> None:
    first, second = random_spaces(30, link=1.5)
    options = Options(neighbours=5)
    interval = bootstrap_intervals(first, second, [measure], options, draws=150, kind=kind)[measure]
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low < compare(first, second, measure, options) < interval.high
    label = {"percentile": "percentile", "bca": "BCa"}[kind]
    drawn = {"vectors": "bootstrap draws, each word counted once,", "matrices": "half samples"}
    of = drawn.get(COMPARISONS[measure].takes, "bootstrap draws")
    assert interval.method == f"95 % {label} interval, 150 {of} of 30 words, seed 0"


def test_a_wider_level_gives_a_wider_interval() -> None:
    drawn = bootstraps(*seeded_spaces(), ["pearson"])["pearson"]
    narrow, wide = drawn.interval(0.5), drawn.interval(0.99)
    assert wide.low < narrow.low < narrow.high < wide.high  # type: ignore[operator]


def test_the_same_seed_draws_the_same_words_for_all_measures_and_spaces() -> None:
    first, second = random_spaces(20, link=1)
    same_numbers(lambda seed: bootstraps(first, second, ["pearson"], seed=seed)["pearson"].values)
    alone = bootstraps(first, second, ["spearman"])["spearman"]
    together = bootstraps(first, second, ["pearson", "kendall_tau_a", "spearman"])["spearman"]
    np.testing.assert_array_equal(alone.values, together.values)


def test_draws_of_too_few_different_words_are_left_out_and_counted() -> None:
    drawn = bootstraps(*random_spaces(4, link=1), ["pearson", "kendall_tau_a"], draws=2_000)
    for one in drawn.values():
        interval = one.interval()
        assert interval.undefined > 10
        assert interval.draws + interval.undefined == 2_000
        assert "more were undefined" in interval.method
        assert np.isfinite([interval.low, interval.high]).all()


def test_halves_of_too_few_words_have_no_interval() -> None:
    interval = bootstrap_intervals(*random_spaces(5, link=1), ["knn_overlap"], Options(neighbours=2), draws=20)
    assert (interval["knn_overlap"].low, interval["knn_overlap"].reason) == (
        None,
        "Most draws of words are undefined; choose more words or another measure.",
    )


@pytest.mark.parametrize(("level", "fewest"), [(0.95, 40), (0.9, 20), (0.5, 4)])
@pytest.mark.parametrize("kind", ["percentile", "bca"])
def test_too_few_draws_have_no_interval_and_say_how_many_there_must_be(level: float, fewest: int, kind: str) -> None:
    spaces = random_spaces(30, link=1)
    few, enough = (
        bootstraps(*spaces, ["pearson"], draws=draws)["pearson"].interval(level, kind) for draws in (fewest - 1, fewest)
    )
    assert (few.low, few.high) == (None, None)
    assert few.reason == f"A {100 * level:g} % interval needs {fewest} draws of words or more; choose more."
    assert enough.low < enough.high


def test_draws_on_one_side_of_the_value_have_no_bca_interval_and_say_why() -> None:
    for draws in (np.linspace(0.6, 0.7, 100), np.linspace(0.1, 0.2, 100)):
        drawn = Bootstrap("pearson", 0.5, draws, np.linspace(0.4, 0.6, 10), 10, 0)
        assert drawn.interval(kind="percentile").reason == ""
        one_sided = drawn.interval(kind="bca")
        assert (one_sided.low, one_sided.high) == (None, None)
        assert one_sided.reason.startswith("All draws lie on one side of the observed value")


def test_equal_similarities_have_no_interval_and_say_why() -> None:
    first, _ = random_spaces(12)
    equal = space(np.ones((12, 5)))
    intervals = bootstrap_intervals(first, equal, ["pearson", "kendall_tau_b", "cka"], draws=20)
    for interval in intervals.values():
        assert (interval.observed, interval.low, interval.high) == (None, None, None)
        assert "undefined" in interval.reason


def test_too_few_words_draws_and_levels_are_refused() -> None:
    with pytest.raises(MeasureError, match="There are 3 words, and a bootstrap needs 4 or more"):
        bootstraps(*random_spaces(3), ["pearson"])
    with pytest.raises(MeasureError, match="1 draw or more"):
        bootstraps(*random_spaces(9), ["pearson"], draws=0)
    with pytest.raises(MeasureError, match="between 0 and 1"):
        bootstraps(*random_spaces(9), ["pearson"])["pearson"].interval(95)


@pytest.mark.parametrize("step", [0, 5])
def test_cancelled_between_steps(step: int) -> None:
    with pytest.raises(Cancelled):
        bootstraps(*random_spaces(20), ["kendall_tau_a"], progress=CancelAt(step))


def test_a_difference_is_paired_by_draw() -> None:
    first, second = random_spaces(60, link=1)
    drawn = bootstraps(first, second, ["pearson", "spearman"])
    found = difference(drawn["pearson"], drawn["spearman"])
    np.testing.assert_allclose(found.draws, drawn["pearson"].values - drawn["spearman"].values)
    assert found.interval.observed == drawn["pearson"].observed - drawn["spearman"].observed  # type: ignore[operator]
    apart = np.hypot(drawn["pearson"].values.std(), drawn["spearman"].values.std())
    assert found.draws.std() < 0.5 * apart
    below = np.count_nonzero(found.draws <= 0)
    assert found.p == pytest.approx(min(1, 2 * (1 + min(below, 1_000 - below)) / 1_001))


def test_a_difference_is_of_measures_that_are_drawn_in_one_way() -> None:
    drawn = bootstraps(*random_spaces(60, link=1), ["pearson", "knn_overlap", "knn_jaccard"], draws=200)
    found = difference(drawn["knn_overlap"], drawn["knn_jaccard"])
    assert "200 half samples of 60" in found.interval.method
    assert found.draws.std() < 0.5 * np.hypot(drawn["knn_overlap"].values.std(), drawn["knn_jaccard"].values.std())
    with pytest.raises(MeasureError, match=r"only on the same draws.*measures of one kind"):
        difference(drawn["pearson"], drawn["knn_overlap"])


def test_one_space_agrees_more_with_its_likeness_than_with_another() -> None:
    first, near = random_spaces(60, link=2)
    _, far = random_spaces(60, link=0, seed=1)
    to_near, to_far = (bootstraps(first, other, ["pearson"])["pearson"] for other in (near, far))
    found = difference(to_near, to_far, kind="bca")
    assert found.interval.low is not None
    assert found.interval.low > 0
    assert found.p == pytest.approx(2 / 1_001)
    assert difference(to_near, to_near).p == 1


def test_differences_need_the_same_draws() -> None:
    first, second = random_spaces(20)
    drawn = bootstraps(first, second, ["pearson"], draws=50)["pearson"]
    for other in ({"seed": 1, "draws": 50}, {"draws": 60}):
        with pytest.raises(MeasureError, match="same draws"):
            difference(drawn, bootstraps(first, second, ["spearman"], **other)["spearman"])


def test_a_difference_to_what_is_undefined_says_why() -> None:
    first, second = random_spaces(20)
    drawn = bootstraps(first, second, ["pearson"], draws=50)["pearson"]
    none = bootstraps(first, space(np.ones((20, 5))), ["pearson"], draws=50)["pearson"]
    found = difference(drawn, none)
    assert (found.p, found.interval.low) == (None, None)
    assert "undefined" in found.interval.reason


def test_benjamini_hochberg_of_differences() -> None:
    drawn = bootstraps(*random_spaces(20, link=1), ["pearson", "spearman"], draws=50)
    found = difference(drawn["pearson"], drawn["spearman"])
    corrected = benjamini_hochberg_of_differences([replace(found, p=p) for p in (0.02, None, 0.03)])
    assert [one.corrected_p for one in corrected] == pytest.approx([0.03, None, 0.03])


def test_draws_of_the_words_as_they_are_do_not_shift_bca_by_rounding() -> None:
    """They equal the observed value, half of them below; so it is with values moved by less than a rounding."""
    values = np.repeat([0.1, 0.3, 0.5], [30, 40, 30])
    jackknife = np.random.default_rng(0).normal(0.3, 0.1, 20)
    exact = Bootstrap("pearson", 0.3, values, jackknife, 20, 0).interval(kind="bca")
    moved = Bootstrap("pearson", 0.3, values - 1e-16 * (values == 0.3), jackknife, 20, 0).interval(kind="bca")
    assert (moved.low, moved.high) == pytest.approx((exact.low, exact.high), abs=1e-12)
