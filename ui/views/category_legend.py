"""What the colours along the edges of the heatmaps mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication

from engine.colours import category_legend
from engine.description import printable
from ui.elided_text import plain_tip
from ui.theme import GRID, Colours

SQUARE = 9  # pixels
WIDEST = 110  # pixels of a name


class CategoryLegend(pg.GraphicsWidget):
    """Squares and names in one line; what does not fit is counted, and listed in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._names: Sequence[str] = ()
        self._text_colour = QColor()
        self.fit_text()
        self.hide()

    def fit_text(self) -> None:
        """Be as high as a line at the present size of text."""
        self.setFixedHeight(QFontMetricsF(_font()).height() + GRID / 2)
        self.update()

    def show_categories(self, names: Sequence[str]) -> None:
        """Explain the colours of these categories; without any, take no room."""
        self._names = names
        self.setToolTip(plain_tip("\n".join(printable(name) for name in names)))
        self.setVisible(bool(names))
        self.update()

    def set_theme(self, theme: Colours) -> None:
        """Draw in the colours of a theme."""
        self._text_colour = QColor(theme.text)
        self.update()

    def entries(self) -> list[tuple[float, str, str]]:
        """(left, text, colour) of all that is drawn."""
        metrics, left, drawn = QFontMetricsF(_font()), 0.0, []
        legend = category_legend(self._names)
        for k, (name, colour) in enumerate(legend):
            text = metrics.elidedText(printable(name), Qt.TextElideMode.ElideRight, WIDEST)
            width = SQUARE + GRID / 2 + metrics.horizontalAdvance(text) + 2 * GRID
            rest = f"and {len(self._names) - k:,} more"
            room = 0 if k == len(legend) - 1 else metrics.horizontalAdvance(rest)
            if left + width - 2 * GRID + room > self.width():
                drawn.append((left, rest, ""))
                break
            drawn.append((left, text, colour))
            left += width
        return drawn

    def paint(self, painter: QPainter, *_: Any) -> None:
        painter.setFont(_font())
        painter.setPen(self._text_colour)
        for left, text, colour in self.entries():
            start = left
            if colour:
                painter.fillRect(QRectF(left, (self.height() - SQUARE) / 2, SQUARE, SQUARE), QColor(colour))
                start += SQUARE + GRID / 2
            place = QRectF(QPointF(start, 0), QPointF(self.width(), self.height()))
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _font() -> Any:
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * 0.85)
    return font
