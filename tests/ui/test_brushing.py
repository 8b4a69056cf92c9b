"""Pairs are picked by a drag in a picture, shown everywhere, and made use of."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QGraphicsView, QMenu
from pytestqt.qtbot import QtBot

from engine.brush import brush_block
from engine.brush_shapes import Rectangle
from engine.colours import COLOUR_MAPS, ColourScale
from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordList, WordRule
from tests.ui.conftest import cell_position, click
from ui.main_window import MainWindow
from ui.state import LASSO, PAN, RECTANGLE
from ui.views.pair_picture import MOST_POINTS

NO_KEY = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
PAUSE = 15  # ms; pyqtgraph takes no notice of moves that follow each other faster


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


# Picking.


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


# Showing.


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


# Making use of it.


def test_actions_are_offered_only_while_there_is_something(window: MainWindow) -> None:
    pairs = window.commands.pairs
    everything = (*pairs.on_words, pairs.save, pairs.clear)
    assert not any(action.isEnabled() for action in everything)
    brush_rows(window, range(3), range(5, 9))
    assert all(action.isEnabled() for action in everything)
    assert pairs.only.text() == "Only these 7 brushed words"
    window.state.clear()
    window.state.select_pair(*window.state.result.words[:2])
    assert [action.isEnabled() for action in everything] == [True, True, True, False, True]
    assert pairs.only.text() == "Only these words"


def test_brushed_words_are_copied(window: MainWindow) -> None:
    words = window.state.result.words
    window.state.select_pair(words[50], words[51])
    brush_rows(window, range(2), range(5, 7))
    window.commands.pairs.copy.trigger()
    assert QGuiApplication.clipboard().text().split("\n") == [words[0], words[1], words[5], words[6]]


@pytest.mark.parametrize("only", [True, False])
def test_brushed_words_become_the_word_list_or_are_dropped_from_it(
    open_window: Callable[..., MainWindow], qtbot: QtBot, only: bool
) -> None:
    names = ("people", "before", "second", "should", "during", "around", "school", "public")
    categories = tuple((name, "ab"[k % 2]) for k, name in enumerate(names[:7]))
    window = open_window(Session(AnalysisRequest(words=WordList(names, categories))))
    brush_rows(window, range(1, 3), range(4, 6))
    with qtbot.waitSignal(window.state.result_changed):
        (window.commands.pairs.only if only else window.commands.pairs.without).trigger()
    kept = [name for k, name in enumerate(names) if (k in {1, 2, 4, 5}) == only]
    assert window.state.result.words == tuple(kept)
    assert dict(window.state.result.request.words.categories) == {
        name: category for name, category in categories if name in kept
    }
    assert window.panel.request().words == window.state.result.request.words


@pytest.mark.parametrize("only", [True, False])
def test_too_few_words_left_say_so_and_change_nothing(window: MainWindow, only: bool) -> None:
    result = window.state.result
    words = window.panel.request().words
    brush_rows(window, range(1) if only else range(100), range(1, 2) if only else range(100))
    (window.commands.pairs.only if only else window.commands.pairs.without).trigger()
    assert window.message.isVisible()
    assert window.message.label.text().startswith("2 words would be left" if only else "No word would be left")
    assert not window.runner.is_busy
    assert window.panel.request().words == words
    assert window.state.result is result
    assert window.state.brush is not None


def test_brushed_pairs_are_saved(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brush_rows(window, range(2), range(5, 7))
    path = tmp_path / "some.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), "CSV (*.csv)"))
    with qtbot.waitSignal(window.files.written):
        window.commands.pairs.save.trigger()
    result = window.state.result
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    assert heading == ["word_1", "word_2", *(space.name for space in result.spaces)]
    wanted = [(i, j) for i in range(2) for j in range(5, 7)]
    assert [row[:2] for row in rows] == [[result.words[i], result.words[j]] for i, j in wanted]
    for row, (i, j) in zip(rows, wanted, strict=True):
        assert [float(one) for one in row[2:]] == [float(space.similarities.values[i, j]) for space in result.spaces]


def test_a_right_click_and_the_line_above_offer_what_can_be_done(window: MainWindow) -> None:
    brush_rows(window, range(2), range(5, 7))

    def offered() -> list[str]:
        menus = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
        texts = [action.text() for menu in menus for action in menu.actions()]
        for menu in menus:
            menu.close()
        QApplication.processEvents()
        return texts

    expected = ["Copy 4 brushed words", "Only these 4 brushed words", "Without these 4 brushed words"]
    plot, view = window.stage.scatter.plot, window.stage.heatmaps
    for canvas, place in (
        (plot.viewport(), scatter_place(window, 0.9, 0.9)),  # no pair is near
        (view.canvas.viewport(), cell_position(view, 30, 40)),
    ):
        QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=place)
        QApplication.processEvents()
        assert offered()[:3] == expected
    window.note_line.link_activated.emit("brush")
    assert offered()[:3] == expected


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


def test_escape_stops_what_is_still_being_picked(many: MainWindow, qtbot: QtBot) -> None:
    index = many.state.result.pair_index
    many.brushing.pick(Rectangle(index.x_range, index.y_range), False)
    QTest.keyClick(many, Qt.Key.Key_Escape)
    assert not many.brushing.runner.is_busy
    with qtbot.waitSignal(many.state.brush_changed):
        many.brushing.pick(Rectangle((0.8, 1.0), (0.3, 1.0)), False)
    assert 0 < many.state.brush.n_pairs < 1000
