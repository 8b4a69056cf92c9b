"""All pairs of words as a table, sorted by where the two spaces differ."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from engine.brush import Brush
from engine.data import SimilarityMatrix
from engine.description import describe_disagreement, describe_space, printable, spelt_out, three_digits
from engine.disagreement import DISAGREEMENTS
from engine.pair_order import FIRST, OTHER_WORD, SECOND, WORD, PairList, PairOrder, sort_pairs
from engine.pair_positions import pair_at
from engine.progress import SILENT
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES
from ui.chooser import Chooser
from ui.elided_text import ElidedLabel
from ui.state import AppState, Selection
from ui.theme import GRID, Colours
from ui.views.base import View, letter
from ui.views.table import Column, Table, TableModel

AT_ONCE = 50_000  # pairs that are sorted before one notices; more are sorted in the worker
EMPTY = "The pairs of words are listed here as soon as there is a result."
ALL, BRUSHED = "all pairs", "brushed pairs"
WIDEST = {2: "−00.000", 3: "−00.000", 4: "−000.000"}  # what columns have room for


class PairsView(View):
    """Both words of a pair, their similarity in either space and by how much these differ, from either end.

    Signals
    -------
    list_requested(PairList)
        To be sorted in the worker; the old list stays until `show_order` is given the new one.
    """

    name = "pairs"
    title = "Pairs"

    list_requested = Signal(object)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.which, self.kind = Chooser("Which pairs are listed", 10), Chooser("How disagreement is measured", 8)
        self.heading = ElidedLabel()
        self.model = TableModel()
        self.table = Table(self.model, "Pairs of words")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._order: PairOrder | None = None  # what is listed
        self._asked: PairList | None = None  # what is to be listed
        self._by, self._descending = next(iter(DISAGREEMENTS)), True
        self._following = False
        self.which.offer([ALL])
        self.kind.offer(kind.label for kind in DISAGREEMENTS.values())
        for place, kind in enumerate(DISAGREEMENTS.values()):
            self.kind.setItemData(place, kind.description, Qt.ItemDataRole.ToolTipRole)
        self.which.setToolTip("Brush some pairs in the scatter or in a heatmap to list only these.")
        self._lay_out()
        self.which.activated.connect(self._renew)
        self.kind.activated.connect(self._on_kind_chosen)
        self.table.sorting_requested.connect(self._on_sorting)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)

    # What the state says.

    def show_result(self, result: AnalysisResult) -> None:
        self._pages.setCurrentIndex(1)
        self._renew()

    def show_brush(self, brush: Brush | None) -> None:
        """List the pairs brushed, unless all are wanted even so; when nothing is brushed any more, all."""
        wanted = self.which.count() == 1 or self._lists_brushed
        self.which.offer([ALL] if brush is None else [ALL, BRUSHED])
        self.which.setCurrentIndex(int(brush is not None and wanted))
        self._renew()

    def show_selection(self, selection: Selection | None) -> None:
        if self._order is None or not self.isVisible():
            return
        row = self._row_of(selection)
        index = QModelIndex() if row is None else self.model.index(row, 0)
        self._following = True
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(index, flags)
        if row is None:
            self.table.selectionModel().clear()
        else:
            self.table.scrollTo(index)
        self._following = False

    def show_theme(self, theme: Colours) -> None:
        self.model.show_hues(theme.spaces)

    def show_order(self, order: PairOrder | None) -> None:
        """List pairs, if they are still what is wanted. None: they could not be sorted, so the old list stays."""
        if order is None:
            self._go_back()
        elif order.listed is self._asked:
            self._show(order)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._renew()
        self.show_selection(self.state.selection)

    # What the user does.

    def _on_kind_chosen(self) -> None:
        self._by, self._descending = self._kind, True
        self._renew()

    def _on_sorting(self, by: str, descending: bool) -> None:
        self._by, self._descending = by, descending
        self._renew()
        if self._order is not None and self._order.listed is self._asked:
            self._show(self._order)  # the other end first

    def _on_row_chosen(self, current: QModelIndex) -> None:
        if self._order is not None and current.isValid() and not self._following:
            words = self._order.listed.words
            self.state.select_pair(*(words[row] for row in self._pair(self.model.item(current.row()))))

    # What is listed.

    @property
    def _kind(self) -> str:
        return list(DISAGREEMENTS)[self.kind.position]

    @property
    def _lists_brushed(self) -> bool:
        return self.which.position == 1

    def _renew(self) -> None:
        """Ask for the list that is wanted now, if it is not there or asked for already."""
        result = self.state.result
        if result is None:
            return
        if not self.isVisible():
            if self._order is not None and self._order.listed.disagreement is not result.disagreement:
                self._forget()
            return
        brush = self.state.brush if self._lists_brushed else None
        wanted = PairList(result.words, result.disagreement, self._by, brush)
        if self._asked is not None and self._asked.is_same(wanted):
            return
        self._asked = wanted
        if wanted.n_pairs <= AT_ONCE:
            self._show(sort_pairs(wanted, SILENT))
        else:
            if self._order is not None and self._order.listed.disagreement is not wanted.disagreement:
                self._forget()  # an old result of this size is too much to keep meanwhile
                self._asked = wanted
            self._describe(f"Sorting {wanted.n_pairs:,} pairs …")
            self.list_requested.emit(wanted)

    def _forget(self) -> None:
        """Nothing is listed, and the matrices of an old result need not be kept."""
        self._order = self._asked = None
        self.model.show((), ())

    def _go_back(self) -> None:
        """Keep what is listed, and say so in the choices and headings."""
        self._asked = self._order.listed if self._order else None
        if self._asked is not None:
            self._by = self._asked.by
            self.which.setCurrentIndex(int(self._asked.brush is not None))
            if self._by in DISAGREEMENTS:
                self.kind.setCurrentIndex(list(DISAGREEMENTS).index(self._by))
            self.table.show_sorting(self._by, self._descending)
        self._describe("Not sorted; click a heading to try again.")

    def _show(self, order: PairOrder) -> None:
        columns = self._columns(order.listed)
        rows = order.positions[::-1] if self._descending else order.positions
        same = self._order is not None and self._order.listed.is_same(order.listed, whatever_by=True)
        if same and [column.heading for column in columns] == [column.heading for column in self.model.columns]:
            self.model.rearrange(rows)
        else:
            self.model.show(columns, rows)
            self.model.show_hues(self.theme.spaces)
            self.table.give_room(WIDEST)
        self._order = order
        self.table.show_sorting(order.listed.by, self._descending)
        self._describe()
        self.table.scrollToTop()
        self.show_selection(self.state.selection)

    def _columns(self, listed: PairList) -> list[Column]:
        words, differing, result = listed.words, listed.disagreement, self.state.result
        kind = DISAGREEMENTS[self._kind]

        def similarity(matrix: SimilarityMatrix, position: int) -> str:
            return three_digits(float(matrix.values[pair_at(position, len(words))]))

        def difference(position: int) -> str:
            return describe_disagreement(kind.name, differing.of_pair(kind.name, *pair_at(position, len(words))))

        names = [f"similarity in {printable(space.name)}" for space in result.spaces[:2]] if result else ["", ""]

        def word(end: int, position: int) -> str:
            return spelt_out(words[pair_at(position, len(words))[end]])

        return [
            Column("word", partial(word, 0), "Sort alphabetically", WORD, is_number=False),
            Column("word", partial(word, 1), "Sort alphabetically", OTHER_WORD, is_number=False),
            Column("A", partial(similarity, differing.first), names[0], FIRST, True, space=0),
            Column("B", partial(similarity, differing.second), names[1], SECOND, True, space=1),
            Column(kind.heading, difference, kind.description, kind.name, True),
        ]

    def _pair(self, position: int) -> tuple[int, int]:
        assert self._order is not None
        return pair_at(position, len(self._order.listed.words))

    def _row_of(self, selection: Selection | None) -> int | None:
        """Where the selected pair is listed."""
        result, order = self.state.result, self._order
        if selection is None or not selection.is_pair or result is None or order is None:
            return None
        if order.listed.words is not result.words:
            return None  # still those of an earlier result
        rows = (result.rows[selection.first], result.rows[selection.second])
        current = self.table.currentIndex().row()
        if 0 <= current < self.model.rowCount() and set(self._pair(self.model.item(current))) == set(rows):
            return current
        place = order.place(*rows)
        return place if place is None or not self._descending else len(order.positions) - 1 - place

    def _describe(self, instead: str = "") -> None:
        """Say what is listed, or why it is not."""
        result = self.state.result
        if result is not None:
            names = ", ".join(f"{letter(k)} {describe_space(space)}" for k, space in enumerate(result.spaces[:2]))
            listed = self._order.listed if self._order else None
            what = f"{listed.n_pairs:,} pairs" if listed else ""
            self.heading.set_text(instead or f"{what}   {names}   {SIMILARITIES[result.request.similarity].label}")

    def _lay_out(self) -> None:
        empty = QLabel(EMPTY)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        choices = QHBoxLayout()
        choices.setContentsMargins(GRID // 2, GRID // 2, GRID // 2, 0)
        for widget, stretch in ((self.which, 0), (self.kind, 0), (self.heading, 1)):
            choices.addWidget(widget, stretch)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(choices)
        column.addWidget(self.table, 1)
        self._pages = QStackedWidget()
        for page in (empty, listed):
            self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
