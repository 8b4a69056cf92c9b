"""Searches for neighbours in the worker, beside the analyses."""

from __future__ import annotations

from PySide6.QtCore import QObject

from engine.neighbours import Neighbourhood, find_neighbours
from engine.progress import Progress
from engine.step_cache import StepCache
from ui.analyses import ANALYSIS, NEIGHBOURS, Analyses
from ui.jobs import JobRunner
from ui.state import AppState
from ui.views.neighbours import NeighboursView


class NeighbourSearch(QObject):
    """Answers the view of neighbours. A new search overtakes the one before it; an analysis overtakes any."""

    def __init__(self, view: NeighboursView, state: AppState, analyses: Analyses, runner: JobRunner) -> None:
        super().__init__(view)
        self._view, self._state, self._analyses, self._runner = view, state, analyses, runner
        self._is_wanted = False
        view.search_requested.connect(self._search)
        view.search_dropped.connect(self._drop)
        runner.started.connect(self._on_started)
        runner.succeeded.connect(self._on_succeeded)
        runner.failed.connect(self._on_failed)
        runner.cancelled.connect(self._on_cancelled)

    def _search(self, word: str, scope: str) -> None:
        result = self._state.result
        if result is None:
            return

        def search(progress: Progress, cache: StepCache) -> Neighbourhood:
            return find_neighbours(result, word, scope, progress, cache)

        self._runner.drop(NEIGHBOURS)
        if self._runner.is_busy:
            self._view.show_waiting(", after what runs now")
        self._analyses.submit(NEIGHBOURS, search)
        self._is_wanted = True

    def _drop(self) -> None:
        self._is_wanted = False
        self._runner.drop(NEIGHBOURS)

    def _on_started(self, kind: str) -> None:
        if kind == ANALYSIS and self._is_wanted:  # the view asks again when the result is there
            self._view.show_waiting(", after the analysis")

    def _on_succeeded(self, kind: str, found: object) -> None:
        if kind == NEIGHBOURS and isinstance(found, Neighbourhood):
            self._is_wanted = False
            self._view.show_found(found)

    def _on_failed(self, kind: str, error: object) -> None:
        self._stop(kind, {NEIGHBOURS: "failed", ANALYSIS: "was stopped by the analysis"})

    def _on_cancelled(self, kind: str) -> None:
        self._stop(kind, {NEIGHBOURS: "was cancelled", ANALYSIS: "was cancelled"})

    def _stop(self, kind: str, how: dict[str, str]) -> None:
        if kind in how and self._is_wanted:
            self._is_wanted = False
            self._view.show_stopped(how[kind])
