"""Thousands of equal points, drawn fast."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap


class PointCloud(pg.GraphicsObject):
    """Points of one size and colour.

    pyqtgraph's scatter plot keeps a record of every point: 20,000 take it two frames to make, these none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.x = self.y = np.empty(0)
        self._size = 4.0
        self._colour = QColor()
        self._fragments = PrimitiveArray(QPainter.PixmapFragment, 10)

    def set_points(self, x: np.ndarray, y: np.ndarray, size: float) -> None:
        """Show points at x, y, `size` pixels across."""
        self.x, self.y, self._size = x, y, size
        self.update()

    def set_colour(self, colour: QColor) -> None:
        """Draw in another colour."""
        self._colour = colour
        self.update()

    def boundingRect(self) -> QRectF:
        box = self.getViewBox()
        return box.viewRect() if box is not None else QRectF()

    def viewTransformChanged(self) -> None:
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: Any) -> None:
        if not len(self.x):
            return
        to_pixels = painter.worldTransform()
        ratio = painter.device().devicePixelRatioF()
        dot = self._dot(ratio)
        self._fragments.resize(len(self.x))
        rows = self._fragments.ndarray()
        rows[:, 0] = self.x * to_pixels.m11() + to_pixels.dx()
        rows[:, 1] = self.y * to_pixels.m22() + to_pixels.dy()
        rows[:, 2:] = 0, 0, dot.width(), dot.height(), 1 / ratio, 1 / ratio, 0, 1
        painter.resetTransform()
        painter.drawPixmapFragments(*self._fragments.drawargs(), dot)  # type: ignore[call-arg]  # a pointer to the first, and how many

    def _dot(self, ratio: float) -> QPixmap:
        across = round((self._size + 1) * ratio)
        dot = QPixmap(across, across)
        dot.fill(Qt.GlobalColor.transparent)
        painter = QPainter(dot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawEllipse(QPointF(across / 2, across / 2), self._size * ratio / 2, self._size * ratio / 2)
        painter.end()
        return dot
