"""The left panel: widgets -> AnalysisRequest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.colours import ColourScale
from engine.dimensions import Dimensions
from engine.preprocessing import PREPROCESSINGS
from engine.request import AnalysisRequest, NamedSource
from engine.similarity import SIMILARITIES
from engine.words import WordList, WordRule
from ui.fields.colours import ColoursField
from ui.fields.inputs import Number, choice
from ui.fields.measures import MeasuresField
from ui.fields.order import OrderField
from ui.fields.other_spaces import OtherSpaces
from ui.fields.problem import ProblemLabel
from ui.fields.space import SpaceField
from ui.fields.statistics import StatisticsField
from ui.fields.words import WordsField
from ui.messages import Problem
from ui.settings import Settings
from ui.theme import GRID, scaled

WIDTH = 220
BESIDE = {  # the field that a problem is shown in, and the keys of a session it is about
    "similarity": ("preprocessing", "components", "similarity"),
    "measures": ("comparisons", "neighbours"),
    "statistics": ("permutations", "bootstraps", "statistics"),
}
MOST_COMPONENTS = 9_999
PAUSE = 250  # ms without a further change before the analysis is asked for anew


class ParameterPanel(QScrollArea):
    """What is analysed and how.

    Signals
    -------
    run_requested(AnalysisRequest)
        The user changed something that changes the result; a moment after the last change.
    colours_chosen(ColourScale)
    """

    run_requested = Signal(object)
    colours_chosen = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameters")
        self.setFixedWidth(scaled(WIDTH))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields have it
        self.setAccessibleName("Parameters")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.spaces = (SpaceField("A", 0, settings), SpaceField("B", 1, settings))
        self.others = OtherSpaces()
        self.words = WordsField()
        self.similarity = _table_choice(SIMILARITIES, "First-order measure")
        self.preprocessing = _table_choice(PREPROCESSINGS, "Preprocessing")
        self.components = _components()
        self.measures = MeasuresField()
        self.statistics = StatisticsField()
        self.order = OrderField()
        self.colours = ColoursField()
        self.problems = {field: ProblemLabel() for field in BESIDE}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._lay_out()
        self._connect()
        self.show_request(AnalysisRequest())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.setFixedWidth(scaled(WIDTH))
        super().changeEvent(event)

    def _lay_out(self) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(GRID, GRID // 2, GRID, GRID)
        layout.setSpacing(GRID // 2)
        swap = QToolButton()
        swap.setText("swap A and B")
        swap.setToolTip("Walk the other space's words, and draw the spaces the other way round")
        swap.clicked.connect(self.swap)
        first, second = self.spaces
        groups = {
            "Spaces": (first, second, swap, self.others),
            "Words": (self.words,),
            "Similarity": (self._similarity_form(), self.problems["similarity"]),
            "Comparison": (self.measures, self.problems["measures"]),
            "Statistics": (self.statistics, self.problems["statistics"]),
            "Order": (self.order,),
            "Colours": (self.colours,),
        }
        for title, widgets in groups.items():
            heading = QLabel(title)
            heading.setObjectName("groupHeading")
            layout.addWidget(heading)
            for widget in widgets:
                alignment = Qt.AlignmentFlag.AlignRight if isinstance(widget, QToolButton) else Qt.AlignmentFlag(0)
                layout.addWidget(widget, 0, alignment)
        layout.addStretch(1)
        content.setMinimumWidth(0)
        self.setWidget(content)

    def _similarity_form(self) -> QWidget:
        page = QWidget()
        self._form = QFormLayout(page)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(GRID // 2)
        self._form.addRow("vectors", self.preprocessing)
        self._form.addRow("", self.components)
        self._form.addRow("by", self.similarity)
        return page

    def _connect(self) -> None:
        for field in (*self.spaces, self.words, self.measures, self.statistics, self.order):
            field.changed.connect(self._pause.start)
        self.others.wanted.connect(self._draw)
        self.others.left_out.connect(self._leave_out_others)
        for combo in (self.similarity, self.preprocessing):
            combo.activated.connect(self._pause.start)
        self.preprocessing.activated.connect(self._show_components)
        self.statistics.changed.connect(self._show_components)
        self.measures.changed.connect(self._show_context)
        self.components.valueChanged.connect(self._pause.start)
        self._pause.timeout.connect(self._ask)
        self.colours.changed.connect(self._choose_colours)
        QApplication.instance().focusChanged.connect(self._show_focused)  # type: ignore[union-attr]

    def _show_focused(self, before: QWidget | None, focused: QWidget | None) -> None:
        """Scroll to a field that is come to from another part of the window; Qt does it for fields of the panel."""
        if focused is not None and self.isAncestorOf(focused):
            self.ensureWidgetVisible(focused)

    # Widgets <-> request.

    def request(self) -> AnalysisRequest:
        """What the widgets say now."""
        return AnalysisRequest(
            spaces=_distinct(tuple(field.space for field in self.spaces) + self.others.spaces),
            words=self.words.words,
            preprocessing=self.preprocessing.currentData(),
            components=self.components.value() or None,
            similarity=self.similarity.currentData(),
            comparisons=self.measures.measures,
            neighbours=self.measures.neighbours.value(),
            statistics=self.statistics.request,
            seed=self.words.seed.value(),
            order=self.order.choice[0],
            difference=self.order.choice[1],
        )

    def entered_request(self) -> AnalysisRequest:
        """The same, with what was typed last entered, as if its field had been left: commands leave the focus there."""
        self._enter()
        return self.request()

    def _enter(self) -> None:
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            return
        if isinstance(focused, QAbstractSpinBox):
            focused.interpretText()
        elif isinstance(focused, QLineEdit):
            focused.editingFinished.emit()

    def show_request(self, request: AnalysisRequest) -> None:
        """Show a request without running it, nor what waited to be run."""
        self._pause.stop()
        for field, space in zip(self.spaces, request.spaces, strict=False):
            field.show_space(space)
        self.others.show_spaces(request.spaces[2:])
        self.words.show_words(request.words, request.seed)
        self.similarity.setCurrentIndex(self.similarity.findData(request.similarity))
        self.preprocessing.setCurrentIndex(self.preprocessing.findData(request.preprocessing))
        blocked = self.components.blockSignals(True)
        self.components.setValue(request.components or 0)
        self.components.blockSignals(blocked)
        self.measures.show_measures(request.comparisons, request.neighbours)
        self.statistics.show_request(request.statistics)
        self.order.show_choice(request.order, request.difference)
        self._show_context()
        self._show_components()

    def show_words(self, words: WordRule | WordList) -> None:
        """Show other words and ask for their analysis."""
        self.words.show_words(words, self.words.seed.value())
        self.run()

    def run(self) -> None:
        """Ask for the analysis now, of what was typed last as well."""
        self._enter()
        self._ask()

    def _ask(self) -> None:
        self._pause.stop()
        self.show_problem(None)
        self.run_requested.emit(self.request())

    def swap(self) -> None:
        """Exchange spaces A and B."""
        self._enter()
        first, second = self.spaces
        first_space, second_space = first.space, second.space
        first.show_space(second_space)
        second.show_space(first_space)
        self.run()

    def compare_halves(self) -> None:
        """Compare space A with itself: a random half of its dimensions with the other half."""
        self._enter()
        space = self.spaces[0].space
        for field, kind in zip(self.spaces, ("random half", "other random half"), strict=True):
            field.show_space(replace(space, dimensions=Dimensions(kind, space.dimensions.seed)))
        self.run()

    # Problems.

    def _choose_colours(self, colours: ColourScale) -> None:
        """Pass a choice on; if it is the first to show nothing, its field says so below what is seen of it."""
        showed_nothing = self.colours.shows_nothing
        self.colours_chosen.emit(colours)
        if self.colours.shows_nothing and not showed_nothing:
            QTimer.singleShot(0, self, partial(self.ensureWidgetVisible, self.colours.problem))  # once it has its place

    def show_problem(self, problem: Problem | None) -> bool:
        """Show a problem beside the field it concerns, clearing earlier ones; False if it concerns none of them."""
        labels = {"spaces[0]": self.spaces[0].problem, "spaces[1]": self.spaces[1].problem}
        labels |= {f"spaces[{k}]": self.others.problem for k in range(2, 2 + len(self.others.spaces))}
        labels |= {"words": self.words.problem}
        labels |= {key: self.problems[field] for field, keys in BESIDE.items() for key in keys}
        for label in (*labels.values(), self.others.problem):
            label.show_problem(None)
        concerned = problem.concerns.split(".")[0] if problem else ""
        if problem is None or concerned not in labels:
            return False
        labels[concerned].show_problem(problem)
        self.ensureWidgetVisible(labels[concerned])
        return True

    def _show_components(self) -> None:
        chosen = PREPROCESSINGS[self.preprocessing.currentData()].has_components
        self._form.setRowVisible(self.components, chosen or self.statistics.preprocessings.isChecked())

    def _show_context(self) -> None:
        self.statistics.show_context(self.measures.measures, len(self.spaces) + len(self.others.spaces))

    def _draw(self, k: int, side: int) -> None:
        """Have the k-th of the other spaces take the place of A or B, which takes its own."""
        self._enter()
        field, others = self.spaces[side], list(self.others.spaces)
        shown, others[k] = others[k], field.space
        field.show_space(shown)
        self.others.show_spaces(others)
        self.run()

    def _leave_out_others(self) -> None:
        self.others.show_spaces(())
        self._show_context()
        self.run()


def _distinct(spaces: tuple[NamedSource, ...]) -> tuple[NamedSource, ...]:
    """The spaces with later ones of the same name numbered: results are keyed by name."""
    taken: set[str] = set()
    result = []
    for space in spaces:
        one, number = space, 2
        while one.full_name in taken:
            one, number = replace(space, name=f"{space.name} ({number})"), number + 1
        taken.add(one.full_name)
        result.append(one)
    return tuple(result)


def _table_choice(table: Mapping[str, Any], name: str) -> QComboBox:
    tips = {entry: one.tooltip for entry, one in table.items()}
    combo = choice({entry: one.label for entry, one in table.items()}, name, tips)
    combo.setToolTip(next(iter(tips.values())))
    return combo


def _components() -> Number:
    spin = Number(0, MOST_COMPONENTS, "Components to remove")
    spin.setPrefix("remove ")
    spin.setSpecialValueText("remove d/100")
    spin.setToolTip("How many of the strongest principal components are removed; 0: a hundredth of the dimensions")
    return spin
