"""Pointing in one view shows in all others."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scipy.stats import rankdata

from engine.dimensions import Dimensions
from engine.request import SAMPLE_SPACES, AnalysisRequest, NamedSource
from engine.session import Session
from engine.words import WordRule
from tests.engine.memory import MemorySource
from tests.ui.conftest import cell_position, click
from ui.main_window import MainWindow
from ui.state import Selection


def similarity(window: MainWindow, space: int, first: str, second: str) -> float:
    result = window.state.result
    vectors = result.spaces[space].vectors.astype(float)
    a, b = (vectors[result.words.index(word)] for word in (first, second))
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def assert_marked_everywhere(window: MainWindow, first: str, second: str) -> None:
    result = window.state.result
    row, column = result.words.index(first), result.words.index(second)
    for heatmap in window.stage.heatmaps.maps:
        assert heatmap.frame.cell == (row, column)
        assert heatmap.mirrored.cell == (column, row)
    x, y = window.stage.scatter.ring.getData()
    assert x[0] == pytest.approx(similarity(window, 0, first, second), abs=1e-6)
    assert y[0] == pytest.approx(similarity(window, 1, first, second), abs=1e-6)
    assert window.side.inspector.heading.text() == f"{first} – {second}"
    rows = {index.row() for index in window.side.tables[0].table.selectionModel().selectedRows()}
    assert rows == {row, column}


@pytest.mark.parametrize("heatmap", [0, 1])
def test_a_click_on_a_cell_marks_the_pair_in_every_view(window: MainWindow, heatmap: int) -> None:
    click(window.stage.heatmaps.canvas, cell_position(window.stage.heatmaps, 35, 1, heatmap))
    words = window.state.result.words
    assert window.state.selection == Selection(words[35], words[1])
    assert_marked_everywhere(window, words[35], words[1])


def test_a_click_on_a_point_marks_its_pair_in_every_view(window: MainWindow) -> None:
    words = window.state.result.words
    i, j = np.unravel_index(
        np.argmax(np.triu(window.state.result.spaces[0].similarities.values, 1)), (len(words), len(words))
    )  # the point furthest to the right has no neighbours
    x, y = (similarity(window, space, words[i], words[j]) for space in (0, 1))
    scene = window.stage.scatter.plot.getViewBox().mapViewToScene(QPointF(x, y))
    click(window.stage.scatter.plot, window.stage.scatter.plot.mapFromScene(scene))
    assert_marked_everywhere(window, words[i], words[j])


def test_two_rows_of_the_word_table_are_a_pair_and_one_row_is_a_word(window: MainWindow) -> None:
    table = window.side.tables[0].table
    words = window.state.result.words
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(2, 0)).center()
    )
    assert window.state.selection == Selection(words[2], words[2])
    assert window.side.inspector.heading.text() == words[2]
    QTest.mouseClick(
        table.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ControlModifier,
        table.visualRect(table.model().index(4, 0)).center(),
    )
    assert_marked_everywhere(window, words[2], words[4])


def test_the_inspector_reports_similarity_rank_and_percentile(window: MainWindow) -> None:
    words = window.state.result.words
    window.state.select_pair(words[3], words[8])
    text = window.side.inspector.report.text()
    for space in window.state.result.spaces:
        triangle = space.similarities.values[np.triu_indices(len(words), 1)]
        value = space.similarities.values[3, 8]
        ranks = rankdata(-triangle, method="min")
        rank = int(ranks[np.argmin(abs(triangle - value))])
        assert f"{value:.3f}".replace("0.", ".") in text
        assert f"{rank:,}" in text


def test_profiles_show_the_words_own_vectors(window: MainWindow) -> None:
    words = window.state.result.words
    window.state.select_pair(words[3], words[8])
    for k, space in enumerate(window.state.result.spaces):
        np.testing.assert_array_equal(window.stage.profile.plots.curves[k][0].getData()[1], space.vectors[3])
        np.testing.assert_array_equal(window.side.inspector.profiles.curves[k][0].getData()[1], space.vectors[3])
        np.testing.assert_array_equal(window.side.inspector.profiles.curves[k][1].getData()[1], space.vectors[8])


def test_hovering_a_cell_names_its_pair_and_both_similarities(window: MainWindow, qtbot: QtBot) -> None:
    words = window.state.result.words
    QTest.mouseMove(window.stage.heatmaps.canvas.viewport(), cell_position(window.stage.heatmaps, 10, 20, 1))
    qtbot.waitUntil(lambda: window.state.hovered == Selection(words[10], words[20]))
    a, b = (f"{similarity(window, k, words[10], words[20]):.3f}".replace("0.", ".") for k in (0, 1))
    assert window.pointer.text() == f"{words[10]} × {words[20]}   A {a}   B {b}"


def test_arrow_keys_move_the_marked_cell_and_escape_clears(window: MainWindow) -> None:
    canvas, words = window.stage.heatmaps.canvas, window.state.result.words
    click(canvas, cell_position(window.stage.heatmaps, 5, 9))
    for key, cell in (
        (Qt.Key.Key_Right, (5, 10)),
        (Qt.Key.Key_Down, (6, 10)),
        (Qt.Key.Key_Left, (6, 9)),
        (Qt.Key.Key_Up, (5, 9)),
        (Qt.Key.Key_Home, (5, 0)),
        (Qt.Key.Key_Left, (5, 0)),
        (Qt.Key.Key_End, (5, 99)),
    ):
        QTest.keyClick(canvas, key)
        assert window.state.selection == Selection(words[cell[0]], words[cell[1]])
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert window.state.selection is None
    assert all(heatmap.frame.cell is None for heatmap in window.stage.heatmaps.maps)
    assert window.side.inspector.heading.text() == "Nothing selected"


def test_heatmaps_zoom_and_pan_together(window: MainWindow) -> None:
    first, second = (heatmap.box for heatmap in window.stage.heatmaps.maps)
    click(window.stage.heatmaps.canvas, cell_position(window.stage.heatmaps, 50, 50), double=True)
    assert np.allclose(first.viewRange(), second.viewRange(), atol=0.2)
    assert np.diff(first.viewRange()[0])[0] < 30
    second.translateBy(x=5, y=-3)
    assert np.allclose(first.viewRange(), second.viewRange(), atol=0.2)
    window.stage.heatmaps.reset_zoom()
    assert np.allclose(first.viewRange(), [[0, 100], [0, 100]], atol=0.5)


def test_more_labels_return_as_one_zooms_and_the_selections_are_always_there(window: MainWindow) -> None:
    rows = window.stage.heatmaps.rows
    QApplication.processEvents()
    overview = [row for row, _ in rows.labels()]
    assert overview == list(range(0, 100, 5))
    window.state.select_pair(window.state.result.words[52], window.state.result.words[7])
    assert 52 in [row for row, _ in rows.labels()]
    window.stage.heatmaps.zoom_to_selection()
    QApplication.processEvents()
    zoomed = sorted(row for row, _ in rows.labels())
    assert zoomed == list(range(zoomed[0], zoomed[0] + len(zoomed)))
    assert len(zoomed) > 20


def test_heatmaps_show_row_by_row_not_transposed(window: MainWindow) -> None:
    view = window.stage.heatmaps
    asymmetric = np.zeros((100, 100), np.float32)
    asymmetric[3, 60] = 1
    view.maps[0].image.setImage(asymmetric, autoLevels=False)
    view.maps[0].bar.setLevels((0, 1))
    view.shared_bar.setLevels((0, 1))
    picture = view.canvas.grab().toImage()
    bright, dark = (picture.pixelColor(cell_position(view, *cell)) for cell in ((3, 60), (60, 3)))
    assert bright.lightness() > dark.lightness() + 50


def test_a_selection_outlives_a_new_result_that_has_its_words(window: MainWindow, qtbot: QtBot) -> None:
    words = window.state.result.words
    window.state.select_pair(words[3], words[8])
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.words.limit.setValue(50)
    assert_marked_everywhere(window, words[3], words[8])
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.words.limit.setValue(5)
    assert window.state.selection is None


def test_the_word_table_lists_each_words_index_in_each_space(window: MainWindow) -> None:
    model, result = window.side.tables[0].model, window.state.result
    row = [model.data(model.index(7, column)) for column in range(3)]
    assert row == [result.words[7], *(f"{space.indices[7]:,}" for space in result.spaces)]
    chooser = window.side.tables[0].table.selectionModel()
    chooser.select(
        model.index(7, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    )
    assert window.state.selection == Selection(result.words[7], result.words[7])


def test_words_are_read_where_there_is_no_room_for_indices(window: MainWindow, qtbot: QtBot) -> None:
    table = window.side.tables[0].table
    assert not any(table.isColumnHidden(column) for column in range(4))
    for width, hidden in ((150, {2}), (110, {1, 2}), (16_777_215, set())):
        table.setMaximumWidth(width)
        qtbot.waitUntil(lambda hidden=hidden: {k for k in range(4) if table.isColumnHidden(k)} == hidden)
        assert table.columnWidth(0) >= table.fontMetrics().horizontalAdvance("second")


def test_the_ring_in_the_scatter_goes_when_one_word_is_selected(window: MainWindow, qtbot: QtBot) -> None:
    def painted() -> QImage:
        """What is on the screen now; to grab the widget would paint it anew."""
        QApplication.processEvents()
        plot = window.stage.scatter.plot
        screen = window.screen().grabWindow(window.winId()).toImage()
        return screen.copy(QRect(plot.mapTo(window, QPoint()), plot.size()))

    window.state.select_pair("people", "school")
    marked = painted()
    window.state.select_pair("people", "people")
    qtbot.waitUntil(lambda: painted() != marked)


def test_the_inspector_says_in_which_half_of_a_space_a_pair_is_closer(open_window: Callable[..., MainWindow]) -> None:
    space = SAMPLE_SPACES[0]
    halves = tuple(replace(space, dimensions=Dimensions(kind)) for kind in ("even", "odd"))
    window = open_window(Session(AnalysisRequest(spaces=halves)))
    window.state.select_pair("people", "school")
    words = window.state.result.words
    pairs = list(itertools.combinations(words, 2))
    places = [
        rankdata([similarity(window, k, *pair) for pair in pairs])[pairs.index(("people", "school"))] for k in (0, 1)
    ]
    closer = "AB"[int(np.argmax(places))]
    assert f"Relatively closer in {closer}, by" in window.side.inspector.report.text()
    window.state.select_pair("people", "people")
    text = window.side.inspector.report.text()
    assert text.count("<b>A</b> word2vec") == text.count("<b>B</b> word2vec") == 1


def test_a_word_wider_than_the_inspector_is_cut_there_and_whole_in_its_tooltip(
    open_window: Callable[..., MainWindow],
) -> None:
    long = "pneumonoultramicroscopicsilicovolcanoconiosis"
    words = (long, "people", "school", "before")
    numbers = np.random.default_rng(0)
    spaces = tuple(
        NamedSource(name, MemorySource(words, numbers.standard_normal((4, 5)).astype(np.float32)))
        for name in ("one", "two")
    )
    window = open_window(Session(AnalysisRequest(spaces=spaces, words=WordRule(1, 99, None))))
    window.state.select_pair(long, "people")
    heading = window.side.inspector.heading
    assert heading.text() == "pneumonoultramicr… – people"
    assert long in heading.toolTip()
    assert long not in window.side.inspector.report.text()


@pytest.mark.parametrize("height", [600, 700, 800, 1000])
def test_numbers_beside_profiles_do_not_overlap(window: MainWindow, height: int) -> None:
    window.resize(1280, height)
    window.reset_layout()
    window.state.select_pair("people", "school")
    QApplication.processEvents()
    for plots in (window.side.inspector.profiles, window.stage.profile.plots):
        for plot in plots.plots:
            axis, (low, high) = plot.getAxis("left"), plot.viewRange()[1]
            size = axis.size().height()
            values = [value for _, level in axis.tickValues(low, high, size) for value in level]
            steps = np.diff(sorted(values)) * size / (high - low)
            assert all(steps >= QFontMetricsF(QApplication.font()).height() - 1)


@pytest.mark.parametrize("second", ["people", "school"])
@pytest.mark.parametrize("height", [600, 800])
def test_no_line_of_the_inspector_is_hidden_by_the_profiles(window: MainWindow, height: int, second: str) -> None:
    window.resize(900, height)
    window.reset_layout()
    window.state.select_pair("people", second)
    QApplication.processEvents()
    inspector = window.side.inspector
    for label in (inspector.heading, inspector.report):
        height = label.height()
        label.setMinimumHeight(0)  # which Qt would count as needed
        assert height >= label.heightForWidth(label.width())
    assert inspector.heading.heightForWidth(inspector.heading.width()) < 2 * inspector.heading.fontMetrics().height()


@pytest.mark.parametrize("limit", [5, 100, 310, 620])
def test_labels_do_not_lie_upon_each_other(open_window: Callable[..., MainWindow], limit: int) -> None:
    window = open_window(Session(AnalysisRequest(words=WordRule(1, 99, limit))))
    for axis in (window.stage.heatmaps.rows, window.stage.heatmaps.maps[1].columns):
        positions = sorted(position for _, position in axis.labels())
        assert len(positions) >= min(limit, 12)
        line = axis._metrics().height()
        assert min(np.diff(positions)) > line - 1


@pytest.mark.parametrize("size", [(900, 600), (1600, 700), (1000, 1300)])
def test_matrices_stay_square_and_together_on_the_same_part_in_a_window_of_another_size(
    window: MainWindow, size: tuple[int, int]
) -> None:
    heatmaps = window.stage.heatmaps
    window.state.select_pair("people", "school")
    heatmaps.zoom_to_selection()
    before = heatmaps.maps[0].box.viewRange()
    window.resize(*size)
    QApplication.processEvents()
    for heatmap in heatmaps.maps:
        assert np.allclose(heatmap.box.viewRange(), before, atol=0.01)
        assert heatmap.box.width() == pytest.approx(heatmap.box.height(), abs=1)
    click(heatmaps.canvas, cell_position(heatmaps, 5, 1, 1))  # what follows is where it is drawn
    words = window.state.result.words
    assert window.state.selection == Selection(words[5], words[1])
    heatmaps.reset_zoom()
    assert all(np.allclose(heatmap.box.viewRange(), [[0, len(words)]] * 2) for heatmap in heatmaps.maps)


def test_a_part_at_the_edge_stays_as_large_whatever_is_resized_or_coloured(window: MainWindow) -> None:
    heatmaps = window.stage.heatmaps
    window.state.select_pair("people", "school")
    heatmaps.zoom_to_selection()
    heatmaps.canvas.lead.translateBy(-300, 300)  # as far as one can pan
    before = heatmaps.canvas.lead.viewRange()
    for size in [(1281, 800), (1280, 790), (1400, 620), (900, 1000), (1280, 800)]:
        window.resize(*size)
        QApplication.processEvents()
    for shared in (False, True, False):
        window.state.set_colours(replace(window.state.colours, shared=shared))
        QApplication.processEvents()
    for heatmap in heatmaps.maps:
        assert np.allclose(heatmap.box.viewRange(), before, atol=0.01)


def test_spaces_of_one_dimension_are_drawn(open_window: Callable[..., MainWindow]) -> None:
    one = tuple(replace(space, dimensions=Dimensions("range", first=5, last=5)) for space in SAMPLE_SPACES)
    window = open_window(Session(AnalysisRequest(spaces=one, similarity="dot")))
    window.state.select_pair(*window.state.result.words[:2])
    QApplication.processEvents()
    for plots in (window.stage.profile.plots, window.side.inspector.profiles):
        assert [len(curves[0].getData()[0]) for curves in plots.curves] == [1, 1]
