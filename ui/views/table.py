"""A table of any length: what views list words, pairs and categories with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.theme import bold

Index = QModelIndex | QPersistentModelIndex
Items = Sequence[int] | NDArray[np.integer[Any]]
ROOT = QModelIndex()
DISPLAY, TOOL_TIP = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole
FONT, FOREGROUND = Qt.ItemDataRole.FontRole, Qt.ItemDataRole.ForegroundRole
PADDING = 12  # pixels beside the text of a cell
LEAST_CHARACTERS = 6  # with less room for a word, the columns of numbers become narrower too
MOST_SEARCHED = 10_000  # rows that Qt may look through for a word that is typed


@dataclass(frozen=True)
class Column:
    """A heading, what the column shows of an item, and the heading in full for the tooltip.

    `by` is what a click on the heading sorts by, nothing if it does not; `largest_first` says which way at first.
    Numbers stand at the right; what is of a space has its hue in the heading.
    """

    heading: str
    text: Callable[[int], str]
    explanation: str = ""
    by: str = ""
    largest_first: bool = False
    is_number: bool = True
    space: int | None = None


class TableModel(QAbstractTableModel):
    """A read-only table of numbered items in any order, whose cells are made when they are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: Sequence[Column] = ()
        self._items: Items = ()
        self._hues: Sequence[str] = ()
        self._emphasised: frozenset[int] = frozenset()
        self._colour = QColor()

    def show(self, columns: Sequence[Column], items: Items) -> None:
        """Show another table: an item a row."""
        self.beginResetModel()
        self.columns, self._items = columns, items
        self.endResetModel()

    def show_hues(self, hues: Sequence[str]) -> None:
        """Head the columns of the spaces in these colours."""
        self._hues = hues
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.columns) - 1))

    def emphasise(self, items: Iterable[int], colour: str) -> None:
        """Write these items, and no others, in bold letters and a colour."""
        self._emphasised, self._colour = frozenset(items), QColor(colour)
        if len(self._items):
            corners = self.index(0, 0), self.index(len(self._items) - 1, len(self.columns) - 1)
            self.dataChanged.emit(*corners, [FONT, FOREGROUND])

    def rearrange(self, items: Items) -> None:
        """Show the same items in another order; what is selected stays where it is, so select anew."""
        self._items = items
        # As if all cells had changed: to be told that the layout did, Qt would ask about rows one by one.
        self.dataChanged.emit(self.index(0, 0), self.index(len(items) - 1, len(self.columns) - 1))

    def item(self, row: int) -> int:
        """The item in a row."""
        return int(self._items[row])

    def row(self, item: int) -> int:
        """The row of an item that is there."""
        return int(np.flatnonzero(np.asarray(self._items) == item)[0])

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.InitialSortOrderRole:
            return _order(column.largest_first).value
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole and column.space is not None and self._hues:
            return QColor(self._hues[column.space % len(self._hues)])
        return {DISPLAY: column.heading, TOOL_TIP: column.explanation or column.heading}.get(Qt.ItemDataRole(role))

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if role in (DISPLAY, TOOL_TIP):
            return self.columns[index.column()].text(self.item(index.row()))
        if role in (FONT, FOREGROUND) and self.item(index.row()) in self._emphasised:
            return self._colour if role == FOREGROUND else bold()
        return _alignment(self.columns[index.column()]) if role == Qt.ItemDataRole.TextAlignmentRole else None


class Table(QTableView):
    """Shows a `TableModel`. A click on a heading, or the key with its number, asks for the rows to be sorted.

    Signals
    -------
    sorting_requested(by, descending)
        `by` is that of the column, empty for the order as found.
    """

    sorting_requested = Signal(str, bool)

    def __init__(self, model: TableModel, name: str) -> None:
        super().__init__()
        self._model = model
        self._samples: Mapping[int, str] = {}
        self._room: dict[int, int] = {}
        self._spare: Sequence[int] = ()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # long words often begin alike
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        self._fit_rows()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # or Qt would measure millions
        headings = self.horizontalHeader()
        headings.setHighlightSections(False)
        headings.setTextElideMode(Qt.TextElideMode.ElideRight)
        headings.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        headings.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        headings.sortIndicatorChanged.connect(self._on_sorting)
        model.modelReset.connect(self._offer_sorting)

    def _fit_rows(self) -> None:
        """As high as a line of text of the present size."""
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):  # a style sheet brings its font silently
            self._fit_rows()
            self._measure()

    def give_room(self, samples: Mapping[int, str], spare: Sequence[int] = ()) -> None:
        """Make columns as wide as a text and their heading need; the others share the rest, if it is enough.

        Where it is not, `spare` ones, the last first, are not shown.
        """
        self._samples, self._spare = samples, spare
        self._measure()

    def _measure(self) -> None:
        advance, columns = self.fontMetrics().horizontalAdvance, self._model.columns
        room = {k: max(advance(text), advance(columns[k].heading)) + PADDING for k, text in self._samples.items()}
        self._room = room
        if room:
            self._share_width()

    def _share_width(self) -> None:
        headings, n_others = self.horizontalHeader(), len(self._model.columns) - len(self._room)
        least = n_others * LEAST_CHARACTERS * self.fontMetrics().averageCharWidth()
        room = dict(self._room)
        for column in reversed(self._spare):
            if self.viewport().width() - sum(room.values()) < least:
                del room[column]
        for column in self._spare:
            self.setColumnHidden(column, column not in room)
        enough = self.viewport().width() - sum(room.values()) >= least
        for column, width in room.items():
            modes = QHeaderView.ResizeMode
            headings.setSectionResizeMode(column, modes.Fixed if enough else modes.Stretch)
            if enough:
                headings.resizeSection(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._room:
            self._share_width()

    def show_sorting(self, by: str, descending: bool) -> None:
        """Mark the heading that the rows are sorted by, silently."""
        section = next((k for k, column in enumerate(self._model.columns) if by and column.by == by), -1)
        with QSignalBlocker(self.horizontalHeader()):
            self.horizontalHeader().setSortIndicator(section, _order(descending))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1.value
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not 0 <= number < len(self._model.columns):
            super().keyPressEvent(event)
        elif self._model.columns[number].by:
            self._sort_by(number)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: -1}
        if action in ends and self._model.rowCount():
            return self._model.index(ends[action] % self._model.rowCount(), 0)
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        if self._model.rowCount() <= MOST_SEARCHED:
            super().keyboardSearch(search)

    def _sort_by(self, column: int) -> None:
        """As a click on the heading does it."""
        headings = self.horizontalHeader()
        again = headings.sortIndicatorSection() == column
        descending = headings.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        headings.setSortIndicator(
            column, _order(not descending if again else self._model.columns[column].largest_first)
        )

    def _offer_sorting(self) -> None:
        for column in self._spare:
            self.setColumnHidden(column, False)
        self._samples, self._room, self._spare = {}, {}, ()  # of other columns
        self.horizontalHeader().setSortIndicatorShown(any(column.by for column in self._model.columns))

    def _on_sorting(self, section: int, order: Qt.SortOrder) -> None:
        by = self._model.columns[section].by if 0 <= section < len(self._model.columns) else ""
        self.sorting_requested.emit(by, order == Qt.SortOrder.DescendingOrder)


def _alignment(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _order(descending: bool) -> Qt.SortOrder:
    return Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
