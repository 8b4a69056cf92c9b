"""Kendall's tau counted in a grid, against scipy's exact count."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kendalltau

from engine.measures.kendall import gridded_tau, tau_a, tau_b, untied

M = 2_000_000


def triangle() -> np.ndarray:
    return np.random.default_rng(2).normal(0.1, 0.1, M)


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(scale=0.1, size=M)


RELATED = {
    "barely": lambda u: 0.05 * u + noise(3),
    "as much as noise": lambda u: u + noise(4),
    "against": lambda u: 0.3 * noise(5) - u,
    "closely": lambda u: u + 0.01 * noise(6),
    "all but completely": lambda u: u + 0.0001 * noise(7),
    "completely": lambda u: u,
    "half of them": lambda u: np.where(np.random.default_rng(8).random(M) < 0.5, u, noise(8)),
    "curved": lambda u: u**2 + 0.1 * noise(9),
}


@pytest.mark.slow
@pytest.mark.parametrize("how", RELATED)
def test_the_grid_is_within_1e_5_of_the_exact_count(how: str) -> None:
    u = triangle()
    v = RELATED[how](u).astype(np.float32)
    u = u.astype(np.float32)
    exact = kendalltau(u, v, method="asymptotic").statistic
    assert gridded_tau(u, v) is not None
    assert tau_b(u, v) == pytest.approx(exact, abs=1e-5)
    assert tau_a(u, v) == pytest.approx(exact * np.sqrt(untied(u) * untied(v)), abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [lambda u: np.sinh(60 * u), lambda u: u.round(1)], ids=["far apart", "tied"])
def test_where_a_grid_cannot_tell_the_count_is_exact(spread: object) -> None:
    u, v = triangle(), triangle() + noise(3)
    u = spread(u)  # type: ignore[operator]
    assert gridded_tau(u, v) is None
    assert tau_b(u, v) == pytest.approx(kendalltau(u, v, method="asymptotic").statistic, abs=1e-12)


def test_untied_share_of_pairs() -> None:
    assert untied(np.array([1.0, 1, 2, 3])) == pytest.approx(5 / 6)
    assert untied(np.array([2.0, 2, 2])) == 0
