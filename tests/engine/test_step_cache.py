"""What is remembered of earlier steps, and when it is forgotten."""

from __future__ import annotations

import numpy as np

from engine.data import SimilarityMatrix
from engine.step_cache import StepCache, n_bytes

MATRIX = 100 * 100 * 8  # bytes


class Steps:
    """Counts what is worked out."""

    def __init__(self, cache: StepCache) -> None:
        self.cache = cache
        self.done: list[tuple[str, int]] = []

    def matrix(self, step: str, key: int) -> SimilarityMatrix:
        def compute() -> SimilarityMatrix:
            self.done.append((step, key))
            return SimilarityMatrix(np.eye(100))

        return self.cache.get(step, key, compute)


def test_small_results_are_all_remembered() -> None:
    steps = Steps(StepCache(budget=10 * MATRIX))
    for key in (1, 2, 3, 1, 2, 3):
        steps.matrix("A", key)
    assert steps.done == [("A", 1), ("A", 2), ("A", 3)]


def test_large_results_are_forgotten_the_least_recently_used_first() -> None:
    steps = Steps(StepCache(budget=2 * MATRIX))
    for key in (1, 2, 1, 3, 1, 2):
        steps.matrix("A", key)
    assert steps.done == [("A", 1), ("A", 2), ("A", 3), ("A", 2)]


def test_numbers_are_remembered_beyond_the_count_of_what_has_arrays() -> None:
    cache, done = StepCache(kept=2), []
    for key in [*range(40)] * 2:
        cache.get("comparisons", key, lambda key=key: done.append(key) or float(key))
    assert done == list(range(40))
    opened = [cache.get("open", key, lambda: {"file": "handle"}) for key in (1, 2, 3, 1)]
    assert opened[0] is not opened[3], "what is no number may hold much, whether or not in arrays"
    steps = Steps(StepCache(kept=2))
    for key in (1, 2, 3, 1):
        steps.matrix("A", key)
    assert [key for _, key in steps.done] == [1, 2, 3, 1]


def test_the_latest_of_each_step_stays_however_large() -> None:
    steps = Steps(StepCache(budget=1))
    for _ in range(2):
        steps.matrix("A", 1)
        steps.matrix("B", 1)
    assert steps.done == [("A", 1), ("B", 1)]


def test_what_a_result_has_worked_out_since_counts_too() -> None:
    steps = Steps(StepCache(budget=2 * MATRIX))
    _ = steps.matrix("A", 1).sorted_pairs
    steps.matrix("A", 2)
    steps.matrix("A", 1)
    assert steps.done == [("A", 1), ("A", 2), ("A", 1)]


def test_results_without_arrays_are_not_forgotten_for_their_size() -> None:
    cache, asked = StepCache(budget=1), []
    for _ in range(2):
        for key in ("r", "rho"):
            cache.get("comparisons", key, lambda key=key: asked.append(key) or 0.5)
    assert asked == ["r", "rho"]


def test_bytes_of_arrays_wherever_they_are() -> None:
    matrix = SimilarityMatrix(np.eye(10))
    assert n_bytes(matrix) == 800
    _ = matrix.triangle
    assert n_bytes((matrix, np.zeros(3), "text", None)) == 800 + 45 * 8 + 24
