"""A view in which a drag draws a rectangle or a lasso instead of panning, with a key held or in another mode."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem

from ui.state import LASSO, PAN, RECTANGLE

STEP = 2  # pixels between two corners of a lasso
TINT = 40  # of 255; how much of the colour lies over what a shape holds

CURSORS = {
    PAN: Qt.CursorShape.ArrowCursor,
    RECTANGLE: Qt.CursorShape.CrossCursor,
    LASSO: Qt.CursorShape.PointingHandCursor,
}
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class BrushBox(pg.ViewBox):
    """Shift draws a rectangle, Ctrl a lasso, both together add to what is picked; the mode says what a drag alone does.

    Parameters
    ----------
    has_lasso : bool
        Whether there are lassos; if not, what would be one is a rectangle.

    Signals
    -------
    drawn(list of QPointF, str, bool)
        Two opposite corners of a `RECTANGLE` or all corners of a `LASSO`, in the view's coordinates; whether it adds.
    """

    drawn = Signal(object, str, bool)

    def __init__(self, has_lasso: bool, **options: Any) -> None:
        super().__init__(**options)
        self._has_lasso = has_lasso
        self._mode = PAN
        self._shape = PAN  # what is being drawn
        self._adds = False
        self._corners: list[QPointF] = []
        self.outline = QGraphicsPathItem()
        self.outline.setZValue(30)
        self.outline.hide()
        self.addItem(self.outline, ignoreBounds=True)

    def set_mode(self, mode: str) -> None:
        """What a drag without a key does: `PAN`, `RECTANGLE` or `LASSO`."""
        self._mode = mode
        self._show_cursor(mode)

    def set_colour(self, colour: str) -> None:
        """Draw shapes in a colour."""
        tint = QColor(colour)
        self.outline.setPen(pg.mkPen(tint, width=2))
        tint.setAlpha(TINT)
        self.outline.setBrush(tint)

    def give_up(self) -> None:
        """Forget the shape that is being drawn."""
        self._corners = []
        self.outline.hide()

    def hoverEvent(self, event: Any) -> None:
        """Have the cursor say what a drag from here would do."""
        if not event.isExit():
            self._show_cursor(self._wanted(event.modifiers())[0])

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        if ev.isStart():
            wanted = self._wanted(ev.modifiers())
            self._shape, self._adds = wanted if ev.button() == Qt.MouseButton.LeftButton else (PAN, False)
            self._corners = [self.mapToView(ev.buttonDownPos())] if self._shape != PAN else []
        if self._shape == PAN:
            super().mouseDragEvent(ev, axis)
            return
        ev.accept()
        if not self._corners:  # given up half way
            return
        self._go_to(self.mapToView(ev.pos()))
        if ev.isFinish():
            corners = self._corners
            self.give_up()
            self.drawn.emit(corners, self._shape, self._adds)
        else:
            self.outline.setPath(self._path())
            self.outline.show()

    def _wanted(self, keys: Qt.KeyboardModifier) -> tuple[str, bool]:
        """What a drag with these keys draws, and whether it adds to what is picked."""
        control, shift = bool(keys & CONTROL), bool(keys & SHIFT)
        shape = self._mode
        if shift or control:
            shape = LASSO if (control and not shift) or (control and self._mode == LASSO) else RECTANGLE
        if shape == LASSO and not self._has_lasso:
            shape = RECTANGLE
        return shape, control and shift

    def _go_to(self, place: QPointF) -> None:
        """Draw on to a place; a lasso keeps corners that can be told apart, a rectangle its first."""
        if self._shape == RECTANGLE:
            self._corners[1:] = [place]
            return
        width, height = self.viewPixelSize()
        last = self._corners[-1]
        if max(abs(place.x() - last.x()) / width, abs(place.y() - last.y()) / height) >= STEP:
            self._corners.append(place)

    def _path(self) -> QPainterPath:
        path = QPainterPath()
        if self._shape == RECTANGLE:
            path.addRect(self.snapped(QRectF(self._corners[0], self._corners[-1]).normalized()))
        else:
            path.addPolygon(QPolygonF(self._corners))
            path.closeSubpath()
        return path

    def snapped(self, rectangle: QRectF) -> QRectF:
        """The rectangle as it counts."""
        return rectangle

    def _show_cursor(self, shape: str) -> None:
        cursor = CURSORS[RECTANGLE if shape == LASSO and not self._has_lasso else shape]
        if self.cursor().shape() != cursor:
            self.setCursor(QCursor(cursor))


class CellBox(BrushBox):
    """The view of a matrix, in which a rectangle is a block of whole cells."""

    def __init__(self, **options: Any) -> None:
        super().__init__(has_lasso=False, **options)

    def snapped(self, rectangle: QRectF) -> QRectF:
        return QRectF(rectangle.toAlignedRect())
