"""One space's nearest words to a word: a heading in the space's hue, a sentence where one is due, a table."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QMenu,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.description import printable, spelt_out, three_digits
from engine.neighbours import SHOWN, Neighbourhood
from ui.elided_text import ElidedLabel, menu_text, plain_tip
from ui.theme import GRID
from ui.views.base import letter

SHARED = "●"
LEAST_CHARACTERS = 6  # of a word, or there is no room for numbers
LONG = re.compile(r"(\S{12})(?=\S)")  # what a line may break after, for vocabularies have words longer than a line
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
RAW = Qt.ItemDataRole.UserRole  # the word as it is, where the text is what can be shown of it


class NeighbourList(QWidget):
    """The nearest words in one space.

    Signals
    -------
    picked(str)
        A word was clicked, or reached by key.
    opened(str)
        A word was double-clicked, or Enter pressed on it.
    added(tuple of str)
        The selected words are wanted among the words shown.
    """

    picked = Signal(str)
    opened = Signal(str)
    added = Signal(object)

    def __init__(self, k: int, is_shown: Callable[[str], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.letter, self._is_shown = letter(k), is_shown
        self.heading, self.note = ElidedLabel(), QLabel()
        self.note.setObjectName("noteLine")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.table = _Table(0, 3)
        self.table.setAccessibleName(f"Nearest words in space {self.letter}")
        self.table.opened.connect(self._open)
        self.table.cellClicked.connect(self._pick)
        self.table.cellDoubleClicked.connect(self._open)
        self.table.itemSelectionChanged.connect(self._pick)
        self.table.customContextMenuRequested.connect(self._show_menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 4)
        column.addWidget(self.heading)
        column.addWidget(self.note)
        column.addWidget(self.table, 1000)
        column.addStretch(1)  # keeps the note at the top where there is no table

    @property
    def words(self) -> list[str]:
        """The words, the nearest first."""
        return [self._word(row) for row in range(self.table.rowCount())]

    def show_neighbours(self, found: Neighbourhood, k: int, measure: str) -> None:
        """Show what was found in space k, by a measure."""
        own = found.spaces[k]
        self.heading.set_text(f"{self.letter}  {printable(own.space)} · {measure}")
        self.note.setText(LONG.sub("\\1\u200b", own.note))
        self.note.setVisible(bool(own.note))
        self.table.setVisible(bool(own.words))
        places, shared = _places(found, k), found.shared
        with QSignalBlocker(self.table):
            self.table.setRowCount(0)  # and with the rows the current one goes
            self.table.setRowCount(len(own.words))
            for row, (word, similarity) in enumerate(zip(own.words, own.similarities.tolist(), strict=True)):
                is_shared, is_variant = word in shared, word.casefold() == found.word.casefold()
                facts = [printable(word), *places.get(word, [])]
                facts += ["the same word in other case"] * is_variant
                facts += ["not among the words shown"] * (not self._is_shown(word))
                cells = (SHARED if is_shared else "", spelt_out(word), three_digits(similarity))
                for column, text in enumerate(cells):
                    cell = _cell(text, word, "\n".join(facts), is_shared, is_variant)
                    if column == 2:
                        cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    self.table.setItem(row, column, cell)
        self.table.scrollToTop()

    def mark(self, word: str | None) -> None:
        """Select a word's row, silently; no row if it is not in the list."""
        words = self.words
        with QSignalBlocker(self.table):
            self.table.clearSelection()
            if word in words:
                self.table.selectRow(words.index(word))

    def show_hue(self, hue: str) -> None:
        """Write the heading in the space's colour."""
        self.heading.setStyleSheet(f"color: {hue}; font-weight: bold")

    def _word(self, row: int) -> str:
        item = self.table.item(row, 1)
        return str(item.data(RAW)) if item is not None else ""

    def _selected(self) -> list[str]:
        return [self._word(index.row()) for index in self.table.selectionModel().selectedRows()]

    def _pick(self) -> None:
        if len(words := self._selected()) == 1:
            self.picked.emit(words[0])

    def _open(self) -> None:
        if (row := self.table.currentRow()) >= 0:
            self.opened.emit(self._word(row))

    def _show_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not menu.isEmpty():
            menu.popup(self.table.viewport().mapToGlobal(place))

    def menu(self) -> QMenu:
        """What can be done with the selected words."""
        menu, words = QMenu(self), self._selected()
        if len(words) == 1:
            menu.addAction(f"Neighbours of “{menu_text(words[0])}”", self._open)
        if new := tuple(word for word in words if not self._is_shown(word)):
            menu.addAction("Add to the words shown", lambda: self.added.emit(new))
        return menu


def summary(found: Neighbourhood) -> str:
    """How many words the lists share, of how many, and out of what they were chosen."""
    lengths = [len(space.words) for space in found.spaces]
    pools = [space.pool for space in found.spaces]
    shared = f"{len(found.shared)} of {max(lengths)} shared" if all(lengths) else ""
    if found.expected_shared is not None:
        return f"{shared}, by chance {found.expected_shared:.1f}; nearest of {pools[0]:,} words shown"
    of = ", ".join(
        f"{space.pool:,} {'shown' if space.among == SHOWN else 'words'} in {letter(k)}"
        for k, space in enumerate(found.spaces)
        if space.words
    )
    return "; ".join(filter(None, (shared, f"nearest of {of}" if of else "")))


class _Table(QTableWidget):
    """Rows of a mark, a word and a number.

    Signals
    -------
    opened()
        Enter was pressed.
    """

    opened = Signal()

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(rows, columns)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        across = self.horizontalHeader()
        across.hide()
        across.setMinimumSectionSize(0)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        across.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self._fit()

    def _fit(self) -> None:
        """Rows and marks as large as text of the present size."""
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 4)
        self.setColumnWidth(0, self.fontMetrics().horizontalAdvance(SHARED) + GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for a word and its similarity, it is the similarity that is not shown."""
        numbers = self.fontMetrics().horizontalAdvance("−00.000") + GRID
        room = self.viewport().width() - self.columnWidth(0) - numbers
        self.setColumnHidden(2, room < LEAST_CHARACTERS * self.fontMetrics().averageCharWidth())
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):  # a style sheet brings its font silently
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.opened.emit()
        else:
            super().keyPressEvent(event)


def _cell(text: str, word: str, tip: str, bold: bool, italic: bool) -> QTableWidgetItem:
    cell = QTableWidgetItem(text)
    cell.setData(RAW, word)
    cell.setToolTip(plain_tip(tip))
    font = cell.font()
    font.setBold(bold)
    font.setItalic(italic)
    cell.setFont(font)
    return cell


def _places(found: Neighbourhood, k: int) -> dict[str, list[str]]:
    """Where words stand in the other spaces' lists: "number 3 in B, .412"."""
    places: dict[str, list[str]] = {}
    for other, space in enumerate(found.spaces):
        if other != k:
            for place, (word, value) in enumerate(zip(space.words, space.similarities.tolist(), strict=True), 1):
                places.setdefault(word, []).append(f"number {place} in {letter(other)}, {three_digits(value)}")
    return places
