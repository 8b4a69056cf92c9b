"""A source whose vectors are in memory: a second, real implementation of `Source` that counts what is asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from engine.data import FloatArray, IntArray
from engine.progress import SILENT, Progress
from engine.sources.base import OpenSpace, Source
from engine.sources.sample import ArraySpace


class CountingSpace(ArraySpace):
    """A space in memory that counts how often vectors are asked for."""

    def __init__(self, words: Sequence[str], vectors: FloatArray, counts: Counter[str]) -> None:
        super().__init__(list(words), vectors)
        self._counts = counts

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        self._counts["vectors"] += 1
        return super().vectors(indices, progress)


@dataclass(frozen=True, eq=False)
class MemorySource(Source):
    """Words and their vectors; `counts` says how often the space was opened and its vectors were read."""

    words: Sequence[str]
    array: FloatArray
    changed: list[int] = field(default_factory=lambda: [0])
    counts: Counter[str] = field(default_factory=Counter)

    kind: ClassVar[str] = "memory"

    @property
    def description(self) -> str:
        return f"{len(self.words)} words in memory"

    @property
    def stamp(self) -> Hashable:
        return tuple(self.changed)

    def open(self, progress: Progress) -> OpenSpace:
        self.counts["open"] += 1
        return CountingSpace(self.words, np.asarray(self.array), self.counts)


def opened(words: Sequence[str]) -> OpenSpace:
    """An open space of these words, with arbitrary vectors."""
    return MemorySource(words, np.eye(len(words), dtype=np.float32)).open(SILENT)
