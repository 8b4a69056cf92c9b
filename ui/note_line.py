"""One sentence above the pictures on what was analysed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.elided_text import ElidedLabel
from ui.theme import GRID, renew_links


class NoteLine(QWidget):
    """The analysis in a sentence, and a link to the words that could not take part.

    Signals
    -------
    link_activated(str)
    """

    link_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = ElidedLabel()
        self.sentence.setObjectName("noteLine")
        self.missing = QLabel()
        self.missing.setAccessibleName("Missing words")
        self.missing.setToolTip("List the words that could not take part, under Notes")
        self.missing.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.missing.linkActivated.connect(self.link_activated)
        self.missing.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, 2, GRID, 2)
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self.missing)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            renew_links(self.missing)
        super().changeEvent(event)

    def show_analysis(self, sentence: str, n_missing: int) -> None:
        """Say what was analysed and how many words are missing."""
        self.sentence.set_text(sentence)
        self.missing.setText(f"<a href='notes'>{n_missing:,} missing</a>")
        self.missing.setVisible(n_missing > 0)
