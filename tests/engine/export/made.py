"""Results to export: the bundled sample's, and made ones of any size and any words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from engine.analysis import run_analysis
from engine.request import AnalysisRequest, NamedSource, StatisticsRequest
from engine.result import AnalysisResult
from engine.statistics import run_whole
from engine.words import WordList
from tests.engine.memory import MemorySource

# What a vocabulary can hold: mathematics, markup, quotes, line ends, control, direction marks, half characters.
UNRULY = (
    "$x_1$",
    "\\frac{1}{2}",
    "<b>&amp;",
    'say "hi", you',
    "two\nlines\r",
    "bell\x07\rring",
    "\u202eevil",
    "half\ud800",
    "\ufffe",
    "東京",
    "مرحبا",
    "🙂",
    "',);import os;('",
)
EVERYTHING = StatisticsRequest(
    permutations=99, bootstraps=50, draws=10, draw_size=50, bands=3, preprocessings=True, controls=("edit_distance",)
)


@cache
def sample_result() -> AnalysisResult:
    """The notebook recipe on the bundled sample."""
    return run_analysis(AnalysisRequest())


@cache
def inferred_sample_result() -> AnalysisResult:
    """The notebook recipe on the bundled sample with all that can be inferred of it."""
    return run_whole(AnalysisRequest(statistics=EVERYTHING))


def made_result(
    words: Sequence[str], names: Sequence[str] = ("one", "two"), dimensions: int = 12, **request: Any
) -> AnalysisResult:
    """An analysis of seeded vectors, alike in all spaces but for noise, with what its `statistics` ask for."""
    rng = np.random.default_rng(0)
    common = rng.normal(size=(len(words), dimensions))
    spaces = tuple(
        NamedSource(name, MemorySource(words, (common + rng.normal(size=common.shape)).astype(np.float32)))
        for name in names
    )
    return run_whole(AnalysisRequest(spaces, WordList(tuple(words)), **request))
