"""What is inferred of an analysis, as tests want it."""

from __future__ import annotations

import json
from typing import Any

from engine.export.inferred import inferred, overall
from engine.inference.findings import PairStatistics, Statistics
from engine.request import AnalysisRequest
from engine.result import AnalysisResult
from engine.statistics import run_whole

EVERYTHING: dict[str, Any] = {
    "permutations": 99,
    "controls": ("length", "frequency", "edit_distance"),
    "bootstraps": 60,
    "draws": 5,
    "draw_size": 8,
    "bands": 2,
    "preprocessings": True,
}


def found_by(request: AnalysisRequest) -> Statistics:
    statistics = run_whole(request).statistics
    assert statistics is not None
    return statistics


def pair_of(request: AnalysisRequest) -> PairStatistics:
    (pair,) = found_by(request).pairs
    return pair


def texts(result: AnalysisResult) -> str:
    """All that was inferred, as JSON; refuses what is not a number."""
    return json.dumps([*(inferred(pair) for _, pair in result.inferred), overall(result)], allow_nan=False)
