"""Where a list of words is typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from engine.word_lists import SEPARATORS


class WordListEdit(QPlainTextEdit):
    """Plain text in which Tab after a word begins its category; elsewhere it goes on to the next control."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def event(self, event: QEvent) -> bool:
        if self._is_tab(event) and self._is_after_a_word():
            self.insertPlainText("\t")
            return True
        return super().event(event)

    @staticmethod
    def _is_tab(event: QEvent) -> bool:
        return (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and (event.key(), event.modifiers()) == (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
        )

    def _is_after_a_word(self) -> bool:
        """Whether the cursor stands at the end of a line that is one word, so far without a tab."""
        cursor = self.textCursor()
        line = cursor.block().text()
        at_end = not cursor.hasSelection() and cursor.positionInBlock() == len(line)
        return at_end and bool(line) and not SEPARATORS.search(line) and not self.isReadOnly()
