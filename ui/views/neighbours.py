"""The words nearest to the selected word, or to any word typed in: one list a space, side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from engine.description import printable
from engine.neighbours import MOST, SCOPES, SHOWN, Neighbourhood, neighbours_shown
from engine.preprocessing import PREPROCESSINGS
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES
from ui.elided_text import ElidedComboBox, ElidedLabel, plain_tip
from ui.fields.inputs import AmongOthers
from ui.state import AppState, Selection
from ui.theme import GRID, Colours
from ui.veil import Veil
from ui.views.base import View
from ui.views.neighbour_list import SHARED, NeighbourList, summary
from ui.word_field import WordField

EMPTY = "Select a word anywhere, or type one above and press Enter, to see the words nearest to it in each space."
PAUSE = 500  # ms after the last selection before a whole vocabulary is gone through
MOST_REMEMBERED = 200
MARKS = f"{SHARED} and bold: in both lists. Italic: the same word in other case. Double click or Enter: its neighbours."


class NeighboursView(View):
    """Two lists of nearest words, among the words shown or in the whole vocabularies.

    Signals
    -------
    search_requested(str, str)
        A word and a scope: what is nearest is wanted, by `show_found` or `show_stopped`.
    search_dropped()
        What was requested is no longer wanted.
    words_added(tuple of str)
        These are wanted among the words shown.
    """

    name = "neighbours"
    title = "Neighbours"

    search_requested = Signal(str, str)
    search_dropped = Signal()
    words_added = Signal(object)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.word = ""
        self._selection: Selection | None = None
        self._asked_k, self._measure = 0, ""
        self._decided_by: object = None
        self._found: Neighbourhood | None = None
        self._is_due = self._is_searching = False
        self._remembered: dict[tuple[str, str], Neighbourhood] = {}
        self._make_controls()
        self.summary, self.method = ElidedLabel(), ElidedLabel()
        self.method.setObjectName("noteLine")
        self.again = QPushButton("Search again")
        self.again.clicked.connect(self._search)
        self.lists = tuple(NeighbourList(k, self._is_shown) for k in range(2))
        for one in self.lists:
            one.picked.connect(self._pick)
            one.opened.connect(self.look_at)
            one.added.connect(self.words_added)
        self.hint = QLabel(EMPTY)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._search)
        self._lay_out()
        self.show_theme(self.theme)
        self._show_lists()

    def _make_controls(self) -> None:
        self.field = WordField()
        self.field.setAccessibleName("Word whose neighbours are shown")
        self.field.setToolTip("Type any word and press Enter, or choose between the two of the selected pair.")
        self.field.typed.connect(self.look_at)
        self.field.chosen.connect(self._look_at_chosen)
        self.k = QSpinBox()
        self.k.setRange(1, MOST)
        self.k.setValue(10)
        self.k.setAccessibleName("How many neighbours")
        self.k.setToolTip("How many nearest words are listed and compared.")
        AmongOthers(self.k)
        self.k.valueChanged.connect(self._show_lists)
        self.scope = ElidedComboBox()
        for name, label in SCOPES.items():
            self.scope.addItem(label, name)
        self.scope.setSizeAdjustPolicy(ElidedComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.scope.setMinimumContentsLength(6)
        self.scope.setAccessibleName("Among which words")
        self.scope.setToolTip(
            "Nearest of the words shown, or of all words that each space has; a file of millions takes a few seconds."
        )
        self.scope.activated.connect(self._search)

    def _lay_out(self) -> None:
        above, between, beside = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for widget, share in ((self.field, 1), (self.k, 0), (QLabel("of"), 0), (self.scope, 1)):
            above.addWidget(widget, share)
        between.addWidget(self.summary, 1)
        between.addWidget(self.again)
        self.summary.setMinimumHeight(self.again.sizeHint().height())  # so that nothing jumps when the button comes
        self.columns = QWidget()
        self.columns.setLayout(beside)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(GRID)
        for one in self.lists:
            beside.addWidget(one, 1)
        self._veil = Veil(self.columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID // 2, GRID // 2, GRID // 2)
        column.setSpacing(GRID // 2)
        column.addLayout(above)
        column.addLayout(between)
        column.addWidget(self.columns, 1)
        column.addWidget(self.hint, 1)
        column.addWidget(self.method)

    # What the state says.

    def show_result(self, result: AnalysisResult) -> None:
        if result.request.neighbours != self._asked_k:
            self._asked_k = result.request.neighbours
            self.k.setValue(self._asked_k)
        decided_by = _what_decides(result)
        if decided_by != self._decided_by:
            self._decided_by = decided_by
            self._remembered.clear()
        self._update()

    def show_selection(self, selection: Selection | None) -> None:
        changed = selection is not None and selection != self._selection
        self._selection = selection
        if selection is not None and changed:
            before, self.word = self.word, selection.first
            self.field.show_word(self.word, [selection.first, selection.second])
            if before != self.word:
                self._update()
        self._mark_pair()

    def show_theme(self, theme: Colours) -> None:
        for one, hue in zip(self.lists, theme.spaces, strict=False):
            one.show_hue(hue)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_due:
            self._update()

    # What the user asks.

    def look_at(self, word: str) -> None:
        """Show the neighbours of a word, which is selected if it is among the words shown."""
        self._show_word(word)
        if self._is_shown(word):
            self.state.select_pair(word, word)
        self._search()

    def _look_at_chosen(self, word: str) -> None:
        self._show_word(word)
        self._search()

    def _pick(self, neighbour: str) -> None:
        if self._is_shown(self.word) and self._is_shown(neighbour):
            self.state.select_pair(self.word, neighbour)

    def _is_shown(self, word: str) -> bool:
        return self.state.result is not None and word in self.state.result.rows

    # Searching.

    @property
    def wanted_scope(self) -> str:
        """The chosen key of `SCOPES`."""
        return str(self.scope.currentData())

    @property
    def shown(self) -> Neighbourhood | None:
        """The lists as they are shown."""
        return self._found.first(self.k.value()) if self._found else None

    def _search(self) -> None:
        self._update(at_once=True)

    def _update(self, at_once: bool = False) -> None:
        """See that the lists are those of the word, at once or, where it takes long, when the user has paused."""
        self._pause.stop()
        result, scope = self.state.result, self.wanted_scope
        self._is_due = bool(self.word) and not self.isVisible()
        if result is None or not self.word or self._is_due:
            self._drop()
            return
        found = self._remembered.get((self.word, scope))
        if found is None and scope == SHOWN and self.word in result.rows:
            found = neighbours_shown(result, self.word)
        if found is not None:
            self._drop()
            self.show_found(found)
        elif at_once or scope == SHOWN:
            self._is_searching = True
            self.show_waiting("")
            self.search_requested.emit(self.word, scope)
        else:
            self._drop()
            self.show_waiting("")
            self._pause.start()

    def _drop(self) -> None:
        if self._is_searching:
            self._is_searching = False
            self.search_dropped.emit()

    def show_found(self, found: Neighbourhood) -> None:
        """Show the answer to the latest request."""
        self._is_searching = False
        if len(self._remembered) == MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[found.word, found.scope] = found
        self._found = found
        if self.state.result is not None:
            self._measure, method = _describe_method(self.state.result)
            self.method.set_text(method)
        self._veil.stop()
        self.again.hide()
        self._show_lists()

    def show_waiting(self, why: str) -> None:
        """Say that the answer is not there yet; what is shown meanwhile is of an earlier word."""
        self.summary.set_text(f"Searching for “{printable(self.word)}”{why}.{self._still}")
        self.again.hide()
        self._veil.start()

    def show_stopped(self, how: str) -> None:
        """Say that no answer will come."""
        self._is_searching = False
        self.summary.set_text(f"The search for “{printable(self.word)}” {how}.{self._still}")
        self.again.show()

    @property
    def _still(self) -> str:
        if self._found is None:
            return ""
        is_same = self._found.word == self.word
        return f" The lists are {'from before' if is_same else f'still those of “{printable(self._found.word)}”'}."

    # Showing.

    def _show_word(self, word: str) -> None:
        self.word = word
        self.field.show_word(word)

    def _show_lists(self) -> None:
        found = self.shown
        self.columns.setVisible(found is not None)
        self.method.setVisible(found is not None and bool(self.method.full_text))
        self.hint.setVisible(found is None)
        if found is None:
            self.summary.set_text("")
            self.again.hide()
            return
        for k, one in enumerate(self.lists):
            one.show_neighbours(found, k, self._measure)
        if found.word == self.word and not self._is_searching:
            self.summary.set_text(summary(found))
        self.summary.setToolTip(plain_tip(f"{self.summary.full_text}\n{MARKS}"))
        self._mark_pair()

    def _mark_pair(self) -> None:
        pair = self._selection
        other = pair.second if pair and pair.is_pair and pair.first == self.word else None
        for one in self.lists:
            one.mark(other)


def _describe_method(result: AnalysisResult) -> tuple[str, str]:
    """By what the words are near; what was done to the vectors before, if anything."""
    step = PREPROCESSINGS[result.request.preprocessing]
    before = "" if step.name == "none" else f"All vectors {step.label} as those of the words shown were."
    return SIMILARITIES[result.request.similarity].label, before


def _what_decides(result: AnalysisResult) -> object:
    """What the neighbours of a word depend on; other changes of an analysis leave them as they are."""
    request = result.request
    files = request.spaces, tuple(space.source.stamp for space in request.spaces)
    return files, request.words, request.seed, request.preprocessing, request.components, request.similarity
