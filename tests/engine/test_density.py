"""The density of pairs, against numpy's own histogram of all of them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data import SimilarityMatrix
from engine.density import counting, pair_density

RANGES = ((-1.0, 1.25), (-0.5, 2.0))  # binary fractions, so that no edge is a matter of rounding


def matrices(n: int, seed: int = 0) -> tuple[SimilarityMatrix, SimilarityMatrix]:
    numbers = np.random.default_rng(seed)
    made = []
    for _ in range(2):
        values = numbers.normal(scale=0.5, size=(n, n))
        made.append(SimilarityMatrix(np.triu(values, 1) + np.triu(values, 1).T + np.eye(n)))
    return made[0], made[1]


@pytest.mark.parametrize("n", [2, 3, 50, 600])
@pytest.mark.parametrize("bins", [64, (32, 50)])
def test_every_pair_in_the_ranges_is_counted_once_where_it_lies(n: int, bins: int | tuple[int, int]) -> None:
    across, up = matrices(n)
    counts = pair_density(across, up, *RANGES, bins)
    edges = bins if isinstance(bins, tuple) else (bins, bins)
    expected, _, _ = np.histogram2d(up.triangle, across.triangle, edges, (RANGES[1], RANGES[0]))
    np.testing.assert_array_equal(counts, expected)


def test_step_by_step_the_counts_grow_to_those_of_all() -> None:
    across, up = matrices(900)
    totals = [int(counts.sum()) for counts in counting(across, up, (-9, 9), (-9, 9), 16)]
    assert totals == sorted(totals)
    assert len(totals) > 3
    assert totals[-1] == 900 * 899 // 2
