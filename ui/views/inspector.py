"""Everything about the selected pair: how alike in each space, which rank among all pairs, both words' profiles."""

from __future__ import annotations

import html
from functools import cached_property

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.data import EmbeddingSpace, PairReport, report_pair
from engine.description import describe_disagreement, describe_place, printable, shortened, three_digits
from engine.disagreement import WHY_NO_AGREEMENT
from engine.result import AnalysisResult
from ui.elided_text import plain_tip
from ui.state import AppState, Selection
from ui.theme import GRID, Colours, scaled
from ui.views.base import View, letter
from ui.views.focus_frame import FocusFrame
from ui.views.profile_plots import ProfilePlots

KIND = "z"  # of disagreement: neither space is the yardstick
LONGEST = 18  # characters of a word or name beside others
MOST_DIFFERENT = 3  # pairs there is room for
WIDTH = 186  # pixels at least; more would leave the heatmaps too few at 1280
EMPTY = "Click a cell, a point or a word. Arrow keys move the cell, Esc clears."


class InspectorView(View):
    """The selected pair or word in words, numbers and profiles."""

    name = "inspector"
    title = "Inspector"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.heading = _label("viewHeading")
        self.report = _label()
        self.report.setTextFormat(Qt.TextFormat.RichText)
        self.report.linkActivated.connect(self._on_link)
        content, area = QWidget(), QScrollArea()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        self._column.setSpacing(GRID // 2)
        self._column.addWidget(self.heading)
        self._column.addWidget(self.report)
        self._column.addStretch(1)  # keeps the text at the top while there are no profiles
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.title)
        FocusFrame(area)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self.show_selection(None)
        self.show_theme(self.theme)
        self.setMinimumWidth(scaled(WIDTH))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumWidth(scaled(WIDTH))
        super().changeEvent(event)

    def show_selection(self, selection: Selection | None) -> None:
        result = self.state.result
        if selection is None or result is None:
            self._hide_profiles()
            self.heading.setText("Nothing selected")
            self.heading.setToolTip("")
            self._show_report(EMPTY)
            return
        first, second = _shortened(selection.first), _shortened(selection.second)
        self.heading.setText(f"{first} – {second}" if selection.is_pair else first)
        words = dict.fromkeys((selection.first, selection.second))
        self.heading.setToolTip(plain_tip("\n".join(map(printable, words))))
        self._show_report(
            self._pair_text(result, selection) if selection.is_pair else self._word_text(result, selection)
        )
        rows = [result.rows[word] for word in words]
        titles = [f"{letter(k)}  {printable(space.name)}" for k, space in enumerate(result.spaces[:2])]
        self.profiles.show_words(result.spaces, rows, titles)
        self.profiles.show_theme(self.theme)
        self.profiles.show()

    def _show_report(self, text: str) -> None:
        """Only what has links is a stop for Tab."""
        kind = Qt.TextInteractionFlag
        self.report.setTextInteractionFlags(
            kind.TextBrowserInteraction if "<a " in text else kind.TextSelectableByMouse
        )
        self.report.setText(text)

    @cached_property
    def profiles(self) -> ProfilePlots:
        """Both words' profiles; made when first needed, for plots are what a window takes longest to make."""
        plots = ProfilePlots()
        plots.setMinimumHeight(160)
        plots.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what the text leaves
        self._column.insertWidget(self._column.count() - 1, plots, 100)
        return plots

    def _hide_profiles(self) -> None:
        if "profiles" in self.__dict__:
            self.profiles.hide()

    def show_theme(self, theme: Colours) -> None:
        if self.state.selection is not None:
            self.show_selection(self.state.selection)

    def _pair_text(self, result: AnalysisResult, selection: Selection) -> str:
        i, j = result.rows[selection.first], result.rows[selection.second]
        reports = [report_pair(space.similarities, i, j) for space in result.spaces]
        rows = "".join(
            _table_row(letter(k), report, hue)
            for k, (report, hue) in enumerate(zip(reports, self._hues(result), strict=True))
        )
        cells = "".join(f"<td align='right'>{text}</td>" for text in ("", "similarity", "rank", "pct."))
        head = f"<tr style='color:{self.theme.faint}'>{cells}</tr>"
        return (
            f"<table width='100%' cellpadding='1'>{head}{rows}</table>"
            f"<p style='margin-top:4px'>{_difference(reports)} {_gap(result, i, j)}</p>"
            f"<p style='color:{self.theme.faint}; margin-top:4px'>Rank 1 of {reports[0].n_pairs:,} pairs is the most "
            f"alike. Below, values per dimension: {_cut(selection.first)} in colour, {_cut(selection.second)} in "
            "grey.</p>"
        )

    def _word_text(self, result: AnalysisResult, selection: Selection) -> str:
        row = result.rows[selection.first]
        places = "".join(
            f"<tr><td style='color:{hue}'><b>{letter(k)}</b> {_cut(space.name)}</td>"
            f"<td align='right'>{_place(space, row)}</td></tr>"
            for k, (space, hue) in enumerate(zip(result.spaces, self._hues(result), strict=True))
        )
        return (
            f"<table width='100%' cellpadding='1'>{places}</table>"
            f"<p style='margin-top:4px'>{_agreement(result, row)}</p>"
            f"<p style='margin-top:4px'>{self._most_different(result, row)}</p>"
            f"<p style='color:{self.theme.faint}; margin-top:4px'>Ctrl+click a second row of the word table for a "
            "pair.</p>"
        )

    def _most_different(self, result: AnalysisResult, row: int) -> str:
        """The pairs of a word on which the spaces differ most, as links that select them."""
        hues = self._hues(result)
        links = [
            f"<a href='{other}' style='color:{hues[value < 0]}'>{_cut(result.words[other])}</a>&nbsp;"
            f"{describe_disagreement(KIND, value)}"
            for other, value in result.disagreement.most_different(KIND, row, MOST_DIFFERENT)
        ]
        return f"They differ most (z A − z B) with {', '.join(links)}."

    def _on_link(self, row: str) -> None:
        result, selection = self.state.result, self.state.selection
        if result is not None and selection is not None:
            self.state.select_pair(selection.first, result.words[int(row)])

    def _hues(self, result: AnalysisResult) -> list[str]:
        hues = self.theme.spaces
        return [hues[k % len(hues)] for k in range(len(result.spaces))]


class _Text(QLabel):
    """Lines that are as high as they need to be, or the layout would cut them for the plots below."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(0)  # or it would never become lower: Qt counts it as needed
        self.setMinimumHeight(self.heightForWidth(self.width()))


def _label(name: str = "") -> QLabel:
    label = _Text()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def _agreement(result: AnalysisResult, row: int) -> str:
    """How alike both spaces see the word, and its place among the words: "Agreement r .41, 12th of 100"."""
    differing = result.disagreement
    place = differing.agreement_place(row)
    if place is None:
        return f"The spaces' agreement on it is undefined, because {WHY_NO_AGREEMENT}."
    r, rho = differing.agreement[row], differing.rank_agreement(row)
    return (
        f"A and B agree on it by <b>r&nbsp;{three_digits(r)}</b>, {_ordinal(place[0])} of {place[1]:,} words, "
        f"in ranks by ρ&nbsp;{three_digits(rho)}."
    )


def _gap(result: AnalysisResult, i: int, j: int) -> str:
    """By how much the first two spaces differ on a pair."""
    differing = result.disagreement
    values, z = (abs(differing.of_pair(kind, i, j)) for kind in ("values", KIND))
    return f"They differ by {three_digits(values)}; in z‑scores by {z:.2f}."


def _shortened(word: str) -> str:
    return shortened(word, LONGEST)


def _cut(word: str) -> str:
    return html.escape(_shortened(word))


def _place(space: EmbeddingSpace, row: int) -> str:
    place = describe_place(space, row)
    return place if "token" in place else f"index {place} of {space.vocabulary_size:,}"


def _table_row(letter: str, report: PairReport, hue: str) -> str:
    return (
        f"<tr><td style='color:{hue}'><b>{letter}</b></td>"
        f"<td align='right'><b>{three_digits(report.similarity)}</b></td>"
        f"<td align='right'>{report.rank:,}</td><td align='right'>{_ordinal(report.percentile)}</td></tr>"
    )


def _ordinal(number: float) -> str:
    number = int(number)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number:,}{ending}"


def _difference(reports: list[PairReport]) -> str:
    """A sentence on where the pair ranks higher."""
    first, second = reports[:2]
    gap = abs(first.percentile - second.percentile)
    if gap < 1:
        return "Both spaces rank the pair alike."
    closer = letter(int(first.percentile < second.percentile))
    return f"Relatively closer in {closer}, by {gap:.0f} percentile point{'s' * (round(gap) != 1)}."
