"""From a request to a result on screen, and then to what is inferred of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from engine.analysis import run_analysis
from engine.brush_shapes import prepared
from engine.pair_order import PairList, PairOrder, sort_pairs
from engine.progress import Progress
from engine.request import AnalysisRequest
from engine.result import AnalysisResult
from engine.step_cache import StepCache
from ui.jobs import JobRunner
from ui.messages import problem_from
from ui.state import AppState, Moved
from ui.views.preparation import prepare

if TYPE_CHECKING:
    from engine.inference.findings import Statistics

ANALYSIS, STATISTICS, PAIRS, NEIGHBOURS = "analysis", "statistics", "pairs", "neighbours"
MOST_KEPT = 4_000_000  # brushed pairs; while a result replaces another, memory holds both
CANCELLED = {  # what to know once a job of a kind was cancelled
    ANALYSIS: "Cancelled: the pictures show the analysis before. Run starts the one in the panel again.",
    STATISTICS: "Cancelled: tests, intervals and draws are not computed. Run starts them again.",
}


@dataclass(frozen=True, eq=False)
class Analysed:
    """A result, and a brush with what is left of it among the result's words."""

    result: AnalysisResult
    moved: Moved | None


class Analyses(QObject):
    """Runs analyses in the worker: the pictures first, then what takes longer.

    Signals
    -------
    pairs_sorted(PairOrder or None)
        None: sorting was cancelled or failed.
    brush_dropped(str)
        A brush is too large to be kept beside two results; the sentence says so.
    """

    pairs_sorted = Signal(object)
    brush_dropped = Signal(str)

    def __init__(self, state: AppState, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._runner = state, runner
        self._cache = StepCache()  # used by these jobs only, so by the worker thread only
        self._inferring: AnalysisRequest | None = None  # whose statistics have begun and not ended
        runner.succeeded.connect(self._on_succeeded)
        runner.cancelled.connect(self._on_ended)
        runner.failed.connect(self._on_ended)

    def run(self, request: AnalysisRequest) -> None:
        """Analyse; the old result stays until the new one is there."""
        if self._state.brush is not None and self._state.brush.n_pairs > MOST_KEPT:
            self._state.set_brush(None)
            self.brush_dropped.emit(f"More than {MOST_KEPT:,} brushed pairs are not kept for another result.")
        brush = self._state.brush

        def analyse(progress: Progress, cache: StepCache) -> Analysed:
            result = run_analysis(request, progress, cache)
            prepare(result, progress)
            return Analysed(result, None if brush is None else (brush, prepared(brush.moved_to(result.words))))

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
        if kind == ANALYSIS and isinstance(result, Analysed):
            self._inferring = None
            self._state.set_result(result.result, result.moved)
            if result.result.request.statistics.is_asked_for:
                self._start_statistics(result.result.request)
        elif kind == STATISTICS:
            self._inferring = None
            self._state.set_statistics(cast("Statistics", result))
        elif kind == PAIRS:
            self.pairs_sorted.emit(result)

    def _on_ended(self, kind: str, error: object = None) -> None:
        if kind == PAIRS:
            self.pairs_sorted.emit(None)
        elif kind == STATISTICS:
            self._inferring = None
            if isinstance(error, BaseException):
                self._state.fail_statistics(f"This cannot be computed. {problem_from(error).text}")
        elif kind == ANALYSIS and self._inferring is not None:  # it overtook what the result on screen still lacks
            self._start_statistics(self._inferring)

    def _start_statistics(self, request: AnalysisRequest) -> None:
        self._inferring = request
        self.submit(STATISTICS, partial(_infer, request))


def _infer(request: AnalysisRequest, progress: Progress, cache: StepCache) -> Statistics:
    from engine.statistics import run_statistics  # in the worker, and only where it is asked for

    return run_statistics(request, progress, cache)
