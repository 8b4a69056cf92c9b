"""Spaces made for the tests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.comparison import Compared
from engine.data import SimilarityMatrix
from engine.progress import Cancelled
from engine.similarity import similarity_matrix


def seeded_spaces() -> tuple[Compared, Compared]:
    """The two spaces that published numbers are for."""
    rng = np.random.RandomState(1337)
    x = rng.randn(100, 10)
    return space(x), space(rng.randn(100, 10) + x)


def random_spaces(n: int, d: int = 5, link: float = 0.0, seed: int = 0) -> tuple[Compared, Compared]:
    """Two spaces of independent normal vectors; with a link, the second is the first and noise."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d))
    return space(x), space(rng.normal(size=(n, d)) + link * x)


def space(vectors: np.ndarray) -> Compared:
    return Compared(similarity_matrix(vectors, "cosine"), vectors)


def space_of(similarities: np.ndarray | list[list[float]]) -> Compared:
    """A space known by its similarities; the vectors are their rows."""
    values = np.array(similarities, float)
    return Compared(SimilarityMatrix(values), values.copy())


class CancelAt:
    """A progress that is cancelled at a step."""

    def __init__(self, step: int) -> None:
        self.left = step

    def step(self, message: str, fraction: float | None = None) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def same_numbers(ask: Callable[[int], np.ndarray]) -> None:
    """Check that a seed gives the same numbers each time, and another seed others."""
    np.testing.assert_array_equal(ask(0), ask(0))
    assert not np.array_equal(ask(0), ask(1))
