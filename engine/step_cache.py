"""Steps of an analysis that need not be repeated."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import is_dataclass
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

MOST_NUMBERS = 1_000  # remembered per step: one for each measure and pair of spaces
MOST_TOGETHER = 16  # arrays in a tuple, one a space; longer tuples are of words, of which thousands need no look


class StepCache:
    """Remembers the latest results of each step by the step's own inputs.

    So a new measure never embeds again and a new word rule never loads again. Lives in the worker thread.

    Parameters
    ----------
    kept : int
        Results remembered per step; of plain numbers, many more.
    budget : int
        Bytes of arrays remembered in all. The latest result of each step stays, whatever its size.
    """

    def __init__(self, kept: int = 12, budget: int = 400_000_000) -> None:
        self._kept, self._budget = kept, budget
        self._results: dict[tuple[str, Hashable], Any] = {}  # most recently used goes last

    def get(self, step: str, inputs: Hashable, compute: Callable[[], T]) -> T:
        """The remembered result of `step` for `inputs`, or a newly computed one."""
        key = step, inputs
        value: T = self._results.pop(key) if key in self._results else compute()
        self._results[key] = value
        self._forget()
        return value

    def known(self, step: str, inputs: Hashable) -> Any:
        """The remembered result of `step` for `inputs`; None if there is none."""
        return self._results.get((step, inputs))

    def _forget(self) -> None:
        """Drop what is too much: the least recently used first, never the latest of a step."""
        by_step: dict[str, list[tuple[str, Hashable]]] = {}
        for key in self._results:
            by_step.setdefault(key[0], []).append(key)
        sizes = {key: n_bytes(value) for key, value in self._results.items()}
        for keys in by_step.values():
            numbers = [key for key in keys if _is_number(self._results[key])]
            others = [key for key in keys if not _is_number(self._results[key])]
            for key in others[: -self._kept] + numbers[:-MOST_NUMBERS]:
                del self._results[key], sizes[key]
        excess = sum(sizes.values()) - self._budget
        latest = {keys[-1] for keys in by_step.values()}
        for key, size in sizes.items():
            if excess > 0 and size and key not in latest:
                del self._results[key]
                excess -= size


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, float)


def n_bytes(value: Any) -> int:
    """Bytes of the arrays in a value: an array, or dataclasses and tuples of them."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, tuple):
        return sum(map(n_bytes, value[:MOST_TOGETHER]))
    return sum(map(n_bytes, vars(value).values())) if is_dataclass(value) and not isinstance(value, type) else 0
