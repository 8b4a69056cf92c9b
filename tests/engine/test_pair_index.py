"""Pairs found by where they lie, against a look at every pair in double precision."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path

from engine.data import SimilarityMatrix
from engine.pair_index import PairIndex, shown_range
from engine.progress import Cancelled


def matrix(values: np.ndarray) -> SimilarityMatrix:
    upper = np.triu(values, 1)
    return SimilarityMatrix(upper + upper.T + np.eye(len(values), dtype=values.dtype))


def indexed(n: int, seed: int, dtype: type = np.float32, decimals: int = 9) -> tuple[PairIndex, np.ndarray, np.ndarray]:
    numbers = np.random.default_rng(seed)
    shared = numbers.normal(size=(n, n))
    across, up = (
        matrix((0.3 * (shared + numbers.normal(size=(n, n)))).round(decimals).astype(dtype)) for _ in range(2)
    )
    index = PairIndex(across, up, shown_range(across, "cosine"), shown_range(up, "dot"))
    return index, across.triangle.astype(float), up.triangle.astype(float)


def brute_force(
    x: np.ndarray, y: np.ndarray, n: int, place: tuple[float, float], pixel: tuple[float, float], reach: float
) -> tuple[int, int] | None:
    distances = ((x - place[0]) / pixel[0]) ** 2 + ((y - place[1]) / pixel[1]) ** 2
    nearest = int(np.argmin(distances))  # of several the first
    if distances[nearest] > reach**2:
        return None
    i, j = (int(rows[nearest]) for rows in np.triu_indices(n, 1))
    return i, j


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("decimals", [9, 1])  # with one decimal, hundreds of pairs lie on each point
def test_the_nearest_pair_is_the_one_a_look_at_all_finds(dtype: type, decimals: int) -> None:
    n = 150
    index, x, y = indexed(n, 3, dtype, decimals)
    numbers = np.random.default_rng(1)
    found = 0
    for zoom in (1.0, 0.1, 0.003, 1e-6):
        pixel = 0.01 * zoom, 0.007 * zoom
        for k in range(60):
            at = numbers.integers(len(x))
            place = x[at] + pixel[0] * numbers.normal(scale=4), y[at] + pixel[1] * numbers.normal(scale=4)
            if k % 5 == 0:
                place = 4 * numbers.normal(), 4 * numbers.normal()
            expected = brute_force(x, y, n, place, pixel, 12)
            assert index.nearest(*place, pixel, 12) == expected
            found += expected is not None
    assert 150 < found < 240


@given(st.integers(2, 9), st.integers(0, 10**6), st.floats(-2, 2), st.floats(-2, 2), st.sampled_from([0.01, 0.1, 1.0]))
def test_the_nearest_of_a_few_pairs_among_many_ties(n: int, seed: int, x: float, y: float, pixel: float) -> None:
    numbers = np.random.default_rng(seed)
    across, up = (matrix(numbers.integers(-1, 2, (n, n)).astype(np.float32)) for _ in range(2))
    index = PairIndex(across, up, (-1.0, 1.0), (-1.0, 1.0))
    expected = brute_force(across.triangle.astype(float), up.triangle.astype(float), n, (x, y), (pixel, pixel), 12)
    assert index.nearest(x, y, (pixel, pixel), 12) == expected


def test_equal_similarities_everywhere_are_still_found() -> None:
    flat = matrix(np.full((80, 80), 0.25, np.float32))
    index = PairIndex(flat, flat, shown_range(flat, "dot"), shown_range(flat, "dot"))
    assert index.count(index.x_range, index.y_range) == 80 * 79 // 2
    assert index.nearest(0.25, 0.25, (0.01, 0.01), 12) == (0, 1)


def test_one_extreme_pair_does_not_throw_all_others_together() -> None:
    values = np.random.default_rng(4).normal(size=(300, 300))
    values[3, 9] = 1e9
    across, up = matrix(values), matrix(values.T.copy())
    index = PairIndex(across, up, shown_range(across, "dot"), shown_range(up, "dot"))
    assert index.nearest(1e9, up.values[3, 9], (1.0, 0.01), 12) == (3, 9)
    assert index.count((-0.01, 0.01), (-0.01, 0.01)) < 50


def test_a_range_holds_its_pairs_and_few_others() -> None:
    index, x, y = indexed(400, 5)
    numbers = np.random.default_rng(2)
    for _ in range(40):
        left, right = np.sort(numbers.normal(scale=0.4, size=2))
        bottom, top = np.sort(numbers.normal(scale=0.4, size=2))
        inside = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
        across, up = index.places(index.cells((left, right), (bottom, top)))
        assert len(across) == index.count((left, right), (bottom, top))
        assert set(zip(x[inside], y[inside], strict=True)) <= set(zip(across, up, strict=True))
        assert across.min() > left - 0.01 and across.max() < right + 0.01  # noqa: PT018
        assert up.min() > bottom - 0.01 and up.max() < top + 0.01  # noqa: PT018
    assert index.count(index.x_range, index.y_range) == index.n_pairs == len(x)


def test_the_overview_counts_every_pair() -> None:
    index, x, y = indexed(300, 7, np.float64)
    expected, _, _ = np.histogram2d(y, x, 256, (index.y_range, index.x_range))
    assert np.abs(index.overview - expected).sum() <= 4  # the outermost pairs lie on the edges
    assert index.overview.sum() >= len(x) - 2


@pytest.mark.parametrize(
    ("similarity", "low", "high", "expected"),
    [
        ("cosine", 0.0, 0.5, (-0.2, 1.0)),
        ("cosine", -0.7, 1.5, (-0.7, 1.5)),
        ("dot", -30.0, 12.0, (-30.0, 12.0)),
        ("euclidean", 2.0, 2.0, (1.0, 3.0)),
    ],
)
def test_the_shown_range_is_the_notebooks_where_that_holds_all(
    similarity: str, low: float, high: float, expected: tuple[float, float]
) -> None:
    values = np.full((4, 4), low)
    values[0, 1] = high
    assert shown_range(matrix(values), similarity) == expected


def ahead_by_brute_force(
    x: np.ndarray, y: np.ndarray, n: int, place: tuple[float, float], step: tuple[int, int], pixel: tuple[float, float]
) -> tuple[int, int] | None:
    right, above = (x - place[0]) / pixel[0], (y - place[1]) / pixel[1]
    ahead, aside = right * step[0] + above * step[1], abs(right * step[1] + above * step[0])
    there = np.flatnonzero((ahead >= 2) & (aside <= ahead))
    if not len(there):
        return None
    nearest = int(there[np.argmin(np.hypot(right, above)[there])])
    i, j = (int(rows[nearest]) for rows in np.triu_indices(n, 1))
    return i, j


@pytest.mark.parametrize("step", [(1, 0), (-1, 0), (0, 1), (0, -1)])
@pytest.mark.parametrize("decimals", [9, 1])
def test_the_next_pair_in_a_direction_is_the_one_a_look_at_all_finds(step: tuple[int, int], decimals: int) -> None:
    n = 120
    index, x, y = indexed(n, 5, decimals=decimals)
    numbers = np.random.default_rng(2)
    found = 0
    for zoom in (1.0, 0.1, 0.003):
        pixel = 0.01 * zoom, 0.007 * zoom
        places = [(x[k], y[k]) for k in (*numbers.integers(len(x), size=40), x.argmin(), x.argmax(), y.argmin())]
        for place in places:
            expected = ahead_by_brute_force(x, y, n, place, step, pixel)
            assert index.towards(*place, step, pixel, 2) == expected
            found += expected is not None
    assert found > 100


@pytest.mark.parametrize("decimals", [9, 1])
def test_the_extreme_pairs_are_those_of_the_values(decimals: int) -> None:
    index, x, y = indexed(60, 7, decimals=decimals)
    for values, upwards in ((x, False), (y, True)):
        for highest in (False, True):
            at = int(values.argmax() if highest else values.argmin())
            assert index.extreme(upwards, highest) == tuple(int(rows[at]) for rows in np.triu_indices(60, 1))


def cells_where(n: int, inside: np.ndarray) -> list[int]:
    """Where in a flattened matrix the pairs stand that a look at all of them finds."""
    first, second = (rows[inside] for rows in np.triu_indices(n, 1))
    return list(first * n + second)


@given(st.integers(2, 12), st.integers(0, 10**6), st.sampled_from([9, 1]), st.data())
def test_a_rectangle_holds_its_pairs_and_no_others(n: int, seed: int, decimals: int, data: st.DataObject) -> None:
    index, x, y = indexed(n, seed, np.float32, decimals)
    edge = st.sampled_from(sorted({-9.0, 9.0, *x[:9], *y[:9], 0.25, -0.1}))  # pairs that lie on an edge belong to it
    left, right = sorted((data.draw(edge), data.draw(edge)))
    bottom, top = sorted((data.draw(edge), data.draw(edge)))
    inside = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    assert list(index.in_rectangle((left, right), (bottom, top))) == cells_where(n, inside)


# Some are those of pairs rounded to tenths, others lie between them.
PLACES = st.one_of(st.integers(-9, 9).map(lambda k: float(np.float32(k / 10))), st.integers(-9, 9).map(lambda k: k / 8))


@given(
    st.integers(2, 9),
    st.integers(0, 10**6),
    st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=8),
)
def test_a_lasso_holds_its_pairs_and_no_others(n: int, seed: int, corners: list[tuple[float, float]]) -> None:
    index, x, y = indexed(n, seed, decimals=1)
    inside = np.array([crosses(corners, *point) % 2 == 1 for point in zip(x, y, strict=True)], bool)
    assert list(index.in_polygon(np.array(corners))) == cells_where(n, inside)


def crosses(corners: list[tuple[float, float]], x: float, y: float) -> int:
    """How often a line from a point upwards crosses the outline, edge by edge, in exact numbers."""
    point = Fraction(x), Fraction(y)
    times = 0
    for one, other in zip(corners, corners[1:] + corners[:1], strict=True):
        (x0, y0), (x1, y1) = sorted((tuple(map(Fraction, one)), tuple(map(Fraction, other))))
        if x0 <= point[0] < x1:
            times += y0 + (point[0] - x0) * (y1 - y0) / (x1 - x0) > point[1]
    return times


def test_a_lasso_round_thousands_of_pairs_is_matplotlibs() -> None:
    index, x, y = indexed(300, 11)
    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    wavy = 0.3 + 0.1 * np.sin(7 * turn)
    corners = np.stack([0.1 + wavy * np.cos(turn), -0.05 + wavy * np.sin(turn)], axis=1)
    inside = Path(corners).contains_points(np.stack([x, y], axis=1))
    assert 5_000 < inside.sum() < 40_000
    assert list(index.in_polygon(corners)) == cells_where(300, inside)


def test_picking_can_be_cancelled() -> None:
    class Impatient:
        def step(self, message: str, fraction: float | None = None) -> None:
            raise Cancelled

    index, _, _ = indexed(50, 1)
    with pytest.raises(Cancelled):
        index.in_rectangle(index.x_range, index.y_range, Impatient())
