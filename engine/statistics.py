"""What can be inferred from an analysis: is the agreement more than chance, how sure is it, does it hold elsewhere?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations

from engine.analysis import fitted, open_spaces, rule_pool, run_analysis, shared_pool
from engine.difference import NO_DIFFERENCE
from engine.inference.corrections import benjamini_hochberg, max_statistic
from engine.inference.differences import benjamini_hochberg_of_differences, difference
from engine.inference.findings import Between, PairStatistics, Statistics
from engine.pair_statistics import LEVEL, PairQuestion
from engine.preprocessing import Fitted
from engine.progress import SILENT, Progress
from engine.request import AnalysisRequest
from engine.result import AnalysisResult
from engine.step_cache import StepCache

CORRECT = {"max_statistic": max_statistic, "benjamini_hochberg": benjamini_hochberg}


def run_whole(request: AnalysisRequest, progress: Progress = SILENT) -> AnalysisResult:
    """The analysis with all that the request wants to be inferred of it; see `run_analysis` and `run_statistics`."""
    cache = StepCache()
    result = run_analysis(request, progress, cache)
    if not request.statistics.is_asked_for:
        return result
    return replace(result, statistics=run_statistics(request, progress, cache))


def run_statistics(request: AnalysisRequest, progress: Progress = SILENT, cache: StepCache | None = None) -> Statistics:
    """What the request wants to be inferred from its analysis.

    Parameters
    ----------
    request : AnalysisRequest
    progress : Progress
    cache : StepCache, optional
        The one of the analysis: what that computed is not computed again.

    Raises
    ------
    EngineError
    Cancelled
    """
    cache = cache or StepCache()
    # As found: the numbers must not depend on the order in which the words are shown.
    asked = replace(request, order="as_found", difference=NO_DIFFERENCE)
    _, files = open_spaces(asked, progress, cache)
    return cache.get("statistics", (asked, files), partial(_infer, asked, progress, cache))


def _infer(request: AnalysisRequest, progress: Progress, cache: StepCache) -> Statistics:
    result = run_analysis(request, progress, cache)
    wanted = request.statistics
    among_many = wanted.draws or wanted.bands or wanted.preprocessings
    pool = shared_pool(request, progress, cache) if among_many else None
    drawn_from = rule_pool(request, progress, cache) if wanted.draws or wanted.bands else None

    def fit(k: int, preprocessing: str) -> Fitted:
        return fitted(request, k, preprocessing, progress, cache)[0]

    asked = [PairQuestion(result, comparison, drawn_from, fit, progress) for comparison in result.comparisons]
    pairs = [pair.inferred() for pair in asked]
    found = Statistics(tuple(pairs), _between(pairs, request), pool.description if pool else "")
    return found if wanted.correction == "none" else _corrected(found, wanted.correction)


def _corrected(found: Statistics, correction: str) -> Statistics:
    """With p-values corrected over all measures and pairs of spaces together: tests, partial tests, differences."""
    correct = CORRECT[correction]
    tests = iter(correct([test for pair in found.pairs for test in pair.tests.values()]))
    partial_tests = iter(correct([one.test for pair in found.pairs for one in pair.partial.values()]))
    differences = iter(  # these come from draws, not from relabellings, which the largest statistic needs
        benjamini_hochberg_of_differences(
            [one for pair in found.pairs for one in pair.differences] + [one.difference for one in found.between]
        )
    )
    pairs = tuple(
        replace(
            pair,
            tests={name: next(tests) for name in pair.tests},
            partial={name: replace(one, test=next(partial_tests)) for name, one in pair.partial.items()},
            differences=tuple(next(differences) for _ in pair.differences),
        )
        for pair in found.pairs
    )
    between = tuple(replace(one, difference=next(differences)) for one in found.between)
    return replace(found, pairs=pairs, between=between)


def _between(pairs: Sequence[PairStatistics], request: AnalysisRequest) -> tuple[Between, ...]:
    """Of any two pairs of spaces, by the first measure."""
    if not request.statistics.bootstraps or not request.comparisons:
        return ()
    measure, kind = request.comparisons[0], request.statistics.interval
    return tuple(
        Between(i, j, difference(one.bootstraps[measure], other.bootstraps[measure], LEVEL, kind))
        for (i, one), (j, other) in combinations(enumerate(pairs), 2)
    )
