"""A sentence on what is wrong, beside the field that caused it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy


class ProblemLabel(QLabel):
    """Takes no room while all is well."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("problem")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.show_text("")

    def show_text(self, text: str) -> None:
        """Show a sentence, or with "" nothing."""
        self.setText(text)
        self.setVisible(bool(text))
