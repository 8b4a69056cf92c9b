"""Sums over relabelled pairs, against the relabellings themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from math import factorial

import numpy as np
import pytest
from scipy.spatial.distance import squareform

from engine.inference.products import MIRRORED, Centred, square
from engine.inference.relabellings import WORTH_THREADS, AllRelabellings, CyclicOrbits, relabellings
from engine.progress import Cancelled


def symmetric(n: int, seed: int) -> np.ndarray:
    values = np.random.default_rng(seed).normal(size=(n, n))
    values += values.T
    np.fill_diagonal(values, 0)
    return values


def seen(matrix: np.ndarray) -> Centred:
    """A matrix as it is: neither shifted nor scaled."""
    return Centred(matrix, 0.0, 1.0, matrix.dtype.type)


class Stopped:
    """A progress that someone stops at once."""

    def step(self, message: str, fraction: float | None = None) -> None:
        raise Cancelled


def direct(a: np.ndarray, b: np.ndarray, relabelling: np.ndarray) -> float:
    return float((a * b[np.ix_(relabelling, relabelling)]).sum() / 2)


@pytest.mark.parametrize("n", [3, 5, 7, 8, 9, 20, 51, 600])
def test_sums_are_those_of_the_relabellings_named(n: int) -> None:
    ways = relabellings(n, 3 * n, np.random.default_rng(0))
    a, b, c = (symmetric(n, seed).astype(ways.dtype) for seed in range(3))
    for part in range(ways.parts):
        sums = ways.sums(part, [ways.prepare(seen(a)), ways.prepare(seen(c))], seen(b))
        every = list(ways.each(part))
        some = slice(0, None, max(1, len(every) // 50))
        for one, row in zip((a, c), sums, strict=True):
            expected = [direct(one.astype(float), b, relabelling) for relabelling in every[some]]
            spread = np.linalg.norm(a) * np.linalg.norm(b) / n  # of a sum over relabellings, about
            np.testing.assert_allclose(row[some], expected, atol=(1e-12 if ways.dtype is np.float64 else 1e-5) * spread)


@pytest.mark.parametrize("n", [3, 7, 8, 30])
def test_the_words_as_they_are_come_first(n: int) -> None:
    ways = relabellings(n, 100, np.random.default_rng(0))
    np.testing.assert_array_equal(next(iter(ways.each(0))), np.arange(n))


def test_few_words_have_all_their_relabellings_once() -> None:
    ways = AllRelabellings(6)
    assert len({tuple(one) for one in ways.each(0)}) == len(ways) == factorial(6)


@pytest.mark.parametrize(("n", "at_least"), [(8, 10_000), (100, 10_000), (5_000, 10_000), (5_000, 20), (101, 300)])
def test_at_least_as_many_relabellings_as_asked_for(n: int, at_least: int) -> None:
    ways = CyclicOrbits(n, at_least, np.random.default_rng(0))
    assert at_least <= len(ways) < max(1.1 * at_least, 2 * n + at_least)
    assert len(ways) == len(ways.first) * len(ways.second) * n


def test_every_relabelling_is_one() -> None:
    ways = CyclicOrbits(9, 100, np.random.default_rng(0))
    for part in range(ways.parts):
        assert all(sorted(one) == list(range(9)) for one in ways.each(part))


def test_many_blocks_of_words_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = symmetric(50, 0), symmetric(50, 1)
    ways = CyclicOrbits(50, 300, np.random.default_rng(0))
    whole = ways.sums(0, [ways.prepare(seen(a))], seen(b))
    monkeypatch.setattr("engine.inference.relabellings.CELLS", 25 * 7)
    np.testing.assert_array_equal(ways.sums(0, [ways.prepare(seen(a))], seen(b)), whole)


@pytest.mark.parametrize("n", [40, 600])
def test_shifted_and_scaled_matrices_have_the_sums_of_centred_ones(n: int) -> None:
    ways = CyclicOrbits(n, 2 * n, np.random.default_rng(0))
    a, b = (symmetric(n, seed).astype(ways.dtype) for seed in range(2))
    shifted = (Centred(scale * one + mean, mean, scale, ways.dtype) for one, mean, scale in ((a, 3, 2), (b, -1, 0.5)))
    first, second = (replace(one, matrix=one.matrix + 7 * np.eye(n, dtype=ways.dtype)) for one in shifted)
    spread = np.linalg.norm(a) * np.linalg.norm(b) / n
    expected = ways.sums(0, [ways.prepare(seen(a))], seen(b))
    found = ways.sums(0, [ways.prepare(first)], second)
    np.testing.assert_allclose(found, expected, atol=(1e-12 if ways.dtype is np.float64 else 1e-5) * spread)


def test_small_parts_and_large_ones_hold_the_same_relabellings() -> None:
    a, b = symmetric(40, 0), symmetric(40, 1)
    small, large = (CyclicOrbits(40, 1_000, np.random.default_rng(0), small_parts) for small_parts in (True, False))
    assert small.parts > large.parts
    sums = [
        np.concatenate([ways.sums(part, [ways.prepare(seen(a))], seen(b))[0] for part in range(ways.parts)])
        for ways in (small, large)
    ]
    np.testing.assert_allclose(*sums, atol=1e-10)


@pytest.mark.parametrize("stored", [np.float32, np.float64])
def test_large_matrices_of_either_precision_are_gathered_in_threads(stored: type[np.floating]) -> None:
    n = 1_100
    assert n * (n // 2) >= WORTH_THREADS
    ways = CyclicOrbits(n, n, np.random.default_rng(0))
    a, b = (symmetric(n, seed).astype(stored) for seed in range(2))
    first, second = (Centred(one, 0.0, 1.0, ways.dtype) for one in (a, b))
    (sums,) = ways.sums(0, [ways.prepare(first)], second)
    for k, relabelling in enumerate(islice(ways.each(0), 20)):
        assert abs(sums[k] - direct(a, b, relabelling)) < 1e-5 * np.linalg.norm(a) * np.linalg.norm(b) / n


def test_a_test_of_many_words_is_cancelled_while_they_are_gathered() -> None:
    ways = CyclicOrbits(1_100, 1_100, np.random.default_rng(0))
    matrix = Centred(symmetric(1_100, 0).astype(np.float32), 0.0, 1.0, ways.dtype)
    prepared = ways.prepare(matrix)
    with pytest.raises(Cancelled):
        ways.sums(0, [prepared], matrix, Stopped())


@pytest.mark.parametrize("n", [2, 7, MIRRORED, MIRRORED + 1, 2 * MIRRORED + 30])
def test_pairs_stand_on_both_sides_of_the_diagonal(n: int) -> None:
    pairs = np.random.default_rng(0).normal(size=n * (n - 1) // 2)
    np.testing.assert_array_equal(square(pairs, np.float64), squareform(pairs))
