"""A large matrix as an image that draws only what is seen, and where cells are smaller than pixels, no cell is lost."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from engine.pyramid import pyramid

SMALL = 1024  # cells along a side; up to here the whole is turned into colours once, beyond only what is shown


class MatrixImage(pg.ImageItem):
    """An image of a matrix, cell (row, column) at x = column, y = row.

    Nearest-neighbour scaling of 5,000 cells to 400 pixels would show one value in 150, and averaging while one zooms
    takes ten frames: so coarser copies of the matrix are made beforehand.
    """

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")  # pyqtgraph's default would transpose
        self._coarser: Sequence[np.ndarray] = ()
        self._part = pg.ImageItem(axisOrder="row-major")
        self._drawn: tuple[int, QRect] | None = None
        self._renderRequired: bool = True

    def setImage(
        self,
        image: np.ndarray | None = None,
        autoLevels: bool | None = None,
        coarser: Sequence[np.ndarray] | None = None,
        **options: Any,
    ) -> None:
        """Show a matrix; `coarser` are its copies as `engine.pyramid` makes them, made here if not given."""
        if image is not None and coarser is None:
            image = _finite(image)
            coarser = pyramid(image, float(np.ptp(image)) / 4)
        if coarser is not None:
            self._coarser = coarser
        self._drawn = None
        super().setImage(image, autoLevels=autoLevels, **options)

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.image is None or self.levels is None:
            return
        level = self._level(painter)
        matrix = self._coarser[level - 1] if level else self.image
        part = self._seen(matrix, 1 << level)
        if self._renderRequired or (level, part) != self._drawn:
            cells = matrix[part.top() : part.bottom() + 1, part.left() : part.right() + 1]
            shown = _finite(np.ascontiguousarray(cells, np.float32))
            self._part.setImage(shown, autoLevels=False, levels=self.levels, lut=self.lut)
            self._part.render()
            self._drawn, self._renderRequired = (level, part), False
        size = 1 << level
        place = QRectF(part.left() * size, part.top() * size, part.width() * size, part.height() * size)
        painter.drawImage(place, self._part.qimage)

    def _level(self, painter: QPainter) -> int:
        """0: the matrix itself; k: its cells in blocks of 2^k x 2^k, which are at least a pixel large."""
        pixels_a_cell = abs(painter.deviceTransform().m11())
        if not pixels_a_cell:
            return 0
        return min(max(ceil(log2(1 / pixels_a_cell) - 1e-6), 0), len(self._coarser))

    def _seen(self, matrix: np.ndarray, size: int) -> QRect:
        """The rows and columns of a matrix in blocks of `size` cells that are in view, or all of a small matrix."""
        whole = QRect(0, 0, matrix.shape[1], matrix.shape[0])
        box = self.getViewBox()
        if box is None or max(matrix.shape) <= SMALL:
            return whole
        view = box.viewRect()
        blocks = QRectF(view.x() / size, view.y() / size, view.width() / size, view.height() / size)
        return blocks.toAlignedRect().adjusted(-1, -1, 1, 1) & whole


def _finite(matrix: np.ndarray) -> np.ndarray:
    """The matrix with its lowest value where it has none: pyqtgraph takes ten times as long with gaps."""
    if np.isfinite(matrix.min()) and np.isfinite(matrix.max()):
        return matrix
    finite = matrix[np.isfinite(matrix)]
    low, high = (finite.min(), finite.max()) if len(finite) else (0.0, 0.0)
    return np.nan_to_num(matrix, nan=low, neginf=low, posinf=high)
