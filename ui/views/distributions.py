"""What the permutation test and the bootstrap compared the observed agreement with."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import ClassVar

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.comparison import COMPARISONS
from engine.distributions import Distribution, bootstrap_distributions, histogram, null_distributions
from engine.result import AnalysisResult
from ui.chooser import Chooser
from ui.elided_text import ElidedLabel
from ui.state import AppState
from ui.theme import GRID, Colours
from ui.views.base import View
from ui.views.plain_plot import PlainPlot

UNDEFINED = "No measure has a value here; Results says why."


class DistributionView(View):
    """A histogram with the observed value; one measure at a time, chosen above it."""

    distributions: ClassVar[Callable[[AnalysisResult], list[Distribution]]]
    asked_by: ClassVar[str]  # the field of the request
    empty: ClassVar[str]

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.caption = ElidedLabel()
        self.caption.setObjectName("viewHeading")
        self.chooser = Chooser("Measure", 14)
        self.chooser.currentIndexChanged.connect(self._draw)
        self.hint = QLabel(self.empty)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._found: list[Distribution] = []
        above = QHBoxLayout()
        above.addWidget(self.caption, 1)
        above.addWidget(self.chooser)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GRID, GRID // 2, GRID // 2, 0)
        self._column.setSpacing(GRID // 2)
        self._column.addLayout(above)
        self._column.addWidget(self.hint, 1)
        self._show(None)

    @cached_property
    def plot(self) -> PlainPlot:
        """Made when first needed: plots are what a window takes longest to make."""
        plot = PlainPlot(self.title)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no keys of its own
        plot.setMouseEnabled(x=True, y=False)
        self.bars = pg.PlotDataItem(stepMode="center", fillLevel=0)
        self.line = pg.InfiniteLine(angle=90)
        self.ends = pg.LinearRegionItem(movable=False)
        for item in (self.ends, self.bars, self.line):
            plot.addItem(item)
        self._column.addWidget(plot, 1)
        return plot

    def show_result(self, result: AnalysisResult) -> None:
        self._show(None)

    def show_statistics(self, result: AnalysisResult) -> None:
        self._show(result)

    def show_theme(self, theme: Colours) -> None:
        self._draw()

    def _show(self, result: AnalysisResult | None) -> None:
        self._found = type(self).distributions(result) if result else []
        several = len({one.title for one in self._found}) > 1
        labels = [COMPARISONS[one.measure].label for one in self._found]
        titled = (f"{label}, {one.title}" for label, one in zip(labels, self._found, strict=True))
        self.chooser.offer(titled if several else labels)
        self.chooser.setVisible(len(self._found) > 1)
        self.caption.setVisible(bool(self._found))
        asked = self.state.result and getattr(self.state.result.request.statistics, self.asked_by)
        waiting = bool(asked) and (result is None or result.statistics is None)
        self.hint.setText(self.not_inferred if waiting else UNDEFINED if asked else self.empty)
        self.hint.setVisible(not self._found)
        self._draw()

    def _draw(self) -> None:
        if not self._found:
            if "plot" in self.__dict__:
                self.plot.hide()
            return
        one, theme = self._found[self.chooser.position], self.theme
        counts, edges = histogram(one)
        self.plot.show_theme(theme)
        self.bars.setData(edges, counts)
        self.bars.setPen(None)
        self.bars.setFillBrush(pg.mkBrush(theme.faint))
        self.line.setValue(one.observed)
        self.line.setPen(pg.mkPen(theme.accent, width=2))
        self.ends.setVisible(one.ends is not None)
        if one.ends:
            self.ends.setRegion(one.ends)
        shade = pg.mkColor(theme.accent)
        shade.setAlpha(40)
        self.ends.setBrush(shade)
        for end in self.ends.lines:
            end.setPen(pg.mkPen(theme.accent))
        for side, text in (("bottom", COMPARISONS[one.measure].label), ("left", one.unit)):
            self.plot.getAxis(side).setLabel(text, color=theme.text)
        self.plot.autoRange()
        self.caption.set_text(one.caption)
        self.plot.show()


class NullView(DistributionView):
    """The agreement of relabelled words, and the agreement found."""

    name = "null"
    title = "Test"
    distributions = null_distributions
    asked_by = "permutations"
    empty = "Choose a number of permutations under Statistics to test whether the agreement is more than chance."


class BootstrapView(DistributionView):
    """The agreement of drawn words, and the interval."""

    name = "bootstrap"
    title = "Interval"
    distributions = bootstrap_distributions
    asked_by = "bootstraps"
    empty = "Choose a number of bootstrap draws under Statistics to see how sure the agreement is."
