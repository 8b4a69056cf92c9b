"""The values of words in every dimension, one plot a space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget

from engine.data import EmbeddingSpace
from ui.theme import Colours, scaled
from ui.views.marks import ElidedTitle

NUMBERS = 38  # pixels beside a plot
PADDING = 0.05  # of the values' range, above and below


class _Numbers(pg.AxisItem):
    """An axis that has room for each of its numbers, however small the plot is."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        levels: list[tuple[float, float]] = super().tickSpacing(minVal, maxVal, size)
        metrics, below = QFontMetricsF(QApplication.font()), self.orientation == "bottom"
        pixels = metrics.horizontalAdvance(f"{maxVal:.0f}  ") if below else metrics.height()
        least = 1.0 if below else 0.0  # there are only whole dimensions
        room = max(pixels * (maxVal - minVal) / max(size, 1.0), least)
        fitting = [level for level in levels if level[0] >= room]
        if fitting or not levels:  # of a single dimension there are none
            return fitting
        widest = max(levels[0][0], 1.0) if below else levels[0][0]
        return [(2.0 ** max(np.ceil(np.log2(room / widest)), 0) * widest, 0)]


class ProfilePlots(pg.GraphicsLayoutWidget):
    """One plot a space, stacked; in each the profiles of one or two words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no keys of its own
        self.setAccessibleName("Values in each dimension")
        self.ci.layout.setContentsMargins(4, 0, 4, 0)
        self.ci.layout.setVerticalSpacing(0)
        self.titles = [ElidedTitle(), ElidedTitle()]
        self.plots: list[pg.PlotItem] = []
        self.curves: list[list[pg.PlotDataItem]] = []
        self._theme: Colours | None = None
        for k, title in enumerate(self.titles):
            self.addItem(title, row=2 * k, col=0)
            axes = {side: _Numbers(side) for side in ("left", "bottom")}
            plot = self.addPlot(row=2 * k + 1, col=0, enableMenu=False, axisItems=axes)
            plot.hideButtons()
            plot.setMouseEnabled(y=False)
            plot.getAxis("left").setWidth(scaled(NUMBERS))
            plot.setToolTip("Value in each dimension; the wheel zooms along the dimensions")
            self.plots.append(plot)
            self.curves.append([plot.plot(), plot.plot()])
            self.curves[k][1].setZValue(-1)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            for title, plot in zip(self.titles, self.plots, strict=True):
                title.fit_text()
                plot.getAxis("left").setWidth(scaled(NUMBERS))
        super().changeEvent(event)

    def show_words(self, spaces: Sequence[EmbeddingSpace], rows: Sequence[int], titles: Sequence[str]) -> None:
        """Draw the profiles of one or two words.

        Parameters
        ----------
        spaces : sequence of EmbeddingSpace
            The first two are drawn.
        rows : sequence of int
            Rows of the words, the one that matters most first.
        titles : sequence of str
            One per space.
        """
        for k, space in enumerate(spaces[:2]):
            dimensions = space.dimension_numbers
            first, last = int(dimensions[0]), int(dimensions[-1])
            for position, curve in enumerate(self.curves[k]):
                shown = position < len(rows)
                curve.setData(dimensions, space.vectors[rows[position]]) if shown else curve.setData([], [])
            self.plots[k].setLimits(xMin=first, xMax=last, minXRange=min(10, last - first))
            self.plots[k].setXRange(first, last, padding=0)
            values = space.vectors[list(rows)]  # a range of its own would be found anew at every resizing
            self.plots[k].setYRange(float(values.min()), float(values.max()), padding=PADDING)
            self.titles[k].text = titles[k]

    def show_theme(self, theme: Colours) -> None:
        """Draw in the colours of a theme."""
        for k, title in enumerate(self.titles):
            title.set_text(title.text, theme.spaces[k])
        if theme == self._theme:
            return  # new pens, even equal ones, would draw all axes anew
        self._theme = theme
        self.setBackground(theme.base)
        for k, plot in enumerate(self.plots):
            self.curves[k][0].setPen(pg.mkPen(theme.spaces[k], width=1))
            self.curves[k][1].setPen(pg.mkPen(theme.faint, width=1))
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.line)
                plot.getAxis(side).setTextPen(theme.text)
