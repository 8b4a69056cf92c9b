"""What points at things in the pictures: a frame round a cell, a thin cross, a title that never widens its column."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QApplication

from ui.elided_text import plain_tip
from ui.theme import bold

SMALLEST_FRAME = 11  # pixels; a cell of 3 pixels needs a frame larger than itself to be seen


class CellFrame(pg.GraphicsObject):
    """A frame round one cell, dark outside and bright inside, so that it is seen on light and dark cells alike."""

    def __init__(self, faint: bool = False) -> None:
        super().__init__()
        self._row = self._column = 0
        self._pens = (
            (_pen("#000000", 2.0), _pen("#ffffff", 1.0)) if faint else (_pen("#000000", 4.0), _pen("#ffffff", 2.0))
        )
        self.setZValue(20)
        self.hide()

    def show_cell(self, row: int, column: int) -> None:
        """Frame a cell."""
        self.prepareGeometryChange()
        self._row, self._column = row, column
        self.show()
        self.update()

    @property
    def cell(self) -> tuple[int, int] | None:
        """The framed (row, column), None while nothing is framed."""
        return (self._row, self._column) if self.isVisible() else None

    def boundingRect(self) -> QRectF:
        pixel = self._pixel()
        return self._frame().adjusted(-3 * pixel.width(), -3 * pixel.height(), 3 * pixel.width(), 3 * pixel.height())

    def paint(self, painter: QPainter, *_: Any) -> None:
        for pen in self._pens:
            painter.setPen(pen)
            painter.drawRect(self._frame())

    def viewTransformChanged(self) -> None:
        self.prepareGeometryChange()

    def _frame(self) -> QRectF:
        pixel = self._pixel()
        width = max(1.0, SMALLEST_FRAME * pixel.width())
        height = max(1.0, SMALLEST_FRAME * pixel.height())
        return QRectF(self._column + 0.5 - width / 2, self._row + 0.5 - height / 2, width, height)

    def _pixel(self) -> QSizeF:
        view = self.getViewBox()
        width, height = view.viewPixelSize() if view is not None else (1.0, 1.0)
        return QSizeF(width, height)


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


class Cross:
    """A thin horizontal and vertical line through a point of a view."""

    def __init__(self, view: pg.ViewBox) -> None:
        self._lines = [pg.InfiniteLine(angle=angle, movable=False) for angle in (0, 90)]
        for line in self._lines:
            line.setZValue(15)
            line.hide()
            view.addItem(line, ignoreBounds=True)

    def show_at(self, x: float, y: float) -> None:
        """Cross at a point in the view's coordinates."""
        for line, value in zip(self._lines, (y, x), strict=True):
            line.setValue(value)
            line.show()

    def hide(self) -> None:
        """Point at nothing."""
        for line in self._lines:
            line.hide()

    def set_colour(self, colour: str) -> None:
        """Draw in another colour."""
        for line in self._lines:
            line.setPen(pg.mkPen(colour, width=1))


class ElidedTitle(pg.GraphicsWidget):
    """One line of text that never widens its column: `short` stands for it where it does not fit, cut if need be."""

    def __init__(self) -> None:
        super().__init__()
        self.text = self.short = ""
        self._colour = QColor()
        self.fit_text()

    def fit_text(self) -> None:
        """Be as high as a line at the present size of text."""
        self.setFixedHeight(QFontMetricsF(QApplication.font()).height() + 6)

    def set_text(self, text: str, colour: str) -> None:
        """Show a text in a colour."""
        self.text = text
        self._colour = QColor(colour)
        self.setToolTip(plain_tip(text))
        self.update()

    def fitted(self, width: float) -> str:
        """What is drawn in so many pixels."""
        metrics = QFontMetricsF(bold())
        fits = metrics.horizontalAdvance(self.text) <= width
        return metrics.elidedText(
            self.text if fits or not self.short else self.short, Qt.TextElideMode.ElideMiddle, width
        )

    def paint(self, painter: QPainter, *_: Any) -> None:
        painter.setFont(bold())
        painter.setPen(self._colour)
        room = self.boundingRect()
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.fitted(room.width()))
