"""The permutation test: textbook examples, scikit-bio, and what a p-value promises."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from engine.comparison import COMPARISONS, Compared, Options, compare
from engine.data import SimilarityMatrix
from engine.errors import MeasureError
from engine.inference.corrections import benjamini_hochberg, max_statistic
from engine.inference.permutation import PermutationTest, permutation_tests
from engine.inference.products import PRODUCTS
from engine.progress import Cancelled
from tests.engine.inference.made import CancelAt, random_spaces, same_numbers, seeded_spaces, space, space_of

X = space_of([[0, 1, 2], [1, 0, 3], [2, 3, 0]])
Y = space_of([[0, 2, 7], [2, 0, 6], [7, 6, 0]])
Z = space_of([[0, 0.5, 0.25], [0.5, 0, 0.1], [0.25, 0.1, 0]])


def one_test(first: Compared, second: Compared, measure: str = "pearson", **asked: object) -> PermutationTest:
    return permutation_tests(first, second, [measure], **asked)[measure]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("second", "measure", "observed", "p"),
    [
        (Y, "pearson", 0.7559289460, 2 / 6),
        (Y, "spearman", 0.5, 3 / 6),
        (Y, "kendall_tau_a", 1 / 3, 3 / 6),
        (Z, "pearson", -0.9897433187, 6 / 6),
    ],
)
def test_textbook_examples_are_exact(second: Compared, measure: str, observed: float, p: float) -> None:
    test = one_test(X, second, measure)
    assert test.observed == pytest.approx(observed, abs=1e-9)
    assert test.p == pytest.approx(p)
    assert (test.exact, test.permutations) == (True, 5)
    assert test.method == "exact Mantel test, all 6 relabellings, one-sided (greater)"


@pytest.mark.parametrize("measure", ["pearson", "cosine", "spearman", "rho_a", "kendall_tau_b", "cka_debiased"])
def test_six_words_are_tested_by_all_their_relabellings(measure: str) -> None:
    first, second = random_spaces(6, link=1)
    every = np.array([compare(first, relabelled(second, one), measure) for one in permutations(range(6))])
    test = one_test(first, second, measure)
    np.testing.assert_allclose(test.null, every[1:], atol=1e-12)
    assert test.p == np.count_nonzero(every >= every[0] - 1e-9) / 720


def relabelled(one: Compared, order: tuple[int, ...]) -> Compared:
    return Compared(SimilarityMatrix(one.similarities.values[np.ix_(order, order)]), one.vectors[list(order)])


@pytest.mark.parametrize("measure", PRODUCTS)
def test_the_null_distribution_holds_the_measure_of_relabelled_words(measure: str) -> None:
    first, second = random_spaces(12, link=0.5)
    second = Compared(SimilarityMatrix(second.similarities.values + 0.3), second.vectors)
    test = one_test(first, second, measure, permutations=4_000, sided="two-sided")
    rng = np.random.default_rng(0)
    drawn = [compare(first, relabelled(second, tuple(rng.permutation(12))), measure) for _ in range(4_000)]
    assert stats.ks_2samp(test.null, drawn).pvalue > 0.01
    assert test.centre == pytest.approx(np.mean(drawn), abs=4 * np.std(drawn) / np.sqrt(4_000))


def test_pearson_and_cosine_have_the_same_p() -> None:
    first, second = random_spaces(40, link=0.2)
    for sided in ("greater", "two-sided"):
        tests = permutation_tests(first, second, ["pearson", "cosine"], sided=sided)
        assert tests["pearson"].p == tests["cosine"].p


def test_p_is_never_0_and_counts_the_words_as_they_are() -> None:
    test = one_test(*seeded_spaces())
    assert test.p == 1 / (test.permutations + 1) == 1e-4
    assert len(test.null) == test.permutations
    assert test.method == "Mantel test, 9,999 relabellings in 100 cyclic orbits of 100, one-sided (greater), seed 0"


def test_one_sided_asks_for_more_agreement_and_two_sided_for_any() -> None:
    first, second = random_spaces(30, link=1)
    opposite = Compared(SimilarityMatrix(-second.similarities.values), second.vectors)
    assert one_test(first, opposite).p > 0.99  # type: ignore[operator]
    assert one_test(first, opposite, sided="two-sided").p == one_test(first, second, sided="two-sided").p
    assert "two-sided" in one_test(first, opposite, sided="two-sided").method


@pytest.mark.parametrize("measure", COMPARISONS)
def test_every_measure_finds_an_agreement(measure: str) -> None:
    first, second = random_spaces(25, link=3)
    test = permutation_tests(first, second, [measure], Options(neighbours=5), permutations=199)[measure]
    assert test.observed == compare(first, second, measure, Options(neighbours=5))
    assert test.p is not None
    assert test.p <= 0.01
    two_sided = permutation_tests(first, second, [measure], Options(neighbours=5), 199, sided="two-sided")[measure]
    assert two_sided.p is not None
    assert two_sided.p <= 0.01


def test_all_measures_see_the_same_relabellings() -> None:
    first, second = random_spaces(15)
    tests = permutation_tests(first, second, ["spearman", "rho_a", "kendall_tau_a"], permutations=300)
    np.testing.assert_allclose(tests["spearman"].null, tests["rho_a"].null)  # the same where nothing is tied
    assert np.corrcoef(tests["spearman"].null, tests["kendall_tau_a"].null)[0, 1] > 0.99
    alone = one_test(first, second, "spearman", permutations=300)
    np.testing.assert_array_equal(alone.null, tests["spearman"].null)


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, second = random_spaces(20)
    same_numbers(lambda seed: one_test(first, second, seed=seed).null)


def test_ties_count_as_at_least_as_extreme() -> None:
    blocks = np.kron(np.eye(2), np.ones((6, 6)))  # two groups of six: most relabellings tie with others
    test = one_test(space_of(blocks), space_of(blocks), permutations=20_000)
    same_groups = 2 * 720 * 720 / 479_001_600
    assert test.p == pytest.approx(same_groups, rel=0.5)
    single = space_of(np.kron(np.eye(2), np.ones((300, 300))))  # single precision
    assert one_test(single, single).p == 1 / (1 + one_test(single, single).permutations)


def test_scikit_bio_finds_the_same_null_distribution() -> None:
    from skbio.stats.distance import DistanceMatrix, mantel
    from skbio.stats.distance._mantel import _mantel_stats_pearson  # mantel keeps its null distribution to itself

    first, second = random_spaces(50, link=0.15)
    apart = [DistanceMatrix((1 - one.similarities.values) * (1 - np.eye(50))) for one in (first, second)]
    _, _, theirs = _mantel_stats_pearson(*apart, permutations=9_999, seed=0)
    ours = one_test(first, second, permutations=9_999)
    error = ours.null.std() * np.sqrt(2 / 9_999)  # of the difference of two means
    assert ours.null.mean() == pytest.approx(np.mean(theirs), abs=4 * error)
    assert ours.null.std() == pytest.approx(np.std(theirs), rel=0.04)
    for share, inflation in ((0.95, 2.1), (0.99, 3.7)):  # sqrt(q(1 - q)) over the normal density at the quantile
        assert np.quantile(ours.null, share) == pytest.approx(np.quantile(theirs, share), abs=4 * inflation * error)
    r, p, _ = mantel(*apart, permutations=9_999, alternative="greater", seed=1)
    assert ours.observed == pytest.approx(r)
    assert ours.p == pytest.approx(p, abs=4 * np.sqrt(2 * p * (1 - p) / 9_999))


def test_a_clear_p_ends_the_test_early_and_an_unclear_one_does_not() -> None:
    clear = one_test(*random_spaces(30, link=2), stop_at=0.05)
    assert clear.stopped_early
    assert clear.permutations < 2_000
    assert clear.p is not None
    assert clear.p < 0.01
    assert "stopped early of 10,259 because p was clear" in clear.method
    first, second = random_spaces(30, link=0.25, seed=3)
    whole = one_test(first, second, stop_at=None)
    assert whole.p is not None
    unclear = one_test(first, second, stop_at=whole.p)
    assert not unclear.stopped_early
    assert unclear.p == whole.p


def test_all_measures_stop_together() -> None:
    tests = permutation_tests(*random_spaces(30, link=2), ["pearson", "kendall_tau_a"], stop_at=0.05)
    assert len({test.permutations for test in tests.values()}) == 1


@pytest.mark.parametrize("step", [0, 3, 40])
def test_cancelled_between_steps(step: int) -> None:
    with pytest.raises(Cancelled):
        permutation_tests(*random_spaces(30), ["pearson", "kendall_tau_a"], progress=CancelAt(step))


def test_too_few_or_different_words_are_refused() -> None:
    with pytest.raises(MeasureError, match="There are 2 words, and a permutation test needs 3 or more"):
        one_test(*random_spaces(2))
    with pytest.raises(MeasureError, match="20 and 21 words"):
        one_test(random_spaces(20)[0], random_spaces(21)[1])
    with pytest.raises(MeasureError, match="1 permutation or more"):
        one_test(*random_spaces(20), permutations=0)


def test_numbers_that_are_none_are_refused() -> None:
    first, second = random_spaces(10)
    values = second.similarities.values.copy()
    values[2, 3] = values[3, 2] = np.nan
    with pytest.raises(MeasureError, match="not numbers"):
        one_test(first, Compared(SimilarityMatrix(values), second.vectors))


def test_more_neighbours_than_words_are_refused() -> None:
    with pytest.raises(MeasureError, match="nearest neighbours"):
        permutation_tests(*random_spaces(10), ["knn_overlap"], Options(neighbours=10))


@pytest.mark.parametrize("sided", ["greater", "two-sided"])
@pytest.mark.parametrize("n", [6, 60])
def test_where_no_relabelling_changes_anything_rounding_makes_no_p(n: int, sided: str) -> None:
    first, _ = random_spaces(n)
    names = ["cka", "cka_rbf", "procrustes", "procrustes_angle"]
    tests = permutation_tests(first, space(np.eye(n)), names, permutations=99, sided=sided)
    assert [tests[name].p for name in names] == [1] * 4
    assert [test.corrected_p for test in max_statistic(list(tests.values()))] == [1] * 4


def test_equal_similarities_have_no_test_and_say_why() -> None:
    first, _ = random_spaces(12)
    equal = space(np.repeat(np.random.default_rng(0).normal(size=(1, 5)), 12, axis=0))
    tests = permutation_tests(first, equal, ["pearson", "cosine", "kendall_tau_b"], permutations=99)
    for measure in ("pearson", "kendall_tau_b"):
        assert (tests[measure].p, tests[measure].observed, tests[measure].permutations) == (None, None, 0)
        assert "all similarities of a space are equal" in tests[measure].reason
    assert tests["cosine"].p == 1  # defined, and the same under every relabelling


def test_largest_statistic_of_one_test_is_that_test() -> None:
    test = one_test(*random_spaces(30, link=0.2))
    (corrected,) = max_statistic([test])
    assert corrected.corrected_p == test.p
    assert corrected.correction == "largest statistic"


def test_largest_statistic_lies_between_p_and_bonferroni() -> None:
    names = ["pearson", "spearman", "cka", "procrustes"]
    tests = list(permutation_tests(*random_spaces(30, link=0.2), names, permutations=999).values())
    for test in max_statistic(tests):
        assert test.p is not None
        assert test.corrected_p is not None
        assert test.p - 0.02 <= test.corrected_p <= len(names) * test.p + 0.02


def test_the_largest_statistic_counts_what_any_test_reaches() -> None:
    tests = list(
        permutation_tests(*random_spaces(30, link=0.2), ["pearson", "kendall_tau_a"], permutations=500).values()
    )
    scores = []
    for test in tests:
        family = np.concatenate([[test.observed], test.null])
        scores.append((family - family.mean()) / family.std())
    largest = np.max(scores, axis=0)
    for test, score in zip(max_statistic(tests), scores, strict=True):
        assert test.corrected_p == pytest.approx(np.mean(largest >= score[0] - 1e-9))


def test_only_tests_with_the_same_relabellings_are_corrected_together() -> None:
    first, second = random_spaces(30)
    with pytest.raises(MeasureError, match="same relabellings"):
        max_statistic([one_test(first, second), one_test(first, second, "spearman", seed=1)])


def test_benjamini_hochberg_corrects_by_rank() -> None:
    test = one_test(*random_spaces(30))
    corrected = benjamini_hochberg([replace(test, p=p) for p in (0.01, 0.04, 0.03, None, 0.5)])
    assert [one.corrected_p for one in corrected] == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, None, 0.5])
    assert corrected[0].correction == "Benjamini-Hochberg"
    assert corrected[3].correction == ""


def test_similarities_close_together_and_far_from_0_are_tested_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """More words than are tested in double precision, whose similarities differ in digits that single has not."""
    first, second = random_spaces(60, link=1)
    close = [Compared(SimilarityMatrix(1 + 1e-8 * one.similarities.values), one.vectors) for one in (first, second)]
    expected = one_test(first, second, permutations=999, sided="two-sided")
    monkeypatch.setattr("engine.inference.relabellings.MOST_WORDS_IN_DOUBLE", 50)
    found = one_test(*close, permutations=999, sided="two-sided")
    np.testing.assert_allclose(found.null, expected.null, atol=1e-5)
    assert found.p == expected.p


@pytest.mark.parametrize("n", [4, 5, 8, 10, 20])
@pytest.mark.parametrize("scale", [0.1, 3.7])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("measure", ["cka_debiased", "distance_correlation"])
def test_words_equally_far_apart_are_no_more_than_that_in_any_order(
    measure: str, n: int, scale: float, dtype: type
) -> None:
    rotation = stats.ortho_group.rvs(n, random_state=0)
    for vectors in (np.eye(n) * scale, rotation * scale):
        alike, other = space(vectors.astype(dtype)), random_spaces(n)[0]
        for pair in ((alike, other), (other, alike)):
            assert one_test(*pair, measure, permutations=99).p is None
