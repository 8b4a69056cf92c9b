"""What the pointer is at, for the status bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from engine.description import describe_disagreement, printable, three_digits
from engine.difference import Difference
from ui.state import AppState, Selection


class PointedAt(QLabel):
    """The pair under the pointer, its similarity in A and B, and the difference where that is drawn; else empty."""

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
        if result.difference is not None and i != j:
            values += f"   A − B {_difference(result.difference, i, j)}"
        self.setText(f"{printable(hovered.first)} × {printable(hovered.second)}   {values}")


def _difference(minus: Difference, i: int, j: int) -> str:
    """What the picture of the difference has at a pair: ".149", or "+12.3 percentiles"."""
    value = describe_disagreement(minus.kind, float(minus.values[i, j]))
    return f"{value} percentiles" if minus.kind == "ranks" else value
