"""Pairs picked together are shown in every view."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.brush_shapes import Rectangle
from engine.colours import COLOUR_MAPS, ColourScale
from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordList, WordRule
from tests.ui.dragging import (
    brush_rows,
    pairs_of,
)
from ui.main_window import MainWindow
from ui.views.pair_picture import MOST_POINTS


@pytest.fixture
def three(open_window: Callable[..., MainWindow]) -> MainWindow:
    """The window on A, B and their difference."""
    return open_window(Session(AnalysisRequest(difference="values")))


@pytest.fixture
def many(open_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """The window on all words of the sample."""
    window = open_window(Session(AnalysisRequest(words=WordRule(1, 99, None))))
    qtbot.waitUntil(lambda: window.stage.scatter.pairs.is_complete)
    return window


def test_brushed_pairs_are_highlighted_everywhere(three: MainWindow) -> None:
    window = three
    brush_rows(window, range(10, 13), range(40, 45))
    expected = np.zeros((100, 100), bool)
    expected[10:13, 40:45] = expected[40:45, 10:13] = True
    for heatmap in window.stage.heatmaps.canvas.heatmaps:
        assert heatmap.veil.image.isVisible()
        np.testing.assert_array_equal(heatmap.veil.image.image > 0, expected)
    a, b = (space.similarities.values for space in window.state.result.spaces)
    points = window.stage.scatter.brushed.points
    assert points.isVisible()
    wanted = [(float(a[i, j]), float(b[i, j])) for i in range(10, 13) for j in range(40, 45)]
    assert sorted(zip(points.x, points.y, strict=True)) == sorted(wanted)
    words = {*range(10, 13), *range(40, 45)}
    model = window.side.tables[0].model
    bold = {row for row in range(100) if model.data(model.index(row, 0), Qt.ItemDataRole.FontRole)}
    assert bold == words
    accent = QColor(window.side.tables[0].theme.accent)
    assert model.data(model.index(10, 1), Qt.ItemDataRole.ForegroundRole) == accent
    labelled = {row for row, _ in window.stage.heatmaps.rows.labels()}
    assert len(labelled & words) >= 2  # of neighbours only some have room
    assert "15 pairs of 8 words brushed" in window.note_line.brushed.text()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.state.brush is None
    assert not window.note_line.brushed.isVisible()
    assert not points.isVisible()
    assert not any(heatmap.veil.image.isVisible() for heatmap in window.stage.heatmaps.canvas.heatmaps)
    assert not any(model.data(model.index(row, 0), Qt.ItemDataRole.FontRole) for row in range(100))


@pytest.mark.parametrize("colour_map", COLOUR_MAPS)
def test_brushed_cells_differ_from_others_on_light_and_dark_cells_alike(three: MainWindow, colour_map: str) -> None:
    view = three.stage.heatmaps
    three.state.set_colours(ColourScale(colour_map, (0.0, 1.0)))
    places = [(12, 42), (12, 60)]
    for heatmap in view.canvas.heatmaps:
        low, high = heatmap.image.levels
        for value in np.linspace(low, high, 5):
            flat = np.full((100, 100), value, np.float32)
            heatmap.image.setImage(flat, autoLevels=False)
            three.state.set_brush(None)
            brush_rows(three, range(5, 20), range(35, 50))
            QApplication.processEvents()
            picture = view.canvas.grab().toImage()
            scene = [heatmap.box.mapViewToScene(QPointF(column + 0.5, row + 0.5)) for row, column in places]
            one, other = (picture.pixelColor(view.canvas.mapFromScene(place)) for place in scene)
            steps = (abs(one.red() - other.red()), abs(one.green() - other.green()), abs(one.blue() - other.blue()))
            assert sum(steps) > 60


def test_few_words_are_labelled_before_others(window: MainWindow) -> None:
    brush_rows(window, range(33, 34), range(71, 72))
    for axis in (window.stage.heatmaps.rows, window.stage.heatmaps.maps[1].columns):
        assert {33, 71} <= {row for row, _ in axis.labels()}


def test_many_brushed_pairs_are_a_density_and_points_where_all_are(many: MainWindow, qtbot: QtBot) -> None:
    scatter, index = many.stage.scatter, many.state.result.pair_index
    with qtbot.waitSignal(many.state.brush_changed):
        many.brushing.pick(Rectangle((0.0, 0.3), (-1.0, 1.0)), False)
    assert many.state.brush.n_pairs > MOST_POINTS
    qtbot.waitUntil(lambda: scatter.pairs.is_complete and scatter.brushed.is_complete)
    assert scatter.brushed.density.isVisible()
    assert not scatter.brushed.points.isVisible()
    assert scatter.brushed.density.image.shape == scatter.pairs.density.image.shape
    whole = scatter.pairs.density.mapRectToParent(scatter.pairs.density.boundingRect())
    scatter.plot.setRange(xRange=(0.0, 0.3), yRange=(-0.05, 0.25), padding=0)
    qtbot.waitUntil(lambda: scatter.pairs.is_complete and scatter.brushed.is_complete)
    finer = [one.mapRectToParent(one.boundingRect()) for one in (scatter.pairs.density, scatter.brushed.density)]
    assert finer[0] == finer[1]
    assert finer[0].width() < whole.width()
    scatter.plot.setRange(xRange=(0.25, 0.35), yRange=(0.3, 0.45), padding=0)
    qtbot.waitUntil(lambda: scatter.pairs.is_complete and scatter.brushed.is_complete)
    assert scatter.brushed.points.isVisible()
    assert not scatter.brushed.density.isVisible()
    x, y = index.places(scatter.pairs.cells)
    inside = x <= np.float32(0.3)
    shown = sorted(zip(scatter.brushed.points.x, scatter.brushed.points.y, strict=True))
    assert shown == sorted(zip(x[inside], y[inside], strict=True))
    assert 0 < len(shown) < len(x)


def test_a_brush_follows_its_words_into_another_order_and_a_smaller_result(window: MainWindow, qtbot: QtBot) -> None:
    brush_rows(window, range(10, 13), range(40, 45))
    result = window.state.result

    def named() -> set[frozenset[str]]:
        words = window.state.result.words
        return {frozenset((words[i], words[j])) for i, j in pairs_of(window)}

    before = named()
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.order.order.setCurrentIndex(1)
        window.panel.order.order.activated.emit(1)
    assert window.state.result.words != result.words
    assert named() == before
    mask = window.stage.heatmaps.maps[0].veil.image.image > 0
    assert mask.sum() == 2 * len(before)
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.show_words(WordList(tuple(word for word in result.words if word != result.words[11])))
    assert named() == {pair for pair in before if result.words[11] not in pair}


def test_a_brush_too_large_to_be_kept_is_dropped_and_that_is_said(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.analyses.MOST_KEPT", 15)
    for n_columns, kept in ((5, True), (6, False)):
        brush_rows(window, range(3), range(10, 10 + n_columns))
        with qtbot.waitSignal(window.state.result_changed):
            window.panel.run()
        assert (window.state.brush is not None) == kept
        assert window.statusBar().currentMessage().startswith("More than 15 brushed pairs") != kept


def test_the_edges_of_small_brushed_cells_leave_their_colours(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(Session(AnalysisRequest(words=WordRule(6, 6, 80))))
    canvas, box = window.stage.heatmaps.canvas, window.stage.heatmaps.maps[0].box

    def colours(row: int, column: int) -> set[tuple[int, int, int]]:
        """Each pixel of a cell, with its colour."""
        corners = QPointF(column, row), QPointF(column + 1, row + 1)
        first, last = (canvas.mapFromScene(box.mapViewToScene(corner)) for corner in corners)
        inside = itertools.product(range(first.x() + 1, last.x()), range(first.y() + 1, last.y()))
        return {(x, y, picture.pixel(x, y)) for x, y in inside}

    picture = canvas.grab().toImage()
    a, b = (space.similarities.values for space in window.state.result.spaces)
    rows, columns = np.nonzero(np.triu((a > 0.3) & (b > 0.1), 1))
    assert len(rows) > 100
    before = [colours(*cell) for cell in zip(rows, columns, strict=True)]
    with qtbot.waitSignal(window.state.brush_changed):
        window.brushing.pick(Rectangle((0.3, 1.0), (0.1, 1.0)), False)
    QApplication.processEvents()
    assert window.state.brush.n_pairs == len(rows)
    picture = canvas.grab().toImage()
    after = [colours(*cell) for cell in zip(rows, columns, strict=True)]
    kept = sum(len(one & other) for one, other in zip(before, after, strict=True))
    assert kept > 0.8 * sum(map(len, before))
