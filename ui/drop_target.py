"""Where a file dragged over the window would go: to space A at the left, to B at the right, or to the words' field."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from ui.theme import GRID, colours

OPACITY = 225  # of 255
CORNER = GRID
WORDS = 2  # the place beside the sides 0 and 1


class DropTarget(QWidget):
    """Lies over the whole window while a file is dragged, so that the drag never leaves it for another part.

    Signals
    -------
    dropped(list of Path, int)
        Files or folders, and the side: 0 for A, 1 for B.
    words_dropped(list of Path)
        Files over the words' field.
    """

    dropped = Signal(object, int)
    words_dropped = Signal(object)

    def __init__(self, covered: QWidget, words: QWidget) -> None:
        super().__init__(covered)
        self._covered, self._words = covered, words
        self._place: int | None = None
        self.setAcceptDrops(True)
        self.hide()

    def appear(self) -> None:
        """Offer both sides."""
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()

    def place_at(self, position: QPointF) -> int:
        """The side below a position, or `WORDS`."""
        return WORDS if self.words_place.contains(position.toPoint()) else int(position.x() >= self.width() / 2)

    @property
    def words_place(self) -> QRect:
        """The part of the words' field that is seen."""
        seen = self._words.visibleRegion().boundingRect() if self._words.isVisible() else QRect()
        return QRect(self._words.mapTo(self._covered, seen.topLeft()), seen.size())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._place = self.place_at(event.position())
        self.update()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._end()

    def dropEvent(self, event: QDropEvent) -> None:
        place = self.place_at(event.position())
        self._end()
        event.acceptProposedAction()
        if place == WORDS:
            self.words_dropped.emit(local_paths(event.mimeData()))
        else:
            self.dropped.emit(local_paths(event.mimeData()), place)

    def _end(self) -> None:
        self._place = None
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = colours(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.base)
        ground.setAlpha(OPACITY)
        font = painter.font()
        font.setPointSizeF(1.5 * font.pointSizeF())
        painter.setFont(font)
        painter.fillRect(self.rect(), ground)
        half = self.width() // 2
        for side, letter in enumerate("AB"):
            place = QRect(side * half, 0, half, self.height()).adjusted(GRID, GRID, -GRID, -GRID)
            self._draw(painter, place, f"drop here for space {letter}", QColor(theme.spaces[side]), side)
        words = self.words_place
        if not words.isEmpty():
            painter.setFont(self.font())
            painter.fillRect(words, QColor(theme.base))
            self._draw(painter, words, "drop here for the list of words", QColor(theme.text), WORDS)

    def _draw(self, painter: QPainter, rect: QRect, text: str, hue: QColor, place: int) -> None:
        painter.setPen(QPen(hue, 3 if place == self._place else 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(rect, CORNER, CORNER)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders on this computer that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
