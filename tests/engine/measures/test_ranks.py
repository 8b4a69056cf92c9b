"""Ranks by packed sorts and by bins, against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata, spearmanr

from engine.measures.ranks import mid_ranks, spearman, spearman_binned

triangles = st.sampled_from([np.float32, np.float64]).flatmap(
    lambda dtype: arrays(
        dtype,
        st.integers(2, 60),
        elements=st.floats(-(2.0**99), 2.0**99, width=32) | st.sampled_from([0.0, -0.0, 0.5, -0.5]),
    )
)


@given(triangles)
def test_mid_ranks_are_those_of_scipy(values: np.ndarray) -> None:
    assert mid_ranks(values).tolist() == rankdata(values).tolist()


@given(triangles, st.randoms(use_true_random=False))
def test_rho_is_that_of_scipy(values: np.ndarray, random: object) -> None:
    other = np.array(random.sample(values.tolist(), len(values)), values.dtype)  # type: ignore[attr-defined]
    if len(set(values.tolist())) == 1:
        assert spearman(values, other) is None
    else:
        assert spearman(values, other) == pytest.approx(spearmanr(values, other).statistic, abs=1e-12)


def test_single_and_double_precision_meet() -> None:
    u, v = np.random.default_rng(0).normal(size=(2, 5000)).astype(np.float32)
    assert spearman(u, v.astype(float)) == spearman(u, v) == spearman(u.astype(float), v.astype(float))


def related(m: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    u = rng.normal(0.1, 0.1, m)
    return u.astype(np.float32), (u + noise * rng.normal(size=m)).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("noise", [0.001, 0.1, 3])
def test_binned_rho_is_within_1e_7_of_the_exact_one(noise: float) -> None:
    u, v = related(12_497_500, noise)  # the pairs of 5,000 words
    assert spearman_binned(u, v) == pytest.approx(spearman(u, v), abs=1e-7)


@pytest.mark.slow
def test_bins_are_not_used_where_they_are_too_coarse() -> None:
    u, v = related(2_000_000, 0.1)
    far = np.sinh(60 * u)  # nearly all values in one bin
    assert spearman_binned(far, v) == spearman(far, v)
    level = np.ones_like(u)
    assert spearman_binned(level, v) is None
    assert spearman_binned(u[:1000], v[:1000]) == spearman(u[:1000], v[:1000])
