"""The partial Mantel test and its confounds."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.comparison import Compared
from engine.data import SimilarityMatrix
from engine.errors import MeasureError
from engine.inference.confounds import edit_distances, length_differences, rank_differences
from engine.inference.partial import partial_mantel
from engine.inference.permutation import permutation_tests
from engine.inference.relabellings import relabellings
from engine.inference.seeds import generator
from engine.progress import Cancelled
from tests.engine.inference.made import CancelAt, random_spaces, same_numbers, space_of


def some_words(n: int) -> list[str]:
    rng = np.random.default_rng(0)
    return ["".join(rng.choice(list("abcde"), rng.integers(2, 9))) for _ in range(n)]


def confounds(n: int) -> dict[str, np.ndarray]:
    words = some_words(n)
    return {"length": length_differences(words), "spelling": edit_distances(words)}


def triangle(values: np.ndarray) -> np.ndarray:
    return values[np.triu_indices(len(values), 1)].astype(float)


def regressed(u: np.ndarray, confounds: list[np.ndarray]) -> np.ndarray:
    design = np.stack([np.ones(len(u)), *confounds], axis=1)
    return u - design @ np.linalg.lstsq(design, u, rcond=None)[0]


@pytest.mark.parametrize("measure", ["pearson", "spearman"])
def test_it_is_the_correlation_of_what_a_regression_leaves(measure: str) -> None:
    first, second = random_spaces(30, link=1)
    pairs = [triangle(one.similarities.values) for one in (first, second)]
    others = [triangle(one) for one in confounds(30).values()]
    if measure == "spearman":
        pairs, others = [stats.rankdata(u) for u in pairs], [stats.rankdata(u) for u in others]
    expected = np.corrcoef(*(regressed(u, others) for u in pairs))[0, 1]
    found = partial_mantel(first, second, confounds(30), measure)  # type: ignore[arg-type]
    assert found.test.observed == pytest.approx(expected)
    assert found.without == pytest.approx(np.corrcoef(*pairs)[0, 1])
    assert (found.confounds, found.left_out) == (("length", "spelling"), ())


@pytest.mark.parametrize("n", [6, 15])
def test_relabelled_residuals_are_regressed_again(n: int) -> None:
    first, second = random_spaces(n, link=1)
    others = [triangle(one) for one in confounds(n).values()]
    u, v = (regressed(triangle(one.similarities.values), others) for one in (first, second))
    residuals = np.zeros((n, n))
    residuals[np.triu_indices(n, 1)] = v
    residuals += residuals.T
    found = partial_mantel(first, second, confounds(n), permutations=50)
    ways = relabellings(n, 51, generator(0, "permutation"))
    every = [one for part in range(ways.parts) for one in ways.each(part)][1:51]
    again = (regressed(triangle(residuals[np.ix_(one, one)]), others) for one in every)
    np.testing.assert_allclose(found.test.null[:50], [np.corrcoef(u, w)[0, 1] for w in again], atol=1e-10)


def test_without_confounds_it_is_the_permutation_test() -> None:
    first, second = random_spaces(30, link=0.2)
    found = partial_mantel(first, second, {}, permutations=999)
    plain = permutation_tests(first, second, ["pearson"], permutations=999)["pearson"]
    assert found.test.p == plain.p
    np.testing.assert_allclose(found.test.null, plain.null, atol=1e-12)


def test_an_agreement_that_length_explains_is_gone() -> None:
    rng = np.random.default_rng(0)
    length = length_differences(some_words(60))
    first, second = (
        space_of(-length + 0.5 * one.similarities.values) for one in random_spaces(60, seed=int(rng.integers(99)))
    )
    plain = permutation_tests(first, second, ["pearson"])["pearson"]
    assert plain.p == 1 / (1 + plain.permutations)
    found = partial_mantel(first, second, {"length": length})
    assert found.test.p is not None
    assert found.test.p > 0.05
    assert found.without is not None
    assert found.without > 0.9


def test_confounds_that_say_nothing_new_are_left_out_and_named() -> None:
    first, second = random_spaces(20, link=1)
    length = length_differences(some_words(20))
    given_confounds = {"length": length, "same": np.ones((20, 20)), "length again": 2 * length + 1}
    found = partial_mantel(first, second, given_confounds, permutations=99)
    assert found.confounds == ("length",)
    assert found.left_out == ("same", "length again")
    assert found.test.observed == partial_mantel(first, second, {"length": length}, permutations=99).test.observed


def test_confounds_that_explain_everything_leave_nothing_and_say_so() -> None:
    first, second = random_spaces(20)
    found = partial_mantel(first, second, {"itself": first.similarities.values})
    assert (found.test.observed, found.test.p) == (None, None)
    assert "nothing is left" in found.test.reason


def test_bad_confounds_are_refused() -> None:
    first, second = random_spaces(20)
    with pytest.raises(MeasureError, match="length is 19 x 19, and there are 20 words"):
        partial_mantel(first, second, {"length": np.zeros((19, 19))})
    with pytest.raises(MeasureError, match="not numbers"):
        partial_mantel(first, second, {"rank": np.full((20, 20), np.nan)})
    with pytest.raises(MeasureError, match="4 or more"):
        partial_mantel(*random_spaces(3), {})


def test_it_stops_early_is_seeded_and_cancelled() -> None:
    first, second = random_spaces(30, link=2)
    assert partial_mantel(first, second, confounds(30), stop_at=0.05).test.stopped_early
    same_numbers(lambda seed: partial_mantel(first, second, confounds(30), seed=seed, permutations=99).test.null)
    with pytest.raises(Cancelled):
        partial_mantel(first, second, confounds(30), progress=CancelAt(1))


def test_equal_similarities_are_explained_by_nothing_at_all() -> None:
    first, second = random_spaces(20)
    equal = Compared(SimilarityMatrix(np.ones((20, 20))), second.vectors)
    assert partial_mantel(first, equal, confounds(20)).test.p is None


@given(st.lists(st.text("abcé", max_size=6), min_size=1, max_size=6))
def test_edit_distances_are_the_fewest_edits(words: list[str]) -> None:
    expected = [[fewest_edits(one, other) for other in words] for one in words]
    np.testing.assert_array_equal(edit_distances(words), expected)


@cache
def fewest_edits(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    return min(
        fewest_edits(a[1:], b) + 1,
        fewest_edits(a, b[1:]) + 1,
        fewest_edits(a[1:], b[1:]) + (a[0] != b[0]),
    )


def test_lengths_and_ranks() -> None:
    np.testing.assert_array_equal(length_differences(["moon", "sun", "planet"]), [[0, 1, 2], [1, 0, 3], [2, 3, 0]])
    np.testing.assert_allclose(rank_differences([1, 10, 1000])[0], np.log([1, 10, 1000]), rtol=1e-6)
