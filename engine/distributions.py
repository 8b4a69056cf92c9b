"""The distributions that tests and intervals come from, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.comparison import COMPARISONS
from engine.data import FloatArray
from engine.description import names_of, three_digits
from engine.headline import p_in_short
from engine.result import AnalysisResult

BINS, FEWEST_BINS = 60, 10


@dataclass(frozen=True, eq=False)
class Distribution:
    """One histogram.

    Parameters
    ----------
    title : str
    spaces : tuple of two str
        The names of the spaces compared.
    measure : str
        A key of `COMPARISONS`.
    values : (B,) float64 array
    observed : float
    ends : tuple of (low, high) or None
        Of an interval to mark.
    caption : str
    unit : str
        What is counted.
    """

    title: str
    spaces: tuple[str, str]
    measure: str
    values: FloatArray
    observed: float
    ends: tuple[float, float] | None
    caption: str
    unit: str


def null_distributions(result: AnalysisResult) -> list[Distribution]:
    """Of each pair of spaces and measure that was tested."""
    return [
        Distribution(
            names_of(result, comparison),
            result.names(comparison),
            name,
            test.null,
            test.observed,
            None,
            f"{COMPARISONS[name].symbol} = {three_digits(test.observed)}, {p_in_short(test)}",
            "relabellings",
        )
        for comparison, found in result.inferred
        for name, test in found.tests.items()
        if test.observed is not None and test.p is not None and len(test.null)
    ]


def bootstrap_distributions(result: AnalysisResult) -> list[Distribution]:
    """Of each pair of spaces and measure that has an interval."""
    return [
        Distribution(
            names_of(result, comparison),
            result.names(comparison),
            name,
            found.bootstraps[name].defined,
            interval.observed,
            (interval.low, interval.high),
            f"{COMPARISONS[name].symbol} = {three_digits(interval.observed)}  "
            f"[{three_digits(interval.low)}, {three_digits(interval.high)}]",
            "draws",
        )
        for comparison, found in result.inferred
        for name, interval in found.intervals.items()
        if interval.observed is not None and interval.low is not None and interval.high is not None
    ]


def histogram(distribution: Distribution, bins: int = BINS) -> tuple[FloatArray, FloatArray]:
    """(k,) counts and (k + 1,) edges, of `bins` or fewer."""
    edges = bin_edges(distribution.values, bins)
    return np.histogram(distribution.values, edges)[0], edges


def bin_edges(values: FloatArray, bins: int = BINS) -> FloatArray:
    """Edges around all values, of fewer bins where few values would leave gaps between bars.

    Values that differ by rounding alone make one bar of some width.
    """
    bins = min(bins, max(FEWEST_BINS, round(2 * np.sqrt(len(values)))))
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    largest = max(abs(low), abs(high))
    room = high - low if high - low > 1e-9 * largest else 1e-3 * (largest or 1.0)
    return np.linspace(low - room * 0.01, high + room * 0.01, bins + 1)
