"""Steps of an analysis that need not be repeated."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class StepCache:
    """Remembers the latest results of each step by the step's own inputs.

    So a new measure never embeds again and a new word rule never loads again. Lives in the worker thread.

    Parameters
    ----------
    kept : int
        Results remembered per step.
    """

    def __init__(self, kept: int = 12) -> None:
        self._kept = kept
        self._results: dict[str, dict[Hashable, Any]] = {}

    def get(self, step: str, inputs: Hashable, compute: Callable[[], T]) -> T:
        """The remembered result of `step` for `inputs`, or a newly computed one."""
        results = self._results.setdefault(step, {})
        if inputs in results:
            results[inputs] = results.pop(inputs)  # most recently used goes last
        else:
            results[inputs] = compute()
            if len(results) > self._kept:
                del results[next(iter(results))]
        value: T = results[inputs]
        return value
