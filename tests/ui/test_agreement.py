"""How alike two spaces see a word: in the table of words and in the inspector."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot
from scipy.stats import pearsonr, zscore

from tests.ui.listed import click_heading, click_row, marked_rows, triangles
from ui.main_window import MainWindow
from ui.state import Selection

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


def test_a_range_of_words_is_no_pair_and_is_copied_whole(window: MainWindow) -> None:
    table, words = window.side.tables[0].table, window.state.result.words
    click_row(table, 3)
    click_row(table, 6, Qt.KeyboardModifier.ShiftModifier)
    assert marked_rows(table) == [3, 4, 5, 6]
    assert window.state.selection == Selection(words[3], words[3])
    assert copied(table) == list(words[3:7])
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert window.state.selection == Selection(words[3], words[3])
    assert copied(table) == list(words)
    click_heading(table, 0)
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert copied(table) == sorted(words), "as they stand"
    click_row(table, 2)
    click_row(table, 1, Qt.KeyboardModifier.ControlModifier)
    assert window.state.selection == Selection(sorted(words)[2], sorted(words)[1])
    assert copied(table) == [sorted(words)[2], sorted(words)[1]]


def copied(table: QTableView) -> list[str]:
    QGuiApplication.clipboard().clear()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return QGuiApplication.clipboard().text().split("\n")


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
