"""The headline: how much the spaces agree, how sure that is, and whether it is more than chance."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from engine.data import Comparison
from engine.description import names_of
from engine.headline import (
    describe_between,
    describe_difference,
    describe_differences,
    describe_how_many,
    describe_measure,
    describe_robustness,
)
from engine.result import AnalysisResult
from ui.state import AppState
from ui.theme import Colours
from ui.views.base import View

if TYPE_CHECKING:
    from engine.inference.differences import Difference
    from engine.inference.findings import PairStatistics

OFFER = "Choose permutations and bootstrap draws under Statistics for a test and an interval."


class ResultsView(View):
    """The measures of every pair of spaces, in numbers and words."""

    name = "results"
    title = "Results"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.text = QTextBrowser()
        self.text.setAccessibleName("Results in words")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)

    def show_result(self, result: AnalysisResult) -> None:
        self._show(result)

    def show_statistics(self, result: AnalysisResult) -> None:
        self._show(result)

    def show_theme(self, theme: Colours) -> None:
        if self.state.result is not None:
            self._show(self.state.result)

    def _show(self, result: AnalysisResult) -> None:
        found = dict(enumerate(pair for _, pair in result.inferred))
        parts = [self._pair(result, comparison, found.get(k)) for k, comparison in enumerate(result.comparisons)]
        if result.statistics and result.statistics.between:
            between = result.statistics.between
            lines = [describe_between(result, one) for one in between]
            parts.append(self._lines("Between pairs of spaces", lines, [one.difference for one in between]))
        offered = describe_how_many(result) if result.request.statistics.is_asked_for else OFFER
        parts.append(f"<p style='color:{self.theme.faint}'>{offered}</p>" if offered else "")
        self.text.setHtml("".join(parts))

    def _pair(self, result: AnalysisResult, comparison: Comparison, found: PairStatistics | None) -> str:
        heading = f"<p><b>{html.escape(names_of(result, comparison))}</b>, {comparison.n_pairs:,} pairs</p>"
        measures = "".join(
            self._measure(*describe_measure(result, comparison, name, found)) for name in comparison.values
        )
        if found is None:
            return heading + measures
        differences = self._lines("Differences", map(describe_difference, found.differences), found.differences)
        robustness = "".join(f"<p>{html.escape(line)}</p>" for line in describe_robustness(found))
        return heading + measures + differences + robustness

    def _measure(self, head: str, sentences: list[str]) -> str:
        below = (
            f"<br><span style='color:{self.theme.faint}'>{html.escape(' '.join(sentences))}</span>" if sentences else ""
        )
        return f"<p style='margin-top:2px'><b>{html.escape(head)}</b>{below}</p>"

    def _lines(self, title: str, lines: Iterable[str], differences: Sequence[Difference]) -> str:
        told = [html.escape(line) for line in dict.fromkeys(lines)]
        how = f"<br><span style='color:{self.theme.faint}'>{html.escape(describe_differences(differences))}</span>"
        return f"<p>{title}:<br>{'<br>'.join(told)}{how}</p>" if told else ""
