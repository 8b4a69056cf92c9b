"""Nearest neighbours: against sorting, and whom ties go to."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import hypergeom

from engine.measures import distances
from engine.measures.neighbourhoods import chance_jaccard, chance_overlap, jaccard, overlap, shared_neighbours


def symmetric(seed: int, n: int, decimals: int) -> np.ndarray:
    half = np.random.default_rng(seed).normal(size=(n, n))
    return (half + half.T).round(decimals)


def nearest(similarities: np.ndarray, i: int, k: int) -> set[int]:
    others = [j for j in range(len(similarities)) if j != i]
    return set(sorted(others, key=lambda j: (-similarities[i, j], j))[:k])


@pytest.mark.parametrize("decimals", [0, 1, 9])
@pytest.mark.parametrize("k", [1, 4, 29])
def test_shared_neighbours_are_those_of_sorted_lists(decimals: int, k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "CELLS", 200)  # several blocks
    s, t = symmetric(1, 30, decimals), symmetric(2, 30, decimals)
    sets = [(nearest(s, i, k), nearest(t, i, k)) for i in range(30)]
    assert shared_neighbours(s, t, k).tolist() == [len(a & b) for a, b in sets]
    assert overlap(s, t, k) == pytest.approx(np.mean([len(a & b) / k for a, b in sets]))
    assert jaccard(s, t, k) == pytest.approx(np.mean([len(a & b) / len(a | b) for a, b in sets]))


def test_unrelated_spaces_share_neighbours_by_chance() -> None:
    found = [overlap(symmetric(2 * i, 40, 9), symmetric(2 * i + 1, 40, 9), 5) for i in range(200)]
    assert np.mean(found) == pytest.approx(chance_overlap(40, 5), abs=4 * np.std(found) / np.sqrt(200))
    found = [jaccard(symmetric(2 * i, 40, 9), symmetric(2 * i + 1, 40, 9), 5) for i in range(200)]
    assert np.mean(found) == pytest.approx(chance_jaccard(40, 5), abs=4 * np.std(found) / np.sqrt(200))


@pytest.mark.parametrize(("n", "k"), [(100, 10), (12, 8), (3, 2), (5_000, 1), (5_000, 1_000)])
def test_the_jaccard_to_expect_is_that_of_draws_without_replacement(n: int, k: int) -> None:
    shared = np.arange(k + 1)
    expected = float(np.sum(hypergeom(n - 1, k, k).pmf(shared) * shared / (2 * k - shared)))
    assert chance_jaccard(n, k) == pytest.approx(expected, rel=1e-9)
