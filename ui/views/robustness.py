"""Whether the agreement holds over other words: random draws, and bands of frequency."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.comparison import COMPARISONS
from engine.description import names_of
from engine.distributions import bin_edges
from engine.result import AnalysisResult
from ui.chooser import Chooser
from ui.elided_text import ElidedLabel
from ui.state import AppState
from ui.theme import GRID, Colours
from ui.views.base import View
from ui.views.plain_plot import PlainPlot

if TYPE_CHECKING:
    from engine.inference.stability import FrequencyBands, RandomDraws

EMPTY = "Choose random draws or frequency bands under Statistics to see whether the agreement holds for other words."
BINS = 30
HUES = 6
MOST_LABELS = 4
LINES = ((Qt.PenStyle.SolidLine, ""), (Qt.PenStyle.DashLine, " ╌"), (Qt.PenStyle.DotLine, " ┈"))


class RobustnessView(View):
    """Two plots beside each other, of one pair of spaces; a colour and a kind of line for each measure."""

    name = "robustness"
    title = "Robustness"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.caption = ElidedLabel()
        self.names = QLabel()  # instead of legends, which would cover what they explain
        self.names.setTextFormat(Qt.TextFormat.RichText)
        self.names.setWordWrap(True)
        self.chooser = Chooser("Pair of spaces", 10)
        self.chooser.currentIndexChanged.connect(self._draw)
        self._result: AnalysisResult | None = None
        self.hint = QLabel(EMPTY)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GRID, GRID // 2, GRID // 2, 0)
        self._column.setSpacing(GRID // 2)
        above = QHBoxLayout()
        above.addWidget(self.names, 1)
        above.addWidget(self.chooser)
        self._column.addLayout(above)
        self._column.addWidget(self.caption)
        self._column.addWidget(self.hint, 1)
        self._show(None)

    @cached_property
    def plots(self) -> tuple[PlainPlot, PlainPlot]:
        """Of draws and of bands. Made when first needed: plots are what a window takes longest to make."""
        beside = QHBoxLayout()
        plots = _plot("over draws", "draws"), _plot("from rank", "agreement")
        for plot in plots:
            beside.addWidget(plot)
        self._column.addLayout(beside, 1)
        return plots

    def show_result(self, result: AnalysisResult) -> None:
        self._show(None)

    def show_statistics(self, result: AnalysisResult) -> None:
        self._show(result)

    def show_theme(self, theme: Colours) -> None:
        self._draw()

    def _show(self, result: AnalysisResult | None) -> None:
        self._result = result if result and result.inferred else None
        pairs = [names_of(result, comparison) for comparison, _ in result.inferred] if result else []
        self.chooser.offer(pairs)
        self._draw()

    def _draw(self) -> None:
        found = self._result.inferred[self.chooser.position][1] if self._result else None
        draws, bands = (found.draws, found.bands) if found else (None, None)
        shown = draws is not None or bands is not None
        asked = self.state.result.request.statistics if self.state.result else None
        self.hint.setText(self.not_inferred if asked and (asked.draws or asked.bands) else EMPTY)
        self.hint.setVisible(not shown)
        self.chooser.setVisible(shown and self.chooser.count() > 1)
        self.caption.setVisible(shown)
        self.names.setVisible(shown)
        if shown or "plots" in self.__dict__:
            for plot, one in zip(self.plots, (draws, bands), strict=True):
                plot.setVisible(one is not None)
        if not shown:
            return
        self.caption.set_text("; ".join(one.method for one in (draws, bands) if one is not None))
        measures = list(draws.values) if draws is not None else list(bands.intervals if bands else ())
        self.names.setText("&nbsp; ".join(map(self._name, range(len(measures)), measures)))
        for plot in self.plots:
            self._clear(plot)
        if draws is not None:
            self._draw_draws(self.plots[0], draws)
        if bands is not None:
            self._draw_bands(self.plots[1], bands)

    def _clear(self, plot: PlainPlot) -> None:
        plot.clear()
        plot.show_theme(self.theme)
        for side in ("bottom", "left"):
            axis = plot.getAxis(side)
            axis.setLabel(axis.labelText, color=self.theme.text)

    def _colour(self, k: int) -> str:
        colours = (*self.theme.spaces, self.theme.accent, self.theme.faint)
        return colours[k % len(colours)]

    def _line(self, k: int) -> tuple[Qt.PenStyle, str]:
        """The kind of line of measure k, and how its name says so."""
        return LINES[k // HUES % len(LINES)]

    def _pen(self, k: int) -> QPen:
        return pg.mkPen(self._colour(k), width=2, style=self._line(k)[0])

    def _name(self, k: int, measure: str) -> str:
        return f"<b style='color:{self._colour(k)}'>{COMPARISONS[measure].symbol}{self._line(k)[1]}</b>"

    def _draw_draws(self, plot: PlainPlot, draws: RandomDraws) -> None:
        defined = {name: values[np.isfinite(values)] for name, values in draws.values.items()}
        edges = bin_edges(np.concatenate(list(defined.values())), BINS)
        for k, values in enumerate(defined.values()):
            counts, _ = np.histogram(values, edges)
            plot.plot(edges, counts, stepMode="center", pen=self._pen(k))

    def _draw_bands(self, plot: PlainPlot, bands: FrequencyBands) -> None:
        places = np.arange(len(bands.ranks), dtype=float)
        plot.setXRange(-0.5, len(places) - 0.5)
        step = -(-len(bands.ranks) // MOST_LABELS)  # else they would cover each other
        labels = [(k, f"{low:,}") for k, (low, _) in enumerate(bands.ranks) if k % step == 0]
        plot.getAxis("bottom").setTicks([labels[::2], labels[1::2]])  # where there is little room, every other one
        for k, intervals in enumerate(bands.intervals.values()):
            values, lows, highs = (
                np.array([np.nan if end is None else end for end in ends])
                for ends in zip(*((one.observed, one.low, one.high) for one in intervals), strict=True)
            )
            if np.isnan(values).all():  # undefined in every band; pyqtgraph cannot place what is nowhere
                continue
            shifted, pen = places + 0.5 * k / len(bands.intervals), self._pen(k)
            plot.plot(shifted, values, pen=pen, symbol="o", symbolSize=6, symbolBrush=self._colour(k), symbolPen=None)
            has = np.isfinite(values) & np.isfinite(lows) & np.isfinite(highs)
            plot.addItem(
                pg.ErrorBarItem(
                    x=shifted[has], y=values[has], top=(highs - values)[has], bottom=(values - lows)[has], pen=pen
                )
            )


def _plot(below: str, left: str) -> PlainPlot:
    plot = PlainPlot(f"Robustness: {left} {below}")
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no keys of its own
    plot.getAxis("bottom").setLabel(below)
    plot.getAxis("left").setLabel(left)
    return plot
