"""Whether two agreements differ: two measures of the same spaces, or two pairs of spaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.data import FloatArray, read_only
from engine.errors import MeasureError
from engine.inference.bootstrap import Bootstrap, Interval
from engine.inference.choices import IntervalKind


@dataclass(frozen=True, eq=False)
class Difference:
    """One agreement less another, on the same draws of words.

    Parameters
    ----------
    interval : Interval
        Of the difference; its `observed` is the difference itself, its `method` and `seed` how it was found.
    p : float or None
        Two-sided, that there is no difference: twice the share of draws on the rarer side of 0, the observed value
        counted as one draw more; None where there is no interval.
    draws : (B,) float64 array
        The difference on each draw.
    corrected_p : float or None
        p corrected for several tests, where asked for.
    correction : str
        By which method.
    """

    interval: Interval
    p: float | None
    draws: FloatArray
    corrected_p: float | None = None
    correction: str = ""

    def __post_init__(self) -> None:
        read_only(self.draws)


def difference(
    first: Bootstrap, second: Bootstrap, level: float = 0.95, kind: IntervalKind = "percentile"
) -> Difference:
    """The first agreement less the second, with its interval and p.

    Two measures of one pair of spaces come from one call of `bootstraps`; two pairs of spaces from two calls with the
    same words, number of draws and seed. What both have in common then cancels out.

    Raises
    ------
    MeasureError
        If the two were not made on the same draws of words.
    """
    if _different_draws(first, second):
        raise MeasureError(
            "Two agreements can be compared only on the same draws of words; "
            "draw them with the same words, number of draws and seed, and measures of one kind."
        )
    if first.observed is None or second.observed is None:
        undefined = Bootstrap(
            "", None, np.empty(0), np.empty(0), first.n_words, first.seed, first.reason or second.reason
        )
        return Difference(undefined.interval(level, kind), None, np.empty(0))
    jackknifed = len(first.jackknife) == len(second.jackknife)
    subtracted = Bootstrap(
        f"{first.measure} - {second.measure}",
        first.observed - second.observed,
        first.values - second.values,
        first.jackknife - second.jackknife if jackknifed else np.empty(0),
        first.n_words,
        first.seed,
        drawn=first.drawn,
    )
    interval = subtracted.interval(level, kind)
    return Difference(interval, None if interval.low is None else _p(subtracted.defined), subtracted.defined)


def benjamini_hochberg_of_differences(differences: Sequence[Difference]) -> list[Difference]:
    """The differences with p-values that bound the share of false ones among those called significant."""
    from scipy.stats import false_discovery_control

    p_values = [one.p for one in differences if one.p is not None]
    corrected = iter(false_discovery_control(p_values) if p_values else ())
    return [
        one if one.p is None else replace(one, corrected_p=float(next(corrected)), correction="Benjamini-Hochberg")
        for one in differences
    ]


def _different_draws(first: Bootstrap, second: Bootstrap) -> bool:
    if (first.n_words, first.seed) != (second.n_words, second.seed):
        return True
    defined = first.observed is not None and second.observed is not None
    return defined and (first.drawn, len(first.values)) != (second.drawn, len(second.values))


def _p(draws: FloatArray) -> float:
    rarer = min(np.count_nonzero(draws <= 0), np.count_nonzero(draws >= 0))
    return min(1.0, 2 * (1 + rarer) / (1 + len(draws)))
