"""What is inferred of one pair of spaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from engine.comparison import COMPARISONS, Options, compare
from engine.data import Compared, Comparison, FloatArray, IntArray
from engine.errors import MeasureError
from engine.inference.bootstrap import FEWEST_WORDS, Bootstrap, bootstraps
from engine.inference.choices import PARTIAL, IntervalKind
from engine.inference.confounds import edit_distances, length_differences, rank_differences
from engine.inference.differences import Difference, difference
from engine.inference.findings import PairStatistics
from engine.inference.partial import PartialMantel, partial_mantel
from engine.inference.permutation import PermutationTest, permutation_tests
from engine.inference.stability import FrequencyBands, RandomDraws, frequency_bands, random_draws
from engine.pool import Pool
from engine.preprocessing import PREPROCESSINGS, Fitted
from engine.progress import Progress
from engine.request import AnalysisRequest
from engine.result import AnalysisResult
from engine.similarity import similarity_matrix

LEVEL = 0.95  # of intervals
CLEAR_OF = 0.05  # the level an adaptive test wants to be clear of
USUAL_BOOTSTRAPS = 1_000  # where bands are asked for and intervals are not


@dataclass(frozen=True, eq=False)
class PairQuestion:
    """One pair of spaces and what is asked of it; every method answers one question, or with nothing if not asked.

    Parameters
    ----------
    result : AnalysisResult
    comparison : Comparison
        The pair.
    drawn_from : Pool or None
        What random draws and bands are taken of.
    fit : callable
        Takes the number of a space and the name of a preprocessing step; the step, fitted to that space.
    progress : Progress
    """

    result: AnalysisResult
    comparison: Comparison
    drawn_from: Pool | None
    fit: Callable[[int, str], Fitted]
    progress: Progress

    def inferred(self) -> PairStatistics:
        if not self.request.comparisons:
            return PairStatistics(self.comparison.first, self.comparison.second)
        drawn = self.bootstraps()
        wanted = self.request.statistics
        return PairStatistics(
            self.comparison.first,
            self.comparison.second,
            tests=self.tests(),
            partial=self.partial(),
            bootstraps=drawn,
            intervals={name: one.interval(LEVEL, wanted.interval) for name, one in drawn.items()},
            differences=_differences(drawn, wanted.interval),
            draws=self.draws(),
            bands=self.bands(),
            by_preprocessing=self.by_preprocessing(),
        )

    @property
    def request(self) -> AnalysisRequest:
        return self.result.request

    @property
    def options(self) -> Options:
        return Options(self.request.neighbours)

    @property
    def spaces(self) -> tuple[Compared, Compared]:
        spaces = self.result.spaces
        return spaces[self.comparison.first].compared, spaces[self.comparison.second].compared

    @property
    def stop_at(self) -> float | None:
        wanted = self.request.statistics
        # One of several tests is held to a lower level, which none knows before all are done.
        return CLEAR_OF if wanted.adaptive and wanted.correction == "none" else None

    def tests(self) -> dict[str, PermutationTest]:
        request, wanted = self.request, self.request.statistics
        if not wanted.permutations:
            return {}
        return permutation_tests(
            *self.spaces,
            request.comparisons,
            self.options,
            wanted.permutations,
            request.seed,
            wanted.sided,
            self.stop_at,
            self.progress,
        )

    def partial(self) -> dict[str, PartialMantel]:
        request, wanted = self.request, self.request.statistics
        if not (wanted.permutations and wanted.controls):
            return {}
        confounds = _confounds(self.result, wanted.controls, self.progress)
        return {
            measure: partial_mantel(
                *self.spaces,
                confounds,
                measure,
                wanted.permutations,
                request.seed,
                wanted.sided,
                self.stop_at,
                self.progress,
            )
            for measure in PARTIAL
            if measure in request.comparisons
        }

    def bootstraps(self) -> dict[str, Bootstrap]:
        request, wanted = self.request, self.request.statistics
        if not wanted.bootstraps:
            return {}
        jackknife = wanted.interval == "bca"
        return bootstraps(
            *self.spaces, request.comparisons, self.options, wanted.bootstraps, request.seed, jackknife, self.progress
        )

    def draws(self) -> RandomDraws | None:
        request, wanted = self.request, self.request.statistics
        if not wanted.draws or self.drawn_from is None:
            return None
        return random_draws(
            *self.preprocessed(self.drawn_from, request.preprocessing),
            request.similarity,
            request.comparisons,
            self.options,
            options_for=len(self.result.words),
            words=min(wanted.draw_size, len(self.drawn_from.words)),
            draws=wanted.draws,
            seed=request.seed,
            progress=self.progress,
        )

    def bands(self) -> FrequencyBands | None:
        request, wanted = self.request, self.request.statistics
        if not wanted.bands or self.drawn_from is None:
            return None
        ranked = self._ranked(self.drawn_from, wanted.bands)
        left_out = len(self.drawn_from.words) - len(ranked.words)
        found = frequency_bands(
            *self.preprocessed(ranked, request.preprocessing),
            _ranks(ranked.indices[0]),
            request.similarity,
            request.comparisons,
            self.options,
            options_for=len(self.result.words),
            bands=wanted.bands,
            draws=wanted.bootstraps or USUAL_BOOTSTRAPS,
            kind=wanted.interval,
            seed=request.seed,
            progress=self.progress,
        )
        return replace(found, method=f"{found.method}, {left_out:,} of several tokens left out") if left_out else found

    def _ranked(self, pool: Pool, bands: int) -> Pool:
        """The words that have a frequency rank: those of several tokens in the first space have none."""
        has_rank = (pool.indices[0] >= 0).tolist()
        left_out, needed = has_rank.count(False), FEWEST_WORDS * bands
        if not left_out:
            return pool
        if has_rank.count(True) < needed:
            raise MeasureError(
                f"{left_out:,} of {len(has_rank):,} words are several tokens in {self.result.spaces[0].name} and have "
                f"no rank there; {bands:,} frequency bands need {needed:,} that have one. Choose fewer bands.",
                "statistics.bands",
            )
        return pool.only(has_rank)

    def by_preprocessing(self) -> dict[str, dict[str, float | None]]:
        request = self.request
        if not request.statistics.preprocessings:
            return {}
        found: dict[str, dict[str, float | None]] = {}
        for name, step in PREPROCESSINGS.items():
            self.progress.step(f"agreement with vectors {step.label}", len(found) / len(PREPROCESSINGS))
            try:
                first, second = (self._compared(k, name) for k in (self.comparison.first, self.comparison.second))
            except MeasureError:
                if request.components is not None:
                    raise
                # Of so few words or dimensions there is no such step.
                found[name] = dict.fromkeys(request.comparisons)
                continue
            found[name] = {measure: self._value(first, second, measure) for measure in request.comparisons}
        return found

    def _value(self, first: Compared, second: Compared, measure: str) -> float | None:
        """The measure, or None also where preprocessing left a word without a similarity, such as nothing of it."""
        defined = all(np.isfinite(one.similarities.triangle).all() for one in (first, second))
        if not defined and COMPARISONS[measure].takes != "vectors":
            return None
        return compare(first, second, measure, self.options, self.progress)

    def preprocessed(self, pool: Pool, preprocessing: str) -> tuple[FloatArray, FloatArray]:
        """The vectors of some words, preprocessed as the whole pool wants."""
        return (
            self.fit(self.comparison.first, preprocessing).apply(pool.vectors[self.comparison.first]),
            self.fit(self.comparison.second, preprocessing).apply(pool.vectors[self.comparison.second]),
        )

    def _compared(self, k: int, preprocessing: str) -> Compared:
        vectors = self.fit(k, preprocessing).apply(self.result.spaces[k].vectors)
        return Compared(similarity_matrix(vectors, self.request.similarity, self.progress), vectors)


def _confounds(result: AnalysisResult, names: Sequence[str], progress: Progress) -> dict[str, FloatArray]:
    """What words have in common besides meaning, by its name in the table; `CONFOUNDS` has what there is."""
    make = {
        "length": lambda: length_differences(result.words),
        "frequency": lambda: rank_differences(_ranks(result.spaces[0].indices).tolist()),
        "edit_distance": lambda: edit_distances(result.words, progress),
    }
    return {name: make[name]() for name in names}


def _ranks(indices: IntArray) -> IntArray:
    """(n,) places in the vocabulary, 1 the first; words of several tokens have none and come after all others."""
    return np.where(indices >= 0, indices + 1, indices.max(initial=-1) + 2)


def _differences(drawn: dict[str, Bootstrap], kind: IntervalKind) -> tuple[Difference, ...]:
    """Of any two measures that look at pairs, which all lie between -1 and 1."""
    on_one_scale = [name for name in drawn if COMPARISONS[name].takes == "pairs"]
    return tuple(difference(drawn[one], drawn[other], LEVEL, kind) for one, other in combinations(on_one_scale, 2))
