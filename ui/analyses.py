"""From a request to a result on screen, and then to what is inferred of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from engine.analysis import run_analysis
from engine.pair_order import PairList, PairOrder, sort_pairs
from engine.progress import Progress
from engine.request import AnalysisRequest
from engine.result import AnalysisResult
from engine.step_cache import StepCache
from ui.jobs import JobRunner
from ui.state import AppState
from ui.views.preparation import prepare

if TYPE_CHECKING:
    from engine.inference.findings import Statistics

ANALYSIS, STATISTICS, PAIRS, NEIGHBOURS = "analysis", "statistics", "pairs", "neighbours"


class Analyses(QObject):
    """Runs analyses in the worker: the pictures first, then what takes longer.

    Signals
    -------
    pairs_sorted(PairOrder or None)
        None: sorting was cancelled or failed.
    """

    pairs_sorted = Signal(object)

    def __init__(self, state: AppState, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._runner = state, runner
        self._cache = StepCache()  # used by these jobs only, so by the worker thread only
        runner.succeeded.connect(self._on_succeeded)
        runner.cancelled.connect(self._on_ended)
        runner.failed.connect(self._on_ended)

    def run(self, request: AnalysisRequest) -> None:
        """Analyse; the old result stays until the new one is there."""

        def analyse(progress: Progress, cache: StepCache) -> AnalysisResult:
            result = run_analysis(request, progress, cache)
            prepare(result, progress)
            return result

        self.submit(ANALYSIS, analyse, STATISTICS, NEIGHBOURS)

    def sort_pairs(self, wanted: PairList) -> None:
        """Sort pairs; an earlier wish is dropped."""

        def sort(progress: Progress, cache: StepCache) -> PairOrder:
            return sort_pairs(wanted, progress)

        self.submit(PAIRS, sort)

    def submit(
        self, kind: str, work: Callable[[Progress, StepCache], object], *overtaken: str, quiet: bool = False
    ) -> None:
        """Queue a job that may use what analyses have opened and computed; the runner tells how it ended."""
        cache = self._cache
        self._runner.submit(kind, lambda progress: work(progress, cache), *overtaken, quiet=quiet)

    def completed(self, result: AnalysisResult, progress: Progress) -> AnalysisResult:
        """The result with all that is to be inferred of it; for jobs, in the worker."""
        if result.statistics is not None or not result.request.statistics.is_asked_for:
            return result
        return result.with_statistics(_infer(result.request, progress, self._cache))

    def _on_succeeded(self, kind: str, result: object) -> None:
        if kind == ANALYSIS and isinstance(result, AnalysisResult):
            self._state.set_result(result)
            if result.request.statistics.is_asked_for:
                self.submit(STATISTICS, partial(_infer, result.request))
        elif kind == STATISTICS:
            self._state.set_statistics(cast("Statistics", result))
        elif kind == PAIRS:
            self.pairs_sorted.emit(result)

    def _on_ended(self, kind: str, error: object = None) -> None:
        if kind == PAIRS:
            self.pairs_sorted.emit(None)


def _infer(request: AnalysisRequest, progress: Progress, cache: StepCache) -> Statistics:
    from engine.statistics import run_statistics  # in the worker, and only where it is asked for

    return run_statistics(request, progress, cache)
