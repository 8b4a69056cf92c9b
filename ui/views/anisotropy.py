"""How unevenly the spaces are filled, and what that does to their agreement."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.comparison import COMPARISONS
from engine.data import Anisotropy, Comparison
from engine.description import names_of, printable, three_digits
from engine.preprocessing import PREPROCESSINGS
from engine.result import AnalysisResult
from ui.state import AppState
from ui.theme import GRID, Colours
from ui.views.base import View
from ui.views.focus_frame import FocusFrame

if TYPE_CHECKING:
    from engine.inference.findings import PairStatistics

EXPLAINED = (
    "Mean similarity: of all pairs of different words. Strongest: the share of the vectors’ squared length in the one "
    "and in the three strongest dimensions, each vector taken as long as any other."
)
OFFER = "Tick “under each preprocessing” under Statistics to see whether that makes the agreement."


def _breakable(name: str) -> str:
    """A printable name that lines may break at each of its parts."""
    return re.sub(r"([_./-])", "\\1&#8203;", html.escape(name))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


TOLD: dict[str, Callable[[Anisotropy], str]] = {
    "mean similarity": lambda one: three_digits(one.mean_similarity),
    "strongest": lambda one: _percent(one.strongest),
    "strongest three": lambda one: _percent(one.strongest_three),
    "each if even": lambda one: _percent(1 / one.dimensions),
}


class AnisotropyView(View):
    """Numbers in two small tables."""

    name = "anisotropy"
    title = "Anisotropy"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setMargin(GRID)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        area = QScrollArea()
        area.setAccessibleName(self.title)
        FocusFrame(area)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(self.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def show_result(self, result: AnalysisResult) -> None:
        self._show(result)

    def show_statistics(self, result: AnalysisResult) -> None:
        self._show(result)

    def show_theme(self, theme: Colours) -> None:
        if self.state.result is not None:
            self._show(self.state.result)

    def _show(self, result: AnalysisResult) -> None:
        faint = self.theme.faint
        tables = [_preprocessings(result, *pair, faint) for pair in result.inferred if pair[1].by_preprocessing]
        told = OFFER
        if tables and result.statistics:
            told = f"Preprocessing was fitted on {result.statistics.pool}."
        elif result.request.statistics.preprocessings:
            told = self.not_inferred
        below = f"<p style='color:{faint}'>{told} {EXPLAINED}</p>"
        self.text.setText(f"{self._spaces(result)}{''.join(tables)}{below}")

    def _spaces(self, result: AnalysisResult) -> str:
        hues = self.theme.spaces
        names = [
            f"<b style='color:{hues[k % len(hues)]}'>{_breakable(printable(space.name))}</b>"
            for k, space in enumerate(result.spaces)
        ]
        rows = [(what, *(tell(space.anisotropy) for space in result.spaces)) for what, tell in TOLD.items()]
        return _table(("", *names), rows, self.theme.faint)


def _preprocessings(result: AnalysisResult, comparison: Comparison, found: PairStatistics, faint: str) -> str:
    measures, steps = list(comparison.values), found.by_preprocessing
    lines = [
        ("vectors", *(COMPARISONS[measure].symbol for measure in measures)),
        *(
            (PREPROCESSINGS[name].label, *(three_digits(values[measure]) for measure in measures))
            for name, values in steps.items()
        ),
    ]
    if len(measures) > len(steps):  # there is more room for lines than for columns
        lines = list(zip(*lines, strict=True))
    heads, *rows = lines
    return f"<p><b>{_breakable(names_of(result, comparison))}</b></p>{_table(heads, rows, faint)}"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], faint: str) -> str:
    def line(cells: tuple[str, ...], style: str = "") -> str:
        first, *rest = cells
        right = "".join(f"<td align='right' style='padding-left:12px'>{cell}</td>" for cell in rest)
        return f"<tr style='{style}'><td>{first}</td>{right}</tr>"

    return f"<table>{line(heads, f'color:{faint}')}{''.join(map(line, rows))}</table>"
