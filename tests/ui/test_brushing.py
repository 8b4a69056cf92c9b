"""Pairs are picked by a drag in a picture, or by keys."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.brush_shapes import Rectangle
from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordList, WordRule
from tests.ui.conftest import cell_position, click
from tests.ui.dragging import (
    CONTROL,
    LEFT,
    NO_KEY,
    SHIFT,
    brush_rows,
    brushed,
    drag,
    pairs_between,
    pairs_of,
    press,
    scatter_place,
)
from ui.main_window import MainWindow
from ui.state import LASSO, PAN, RECTANGLE, Selection


@pytest.fixture
def many(open_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """The window on all words of the sample."""
    window = open_window(Session(AnalysisRequest(words=WordRule(1, 99, None))))
    qtbot.waitUntil(lambda: window.stage.scatter.pairs.is_complete)
    return window


def test_shift_and_a_drag_in_the_scatter_pick_the_pairs_in_a_rectangle(window: MainWindow, qtbot: QtBot) -> None:
    corners = [scatter_place(window, 0.3, 0.1), scatter_place(window, 0.7, 0.6)]
    shown = window.stage.scatter.box.viewRange()
    found = brushed(window, qtbot, window.stage.scatter.plot, corners)
    assert found == pairs_between(window, *corners)
    assert 50 < len(found) < 2000
    assert window.stage.scatter.box.viewRange() == shown


def test_control_and_a_drag_in_the_scatter_pick_the_pairs_in_a_lasso(window: MainWindow, qtbot: QtBot) -> None:
    turn = np.linspace(0, 2 * np.pi, 16)
    places = [scatter_place(window, 0.4 + 0.2 * np.cos(one), 0.2 + 0.2 * np.sin(one)) for one in turn]
    found = brushed(window, qtbot, window.stage.scatter.plot, places, CONTROL)
    a, b = (space.similarities.values.astype(float) for space in window.state.result.spaces)
    distance = np.hypot(a - 0.4, b - 0.2)
    for reach, compare in ((0.17, set.issubset), (0.22, set.issuperset)):
        near = {(int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(distance < reach, 1)), strict=True)}
        assert near
        assert compare(near, found)


@pytest.mark.parametrize("heatmap", [0, 1])
def test_shift_and_a_drag_in_a_heatmap_pick_a_block(window: MainWindow, qtbot: QtBot, heatmap: int) -> None:
    view = window.stage.heatmaps
    shown = view.canvas.lead.viewRange()
    corners = [cell_position(view, row, column, heatmap) for row, column in ((40, 25), (20, 60))]
    found = brushed(window, qtbot, view.canvas, corners)
    assert found == {(min(i, j), max(i, j)) for i in range(20, 41) for j in range(25, 61) if i != j}
    assert view.canvas.lead.viewRange() == shown


def test_a_block_that_reaches_beyond_the_matrix_ends_at_its_edge(window: MainWindow, qtbot: QtBot) -> None:
    view = window.stage.heatmaps
    places = [cell_position(view, 95, 90), cell_position(view, 104, 99)]
    found = brushed(window, qtbot, view.canvas, places)
    assert found == {(min(i, j), max(i, j)) for i in range(95, 100) for j in range(90, 100) if i != j}


def test_both_keys_add_to_what_is_brushed(window: MainWindow, qtbot: QtBot) -> None:
    view = window.stage.heatmaps
    first = brushed(window, qtbot, view.canvas, [cell_position(view, 10, 20), cell_position(view, 12, 22)])
    places = [cell_position(view, 50, 70), cell_position(view, 52, 71)]
    both = brushed(window, qtbot, view.canvas, places, SHIFT | CONTROL)
    assert both == first | {(i, j) for i in range(50, 53) for j in (70, 71)}
    assert brushed(window, qtbot, view.canvas, places) == both - first  # without, in its place


def test_a_drag_without_a_key_pans_until_another_mode_is_chosen(window: MainWindow, qtbot: QtBot) -> None:
    plot = window.stage.scatter.plot
    places = [scatter_place(window, 0.3, 0.1), scatter_place(window, 0.6, 0.4)]
    shown = window.stage.scatter.box.viewRange()
    drag(plot, places)
    assert window.stage.scatter.box.viewRange() != shown
    assert window.state.brush is None
    window.stage.scatter.reset_zoom()
    for key, mode in ((Qt.Key.Key_R, RECTANGLE), (Qt.Key.Key_L, LASSO)):
        QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
        assert window.state.drag == mode
        checked = [action.text() for action in window.commands.pairs.drags if action.isChecked()]
        assert checked == [f"Drag a {mode}"]
        corners = [places[0], QPoint(places[1].x(), places[0].y()), places[1], QPoint(places[0].x(), places[1].y())]
        found = brushed(window, qtbot, plot, places if mode == RECTANGLE else corners, NO_KEY)
        assert len(found ^ pairs_between(window, *places)) < 0.05 * len(found)
        assert window.stage.scatter.box.cursor().shape() != Qt.CursorShape.ArrowCursor
        window.state.clear()
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    assert window.state.drag == PAN
    assert window.stage.scatter.box.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_shape_is_drawn_while_one_drags(window: MainWindow, qtbot: QtBot) -> None:
    box, view = window.stage.heatmaps.maps[0].box, window.stage.heatmaps
    places = [cell_position(view, 10, 20), cell_position(view, 19, 39)]
    press(view.canvas, places, SHIFT)
    assert box.outline.isVisible()
    drawn = box.outline.path().boundingRect()
    assert (drawn.left(), drawn.right(), drawn.top(), drawn.bottom()) == (20, 40, 10, 20)
    with qtbot.waitSignal(window.state.brush_changed):
        QTest.mouseRelease(view.canvas.viewport(), LEFT, SHIFT, places[-1])
    assert not box.outline.isVisible()


def test_escape_gives_up_the_shape_that_is_being_drawn(window: MainWindow) -> None:
    plot, view = window.stage.scatter.plot, window.stage.heatmaps
    for canvas, box, places in (
        (plot, window.stage.scatter.box, [scatter_place(window, 0.2, 0.1), scatter_place(window, 0.6, 0.6)]),
        (view.canvas, view.maps[0].box, [cell_position(view, 10, 20), cell_position(view, 19, 39)]),
    ):
        press(canvas, places, SHIFT)
        assert box.outline.isVisible()
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert not box.outline.isVisible()
        QTest.mouseRelease(canvas.viewport(), LEFT, SHIFT, places[-1])
        assert not window.brushing.runner.is_busy
        assert window.state.brush is None


def test_a_shape_without_pairs_says_so_and_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    brush_rows(window, range(3), range(9))
    before = window.state.brush
    with qtbot.waitSignal(window.brushing.found_nothing):
        drag(window.stage.scatter.plot, [scatter_place(window, 0.85, 0.85), scatter_place(window, 0.95, 0.95)], SHIFT)
    assert window.statusBar().currentMessage() == "No pair lies there."
    assert window.state.brush is before


def test_escape_stops_what_is_still_being_picked(many: MainWindow, qtbot: QtBot) -> None:
    index = many.state.result.pair_index
    many.brushing.pick(Rectangle(index.x_range, index.y_range), False)
    QTest.keyClick(many, Qt.Key.Key_Escape)
    assert not many.brushing.runner.is_busy
    with qtbot.waitSignal(many.state.brush_changed):
        many.brushing.pick(Rectangle((0.8, 1.0), (0.3, 1.0)), False)
    assert 0 < many.state.brush.n_pairs < 1000


def test_three_words_and_escape_in_the_heatmap(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window(Session(AnalysisRequest(words=WordList(("people", "before", "second")))))
    view = window.stage.heatmaps
    found = brushed(window, qtbot, view.canvas, [cell_position(view, 0, 1), cell_position(view, 0, 2)])
    assert found == {(0, 1), (0, 2)}
    everything = brushed(window, qtbot, view.canvas, [cell_position(view, 0, 0), cell_position(view, 2, 2)])
    assert everything == {(0, 1), (0, 2), (1, 2)}
    click(view.canvas, cell_position(view, 1, 2))
    assert window.state.selection is not None
    assert window.state.brush is not None
    QTest.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert window.state.brush is None
    assert window.state.selection is None


def test_picking_does_not_wait_for_what_the_worker_is_busy_with(window: MainWindow, qtbot: QtBot) -> None:
    go_on = Event()
    window.runner.submit("long", lambda progress: go_on.wait(20))
    view = window.stage.heatmaps
    found = brushed(window, qtbot, view.canvas, [cell_position(view, 10, 20), cell_position(view, 12, 22)])
    assert len(found) == 9
    assert window.runner.is_busy
    go_on.set()
    qtbot.waitUntil(lambda: not window.runner.is_busy)


def test_shift_and_arrow_keys_brush_a_block_from_the_marked_cell(window: MainWindow, qtbot: QtBot) -> None:
    view, words = window.stage.heatmaps, window.state.result.words

    def press_key(key: Qt.Key, keys: Qt.KeyboardModifier = SHIFT) -> set:
        with qtbot.waitSignal(window.state.brush_changed):
            QTest.keyClick(view.canvas, key, keys)
        return pairs_of(window)

    click(view.canvas, cell_position(view, 10, 20))
    assert press_key(Qt.Key.Key_Down) == {(10, 20), (11, 20)}
    assert press_key(Qt.Key.Key_Right) == {(row, column) for row in (10, 11) for column in (20, 21)}
    assert press_key(Qt.Key.Key_Up) == {(10, 20), (10, 21)}
    assert press_key(Qt.Key.Key_End) == {(10, column) for column in range(20, len(words))}
    QTest.keyClick(view.canvas, Qt.Key.Key_Home)  # without Shift: the next block begins there
    assert window.state.selection == Selection(words[10], words[0])
    assert press_key(Qt.Key.Key_Right) == {(0, 10), (1, 10)}
