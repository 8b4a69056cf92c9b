"""Two or three spaces with more shared words than are shown, and words of their own that must not count."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.data import FloatArray, IntArray
from engine.progress import Progress
from engine.request import AnalysisRequest, NamedSource, StatisticsRequest
from engine.sources.base import OpenSpace
from engine.sources.sample import ArraySpace
from engine.words import WordRule
from tests.engine.memory import MemorySource

SHARED = tuple(f"{'abcdefghij'[i % 10]}{i:0{2 + i % 2}}" for i in range(60))  # of three characters and of four
RULE = WordRule(3, 3, 12)
THREE = tuple(word for word in SHARED if len(word) == 3)


def vectors(seed: int, dimensions: int) -> FloatArray:
    """(60, d) vectors of the shared words, seeded, alike but for noise, far from the origin and uneven."""
    common = np.random.default_rng(99).normal(size=(len(SHARED), 5))
    own = np.random.default_rng(seed)
    mixed = common @ own.normal(size=(5, dimensions)) + own.normal(size=(len(SHARED), dimensions))
    return (mixed * np.linspace(0.2, 3, dimensions) + own.normal(size=dimensions) * 2).astype(np.float32)


def space(seed: int, dimensions: int) -> MemorySource:
    """The shared words after one of the space's own, whose vector is enormous."""
    own = np.full((1, dimensions), 1e6, np.float32)
    return MemorySource((f"own{seed}", *SHARED), np.concatenate([own, vectors(seed, dimensions)]))


def asked(names: str = "AB", words: Any = RULE, **changes: Any) -> AnalysisRequest:
    """A request on these spaces; what `StatisticsRequest` knows goes there, the rest to the request itself."""
    inferred = {name: changes.pop(name) for name in list(changes) if hasattr(StatisticsRequest, name)}
    spaces = tuple(NamedSource(name, space(k, 7 + k)) for k, name in enumerate(names))
    request = AnalysisRequest(spaces, words, statistics=StatisticsRequest(**inferred), neighbours=3)
    return replace(request, **changes)


class CostlySpace(ArraySpace):
    """Runs a model for every word, or would; `seen` is for whom. Every other word is several tokens, if any is."""

    is_costly = True
    several = "the means of their tokens' vectors"

    def __init__(self, source: CostlySource) -> None:
        super().__init__(list(source.words), source.array)
        self._source = source

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        self._source.seen.update(indices.tolist())
        return super().vectors(indices, progress)

    def n_tokens(self, indices: IntArray) -> IntArray:
        return np.where(indices % 2, self._source.tokens, 1)


@dataclass(frozen=True, eq=False)
class CostlySource(MemorySource):
    """A source of a `CostlySpace`; `seen` has all vectors ever asked for."""

    tokens: int = 1
    seen: set[int] = field(default_factory=set)

    def open(self, progress: Progress) -> OpenSpace:
        return CostlySpace(self)


def costly(seed: int, dimensions: int, tokens: int = 1) -> CostlySource:
    """A space like `space`, whose vectors are not to be asked for unasked."""
    cheap = space(seed, dimensions)
    return CostlySource(cheap.words, cheap.array, tokens=tokens)
