"""Brushed cells of a heatmap: all others are veiled, and a line runs round those that are large, or small but few."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter

from engine.brush import ALL, Brush, Shares
from ui.views.matrix_image import MatrixImage

BRIGHT, GREY = 208, 128  # of 255; what no cell of a similarity or of a difference, light or dark, looks like
OPACITY = 190  # of 255
LEAST = 0.3  # of the veil is lifted from a block of cells with the fewest brushed ones: none of them vanishes
SMALLEST_CELL = 8  # pixels; a line round smaller cells would hide them
FEW = 40  # brushed pairs; of these, even small cells have a frame, so that none is overlooked
FRAME = 8  # pixels across such a frame


class BrushVeil:
    """Marks the brushed cells of one heatmap.

    Parameters
    ----------
    box : ViewBox
        That of the heatmap.
    grey : int
        Of the veil: `GREY` over colours that have white, `BRIGHT` over others, which may have grey.
    """

    def __init__(self, box: pg.ViewBox, grey: int) -> None:
        self._colours = _veil(grey)
        self.image, self.edges = MatrixImage(), BrushEdges()
        for item, height in ((self.image, 5), (self.edges, 6)):
            item.setZValue(height)
            item.hide()
            box.addItem(item, ignoreBounds=True)

    def show_brush(self, brush: Brush | None) -> None:
        """Mark these pairs, or nothing."""
        if brush is None:
            self.image.clear()
        else:
            shares = brush.shares
            self.image.setImage(shares[0], autoLevels=False, coarser=shares[1:], levels=(0, ALL), lut=self._colours)
        self.edges.show_brush(brush)
        for item in (self.image, self.edges):
            item.setVisible(brush is not None)


class BrushEdges(pg.GraphicsObject):
    """Lines between cells that are brushed and cells that are not; frames round cells that are small and few."""

    def __init__(self) -> None:
        super().__init__()
        self._cells: Shares = np.zeros((0, 0), np.uint8)
        self._lines = PrimitiveArray(QLineF, 4)
        self._few = np.zeros((0, 2))  # x and y of their centres
        self._seen: tuple[int, int, int, int] | None = None
        self._pens = (pg.mkPen("#000000", width=3), pg.mkPen("#ffffff", width=1))

    def show_brush(self, brush: Brush | None) -> None:
        """Draw the edges of other cells, or none."""
        self.prepareGeometryChange()
        self._cells = brush.shares[0] if brush else np.zeros((0, 0), np.uint8)
        few = brush is not None and brush.n_pairs <= FEW
        pairs = np.stack(brush.pairs, axis=1, dtype=float) if brush and few else np.zeros((0, 2))
        self._few = np.concatenate((pairs, pairs[:, ::-1])) + 0.5
        self._seen = None
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, len(self._cells), len(self._cells))

    def paint(self, painter: QPainter, *_: Any) -> None:
        box = self.getViewBox()
        if box is None:
            return
        if abs(painter.deviceTransform().m11()) < SMALLEST_CELL:
            self._draw_frames(painter, *box.viewPixelSize())
            return
        n = len(self._cells)
        view = box.viewRect().toAlignedRect()
        seen = max(view.left(), 0), max(view.top(), 0), min(view.right() + 1, n), min(view.bottom() + 1, n)
        if seen != self._seen:
            self._seen = seen
            self._find_lines(*seen)
        if not len(self._lines.ndarray()):
            return
        for pen in self._pens:
            painter.setPen(pen)
            painter.drawLines(*self._lines.drawargs())  # a pointer to the first, how many

    def _draw_frames(self, painter: QPainter, width: float, height: float) -> None:
        frames = [
            QRectF(x - FRAME * width / 2, y - FRAME * height / 2, FRAME * width, FRAME * height) for x, y in self._few
        ]
        for pen in self._pens:
            painter.setPen(pen)
            painter.drawRects(frames)

    def _find_lines(self, left: int, top: int, right: int, bottom: int) -> None:
        framed = np.zeros((max(bottom - top, 0) + 2, max(right - left, 0) + 2), np.uint8)  # beyond, nothing is brushed
        n = len(self._cells)
        rows, columns = slice(max(top - 1, 0), min(bottom + 1, n)), slice(max(left - 1, 0), min(right + 1, n))
        part = self._cells[rows, columns]
        framed[rows.start - top + 1 :, columns.start - left + 1 :][: part.shape[0], : part.shape[1]] = part
        down, across = np.nonzero(framed[1:] != framed[:-1]), np.nonzero(framed[:, 1:] != framed[:, :-1])
        self._lines.resize(len(down[0]) + len(across[0]))
        lines = self._lines.ndarray()
        level, upright = lines[: len(down[0])], lines[len(down[0]) :]
        level[:, 0], level[:, 1] = down[1] + (left - 1), down[0] + top
        level[:, 2], level[:, 3] = level[:, 0] + 1, level[:, 1]
        upright[:, 0], upright[:, 1] = across[1] + left, across[0] + (top - 1)
        upright[:, 2], upright[:, 3] = upright[:, 0], upright[:, 1] + 1


def _veil(grey: int) -> np.ndarray:
    """RGBA for each share of brushed cells; a few show more than their share."""
    share = np.linspace(0, 1, ALL + 1)
    lifted = np.maximum(np.sqrt(share), LEAST)
    lifted[0] = 0
    table = np.full((ALL + 1, 4), grey, np.uint8)
    table[:, 3] = OPACITY * (1 - lifted)
    return table
