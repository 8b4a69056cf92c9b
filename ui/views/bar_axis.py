"""The numbers beside a colour bar: always both ends, and round ones between them as far as there is room."""

from __future__ import annotations

from math import ceil, log10
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication

from ui.theme import scaled

WIDTH = 36  # pixels, whatever the numbers are, so that no heatmap changes its size with them
GAP = 3  # pixels between the bar and its numbers
SMALLER = 0.85  # than other text, as the words beside the heatmaps are
SMALLEST = 4.0  # points
APART = 1.5  # lines from number to number
THOUSANDS = 10_000  # from here on "10k"
FINEST = 12  # digits behind the point


class BarAxis(pg.AxisItem):
    """pyqtgraph leaves out numbers that are too wide and ends that are not round, so it draws line and ticks only."""

    def __init__(self) -> None:
        super().__init__("right", showValues=False)
        self.fit_text()

    def fit_text(self) -> None:
        """Take the room that numbers need at the present size of text."""
        self.setWidth(scaled(WIDTH))
        self.picture = None
        self.update()

    def labels(self) -> list[tuple[str, float]]:
        """(number, pixels below the upper end) of every number that is drawn, both ends first."""
        low, high = sorted(self.range)
        length, line = self._room().height(), QFontMetricsF(_font()).height()
        if high <= low or length <= 0:
            return []
        shown = [(_written(high, high - low), line / 2), (_written(low, high - low), length - line / 2)]
        for value in self.tickValues(low, high, length)[0][1]:
            place = (high - value) / (high - low) * length
            if all(abs(place - other) >= APART * line for _, other in shown):
                shown.append((_written(value, high - low), place))
        return shown

    def fitted_font(self) -> QFont:
        """One that all numbers fit in: smaller where they have many digits."""
        font, texts, room = _font(), [text for text, _ in self.labels()], self._room().width() - GAP
        while font.pointSizeF() > SMALLEST and any(QFontMetricsF(font).horizontalAdvance(one) > room for one in texts):
            font.setPointSizeF(font.pointSizeF() - 0.5)  # by measuring: glyphs do not shrink evenly
        return font

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: Any, textSpecs: Any) -> None:
        super().drawPicture(p, axisSpec, tickSpecs, textSpecs)
        p.setFont(self.fitted_font())
        p.setPen(self.textPen())
        room, line = self._room(), QFontMetricsF(_font()).height()
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        for text, place in self.labels():
            box = QRectF(room.left() + GAP, room.top() + place - line / 2, room.width() - GAP, line)
            p.drawText(box, int(flags), text)

    def _room(self) -> QRectF:
        """Where the axis lies beside its bar; the base class's bounding rectangle reaches beyond."""
        return self.mapRectFromParent(self.geometry())


def _font() -> QFont:
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * SMALLER)
    return font


def _written(value: float, span: float) -> str:
    """A number to a hundredth of the span of the bar, without zeros at its end: "-0.088", "0.6", "-12.5k"."""
    unit, name = (1000, "k") if abs(value) >= THOUSANDS else (1, "")
    places = min(max(0, ceil(-log10(span / 100 / unit))), FINEST)
    text = f"{round(value / unit, places) + 0.0:.{places}f}"  # + 0.0: no minus sign before 0
    return (text.rstrip("0").rstrip(".") if "." in text else text) + name
