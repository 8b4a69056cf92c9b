"""How a test drags in the pictures, and what it then finds brushed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView
from pytestqt.qtbot import QtBot

from engine.brush import brush_block
from ui.main_window import MainWindow

NO_KEY = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
PAUSE = 15  # ms; pyqtgraph takes no notice of moves that follow each other faster


def press(view: QGraphicsView, places: Sequence[QPoint], keys: Qt.KeyboardModifier = NO_KEY) -> None:
    """Presses the left button at the first place and moves to the others."""
    canvas = view.viewport()
    QTest.mouseMove(canvas, places[0])
    QTest.mousePress(canvas, LEFT, keys, places[0])
    first = (places[0] + places[1]) / 2
    for place in (first, *places[1:]):
        QTest.qWait(PAUSE)
        there = QPointF(place), canvas.mapToGlobal(QPointF(place))
        event = QMouseEvent(QEvent.Type.MouseMove, *there, Qt.MouseButton.NoButton, LEFT, keys)
        QApplication.sendEvent(canvas, event)


def drag(view: QGraphicsView, places: Sequence[QPoint], keys: Qt.KeyboardModifier = NO_KEY) -> None:
    press(view, places, keys)
    QTest.mouseRelease(view.viewport(), LEFT, keys, places[-1])


def brushed(window: MainWindow, qtbot: QtBot, view: QGraphicsView, places: list[QPoint], keys: object = SHIFT) -> set:
    """The pairs, by row, that a drag picks."""
    with qtbot.waitSignal(window.state.brush_changed):
        drag(view, places, keys)
    return pairs_of(window)


def pairs_of(window: MainWindow) -> set[tuple[int, int]]:
    return set(zip(*(ends.tolist() for ends in window.state.brush.pairs), strict=True))


def scatter_place(window: MainWindow, x: float, y: float) -> QPoint:
    plot = window.stage.scatter.plot
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y)))


def values_at(window: MainWindow, place: QPoint) -> tuple[float, float]:
    plot = window.stage.scatter.plot
    there = plot.getViewBox().mapSceneToView(plot.mapToScene(place))
    return there.x(), there.y()


def pairs_between(window: MainWindow, one: QPoint, other: QPoint) -> set[tuple[int, int]]:
    """The pairs in a rectangle of pixels, by looking at all."""
    (x0, y0), (x1, y1) = values_at(window, one), values_at(window, other)
    a, b = (space.similarities.values.astype(float) for space in window.state.result.spaces[:2])
    inside = (a >= min(x0, x1)) & (a <= max(x0, x1)) & (b >= min(y0, y1)) & (b <= max(y0, y1))
    return {(int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(inside, 1)), strict=True)}


def brush_rows(window: MainWindow, rows: range, columns: range) -> None:
    window.state.set_brush(brush_block(window.state.result.words, rows, columns))
