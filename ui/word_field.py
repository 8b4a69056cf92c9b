"""A field for any word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from engine.description import spelt_out


class WordField(QComboBox):
    """Any word can be typed, or one of a few chosen; words are shown as far as they can be printed.

    Signals
    -------
    typed(str)
        Enter was pressed on a word.
    chosen(str)
        One of the words offered was chosen.
    """

    typed = Signal(str)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLineEdit()
        self.setLineEdit(self._line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._line.setPlaceholderText("any word")
        self._line.returnPressed.connect(self._on_typed)
        self.activated.connect(lambda k: self.chosen.emit(self.itemData(k)))

    def show_word(self, word: str, offered: Sequence[str] | None = None) -> None:
        """Show a word, and offer these (None: those offered already) if it is among them; else it alone."""
        words = [self.itemData(k) for k in range(self.count())] if offered is None else offered
        with QSignalBlocker(self):
            self.clear()
            for one in dict.fromkeys(words if word in words else [word]):
                self.addItem(spelt_out(one), one)
            self.setCurrentIndex(self.findData(word))
        self._line.setText(spelt_out(word))
        self._line.setCursorPosition(0)  # a long word is seen from its beginning

    def _on_typed(self) -> None:
        text = self.currentText().strip()
        listed = [self.itemData(k) for k in range(self.count()) if self.itemText(k) == text]
        if text:
            self.typed.emit(listed[0] if listed else text)
