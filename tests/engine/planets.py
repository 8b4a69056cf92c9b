"""A few words in spaces of seeded vectors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.request import AnalysisRequest, NamedSource
from engine.words import WordRule
from tests.engine.memory import MemorySource

WORDS = ("Venus", "Mars", "Earth", "Saturn", "Pluto")
ALL_MEASURES = ("pearson", "cosine", "spearman")


def memory(words: tuple[str, ...] = WORDS, dimensions: int = 4, seed: int = 0) -> MemorySource:
    return MemorySource(words, np.random.default_rng(seed).normal(size=(len(words), dimensions)).astype(np.float32))


def request_for(first: MemorySource, second: MemorySource, **changes: object) -> AnalysisRequest:
    spaces = (NamedSource("A", first), NamedSource("B", second))
    return replace(AnalysisRequest(spaces, WordRule(1, 99, None), comparisons=ALL_MEASURES), **changes)
