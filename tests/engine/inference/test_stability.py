"""Agreement over random draws of words, and by frequency."""

from __future__ import annotations

import numpy as np
import pytest

from engine.comparison import Options, compare
from engine.errors import MeasureError
from engine.inference.bootstrap import bootstrap_intervals
from engine.inference.stability import frequency_bands, random_draws
from engine.progress import Cancelled
from tests.engine.inference.made import CancelAt, same_numbers, space


def vectors(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """The second agrees with the first in its first half only."""
    rng = np.random.default_rng(0)
    x, noise = rng.normal(size=(2, n, 6))
    return x, np.where(np.arange(n)[:, None] < n // 2, x + 0.5 * noise, noise)


def test_draws_measure_words_of_both_spaces_side_by_side() -> None:
    x, _ = vectors()
    found = random_draws(x, x @ np.linalg.qr(np.random.default_rng(1).normal(size=(6, 6)))[0], "cosine", ["pearson"])
    np.testing.assert_allclose(found.values["pearson"], 1)  # rotated: every draw agrees with itself alone


def test_all_words_at_once_are_the_one_draw_there_is() -> None:
    x, y = vectors(50)
    options = Options(neighbours=5)
    names = ["pearson", "cka", "knn_overlap"]
    found = random_draws(x, y, "cosine", names, options, words=50, draws=3)
    for name in names:
        np.testing.assert_allclose(found.values[name], compare(space(x), space(y), name, options))


def test_ranks_of_thousands_of_words_are_close_enough() -> None:
    x, y = vectors(2_100)  # 2.2 million pairs
    found = random_draws(x, y, "cosine", ["spearman"], words=2_100, draws=1).values["spearman"]
    assert found[0] == pytest.approx(compare(space(x), space(y), "spearman"), abs=1e-7)


@pytest.mark.parametrize("similarity", ["cosine", "pearson", "dot"])
def test_numbers_from_vectors_are_those_from_matrices(similarity: str) -> None:
    names = ["pearson", "cosine"]
    from_vectors = random_draws(*vectors(80), similarity, names, words=30, draws=10)
    from_matrices = random_draws(*vectors(80), similarity, [*names, "spearman"], words=30, draws=10)
    for name in names:
        np.testing.assert_allclose(from_vectors.values[name], from_matrices.values[name], atol=1e-12)


def test_vectors_that_are_not_numbers_are_refused() -> None:
    x, y = vectors(50)
    x[3] = np.nan
    for measures in (["pearson"], ["spearman"]):
        with pytest.raises(MeasureError, match="not numbers"):
            random_draws(x, y, "cosine", measures, words=50)


def test_draws_differ_and_their_middle_is_told() -> None:
    found = random_draws(*vectors(), "cosine", ["pearson"], words=40, draws=300)
    low, high = found.middle("pearson")  # type: ignore[misc]
    inside = (found.values["pearson"] >= low) & (found.values["pearson"] <= high)
    assert inside.mean() == pytest.approx(0.95, abs=0.01)
    assert found.values["pearson"].std() > 0.01
    assert found.method == "300 random draws of 40 of 400 shared words, seed 0"
    assert not found.values["pearson"].flags.writeable


def test_few_draws_have_no_tails_to_leave_out() -> None:
    found = random_draws(*vectors(), "cosine", ["pearson"], words=40, draws=39)
    assert not found.has_tails
    assert found.middle("pearson") == (found.values["pearson"].min(), found.values["pearson"].max())
    assert random_draws(*vectors(), "cosine", ["pearson"], words=40, draws=1).method.startswith("1 random draw of 40")


def test_draws_are_seeded_and_cancelled() -> None:
    same_numbers(lambda seed: random_draws(*vectors(), "cosine", ["pearson"], draws=5, seed=seed).values["pearson"])
    with pytest.raises(Cancelled):
        random_draws(*vectors(), "cosine", ["pearson"], progress=CancelAt(3))


def test_undefined_draws_are_counted() -> None:
    x, _ = vectors(20)
    found = random_draws(x, np.ones((20, 3)), "cosine", ["pearson"], words=10, draws=4)
    assert found.undefined == {"pearson": 4}
    assert found.middle("pearson") is None


@pytest.mark.parametrize("distance", [100, 1e3, 1e4])
def test_nearly_equal_similarities_are_measured_as_by_themselves(distance: float) -> None:
    """Alone Pearson comes from the vectors, with Spearman from the matrices; the numbers are the same."""
    x, y = (one + distance for one in vectors(60))
    alone = random_draws(x, y, "cosine", ["pearson"], words=20, draws=10)
    beside = random_draws(x, y, "cosine", ["pearson", "spearman"], words=20, draws=10)
    assert not alone.undefined["pearson"]
    np.testing.assert_allclose(alone.values["pearson"], beside.values["pearson"], atol=1e-9)


def test_more_words_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(MeasureError, match="share 50 words"):
        random_draws(*vectors(50), "cosine", ["pearson"], words=51)
    with pytest.raises(MeasureError, match="choose 4 or more"):
        random_draws(*vectors(50), "cosine", ["pearson"], words=3)


def test_bands_go_from_frequent_to_rare() -> None:
    x, y = vectors()
    shuffled = np.random.default_rng(2).permutation(400)
    found = frequency_bands(x[shuffled], y[shuffled], shuffled + 1, "cosine", ["pearson"], bands=4, draws=50)
    assert found.ranks == ((1, 100), (101, 200), (201, 300), (301, 400))
    assert found.available == (100, 100, 100, 100)
    frequent, _, _, rare = found.intervals["pearson"]
    assert frequent.low is not None
    assert rare.high is not None
    assert frequent.low > 0.5 > 0.3 > rare.high
    assert found.method == "4 bands of equally many of 400 shared words by rank, 100 words measured in each, seed 0"


def test_a_band_of_all_words_is_what_the_words_show() -> None:
    x, y = vectors(60)
    found = frequency_bands(x, y, np.arange(1, 61), "cosine", ["pearson"], bands=1, draws=30)
    assert found.intervals["pearson"] == (bootstrap_intervals(space(x), space(y), ["pearson"], draws=30)["pearson"],)


def test_bands_of_unequal_size_are_measured_on_equally_many_words() -> None:
    x, y = vectors(50)
    found = frequency_bands(x, y, np.arange(50) + 1, "cosine", ["cka"], bands=3, draws=5)
    assert found.available == (17, 17, 16)
    assert found.words == 16


def test_bands_with_too_few_words_are_refused() -> None:
    with pytest.raises(MeasureError, match="share 50 words"):
        frequency_bands(*vectors(50), np.arange(50), "cosine", ["pearson"], bands=13)
    with pytest.raises(MeasureError, match="1 frequency band or more"):
        frequency_bands(*vectors(50), np.arange(50), "cosine", ["pearson"], bands=0)
