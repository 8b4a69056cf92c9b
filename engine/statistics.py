"""What can be inferred from an analysis: is the agreement more than chance, how sure is it, does it hold elsewhere?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from engine.analysis import run_analysis, shared_pool
from engine.inference.corrections import benjamini_hochberg, max_statistic
from engine.inference.differences import Difference, difference
from engine.inference.findings import PairStatistics, Statistics
from engine.pair_statistics import LEVEL, PairQuestion
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
        The one of the analysis: what that computed is not computed again, nor what has been inferred already.

    Raises
    ------
    EngineError
    Cancelled
    """
    cache = cache or StepCache()
    result = run_analysis(request, progress, cache)
    wanted = request.statistics
    pool = None
    if wanted.draws or wanted.bands or wanted.preprocessings:
        pool = shared_pool(request, progress, cache)
    asked = [PairQuestion(result, comparison, pool, progress) for comparison in result.comparisons]
    pairs = _corrected([pair.inferred() for pair in asked], wanted.correction)
    return Statistics(tuple(pairs), _between(pairs, request), pool.description if pool else "")


def _corrected(pairs: Sequence[PairStatistics], correction: str) -> list[PairStatistics]:
    """The pairs with p-values corrected over all measures and pairs together."""
    if correction not in CORRECT:
        return list(pairs)
    corrected = iter(CORRECT[correction]([test for pair in pairs for test in pair.tests.values()]))
    return [replace(pair, tests={name: next(corrected) for name in pair.tests}) for pair in pairs]


def _between(pairs: Sequence[PairStatistics], request: AnalysisRequest) -> tuple[Difference, ...]:
    """Of any two pairs of spaces, by the first measure."""
    if not request.statistics.bootstraps or not request.comparisons:
        return ()
    measure, kind = request.comparisons[0], request.statistics.interval
    return tuple(
        difference(one.bootstraps[measure], other.bootstraps[measure], LEVEL, kind)
        for one, other in combinations(pairs, 2)
    )
