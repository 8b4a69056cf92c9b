"""What the pointer is at, for the status bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from engine.description import printable, three_digits
from ui.state import AppState, Selection


class PointedAt(QLabel):
    """The pair under the pointer and its similarity in A and B; empty while the pointer is at none."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setTextFormat(Qt.TextFormat.PlainText)
        state.hovered_changed.connect(self._show)

    def _show(self, hovered: Selection | None) -> None:
        result = self._state.result
        if hovered is None or result is None:
            self.clear()
            return
        i, j = result.rows[hovered.first], result.rows[hovered.second]
        values = "   ".join(
            f"{letter} {three_digits(float(space.similarities.values[i, j]))}"
            for letter, space in zip("AB", result.spaces, strict=False)
        )
        self.setText(f"{printable(hovered.first)} × {printable(hovered.second)}   {values}")
