"""The words and the measures as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from engine.brush import Brush
from engine.data import EmbeddingSpace
from engine.description import describe_place, printable, three_digits
from engine.result import AnalysisResult
from ui.state import AppState, Selection
from ui.theme import Colours
from ui.views.base import View, letter

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
DISPLAY, TOOL_TIP = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole
FONT, FOREGROUND = Qt.ItemDataRole.FontRole, Qt.ItemDataRole.ForegroundRole


@dataclass(frozen=True)
class Column:
    """A heading, what the column shows in a row, and the heading in full for the tooltip."""

    heading: str
    text: Callable[[int], str]
    explanation: str = ""


class TableModel(QAbstractTableModel):
    """A read-only table whose cells are made when they are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: Sequence[Column] = ()
        self._n_rows = 0
        self._emphasised: frozenset[int] = frozenset()
        self._colour = QColor()

    def show(self, columns: Sequence[Column], n_rows: int) -> None:
        """Show another table."""
        self.beginResetModel()
        self._columns, self._n_rows = columns, n_rows
        self.endResetModel()

    def emphasise(self, rows: Iterable[int], colour: str) -> None:
        """Write these rows, and no others, in bold letters and a colour."""
        self._emphasised, self._colour = frozenset(rows), QColor(colour)
        if self._n_rows:
            corners = self.index(0, 0), self.index(self._n_rows - 1, len(self._columns) - 1)
            self.dataChanged.emit(*corners, [FONT, FOREGROUND])

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self._n_rows

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        column = self._columns[section]
        return {DISPLAY: column.heading, TOOL_TIP: column.explanation or column.heading}.get(Qt.ItemDataRole(role))

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if role in (DISPLAY, TOOL_TIP):
            return self._columns[index.column()].text(index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() > 0:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role in (FONT, FOREGROUND) and index.row() in self._emphasised:
            return self._colour if role == FOREGROUND else _bold()
        return None


def _table(model: TableModel, name: str) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 6)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.setTabKeyNavigation(False)
    return table


class WordsView(View):
    """The words; one row selected is that word, two rows are that pair."""

    name = "words"
    title = "Words"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.model = TableModel()
        self.table = _table(self.model, "Words; select two rows for a pair")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self._following = False
        self.table.selectionModel().selectionChanged.connect(self._on_rows_selected)

    def show_result(self, result: AnalysisResult) -> None:
        columns = [Column("word", lambda row: printable(result.words[row]))]
        columns += [_index_column(k, space) for k, space in enumerate(result.spaces)]
        self.model.show(columns, len(result.words))

    def show_selection(self, selection: Selection | None) -> None:
        if self.state.result is None:
            return
        wanted = [self.state.result.rows[word] for word in (selection.first, selection.second)] if selection else []
        if set(wanted) == set(self._selected_rows()):
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
        self.show_brush(self.state.brush)

    def _selected_rows(self) -> list[int]:
        return [index.row() for index in self.table.selectionModel().selectedRows()]

    def _on_rows_selected(self) -> None:
        if self._following or self.state.result is None:
            return
        words = [self.state.result.words[row] for row in self._selected_rows()[-2:]]
        self.state.set_selection(Selection(words[0], words[-1]) if words else None)


class CategoriesView(View):
    """What the categories are to each space: mean similarities within and between them, and their ratio."""

    name = "categories"
    title = "Categories"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.model = TableModel()
        self.table = _table(self.model, "Similarities within and between categories")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_result(self, result: AnalysisResult) -> None:
        rows = [means for means in result.category_means if means.space < 2]

        def name(row: int) -> str:
            category = rows[row].category
            return f"{letter(rows[row].space)}  {'all' if category is None else printable(category)}"

        columns = [
            Column("category", name),
            Column("in", lambda row: _short(rows[row].within), "within: mean similarity of two words of the category"),
            Column("out", lambda row: _short(rows[row].between), "between: mean similarity to words of others"),
            Column("ratio", lambda row: _short(rows[row].selectivity, ".2f"), SELECTIVITY),
        ]
        self.model.show(columns, len(rows))
        for column in range(1, len(columns)):
            self.table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)


SELECTIVITY = "selectivity: within divided by between, where that is above zero"


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font


def _short(value: float | None, form: str = "") -> str:
    return "–" if value is None else f"{value:{form}}" if form else three_digits(value)


def _index_column(k: int, space: EmbeddingSpace) -> Column:
    return Column(f"index {letter(k)}", lambda row: describe_place(space, row), f"index in {printable(space.name)}")
