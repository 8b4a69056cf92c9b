"""Whether the agreement holds over other words: random draws, and bands of frequency."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.comparison import COMPARISONS
from engine.inference.stability import FrequencyBands, RandomDraws
from engine.result import AnalysisResult
from ui.elided_text import ElidedLabel
from ui.state import AppState
from ui.theme import GRID, Colours
from ui.views.base import View

EMPTY = "Choose random draws or frequency bands under Statistics to see whether the agreement holds for other words."
BINS = 30


class RobustnessView(View):
    """Two plots beside each other, of the first pair of spaces; a colour a measure."""

    name = "robustness"
    title = "Robustness"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.caption = ElidedLabel()
        self.names = QLabel()  # instead of legends, which would cover what they explain
        self.names.setTextFormat(Qt.TextFormat.RichText)
        self.hint = QLabel(EMPTY)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GRID, GRID // 2, GRID // 2, 0)
        above = QHBoxLayout()
        above.addWidget(self.names)
        above.addWidget(self.caption, 1)
        self._column.addLayout(above)
        self._column.addWidget(self.hint, 1)
        self._show(None)

    @cached_property
    def canvas(self) -> pg.GraphicsLayoutWidget:
        """Made when first needed: plots are what a window takes longest to make."""
        canvas = pg.GraphicsLayoutWidget()
        self._column.addWidget(canvas, 1)
        return canvas

    def show_result(self, result: AnalysisResult) -> None:
        self._show(None)

    def show_statistics(self, result: AnalysisResult) -> None:
        self._show(result)

    def show_theme(self, theme: Colours) -> None:
        self._show(self.state.result)

    def _show(self, result: AnalysisResult | None) -> None:
        _, found = result.inferred[0] if result and result.inferred else (None, None)
        draws, bands = (found.draws, found.bands) if found else (None, None)
        shown = draws is not None or bands is not None
        self.hint.setVisible(not shown)
        self.caption.setVisible(shown)
        self.names.setVisible(shown)
        if "canvas" in self.__dict__:
            self.canvas.setVisible(shown)
        if not shown:
            return
        self.canvas.clear()
        self.canvas.setBackground(self.theme.base)
        self.caption.set_text("; ".join(one.method for one in (draws, bands) if one is not None))
        measures = list(draws.values) if draws is not None else list(bands.intervals if bands else ())
        self.names.setText("&nbsp; ".join(map(self._name, range(len(measures)), measures)))
        if draws is not None:
            self._draw_draws(self._plot("over random draws", "draws"), draws)
        if bands is not None:
            self._draw_bands(self._plot("frequency rank", "agreement"), bands)

    def _plot(self, below: str, left: str) -> pg.PlotItem:
        plot = self.canvas.addPlot()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        for side, text in (("bottom", below), ("left", left)):
            axis = plot.getAxis(side)
            axis.setLabel(text, color=self.theme.text)
            axis.enableAutoSIPrefix(False)
            axis.setPen(self.theme.line)
            axis.setTextPen(self.theme.text)
        return plot

    def _colour(self, k: int) -> str:
        colours = (*self.theme.spaces, self.theme.accent, self.theme.faint)
        return colours[k % len(colours)]

    def _name(self, k: int, measure: str) -> str:
        return f"<b style='color:{self._colour(k)}'>{COMPARISONS[measure].symbol}</b>"

    def _draw_draws(self, plot: pg.PlotItem, draws: RandomDraws) -> None:
        defined = {name: values[np.isfinite(values)] for name, values in draws.values.items()}
        edges = np.histogram_bin_edges(np.concatenate(list(defined.values())), BINS)
        for k, values in enumerate(defined.values()):
            counts, _ = np.histogram(values, edges)
            pen = pg.mkPen(self._colour(k), width=2)
            plot.plot(edges, counts, stepMode="center", pen=pen)

    def _draw_bands(self, plot: pg.PlotItem, bands: FrequencyBands) -> None:
        places = np.arange(len(bands.ranks), dtype=float)
        plot.setXRange(-0.5, len(places) - 0.5)
        plot.getAxis("bottom").setTicks([[(k, f"{low:,}–{high:,}") for k, (low, high) in enumerate(bands.ranks)]])
        for k, intervals in enumerate(bands.intervals.values()):
            values, lows, highs = (
                np.array([np.nan if end is None else end for end in ends])
                for ends in zip(*((one.observed, one.low, one.high) for one in intervals), strict=True)
            )
            shifted, pen = places + 0.08 * k, pg.mkPen(self._colour(k), width=2)
            plot.plot(shifted, values, pen=pen, symbol="o", symbolSize=6, symbolBrush=self._colour(k), symbolPen=None)
            has = np.isfinite(values) & np.isfinite(lows) & np.isfinite(highs)
            plot.addItem(
                pg.ErrorBarItem(
                    x=shifted[has], y=values[has], top=(highs - values)[has], bottom=(values - lows)[has], pen=pen
                )
            )
