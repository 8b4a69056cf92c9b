"""Where a file dragged over the window would go: the left half is space A, the right half space B."""

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


class DropTarget(QWidget):
    """Lies over the whole window while a file is dragged, so that the drag never leaves it for another part.

    Signals
    -------
    dropped(list of Path, int)
        Files or folders, and the side: 0 for A, 1 for B.
    """

    dropped = Signal(object, int)

    def __init__(self, covered: QWidget) -> None:
        super().__init__(covered)
        self._covered = covered
        self._side: int | None = None
        self.setAcceptDrops(True)
        self.hide()

    def appear(self) -> None:
        """Offer both sides."""
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()

    def side_at(self, position: QPointF) -> int:
        """The side below a position."""
        return int(position.x() >= self.width() / 2)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._side = self.side_at(event.position())
        self.update()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._end()

    def dropEvent(self, event: QDropEvent) -> None:
        self._end()
        event.acceptProposedAction()
        self.dropped.emit(local_paths(event.mimeData()), self.side_at(event.position()))

    def _end(self) -> None:
        self._side = None
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
            hue = QColor(theme.spaces[side])
            painter.setPen(QPen(hue, 3 if side == self._side else 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(place, CORNER, CORNER)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"drop here for space {letter}")


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders on this computer that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
