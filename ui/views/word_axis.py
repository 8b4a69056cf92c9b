"""An axis of words beside a heatmap: as many labels as fit, more as one zooms, those of the selection always."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from engine.description import spelt_out
from ui.theme import Colours, scaled

STEPS = (1, 2, 5)
LONGEST_LABEL = 54  # pixels; longer words are elided, so that the heatmap never jumps with the words' lengths
GAP = 5
TOUCHING = 0.5  # pixels that labels may be nearer than a line, which none is seen to be
FEW = 30  # brushed words; more are labelled where a label falls on them
STRIP, STRIP_GAP = 6, 1  # pixels of a stripe of categories and of its distance from the heatmap


class WordAxis(pg.AxisItem):
    """The words of a heatmap's rows (orientation "left") or columns ("bottom", written upwards).

    pyqtgraph can neither rotate tick labels nor thin out given ones, so the base class draws the line only.
    """

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation, showValues=False, maxTickLength=0)
        self.enableAutoSIPrefix(False)  # else every step of panning lays the label out anew
        self._words: Sequence[str] = ()
        self._marked: tuple[int, ...] = ()
        self._brushed: Sequence[int] = ()
        self._categories: QImage | None = None
        self._text_colour = QColor()
        self._mark_colour = QColor()
        self._is_row_axis = orientation == "left"
        self.fit_text()

    def fit_text(self) -> None:
        """Take the room that labels need at the present size of text."""
        self._longest = scaled(LONGEST_LABEL)
        extent = self._longest + 2 * GAP
        self.setWidth(extent) if self._is_row_axis else self.setHeight(extent)
        self._redraw()

    def set_words(self, words: Sequence[str]) -> None:
        """Label row or column k with words[k]."""
        self._words = words
        self._redraw()

    def set_categories(self, colours: Sequence[str | None]) -> None:
        """Draw a stripe along the heatmap, colours[k] beside row or column k; none if there are no colours."""
        self._categories = None
        if colours:
            shape = (1, len(colours)) if self._is_row_axis else (len(colours), 1)
            pixels = {colour: QColor(colour or Qt.GlobalColor.transparent).rgba() for colour in set(colours)}
            packed = np.array([pixels[colour] for colour in colours], np.uint32).tobytes()
            self._categories = QImage(packed, *shape, 4 * shape[0], QImage.Format.Format_ARGB32).copy()
        self._redraw()

    def set_marked(self, rows: tuple[int, ...]) -> None:
        """Always label these rows, in the accent colour."""
        self._marked = rows
        self._redraw()

    def set_brushed(self, rows: Sequence[int]) -> None:
        """Label these rows in the accent colour, and as long as they are few before others."""
        self._brushed = rows
        self._redraw()

    def set_theme(self, theme: Colours) -> None:
        """Draw in the colours of a theme."""
        self._text_colour = QColor(theme.text)
        self._mark_colour = QColor(theme.accent)
        self.setPen(pg.mkPen(theme.line))
        self._redraw()

    def _redraw(self) -> None:
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[Any]:
        return []

    def _labelled(self, low: float, pitch: float, line: float) -> list[tuple[int, float]]:
        """The rows that are labelled before others, and where: the marked, and of a few brushed what fits."""
        taken = [(row, (row + 0.5 - low) * pitch) for row in self._marked]
        if len(self._brushed) <= FEW:
            for row in self._brushed:
                position = (row + 0.5 - low) * pitch
                if all(abs(position - other) >= line for _, other in taken):
                    taken.append((row, position))
        return taken

    def labels(self) -> list[tuple[int, float]]:
        """(row, position along the axis in pixels) of every label that is drawn now, the marked ones last."""
        low, high = sorted(self.range)  # an inverted view hands the range over the wrong way round
        room = self._room()
        length = room.height() if self._is_row_axis else room.width()
        if not self._words or high <= low or length <= 0:
            return []
        pitch = length / (high - low)
        line = self._metrics().height()
        step = _fitting_step(line / pitch)
        first = max(0, int(low + 0.5) // step * step)
        rows = range(first, min(len(self._words), int(high + 0.5)), step)
        marked = _whole(self._labelled(low, pitch, line), length, line)
        shown: list[tuple[int, float]] = []
        for row, position in _whole([(row, (row + 0.5 - low) * pitch) for row in rows], length, line):
            if all(abs(position - other) >= line - TOUCHING for _, other in (*marked, *shown[-1:])):
                shown.append((row, position))
        return shown + marked

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: Any, textSpecs: Any) -> None:
        super().drawPicture(p, axisSpec, tickSpecs, textSpecs)
        self._draw_categories(p)
        p.save()
        p.setFont(self._font())
        metrics = self._metrics()
        line, emphasised = metrics.height(), {*self._marked, *self._brushed}
        self._turn(p)
        for row, position in self.labels():
            p.setPen(self._mark_colour if row in emphasised else self._text_colour)
            text = metrics.elidedText(spelt_out(self._words[row]), Qt.TextElideMode.ElideMiddle, self._longest)
            box = QRectF(-self._longest, position - line / 2, self._longest, line)
            p.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        p.restore()

    def _turn(self, p: QPainter) -> None:
        """Have labels end a little before the heatmap, upwards or from left to right; one below the other."""
        room = self._room()
        p.translate(room.topRight() if self._is_row_axis else room.topLeft())
        if not self._is_row_axis:
            p.rotate(-90)
        p.translate(-GAP if self._categories is None else -(STRIP_GAP + STRIP + GAP / 2), 0)

    def _draw_categories(self, p: QPainter) -> None:
        low, high = sorted(self.range)
        if self._categories is None or high <= low:
            return
        room = self._room()
        pitch = (room.height() if self._is_row_axis else room.width()) / (high - low)
        first = max(int(low), 0)
        count = min(int(high) + 1, max(self._categories.width(), self._categories.height())) - first
        if count <= 0:  # panned beyond the last word
            return
        start, length = (first - low) * pitch, count * pitch
        if self._is_row_axis:
            seen = QRectF(0, first, 1, count)
            strip = QRectF(room.right() - STRIP_GAP - STRIP, room.top() + start, STRIP, length)
        else:
            seen = QRectF(first, 0, count, 1)
            strip = QRectF(room.left() + start, room.top() + STRIP_GAP, length, STRIP)
        p.save()
        p.setClipRect(room)
        p.drawImage(strip, self._categories, seen)
        p.restore()

    def _room(self) -> QRectF:
        """Where the axis lies beside its heatmap; the base class's bounding rectangle reaches beyond."""
        return self.mapRectFromParent(self.geometry())

    def _font(self) -> Any:
        font = pg.QtWidgets.QApplication.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        return font

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._font())


def _whole(labels: list[tuple[int, float]], length: float, line: float) -> list[tuple[int, float]]:
    """Those that are in view; the first and the last are moved so far that they are not cut in half."""
    inside = [(row, position) for row, position in labels if 0 <= position <= length]
    return [(row, min(max(position, line / 2), length - line / 2)) for row, position in inside]


def _fitting_step(rows_per_line: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, ... rows that is at least one line of text high."""
    scale = 1
    while True:
        for step in STEPS:
            if step * scale >= rows_per_line:
                return step * scale
        scale *= 10
