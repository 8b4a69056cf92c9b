"""The clusters of the words, beside the rows of a heatmap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from engine.ordering import Tree
from ui.elided_text import plain_tip
from ui.theme import Colours

WIDTH = 28  # pixels
NARROWEST = 2.5  # pixels between the arms of a bracket; narrower ones would fuse to a grey area


class Dendrogram(pg.GraphicsWidget):
    """Brackets that join words and clusters, the root at the left; it follows the rows of a heatmap."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.tree: Tree | None = None
        self._path = QPainterPath()
        self._narrowest = -1.0  # rows between the arms of the brackets in the path
        self._pen = QPen()
        self._box: pg.ViewBox | None = None
        self.hide()

    def link_to(self, box: pg.ViewBox) -> None:
        """Pan and zoom with the rows of a view that stands in the same line."""
        if self._box is not None:
            self._box.sigYRangeChanged.disconnect(self._on_range_changed)
        self._box = box
        box.sigYRangeChanged.connect(self._on_range_changed)
        self.update()

    def show_tree(self, tree: Tree | None, explanation: str = "") -> None:
        """Draw the clusters; without any, take no room."""
        self.tree, self._narrowest = tree, -1.0
        self.setToolTip(plain_tip(explanation))
        self.setVisible(tree is not None)
        self.update()

    def set_theme(self, theme: Colours) -> None:
        """Draw in the colours of a theme."""
        self._pen = QPen(QColor(theme.faint), 0)
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.tree is None or self._box is None:
            return
        painter.setClipRect(QRectF(0, 0, self.width(), self.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        to_pixels = self._to_pixels()
        self._thin_out(NARROWEST / to_pixels.m22())
        painter.setTransform(to_pixels, True)
        painter.setPen(self._pen)
        painter.drawPath(self._path)

    def _thin_out(self, narrowest: float) -> None:
        """Keep the brackets at least so many rows wide, or up to a third wider, so that panning changes nothing."""
        assert self.tree is not None
        if narrowest <= self._narrowest <= narrowest * 1.33:
            return
        self._narrowest = narrowest * 1.15
        joins = self.tree.joins
        wide = joins[joins[:, 2, 1] - joins[:, 1, 1] >= self._narrowest]
        corners = wide.reshape(-1, 2)
        bracket_goes_on = np.tile(np.array([1, 1, 1, 0], np.int32), len(wide))
        self._path = pg.arrayToQPath(corners[:, 0], corners[:, 1], connect=bracket_goes_on)

    def _to_pixels(self) -> QTransform:
        """From (distance, row) to pixels of this widget."""
        assert self.tree is not None
        assert self._box is not None
        (top, bottom), (low, high) = self._box.viewRange()[1], self.tree.shown
        across, down = self.width() / (low - high), self.height() / (bottom - top)
        return QTransform(across, 0, 0, down, -high * across, -top * down)

    def _on_range_changed(self, *_: object) -> None:
        self.update()
