"""The table of pairs and the words' agreement: sorted either way, linked, all rows within reach."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scipy.stats import linregress, pearsonr, rankdata, zscore

from engine.brush import brush_block
from engine.disagreement import DISAGREEMENTS
from engine.request import AnalysisRequest, NamedSource, StatisticsRequest
from engine.session import Session
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from ui.main_window import MainWindow
from ui.state import Selection
from ui.views.pairs import AT_ONCE, PairsView
from ui.views.table import Table

WORD, OTHER, A, B, DIFFERENCE = range(5)
Opener = Callable[..., MainWindow]


@pytest.fixture
def pairs(window: MainWindow) -> PairsView:
    """The table of pairs, in front, on the bundled sample."""
    return brought_to_front(window)


def brought_to_front(window: MainWindow) -> PairsView:
    window.stage.tabs.setCurrentWidget(window.stage.pairs)
    QApplication.processEvents()
    return window.stage.pairs


def click_heading(table: Table, column: int) -> None:
    heading = table.horizontalHeader()
    place = QPoint(heading.sectionViewportPosition(column) + 20, heading.height() // 2)
    QTest.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=place)


def click_row(table: Table, row: int) -> None:
    place = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def cell(view: PairsView, row: int, column: int) -> str:
    return str(view.model.data(view.model.index(row, column)))


def column(view: PairsView, number: int, rows: int | None = None) -> list[str]:
    return [cell(view, row, number) for row in range(view.model.rowCount() if rows is None else rows)]


def numbers(view: PairsView, number: int) -> np.ndarray:
    return np.array(column(view, number), float)


def marked_rows(table: Table) -> list[int]:
    return [index.row() for index in table.selectionModel().selectedRows()]


def triangles(window: MainWindow) -> list[np.ndarray]:
    vectors = [space.vectors.astype(float) for space in window.state.result.spaces[:2]]
    unit = [one / np.linalg.norm(one, axis=1, keepdims=True) for one in vectors]
    return [(one @ one.T)[np.triu_indices(len(one), 1)] for one in unit]


def session_of(words: list[str], *vectors: np.ndarray) -> Session:
    """Spaces in memory with these vectors."""
    spaces = tuple(
        NamedSource(name, MemorySource(words, one.astype(np.float32)))
        for name, one in zip(("one", "two", "three"), vectors, strict=False)
    )
    return Session(AnalysisRequest(spaces, WordList(tuple(words))))


def some(n: int, count: int = 2) -> Session:
    rng = np.random.default_rng(0)
    return session_of([f"word{k}" for k in range(n)], *(rng.normal(size=(n, 6)) for _ in range(count)))


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


@pytest.fixture
def many(open_window: Opener, qtbot: QtBot) -> MainWindow:
    """A thousand words, whose pairs are sorted in the worker."""
    window = open_window(Session(AnalysisRequest(words=WordRule(1, 99, None))))
    view = brought_to_front(window)
    qtbot.waitUntil(lambda: view.model.rowCount() > 0)
    return window


def test_many_pairs_are_sorted_meanwhile_and_scrolled_to_the_last(many: MainWindow, qtbot: QtBot) -> None:
    view, n = many.stage.pairs, len(many.state.result.words)
    count = n * (n - 1) // 2
    assert count > AT_ONCE
    assert view.model.rowCount() == count
    before = column(view, WORD, 20)
    click_heading(view.table, B)
    assert column(view, WORD, 20) == before, "the old order stays"
    assert view.heading.full_text == f"Sorting {count:,} pairs …"
    qtbot.waitUntil(lambda: column(view, WORD, 20) != before)
    bar = view.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert view.table.indexAt(QPoint(5, view.table.viewport().height() - 8)).row() == count - 1
    assert float(cell(view, count - 1, B)) == pytest.approx(triangles(many)[1].min(), abs=0.00051)
    click_row(view.table, count - 1)
    assert many.state.selection == Selection(cell(view, count - 1, WORD), cell(view, count - 1, OTHER))


def test_cancelled_sorting_leaves_what_is_listed_and_can_be_tried_again(many: MainWindow, qtbot: QtBot) -> None:
    view = many.stage.pairs
    before = column(view, WORD, 20)
    click_heading(view.table, B)
    many.runner.cancel()
    assert view.table.horizontalHeader().sortIndicatorSection() == DIFFERENCE
    assert view.heading.full_text.startswith("Not sorted")
    assert column(view, WORD, 20) == before
    click_heading(view.table, B)
    qtbot.waitUntil(lambda: column(view, WORD, 20) != before)
    assert view.table.horizontalHeader().sortIndicatorSection() == B


def test_an_order_that_comes_too_late_is_not_shown(many: MainWindow, qtbot: QtBot) -> None:
    view = many.stage.pairs
    with qtbot.waitSignal(many.state.result_changed):
        click_heading(view.table, B)
        many.panel.words.limit.setValue(30)
    qtbot.waitUntil(lambda: view.model.rowCount() == 435)
    qtbot.waitUntil(lambda: not many.runner.is_busy)
    assert view.model.rowCount() == 435
    assert (np.diff(numbers(view, B)) <= 0).all()


def test_few_brushed_pairs_need_not_wait_for_all_pairs(many: MainWindow, qtbot: QtBot) -> None:
    view = many.stage.pairs
    click_heading(view.table, B)
    many.state.set_brush(brush_block(many.state.result.words, range(3), range(10, 15)))
    assert view.model.rowCount() == 15
    qtbot.waitUntil(lambda: not many.runner.is_busy)
    QApplication.processEvents()
    assert view.model.rowCount() == 15
    assert (np.diff(numbers(view, B)) <= 0).all()


# Agreement of words.


def agreement(window: MainWindow, row: int) -> float:
    matrices = [np.asarray(space.similarities.values, float) for space in window.state.result.spaces[:2]]
    return float(pearsonr(*(np.delete(matrix[row], row) for matrix in matrices)).statistic)


def words_shown(window: MainWindow) -> list[str]:
    model = window.side.tables[0].model
    return [str(model.data(model.index(row, 0))) for row in range(model.rowCount())]


def test_words_are_sorted_by_agreement_either_way_and_back_as_found(window: MainWindow) -> None:
    table, words = window.side.tables[0].table, window.state.result.words
    r = np.array([agreement(window, row) for row in range(100)])
    rising = [words[row] for row in np.argsort(r)]
    click_heading(table, 3)
    assert words_shown(window) == rising
    model = window.side.tables[0].model
    shown = np.array([float(model.data(model.index(row, 3))) for row in range(100)])
    np.testing.assert_allclose(shown, np.sort(r), atol=0.00051)
    click_heading(table, 3)
    assert words_shown(window) == rising[::-1]
    click_heading(table, 3)
    assert words_shown(window) == list(words)
    click_heading(table, 0)
    assert words_shown(window) == sorted(words)
    click_heading(table, 1)
    assert words_shown(window) == list(words), "as found is the order of the first space"


def test_words_stay_linked_when_sorted(window: MainWindow, qtbot: QtBot) -> None:
    table, words = window.side.tables[0].table, window.state.result.words
    window.state.select_pair(words[40], words[7])
    click_heading(table, 3)
    assert {words_shown(window)[row] for row in marked_rows(table)} == {words[40], words[7]}
    assert window.state.selection == Selection(words[40], words[7])
    table.scrollToTop()
    click_row(table, 1)
    chosen = words_shown(window)[1]
    assert window.state.selection == Selection(chosen, chosen)
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.words.limit.setValue(50)
    r = [agreement(window, row) for row in range(50)]
    assert words_shown(window) == [words[row] for row in np.argsort(r)], "still sorted"


def test_the_inspector_says_how_alike_the_spaces_see_a_word_and_leads_to_its_pairs(window: MainWindow) -> None:
    words = window.state.result.words
    r = np.array([agreement(window, row) for row in range(100)])
    row = int(np.argsort(-r)[11])
    window.state.select_pair(words[row], words[row])
    text = window.side.inspector.report.text()
    assert f"r&nbsp;{r[row]:.3f}".replace("0.", ".") in text
    assert "12th of 100 words" in text
    a, b = triangles(window)
    z = np.zeros((100, 100))
    z[np.triu_indices(100, 1)] = zscore(a) - zscore(b)
    most = int(np.argmax(np.abs((z + z.T)[row])))
    assert f"{words[most]}</a>&nbsp;{(z + z.T)[row, most]:+.2f}" in text
    window.side.inspector.report.linkActivated.emit(str(most))
    assert window.state.selection == Selection(words[row], words[most])
    text = window.side.inspector.report.text()
    values = [space.similarities.values[row, most] for space in window.state.result.spaces]
    assert f"They differ by {abs(values[0] - values[1]):.3f}".replace("0.", ".") in text
    assert f"{abs((z + z.T)[row, most]):.2f}." in text
