"""Intervals for an agreement from bootstrap draws of words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.comparison import Compared, Options, compare
from engine.data import FloatArray, read_only
from engine.errors import MeasureError
from engine.inference.choices import INTERVALS, IntervalKind
from engine.inference.draws import DRAWS, draws_of_words, samplers
from engine.inference.permutation import check_words, why_undefined
from engine.inference.seeds import generator
from engine.progress import SILENT, Progress

FEWEST_WORDS = 4
SAME = 1e-12  # share of a value by which rounding changes it


@dataclass(frozen=True)
class Interval:
    """Between which values an agreement lies, for words like these.

    Parameters
    ----------
    measure : str
        A key of `COMPARISONS`, or what was subtracted from what.
    observed : float or None
    level : float
        0.95: covers the population's value for 95 of 100 sets of words.
    low, high : float or None
        None where there is no interval; `reason` says why.
    kind : {"percentile", "bca"}
    draws : int
        B, how many draws of words count.
    undefined : int
        How many more had no value, because their words were too few or all their pairs equal.
    seed : int
    method : str
        All of this in words.
    reason : str
        Why there is no interval, where there is none.
    """

    measure: str
    observed: float | None
    level: float
    low: float | None
    high: float | None
    kind: IntervalKind
    draws: int
    undefined: int
    seed: int
    method: str
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """A measure of many draws of words with replacement.

    Parameters
    ----------
    measure : str
        A key of `COMPARISONS`, or what was subtracted from what.
    observed : float or None
        Of the words as they are; None where undefined.
    values : (B,) float64 array
        Of each draw, in an order that depends on the seed and the number of words alone: the same for each measure and
        space. NaN marks draws on which the measure is undefined; `defined` leaves them out.
    jackknife : (n,) float64 array
        Without each word in turn, for BCa intervals; empty where they were not asked for.
    n_words : int
    seed : int
    reason : str
        Why there are no values, where there are none.
    drawn : str
        What the values are of, in words.
    """

    measure: str
    observed: float | None
    values: FloatArray
    jackknife: FloatArray
    n_words: int
    seed: int
    reason: str = ""
    drawn: str = DRAWS

    def __post_init__(self) -> None:
        read_only(self.values)
        read_only(self.jackknife)

    @property
    def defined(self) -> FloatArray:
        """The draws on which the measure has a value."""
        return read_only(self.values[~np.isnan(self.values)])

    def interval(self, level: float = 0.95, kind: IntervalKind = "percentile") -> Interval:
        """The interval that holds the middle of the draws.

        Parameters
        ----------
        level : float, optional
            Between 0 and 1.
        kind : {"percentile", "bca"}, optional
            "percentile": the middle `level` of the draws. "bca": corrected for bias and skewness (Efron 1987).

        Raises
        ------
        MeasureError
            If the level is not between 0 and 1, or BCa is asked for without jackknife values.
        """
        if not 0 < level < 1:
            raise MeasureError(f"The level of an interval lies between 0 and 1, and {level} does not.", "bootstraps")
        values = self.defined
        ends, reason = self._ends(values, level, kind)
        low, high = np.quantile(values, ends) if ends else (None, None)
        undefined = len(self.values) - len(values)
        missing = f" ({undefined:,} more {'was' if undefined == 1 else 'were'} undefined)" if undefined else ""
        return Interval(
            measure=self.measure,
            observed=self.observed,
            level=level,
            low=None if low is None else float(low),
            high=None if high is None else float(high),
            kind=kind,
            draws=len(values),
            undefined=undefined,
            seed=self.seed,
            method=f"{100 * level:g} % {INTERVALS[kind]} interval, {len(values):,} {self.drawn} of {self.n_words:,} "
            f"words{missing}, seed {self.seed}",
            reason=reason,
        )

    def _ends(self, values: FloatArray, level: float, kind: IntervalKind) -> tuple[tuple[float, float] | None, str]:
        """Which quantiles of the draws are the ends, or why none are."""
        tails = ((1 - level) / 2, (1 + level) / 2)
        if self.observed is None:
            return None, self.reason
        if 2 * len(values) < len(self.values):
            return None, "Most draws of words are undefined; choose more words or another measure."
        fewest = fewest_draws(level)
        if len(self.values) < fewest:
            return None, f"A {100 * level:g} % interval needs {fewest:,} draws of words or more; choose more."
        if kind == "percentile":
            return tails, ""
        return _bca_ends(values, self.observed, self.jackknife, tails)


def fewest_draws(level: float) -> int:
    """How many draws an interval at a level needs: with fewer, none would lie beyond either end."""
    return round(2 / (1 - level))


def bootstraps(
    first: Compared,
    second: Compared,
    measures: Iterable[str],
    options: Options = Options(),
    draws: int = 1_000,
    seed: int = 0,
    jackknife: bool = True,
    progress: Progress = SILENT,
) -> dict[str, Bootstrap]:
    """Each measure of the same draws of words with replacement.

    Parameters
    ----------
    first, second : Compared
        n words each, in the same order.
    measures : iterable of str
        Keys of `COMPARISONS`.
    options : Options, optional
    draws : int, optional
        B.
    seed : int, optional
        The same seed draws the same words for any two spaces of as many words.
    jackknife : bool, optional
        Whether BCa intervals will be wanted; for some measures that takes n evaluations more.
    progress : Progress, optional

    Raises
    ------
    MeasureError
        If there are fewer than 4 words, other words in either space, or values that are not numbers.
    Cancelled
    """
    check_words(first, second, FEWEST_WORDS, "a bootstrap")
    if draws < 1:
        raise MeasureError(f"A bootstrap needs 1 draw or more, not {draws:,}.", "bootstraps")
    n = len(first.vectors)
    observed = {name: compare(first, second, name, options, progress) for name in dict.fromkeys(measures)}
    defined = {name: value for name, value in observed.items() if value is not None}
    values: dict[str, list[FloatArray]] = {name: [] for name in defined}
    left_out: dict[str, FloatArray] = {}
    ways = samplers(list(defined), first, second, options, seed)
    done = 0
    for counts in draws_of_words(n, draws, generator(seed, "bootstrap")):
        progress.step(f"bootstrap, {done:,} of {draws:,} draws", done / draws)
        for way in ways:
            for name, some in zip(way.measures, way.of_draws(counts, progress), strict=True):
                values[name].append(some)
        done += len(counts)
    for way in ways if jackknife else ():
        left_out |= zip(way.measures, way.without_each(progress), strict=True)
    found = {name: Bootstrap(name, None, np.empty(0), np.empty(0), n, seed, why_undefined(name)) for name in observed}
    for way in ways:
        for name in way.measures:
            settled = way.settled(np.concatenate(values[name]), defined[name])
            without = left_out.get(name, np.empty(0))
            found[name] = Bootstrap(name, defined[name], settled, without, n, seed, drawn=way.drawn)
    return found


def bootstrap_intervals(
    first: Compared,
    second: Compared,
    measures: Iterable[str],
    options: Options = Options(),
    draws: int = 1_000,
    seed: int = 0,
    level: float = 0.95,
    kind: IntervalKind = "percentile",
    progress: Progress = SILENT,
) -> dict[str, Interval]:
    """An interval for each measure; see `bootstraps` for what they need and raise."""
    drawn = bootstraps(first, second, measures, options, draws, seed, kind == "bca", progress)
    return {name: one.interval(level, kind) for name, one in drawn.items()}


def _bca_ends(
    values: FloatArray, observed: float, jackknife: FloatArray, tails: tuple[float, float]
) -> tuple[tuple[float, float] | None, str]:
    """Efron's bias-corrected and accelerated quantiles."""
    from scipy.special import ndtr, ndtri

    if not len(jackknife):
        raise MeasureError("A BCa interval needs the values without each word in turn; ask for them with the draws.")
    tie = SAME * (abs(observed) + values.std())  # draws of the words as they are equal it but for rounding
    below = (np.count_nonzero(values < observed - tie) + np.count_nonzero(values <= observed + tie)) / (2 * len(values))
    if not 0 < below < 1:
        return None, "All draws lie on one side of the observed value, so that BCa cannot correct their bias."
    deviations = np.nanmean(jackknife) - jackknife
    spread = np.nansum(deviations**2) ** 1.5
    acceleration = np.nansum(deviations**3) / (6 * spread) if spread else 0.0
    bias = ndtri(below)
    shifted = bias + ndtri(np.array(tails))
    low, high = ndtr(bias + shifted / (1 - acceleration * shifted))
    return (float(low), float(high)), ""
