"""A list above a plot, of what the plot can show one of."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from ui.elided_text import ElidedComboBox, plain_tip


class Chooser(ElidedComboBox):
    """Keeps what was chosen when other results offer it too."""

    def __init__(self, name: str, characters: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(ElidedComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(characters)
        self.setToolTip(name)
        self.currentTextChanged.connect(self._show_whole)
        self._chosen = ""  # kept while there is nothing to choose, as between a result and its statistics

    @property
    def position(self) -> int:
        """Which one is chosen; 0 if there are none."""
        return max(0, self.currentIndex())

    def offer(self, labels: Iterable[str]) -> None:
        """Offer others instead, silently."""
        self._chosen = self.currentText() or self._chosen
        with QSignalBlocker(self):
            self.clear()
            self.addItems(list(labels))
            self.setCurrentIndex(max(0, self.findText(self._chosen)))
        self._show_whole()

    def _show_whole(self) -> None:
        """The chosen one may be longer than its room."""
        self.setToolTip(plain_tip(self.currentText() or self.accessibleName()))
