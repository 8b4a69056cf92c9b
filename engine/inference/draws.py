"""Draws of words with replacement, and each measure of the drawn words.

The same word drawn twice makes a pair of a word with itself, which both spaces call most similar: it would raise any
agreement. How a measure leaves such pairs out depends on what it takes: one class each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from engine.comparison import COMPARISONS, Compared, ComparisonMeasure, Options
from engine.data import FloatArray, IntArray
from engine.inference import weighted
from engine.inference.products import PRODUCTS, Kind, centred
from engine.inference.relabellings import MOST_WORDS_IN_DOUBLE
from engine.inference.seeds import generator
from engine.progress import Progress

TOGETHER = 1_000  # draws made at once; a number of the draws themselves: another one gives other draws
FEWEST_PAIRS = 3  # of different words, for a draw to say anything
DRAWS = "bootstrap draws"


def draws_of_words(n: int, draws: int, rng: np.random.Generator) -> Iterator[IntArray]:
    """(some, n) how often each word is drawn, n words a draw, until there are so many draws."""
    for start in range(0, draws, TOGETHER):
        some = min(TOGETHER, draws - start)
        picks = rng.integers(n, size=(some, n), dtype=np.uint32) + np.arange(0, some * n, n)[:, None]
        yield np.bincount(picks.ravel(), minlength=some * n).reshape(some, n)


class Sampler(Protocol):
    """What measures drawn words, for some measures."""

    @property
    def measures(self) -> Sequence[str]:
        """Keys of `COMPARISONS`."""

    @property
    def drawn(self) -> str:
        """What its values are of, in words."""

    def of_draws(self, counts: IntArray, progress: Progress) -> list[FloatArray]:
        """The values of (draws, n) draws, an array for each measure; NaN where undefined."""

    def without_each(self, progress: Progress) -> list[FloatArray]:
        """The values without each word in turn, an array for each measure."""

    def settled(self, values: FloatArray, observed: float) -> FloatArray:
        """The values of a measure once all draws are made; `observed` is that of the words as they are."""


def samplers(measures: Sequence[str], first: Compared, second: Compared, options: Options, seed: int) -> list[Sampler]:
    """What measures the draws."""
    found: list[Sampler] = []
    for kind in dict.fromkeys(PRODUCTS.values()):
        together = [name for name in measures if PRODUCTS.get(name) == kind]
        if together:
            found.append(QuadraticForms(together, kind, first, second))
    for name in measures:
        entry = COMPARISONS[name]
        if entry.takes == "vectors":
            found.append(DistinctWords(entry, first, second, options))
        elif entry.takes == "matrices":
            found.append(HalfSamples(entry, first, second, options, seed))
        elif name not in PRODUCTS:
            found.append(DrawnPairs(entry, first, second, options))
    return found


class QuadraticForms:
    """Measures that are sums of products: all draws at once. Ranks are those among all words' pairs."""

    drawn = DRAWS

    def __init__(self, measures: Sequence[str], kind: Kind, first: Compared, second: Compared) -> None:
        self.measures = measures
        precision = np.float32 if len(first.vectors) > MOST_WORDS_IN_DOUBLE else np.float64
        self._first, self._second = (centred(space, kind, precision) for space in (first, second))

    def of_draws(self, counts: IntArray, progress: Progress) -> list[FloatArray]:
        return self._values(weighted.of_draws(self._first, self._second, counts))

    def settled(self, values: FloatArray, observed: float) -> FloatArray:
        return values

    def without_each(self, progress: Progress) -> list[FloatArray]:
        return self._values(weighted.without_each(self._first, self._second))

    def _values(self, sums: weighted.PairSums) -> list[FloatArray]:
        return [weighted.measure_of(measure, sums, self._first, self._second) for measure in self.measures]


class OneByOne:
    """Any measure, computed anew for each draw."""

    drawn = DRAWS

    def __init__(self, entry: ComparisonMeasure, first: Compared, second: Compared, options: Options) -> None:
        self.measures = [entry.name]
        self._entry, self._spaces, self._options = entry, (first, second), options

    def without_each(self, progress: Progress) -> list[FloatArray]:
        n = len(self._spaces[0].vectors)
        return [self._each((np.delete(np.arange(n), word) for word in range(n)), n, progress)]

    def _each(self, drawn: Iterable[IntArray], total: int, progress: Progress) -> FloatArray:
        values = np.empty(total)
        for i, words in enumerate(drawn):
            progress.step(f"{self._entry.label} of drawn words, {i:,} of {total:,}", i / total)
            values[i] = self._measure(words)
        return values

    def _measure(self, words: IntArray) -> float:
        """The measure of words in ascending order, maybe more than once each; NaN where undefined."""
        first, second = (self._input(space, words) for space in self._spaces)
        if len(words) < self._entry.fewest_words or len(first) < FEWEST_PAIRS:
            return float("nan")
        value = self._entry.compute(first, second, self._options.among(len(words), len(self._spaces[0].vectors)))
        return float("nan") if value is None else value

    def _within_range(self, values: FloatArray) -> FloatArray:
        clipped: FloatArray = np.clip(values, *self._entry.range)
        return clipped

    def _input(self, space: Compared, words: IntArray) -> FloatArray:
        if self._entry.takes == "vectors":
            return space.vectors[words]
        if self._entry.takes == "pairs":
            return pairs_of_different_words(space.similarities.values, words)
        return space.similarities.values[np.ix_(words, words)]


class DrawnPairs(OneByOne):
    """Measures of pairs: those of a word with itself are left out."""

    def of_draws(self, counts: IntArray, progress: Progress) -> list[FloatArray]:
        words = np.arange(counts.shape[1])
        return [self._each((np.repeat(words, times) for times in counts), len(counts), progress)]

    def settled(self, values: FloatArray, observed: float) -> FloatArray:
        return values


class DistinctWords(OneByOne):
    """Measures of vectors: each drawn word counts once.

    A draw's b distinct words of n are a sample without replacement. It varies as 1/b - 1/n where n new words vary as
    1/n, so its distance from the mean is stretched by sqrt(b / (n - b)) (Politis, Romano & Wolf 1999). The mean is
    moved to the observed value, because some of these measures, plain CKA above all, are larger for fewer words.
    """

    drawn = "bootstrap draws, each word counted once,"

    def __init__(self, entry: ComparisonMeasure, first: Compared, second: Compared, options: Options) -> None:
        super().__init__(entry, first, second, options)
        self._stretches: list[FloatArray] = []

    def of_draws(self, counts: IntArray, progress: Progress) -> list[FloatArray]:
        distinct = np.count_nonzero(counts, axis=1)
        self._stretches.append(np.sqrt(distinct / np.maximum(counts.shape[1] - distinct, 1)))
        return [self._each((np.flatnonzero(times) for times in counts), len(counts), progress)]

    def settled(self, values: FloatArray, observed: float) -> FloatArray:
        if np.isnan(values).all():
            return values
        moved = observed + np.concatenate(self._stretches) * (values - np.nanmean(values))
        return self._within_range(moved)


class HalfSamples(OneByOne):
    """Measures of neighbourhoods: half of the words against the other half.

    Who is nearest changes by leaps as words are left out: draws of fewer words vary more than new words would, however
    they are stretched. Two halves have no word in common. Half the difference between them varies as the measure of n
    new words does, but for what falls faster than 1/n (balanced half samples: McCarthy 1969; Wolter 2007, chapter 3).
    """

    drawn = "half samples"

    def __init__(
        self, entry: ComparisonMeasure, first: Compared, second: Compared, options: Options, seed: int
    ) -> None:
        super().__init__(entry, first, second, options)
        self._rng = generator(seed, "halves")  # the same halves for each measure and space

    def of_draws(self, counts: IntArray, progress: Progress) -> list[FloatArray]:
        draws, n = counts.shape
        orders = (self._rng.permutation(n) for _ in range(draws))
        halves = (np.sort(half) for order in orders for half in (order[: n // 2], order[-(n // 2) :]))
        values = self._each(halves, 2 * draws, progress)
        return [(values[::2] - values[1::2]) / 2]

    def settled(self, values: FloatArray, observed: float) -> FloatArray:
        return self._within_range(observed + values)


def pairs_of_different_words(values: FloatArray, words: IntArray) -> FloatArray:
    """The similarities of all pairs of drawn words, in ascending order, but for those of a word with itself."""
    others = np.searchsorted(words, words, side="right")
    return np.concatenate([values[word, words[start:]] for word, start in zip(words, others, strict=True)])
