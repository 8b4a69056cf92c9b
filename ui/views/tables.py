"""The words and the categories as tables."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from engine.brush import Brush
from engine.data import EmbeddingSpace, IntArray
from engine.description import describe_place, printable, spelt_out, three_digits
from engine.disagreement import WHY_NO_AGREEMENT
from engine.pair_order import alphabetical_places
from engine.result import AnalysisResult
from ui.state import AppState, Selection
from ui.theme import Colours
from ui.views.base import View, letter
from ui.views.table import Column, Table, TableModel

WORD, INDEX, AGREEMENT = "word", "index", "agreement"


class WordsView(View):
    """The words, where each stands in either space, and how alike the spaces see it; linked to all other views."""

    name = "words"
    title = "Words"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.model = TableModel()
        self.table = Table(self.model, "Words")
        self.table.horizontalHeader().setSortIndicatorClearable(True)  # a third click: as found
        self.table.sorting_requested.connect(self._sort)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self._following = False
        self._by, self._descending = "", False
        QShortcut(QKeySequence.StandardKey.Copy, self.table, self._copy, context=Qt.ShortcutContext.WidgetShortcut)
        self.table.selectionModel().selectionChanged.connect(self._on_rows_selected)

    def show_result(self, result: AnalysisResult) -> None:
        columns = [Column("word", lambda row: spelt_out(result.words[row]), by=WORD, is_number=False)]
        columns += [_index_column(k, space) for k, space in enumerate(result.spaces[:2])]  # there is room for two
        agreement = result.disagreement.agreement
        columns.append(
            Column("r", lambda row: "–" if agreement[row] is None else three_digits(agreement[row]), _R, AGREEMENT)
        )
        self.model.show(columns, _sorted_rows(result, self._by, self._descending))
        self.model.show_hues(self.theme.spaces)
        room = {k: _longest_place(space) for k, space in enumerate(result.spaces[:2], 1)}
        self.table.give_room({**room, len(columns) - 1: "−.000"}, spare=tuple(room))

    def show_selection(self, selection: Selection | None) -> None:
        if self.state.result is None:
            return
        words = (selection.first, selection.second) if selection else ()
        wanted = [self.model.row(self.state.result.rows[word]) for word in words]
        if set(wanted) == {index.row() for index in self.table.selectionModel().selectedRows()}:
            return
        self._following = True  # rows are selected one by one; half a pair must not reach the state
        chooser = self.table.selectionModel()
        chooser.clearSelection()
        for row in wanted:
            flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
            chooser.select(self.model.index(row, 0), flags)
        self._following = False
        if wanted:
            self.table.scrollTo(self.model.index(wanted[0], 0))

    def show_brush(self, brush: Brush | None) -> None:
        self.model.emphasise(() if brush is None else brush.rows.tolist(), self.theme.accent)

    def show_theme(self, theme: Colours) -> None:
        self.model.show_hues(theme.spaces)
        self.show_brush(self.state.brush)

    def _sort(self, by: str, descending: bool) -> None:
        self._by, self._descending = by, descending
        if self.state.result is not None:
            self.model.rearrange(_sorted_rows(self.state.result, by, descending))
            self.show_selection(self.state.selection)

    def _on_rows_selected(self) -> None:
        if self._following or self.state.result is None:
            return
        words = self._selected_words()
        if len(words) > 2:  # to be copied: which two of them were meant is anyone's guess
            return
        self.state.set_selection(Selection(words[0], words[-1]) if words else None)

    def _selected_words(self) -> list[str]:
        """In the order of the rows if they are more than a pair, which has the order in which it was picked."""
        rows = [index.row() for index in self.table.selectionModel().selectedRows()]
        ordered = sorted(rows) if len(rows) > 2 else rows
        return [self.state.result.words[self.model.item(row)] for row in ordered] if self.state.result else []

    def _copy(self) -> None:
        """Copy the words of the selected rows, a line each."""
        if words := self._selected_words():
            QGuiApplication.clipboard().setText("\n".join(words))


def _sorted_rows(result: AnalysisResult, by: str, descending: bool) -> IntArray:
    """The words' rows in an order; of equal words the earlier comes first. Nothing to sort by: as they stand."""
    n = len(result.words)
    if by == WORD:
        keys = alphabetical_places(result.words).astype(float)
    elif by == AGREEMENT:
        keys = np.array([np.nan if r is None else r for r in result.disagreement.agreement])
    elif by:
        space = result.spaces[int(by.removeprefix(INDEX))]
        keys = np.where(space.indices < 0, np.nan, space.indices)
    else:
        return np.arange(n)
    return np.argsort(-keys if descending else keys, kind="stable")  # what is not known stands last, either way


class CategoriesView(View):
    """What the categories are to each space: mean similarities within and between them, and their ratio."""

    name = "categories"
    title = "Categories"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.model = TableModel()
        self.table = Table(self.model, "Similarities within and between categories")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_result(self, result: AnalysisResult) -> None:
        rows = [means for means in result.category_means if means.space < 2]

        def name(row: int) -> str:
            category = rows[row].category
            return f"{letter(rows[row].space)}  {'all' if category is None else printable(category)}"

        columns = [
            Column("category", name, is_number=False),
            Column("in", lambda row: _short(rows[row].within), "within: mean similarity of two words of the category"),
            Column("out", lambda row: _short(rows[row].between), "between: mean similarity to words of others"),
            Column("ratio", lambda row: _short(rows[row].selectivity, ".2f"), SELECTIVITY),
        ]
        self.model.show(columns, range(len(rows)))
        for column in range(1, len(columns)):
            self.table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)


_R = (
    "agreement: Pearson r of the word's similarities to all other words in A with those in B; – where it is undefined, "
    f"because {WHY_NO_AGREEMENT}"
)
SELECTIVITY = "selectivity: within divided by between, where that is above zero"


def _short(value: float | None, form: str = "") -> str:
    return "–" if value is None else f"{value:{form}}" if form else three_digits(value)


def _index_column(k: int, space: EmbeddingSpace) -> Column:
    return Column(
        f"# {letter(k)}",
        lambda row: describe_place(space, row),
        f"index in {printable(space.name)}, counted from 0",
        f"{INDEX}{k}",
        space=k,
    )


def _longest_place(space: EmbeddingSpace) -> str:
    return max((describe_place(space, row) for row in range(len(space.indices))), key=len)
