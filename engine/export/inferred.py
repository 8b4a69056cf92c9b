"""What was inferred of a pair of spaces, for result.json: numbers in full precision and how each was found."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine.result import AnalysisResult

if TYPE_CHECKING:
    from engine.inference.differences import Difference
    from engine.inference.findings import PairStatistics
    from engine.inference.permutation import PermutationTest
    from engine.inference.stability import FrequencyBands, RandomDraws


def inferred(found: PairStatistics) -> dict[str, Any]:
    """Keys of a comparison in result.json, only those that were asked for; null where a number is undefined."""
    values: dict[str, Any] = {}
    if found.tests:
        values["p_values"] = {name: test.p for name, test in found.tests.items()}
        values["permutation_tests"] = {name: _test(test) for name, test in found.tests.items()}
    if found.partial:
        values["partial"] = {
            name: _test(one.test) | {"without": one.without, "confounds": one.confounds, "left_out": one.left_out}
            for name, one in found.partial.items()
        }
    if found.intervals:
        values["confidence_intervals"] = {name: [one.low, one.high] for name, one in found.intervals.items()}
        values["bootstrap"] = {name: asdict(one) for name, one in found.intervals.items()}
        values["differences"] = [_difference(one) for one in found.differences]
    if found.draws:
        values["random_draws"] = _draws(found.draws)
    if found.bands:
        values["frequency_bands"] = _bands(found.bands)
    if found.by_preprocessing:
        values["by_preprocessing"] = found.by_preprocessing
    return values


def _test(test: PermutationTest) -> dict[str, Any]:
    return {
        "observed": test.observed,
        "p": test.p,
        "corrected_p": test.corrected_p,
        "correction": test.correction,
        "permutations": test.permutations,
        "sided": test.sided,
        "seed": test.seed,
        "exact": test.exact,
        "stopped_early": test.stopped_early,
        "null_mean": test.null_mean,
        "null_sd": float(test.null.std()) if len(test.null) else None,
        "method": test.method,
        "reason": test.reason,
    }


def overall(result: AnalysisResult) -> dict[str, Any]:
    """Keys of result.json on more than one pair of spaces; none where nothing was asked for."""
    statistics = result.statistics
    if statistics is None:
        return {}
    values: dict[str, Any] = {}
    if statistics.pool:
        values["pool"] = statistics.pool
    if statistics.between:
        values["between"] = [
            {name: _pair(result, k) for name, k in (("first", one.first), ("second", one.second))}
            | _difference(one.difference)
            for one in statistics.between
        ]
    return values


def _pair(result: AnalysisResult, k: int) -> list[str]:
    return list(result.names(result.comparisons[k]))


def _difference(difference: Difference) -> dict[str, Any]:
    return asdict(difference.interval) | {
        "p": difference.p,
        "corrected_p": difference.corrected_p,
        "correction": difference.correction,
    }


def _draws(draws: RandomDraws) -> dict[str, Any]:
    return {
        "words": draws.words,
        "shared": draws.shared,
        "seed": draws.seed,
        "method": draws.method,
        "undefined": draws.undefined,
        "values": {
            name: [None if math.isnan(value) else value for value in values.tolist()]
            for name, values in draws.values.items()
        },
    }


def _bands(bands: FrequencyBands) -> dict[str, Any]:
    return asdict(bands)
