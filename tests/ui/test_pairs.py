"""The table of pairs: sorted either way, linked, all rows within reach."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scipy.stats import linregress, rankdata, zscore

from engine.brush import brush_block
from engine.disagreement import DISAGREEMENTS
from engine.request import AnalysisRequest, StatisticsRequest
from engine.session import Session
from tests.ui.listed import (
    DIFFERENCE,
    OTHER,
    WORD,
    A,
    B,
    Opener,
    brought_to_front,
    cell,
    click_heading,
    click_row,
    column,
    marked_rows,
    numbers,
    session_of,
    some,
    triangles,
)
from ui.main_window import MainWindow
from ui.state import Selection
from ui.views.pairs import PairsView


@pytest.fixture
def pairs(window: MainWindow) -> PairsView:
    """The table of pairs, in front, on the bundled sample."""
    return brought_to_front(window)


# All pairs.


def test_all_pairs_are_listed_those_first_that_only_the_first_space_finds_alike(
    window: MainWindow, pairs: PairsView
) -> None:
    a, b = triangles(window)
    assert pairs.model.rowCount() == 4950
    np.testing.assert_allclose(numbers(pairs, DIFFERENCE), np.sort(zscore(a) - zscore(b))[::-1], atol=0.0051)
    best = int(np.argmax(zscore(a) - zscore(b)))
    i, j = (rows[best] for rows in np.triu_indices(100, 1))
    words = window.state.result.words
    assert [cell(pairs, 0, WORD), cell(pairs, 0, OTHER)] == [words[i], words[j]]
    assert [float(cell(pairs, 0, A)), float(cell(pairs, 0, B))] == pytest.approx([a[best], b[best]], abs=0.00051)
    assert pairs.heading.full_text.startswith("4,950 pairs   A word2vec (sample), 300 d, B MiniLM (sample), 384 d")


@pytest.mark.parametrize("number", [A, B, DIFFERENCE])
def test_a_click_on_a_heading_sorts_either_way(pairs: PairsView, number: int) -> None:
    if number != DIFFERENCE:
        click_heading(pairs.table, number)
    falling = numbers(pairs, number)
    assert (np.diff(falling) <= 0).all()
    click_heading(pairs.table, number)
    np.testing.assert_array_equal(numbers(pairs, number), falling[::-1])
    click_heading(pairs.table, number)
    np.testing.assert_array_equal(numbers(pairs, number), falling)


@pytest.mark.parametrize("number", [WORD, OTHER])
def test_a_click_on_a_words_heading_sorts_alphabetically(pairs: PairsView, number: int) -> None:
    click_heading(pairs.table, number)
    rising = column(pairs, number)
    assert rising == sorted(rising)
    click_heading(pairs.table, number)
    assert column(pairs, number) == rising[::-1]


@pytest.mark.parametrize("kind", DISAGREEMENTS)
def test_every_kind_of_disagreement_can_be_chosen(window: MainWindow, pairs: PairsView, kind: str) -> None:
    a, b = triangles(window)
    line = linregress(a, b)
    expected = {
        "z": zscore(a) - zscore(b),
        "residual": b - line.intercept - line.slope * a,
        "ranks": (rankdata(a) - rankdata(b)) * 100 / len(a),
        "values": a - b,
    }[kind]
    click_heading(pairs.table, A)
    pairs.kind.setCurrentIndex(list(DISAGREEMENTS).index(kind))
    pairs.kind.activated.emit(pairs.kind.currentIndex())
    tolerance = {"z": 0.0051, "ranks": 0.11}.get(kind, 0.00051)
    np.testing.assert_allclose(numbers(pairs, DIFFERENCE), np.sort(expected)[::-1], atol=tolerance)
    assert pairs.table.horizontalHeader().sortIndicatorSection() == DIFFERENCE


def test_a_click_on_a_row_selects_its_pair_and_a_selection_elsewhere_its_row(
    window: MainWindow, pairs: PairsView
) -> None:
    click_row(pairs.table, 2)
    first, second = cell(pairs, 2, WORD), cell(pairs, 2, OTHER)
    assert window.state.selection == Selection(first, second)
    assert window.side.inspector.heading.text() == f"{first} – {second}"
    for order in (1, -1):  # whichever word is named first
        chosen = [cell(pairs, 3210, WORD), cell(pairs, 3210, OTHER)][::order]
        window.state.select_pair(*chosen)
        assert marked_rows(pairs.table) == [3210]
        assert pairs.table.viewport().rect().contains(pairs.table.visualRect(pairs.model.index(3210, 0)).center())
        assert window.state.selection == Selection(*chosen)
        window.state.set_selection(None)
        assert marked_rows(pairs.table) == []


def test_the_marked_pair_stays_marked_however_it_is_sorted(window: MainWindow, pairs: PairsView) -> None:
    words = window.state.result.words
    window.state.select_pair(words[70], words[30])
    for number in (WORD, OTHER, A, A, B, DIFFERENCE, DIFFERENCE):
        click_heading(pairs.table, number)
        (row,) = marked_rows(pairs.table)
        assert [cell(pairs, row, WORD), cell(pairs, row, OTHER)] == [words[30], words[70]]
    assert window.state.selection == Selection(words[70], words[30])


def test_a_single_word_marks_no_pair(window: MainWindow, pairs: PairsView) -> None:
    click_row(pairs.table, 2)
    window.state.select_pair(window.state.result.words[4], window.state.result.words[4])
    assert marked_rows(pairs.table) == []


def test_keys_move_the_mark_reach_both_ends_and_sort(window: MainWindow, pairs: PairsView) -> None:
    click_row(pairs.table, 0)
    for key, row in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_End, 4949), (Qt.Key.Key_Up, 4948), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(pairs.table, key)
        assert marked_rows(pairs.table) == [row]
        assert window.state.selection == Selection(cell(pairs, row, WORD), cell(pairs, row, OTHER))
    QTest.keyClick(pairs.table, Qt.Key.Key_3)
    assert (np.diff(numbers(pairs, A)) <= 0).all()
    QTest.keyClick(pairs.table, Qt.Key.Key_3)
    assert (np.diff(numbers(pairs, A)) >= 0).all()
    QTest.keyClick(pairs.table, Qt.Key.Key_1)
    assert column(pairs, WORD) == sorted(column(pairs, WORD))


def test_nothing_is_sorted_before_the_table_is_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    view = window.stage.pairs
    assert view.model.rowCount() == 0
    words = window.state.result.words
    window.state.select_pair(words[3], words[8])
    brought_to_front(window)
    (row,) = marked_rows(view.table)
    assert {cell(view, row, WORD), cell(view, row, OTHER)} == {words[3], words[8]}
    window.stage.tabs.setCurrentIndex(0)
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.words.limit.setValue(50)
    assert view.model.rowCount() == 0, "an old result's matrices are let go"
    brought_to_front(window)
    assert view.model.rowCount() == 1225


def test_a_new_result_is_listed_in_the_order_chosen(window: MainWindow, pairs: PairsView, qtbot: QtBot) -> None:
    click_heading(pairs.table, B)
    click_heading(pairs.table, B)
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.words.limit.setValue(20)
    assert pairs.model.rowCount() == 190
    np.testing.assert_allclose(numbers(pairs, B), np.sort(triangles(window)[1]), atol=0.00051)
    assert pairs.heading.full_text.startswith("190 pairs")


def test_statistics_that_come_later_change_nothing(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(Session(AnalysisRequest(statistics=StatisticsRequest(permutations=99))))
    view = brought_to_front(window)
    qtbot.waitUntil(lambda: window.state.result.statistics is not None)
    assert view.model.rowCount() == 4950
    click_row(view.table, 1)
    assert window.state.selection == Selection(cell(view, 1, WORD), cell(view, 1, OTHER))


# Brushed pairs.


def test_brushed_pairs_are_listed_alone_until_they_are_let_go(window: MainWindow, pairs: PairsView) -> None:
    words = window.state.result.words
    assert [pairs.which.itemText(k) for k in range(pairs.which.count())] == ["all pairs"]
    window.state.set_brush(brush_block(words, range(3), range(10, 15)))
    assert pairs.which.currentText() == "brushed pairs"
    assert pairs.heading.full_text.startswith("15 pairs")
    listed = set(zip(column(pairs, WORD), column(pairs, OTHER), strict=True))
    assert listed == {(words[i], words[j]) for i in range(3) for j in range(10, 15)}
    assert (np.diff(numbers(pairs, DIFFERENCE)) <= 0).all()
    click_heading(pairs.table, OTHER)
    assert column(pairs, OTHER) == sorted(column(pairs, OTHER))
    window.state.set_brush(None)
    assert pairs.model.rowCount() == 4950
    assert pairs.which.count() == 1


def test_all_pairs_can_be_listed_although_some_are_brushed(window: MainWindow, pairs: PairsView) -> None:
    words = window.state.result.words
    window.state.set_brush(brush_block(words, range(3), range(10, 15)))
    pairs.which.setCurrentIndex(0)
    pairs.which.activated.emit(0)
    assert pairs.model.rowCount() == 4950
    window.state.set_brush(brush_block(words, range(3), range(10, 12)))
    assert pairs.model.rowCount() == 4950, "chosen is chosen"
    pairs.which.setCurrentIndex(1)
    pairs.which.activated.emit(1)
    assert pairs.model.rowCount() == 6


def test_a_selected_pair_that_is_not_brushed_is_marked_nowhere(window: MainWindow, pairs: PairsView) -> None:
    words = window.state.result.words
    window.state.set_brush(brush_block(words, range(3), range(10, 15)))
    window.state.select_pair(words[50], words[60])
    assert marked_rows(pairs.table) == []
    assert window.state.selection == Selection(words[50], words[60])
    window.state.select_pair(words[12], words[1])
    assert len(marked_rows(pairs.table)) == 1


def test_what_was_brushed_is_still_listed_of_a_new_result(window: MainWindow, pairs: PairsView, qtbot: QtBot) -> None:
    words = window.state.result.words
    window.state.set_brush(brush_block(words, range(3), range(48, 52)))
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.words.limit.setValue(50)
    assert pairs.model.rowCount() == 6
    assert set(column(pairs, OTHER)) == set(words[48:50])


# Few and many, equal and undefined.


def test_the_fewest_words(open_window: Opener) -> None:
    window = open_window(some(3))
    view = brought_to_front(window)
    assert view.model.rowCount() == 3
    for number in range(5):
        click_heading(view.table, number)
        assert not [text for text in column(view, number) if "nan" in text]
    click_row(view.table, 0)
    assert window.state.selection is not None
    table = window.side.tables[0]
    assert [table.model.data(table.model.index(row, 3)) for row in range(3)] == ["–"] * 3
    window.state.select_pair("word0", "word0")
    assert "undefined, because there are fewer than three other words" in window.side.inspector.report.text()


def test_equal_pairs_stand_in_the_order_of_the_words(open_window: Opener) -> None:
    words = [f"word{k}" for k in range(8)]
    view = brought_to_front(open_window(session_of(words, np.eye(8), np.eye(8))))
    click_heading(view.table, WORD)
    expected = [(a, b) for k, a in enumerate(words) for b in words[k + 1 :]]
    for number in (A, B, DIFFERENCE):
        click_heading(view.table, number)  # the largest first
        assert list(zip(column(view, WORD), column(view, OTHER), strict=True)) == expected[::-1]
        click_heading(view.table, number)
        assert list(zip(column(view, WORD), column(view, OTHER), strict=True)) == expected
        assert not [text for text in column(view, number) if "nan" in text]
    view.state.select_pair("word0", "word0")
    report = view.window().side.inspector.report.text()
    assert "finds the word equally similar to all of them" in report


def test_three_spaces_show_the_first_two(open_window: Opener) -> None:
    window = open_window(some(12, 3))
    view = brought_to_front(window)
    a, b = triangles(window)
    np.testing.assert_allclose(numbers(view, DIFFERENCE), np.sort(zscore(a) - zscore(b))[::-1], atol=0.0051)
    assert "three" not in view.heading.full_text


def test_another_list_begins_at_its_top_unless_the_selected_pair_is_in_it(window: MainWindow, pairs: PairsView) -> None:
    words = window.state.result.words
    window.state.select_pair("people", "school")  # far down among all pairs
    assert pairs.table.verticalScrollBar().value() > 1000
    block = brush_block(words, range(20), range(40, 60))
    window.state.set_brush(block)
    assert pairs.which.currentText() == "brushed pairs"
    assert pairs.table.verticalScrollBar().value() == 0
    window.state.set_brush(None)
    assert pairs.table.visualRect(pairs.table.currentIndex()).intersects(pairs.table.viewport().rect())
    assert {cell(pairs, pairs.table.currentIndex().row(), k) for k in (WORD, OTHER)} == {"people", "school"}
