"""The field that finds a word among those shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QListWidget, QVBoxLayout, QWidget

from engine.description import printable, spelt_out
from engine.finding import WordFinder, why_not_shown
from engine.result import AnalysisResult
from ui.state import AppState
from ui.theme import GRID, scaled

LISTED = 200  # matches in the list; Enter walks through all of them
ROWS = 10  # of the list, before it scrolls
WIDTH = 160  # pixels
MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}


class FindField(QLineEdit):
    """Lists matching words while one types; Enter selects one everywhere, and again Enter the next.

    The list takes no keyboard focus: all keys come here.
    """

    def __init__(self, state: AppState, window: QWidget) -> None:
        super().__init__(window)
        self._state = state
        self._window = window
        self._finder = WordFinder(())
        self._finder_words: tuple[str, ...] = ()
        self._matches: list[str] = []
        self._current = -1  # which match is selected
        self._came_from: QWidget | None = None
        self.setPlaceholderText("Find word")
        self.setAccessibleName("Find word")
        self.setToolTip("Find a word among those shown: Enter the next, Shift+Enter the one before, Esc back (Ctrl+F)")
        self.setClearButtonEnabled(True)
        self.setFixedWidth(scaled(WIDTH))
        self.popup = Matches(window)
        self.popup.words.itemClicked.connect(lambda: self._choose(self.popup.words.currentRow()))
        self.textEdited.connect(self._on_edited)
        state.result_changed.connect(self._on_result)

    def start(self) -> None:
        """Be ready to type, from wherever the focus is."""
        focused = QApplication.focusWidget()
        if focused is not self:
            self._came_from = focused
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    @property
    def matches(self) -> list[str]:
        """All words that match what is typed, the best first."""
        return self._matches

    # What happens.

    def _on_result(self, result: AnalysisResult) -> None:
        self._matches, self._current = [], -1
        self.popup.hide()

    def _search(self) -> None:
        """Find anew; the words are made ready when they are first wanted."""
        result = self._state.result
        words = result.words if result else ()
        if words is not self._finder_words:
            self._finder, self._finder_words = WordFinder(words), words
        self._matches, self._current = self._finder.find(self.text()), -1

    def _on_edited(self) -> None:
        self._search()
        self._show_matches()

    def _show_matches(self) -> None:
        result = self._state.result
        if result is None or not self.text().strip():
            self.popup.hide()
        elif self._matches:
            self.popup.show_words(self._matches[:LISTED], len(self._matches), self)
        else:
            self.popup.show_sentence(why_not_shown(result, self.text()), self)

    def _choose(self, position: int) -> None:
        """Select match number `position`, the first after the last."""
        if not self._matches:
            self._search()
        if not self._matches:
            self._show_matches()
            return
        self._current = position % len(self._matches)
        word = self._matches[self._current]
        self.popup.hide()
        self._state.select_pair(word, word)
        place = f"{self._current + 1} of {len(self._matches):,}"
        self.setAccessibleDescription(f"{printable(word)}, {place}")

    def _go_back(self) -> None:
        self.popup.hide()
        back = self._came_from if self._came_from is not None and self._came_from.isVisible() else None
        (back or self._window).setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()  # or Esc would clear the selection that was just found
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.setFixedWidth(scaled(WIDTH))
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._go_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            step = -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            listed = self.popup.words.currentRow() if self.popup.isVisible() and self._matches else -1
            self._choose(listed if listed >= 0 else max(self._current + step, -1))
        elif event.key() in MOVES:
            if not self.popup.isVisible():
                self._on_edited()
            self.popup.move_by(MOVES[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.popup.hide()
        super().focusOutEvent(event)


class Matches(QFrame):
    """A list below the field, or a sentence where there is nothing to list."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("floating")
        self.setAutoFillBackground(True)
        self.words = QListWidget()
        self.words.setAccessibleName("Words found")
        self.words.setToolTip("Click a word to select it everywhere")
        self.words.setUniformItemSizes(True)
        self.words.setFrameShape(QFrame.Shape.NoFrame)
        self.words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sentence = QLabel()
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setMargin(GRID // 2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._column.addWidget(self.words)
        self._column.addWidget(self.sentence)
        self.hide()

    def show_words(self, words: list[str], count: int, below: QWidget) -> None:
        """List words, of which there are `count` in all; the first is the one that Enter takes."""
        self.words.clear()
        self.words.addItems([spelt_out(word) for word in words])
        self.words.setCurrentRow(0)
        rows = min(len(words), ROWS)
        self.words.setFixedHeight(rows * self.words.sizeHintForRow(0) + 2)
        self.sentence.setText(f"{count:,} words" if count > ROWS else "")
        self.sentence.setVisible(count > ROWS)
        self.words.show()
        self._appear(below)

    def show_sentence(self, sentence: str, below: QWidget) -> None:
        """Say why there is nothing to list."""
        self.words.hide()
        self.sentence.setText(sentence)
        self.sentence.show()
        self._appear(below)

    def move_by(self, rows: int) -> None:
        """Mark another word of the list."""
        if self.words.isVisible():
            self.words.setCurrentRow(min(max(self.words.currentRow() + rows, 0), self.words.count() - 1))

    def _appear(self, below: QWidget) -> None:
        place = below.mapTo(self._window, QPoint(0, below.height()))
        self._column.activate()
        height = self._column.totalHeightForWidth(below.width())  # -1 while there is no sentence to be wrapped
        self.setFixedSize(below.width(), max(height, self._column.totalSizeHint().height()))
        self.move(place)
        self.raise_()
        self.show()
