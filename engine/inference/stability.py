"""How much an agreement depends on which words were chosen: over random draws of words, and by their frequency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.comparison import COMPARISONS, Compared, Options, compare, measure_input
from engine.data import FloatArray, IntArray, read_only
from engine.errors import MeasureError
from engine.inference.bootstrap import FEWEST_WORDS, Interval, bootstrap_intervals, fewest_draws
from engine.inference.choices import IntervalKind
from engine.inference.seeds import generator
from engine.measures.closed_form import pair_agreement
from engine.measures.ranks import spearman_binned
from engine.progress import SILENT, Progress
from engine.similarity import similarity_matrix

MIDDLE = 0.95  # share of random draws that is told
CLOSED = ("pearson", "cosine")
CLOSE = {"spearman": spearman_binned}  # ways that are exact enough for draws, and faster where words are thousands
PRODUCTS_OF_ROWS = ("cosine", "pearson", "dot")


@dataclass(frozen=True, eq=False)
class RandomDraws:
    """Measures of many random sets of words.

    Parameters
    ----------
    values : dict of str to (draws,) float64 array
        By measure; NaN where it is undefined for the words drawn, `undefined` says how often.
    undefined : dict of str to int
    words : int
        Words per draw, all different.
    shared : int
        Words they were drawn from.
    seed : int
    method : str
        All of this in words.
    """

    values: dict[str, FloatArray]
    undefined: dict[str, int]
    words: int
    shared: int
    seed: int
    method: str

    def __post_init__(self) -> None:
        for values in self.values.values():
            read_only(values)

    @property
    def has_tails(self) -> bool:
        """Whether so many have a value that a part of them can be left out at either end."""
        return all(np.count_nonzero(~np.isnan(some)) >= fewest_draws(MIDDLE) for some in self.values.values())

    def middle(self, measure: str) -> tuple[float, float] | None:
        """Between which values the middle 95 % of the draws lie, or all of few; None if all are undefined."""
        values = self.values[measure]
        if np.isnan(values).all():
            return None
        low, high = np.nanquantile(values, ((1 - MIDDLE) / 2, (1 + MIDDLE) / 2) if self.has_tails else (0, 1))
        return float(low), float(high)


@dataclass(frozen=True)
class FrequencyBands:
    """Measures of words of like frequency, from the most frequent band to the rarest.

    Parameters
    ----------
    ranks : tuple of (int, int)
        The lowest and highest rank in each band.
    available : tuple of int
        Words each band has.
    words : int
        Words that were measured in each band: all or a random choice, equally many everywhere.
    intervals : dict of str to tuple of Interval
        By measure, one per band; without ends where no draws were asked for.
    seed : int
    method : str
        All of this in words.
    """

    ranks: tuple[tuple[int, int], ...]
    available: tuple[int, ...]
    words: int
    intervals: dict[str, tuple[Interval, ...]]
    seed: int
    method: str


def random_draws(
    first: FloatArray,
    second: FloatArray,
    similarity: str,
    measures: Iterable[str],
    options: Options = Options(),
    options_for: int | None = None,
    words: int = 100,
    draws: int = 200,
    seed: int = 0,
    progress: Progress = SILENT,
) -> RandomDraws:
    """Each measure of many random sets of words, drawn from all words that two spaces share.

    Parameters
    ----------
    first, second : (N, d) arrays
        The preprocessed vectors of all shared words, in the same order.
    similarity : str
        A key of `SIMILARITIES`.
    measures : iterable of str
        Keys of `COMPARISONS`.
    options : Options, optional
    options_for : int, optional
        For how many words the options are meant; as many as a draw has, if left out.
    words : int, optional
        How many words each draw has.
    draws : int, optional
    seed : int, optional
    progress : Progress, optional

    Raises
    ------
    MeasureError
        If there are fewer words than a draw needs, or values that are not numbers.
    Cancelled
    """
    shared = _shared(first, second, words, f"draws of {words:,} words", "statistics.draw_size")
    options = options.among(words, options_for) if options_for else options
    rng = generator(seed, "draws")
    names = list(measures)
    measure_all = _from_vectors if similarity in PRODUCTS_OF_ROWS and set(names) <= set(CLOSED) else _from_matrices
    values: dict[str, list[float]] = {measure: [] for measure in names}
    for draw in range(draws):
        progress.step(f"random words, {draw:,} of {draws:,} draws", draw / draws)
        rows = np.sort(rng.choice(shared, words, replace=False))
        for measure, value in measure_all(first[rows], second[rows], similarity, names, options).items():
            values[measure].append(float("nan") if value is None else value)
    arrays = {measure: np.array(some) for measure, some in values.items()}
    of = f"of {words:,} of {shared:,} shared words" if words < shared else f"of all {shared:,} shared words, thus equal"
    if shared / 2 < words < shared:
        of += f", any two with {2 * words - shared:,} or more in common"
    return RandomDraws(
        values=arrays,
        undefined={measure: int(np.isnan(some).sum()) for measure, some in arrays.items()},
        words=words,
        shared=shared,
        seed=seed,
        method=f"{draws:,} random draw{'s' * (draws != 1)} {of}{_neighbours(names, options)}, seed {seed}",
    )


def frequency_bands(
    first: FloatArray,
    second: FloatArray,
    ranks: IntArray,
    similarity: str,
    measures: Iterable[str],
    options: Options = Options(),
    options_for: int | None = None,
    bands: int = 5,
    words: int = 500,
    draws: int = 1_000,
    level: float = 0.95,
    kind: IntervalKind = "percentile",
    seed: int = 0,
    progress: Progress = SILENT,
) -> FrequencyBands:
    """Each measure of words of like frequency: equally many words in each band of ranks.

    Parameters
    ----------
    first, second : (N, d) arrays
        The preprocessed vectors of all shared words, in the same order.
    ranks : (N,) int array
        The words' frequency ranks; 1 is the most frequent.
    similarity : str
        A key of `SIMILARITIES`.
    measures : iterable of str
        Keys of `COMPARISONS`.
    options : Options, optional
    options_for : int, optional
        For how many words the options are meant; as many as are measured, if left out.
    bands : int, optional
    words : int, optional
        At most so many words of each band are measured, a random choice; fewer where a band has fewer. Equally many
        in all bands, so that measures that depend on the number of words can be compared.
    draws, level, kind
        As for `bootstrap_intervals`.
    seed : int, optional
    progress : Progress, optional

    Raises
    ------
    MeasureError
        If a band would have fewer than 4 words, or values are not numbers.
    Cancelled
    """
    if bands < 1:
        raise MeasureError(f"There must be 1 frequency band or more, not {bands:,}.", "statistics.bands")
    shared = _shared(first, second, FEWEST_WORDS * bands, f"{bands:,} frequency bands", "statistics.bands")
    parts = np.array_split(np.argsort(ranks, kind="stable"), bands)
    measured = min(words, shared // bands)
    options = options.among(measured, options_for) if options_for else options
    rng = generator(seed, "bands")
    names = list(measures)
    intervals: dict[str, list[Interval]] = {measure: [] for measure in names}
    for i, part in enumerate(parts):
        progress.step(f"frequency bands, {i:,} of {bands:,}", i / bands)
        rows = np.sort(rng.choice(part, measured, replace=False))
        a, b = (_compared(vectors[rows], similarity) for vectors in (first, second))
        for measure, interval in bootstrap_intervals(a, b, names, options, draws, seed, level, kind, progress).items():
            intervals[measure].append(interval)
    return FrequencyBands(
        ranks=tuple((int(ranks[part].min()), int(ranks[part].max())) for part in parts),
        available=tuple(map(len, parts)),
        words=measured,
        intervals={measure: tuple(each) for measure, each in intervals.items()},
        seed=seed,
        method=f"{bands:,} bands of equally many of {shared:,} shared words by rank, "
        f"{measured:,} words measured in each{_neighbours(names, options)}, seed {seed}",
    )


def _neighbours(names: Sequence[str], options: Options) -> str:
    """How many are taken of fewer words, for measures of neighbours."""
    counted = any(COMPARISONS[name].chance is not None for name in names)
    return f", {options.neighbours:,} neighbour{'s' * (options.neighbours != 1)}" if counted else ""


def _shared(first: FloatArray, second: FloatArray, needed: int, what: str, concerns: str) -> int:
    """How many words both have; raises `MeasureError` if that is fewer than needed."""
    if len(first) != len(second):
        raise MeasureError(f"The spaces have {len(first):,} and {len(second):,} words; they must be the same words.")
    if needed < FEWEST_WORDS:
        raise MeasureError(f"{needed} words are too few; choose {FEWEST_WORDS} or more.", "words")
    if len(first) < needed:
        raise MeasureError(
            f"The spaces share {len(first):,} words, and {what} need {needed:,}; choose fewer.", concerns
        )
    return len(first)


def _from_vectors(
    first: FloatArray, second: FloatArray, similarity: str, measures: Sequence[str], options: Options
) -> dict[str, float | None]:
    """Measures in `CLOSED`, without any n x n matrix where there are more words than dimensions."""
    for vectors in (first, second):
        if not np.isfinite(vectors).all():
            raise MeasureError("Some vectors have values that are not numbers; choose other words.", "words")
    agreement = pair_agreement(first, second, similarity)
    if agreement is None:
        return _from_matrices(first, second, similarity, measures, options)
    return {measure: getattr(agreement, measure) for measure in measures}


def _from_matrices(
    first: FloatArray, second: FloatArray, similarity: str, measures: Sequence[str], options: Options
) -> dict[str, float | None]:
    a, b = _compared(first, similarity), _compared(second, similarity)
    return {measure: _measured(a, b, measure, options) for measure in measures}


def _measured(first: Compared, second: Compared, measure: str, options: Options) -> float | None:
    if measure not in CLOSE:
        return compare(first, second, measure, options)
    return CLOSE[measure](*(measure_input(space, COMPARISONS[measure]) for space in (first, second)))


def _compared(vectors: FloatArray, similarity: str) -> Compared:
    return Compared(similarity_matrix(vectors, similarity), vectors)
