"""Undo and redo go through what was analysed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolBar, QToolButton
from pytestqt.qtbot import QtBot

from engine.brush import brush_block
from engine.request import AnalysisRequest
from engine.session import Session, write_session
from engine.words import WordList, WordRule
from ui.history import MOST, History
from ui.main_window import MainWindow

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press_undo(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)


def after(window: MainWindow, qtbot: QtBot, act: Callable[[], object]) -> AnalysisRequest:
    """What was analysed after an act."""
    with qtbot.waitSignal(window.state.result_changed):
        act()
    return window.state.result.request


def limit(window: MainWindow, qtbot: QtBot, n: int) -> AnalysisRequest:
    return after(window, qtbot, lambda: window.panel.words.limit.setValue(n))


def test_keys_go_back_and_forth_and_the_panel_follows(window: MainWindow, qtbot: QtBot) -> None:
    first = window.state.result.request
    assert not window.commands.undo.isEnabled()
    second, third = limit(window, qtbot, 50), limit(window, qtbot, 20)
    for request in (second, first):
        assert after(window, qtbot, lambda: press_undo(window)) == request
        assert window.panel.request() == request
    assert not window.commands.undo.isEnabled()
    assert after(window, qtbot, lambda: QTest.keyClick(window, Qt.Key.Key_Y, CONTROL)) == second
    assert after(window, qtbot, lambda: QTest.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)) == third
    assert not window.commands.redo.isEnabled()
    assert len(window.state.result.words) == 20


def test_buttons_in_the_toolbar_do_the_same(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.findChild(QToolBar, "tools")
    undo, redo = (bar.widgetForAction(action) for action in (window.commands.undo, window.commands.redo))
    assert isinstance(undo, QToolButton)
    assert isinstance(redo, QToolButton)
    first, second = window.state.result.request, limit(window, qtbot, 30)
    assert not undo.icon().isNull()
    assert after(window, qtbot, undo.click) == first
    assert after(window, qtbot, redo.click) == second


def test_undo_goes_back_from_every_number_of_the_window(window: MainWindow, qtbot: QtBot) -> None:
    window.stage.show_neighbours()
    colours = window.panel.colours
    for field in (window.panel.words.limit, colours.low, colours.high, window.stage.neighbours.k):
        before = window.state.result.request
        limit(window, qtbot, before.words.limit - 10)
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        QTest.keyClicks(field, "1")  # what is typed is no reason to keep the key either
        assert after(window, qtbot, lambda box=field: QTest.keyClick(box, Qt.Key.Key_Z, CONTROL)) == before


def test_undo_twice_at_once_goes_two_steps(window: MainWindow, qtbot: QtBot) -> None:
    first = window.state.result.request
    limit(window, qtbot, 50)
    limit(window, qtbot, 20)
    press_undo(window)
    press_undo(window)
    qtbot.waitUntil(lambda: window.state.result.request == first and not window.runner.is_busy)
    assert not window.commands.undo.isEnabled()
    assert window.commands.redo.isEnabled()


def test_a_failed_request_is_no_step(window: MainWindow, qtbot: QtBot) -> None:
    first, second = window.state.result.request, limit(window, qtbot, 30)
    with qtbot.waitSignal(window.runner.failed):
        window.panel.show_words(WordList(("qqqq", "zzzz")))
    assert window.state.result.request == second
    assert not window.commands.redo.isEnabled()
    assert after(window, qtbot, lambda: press_undo(window)) == second  # what was shown all the time
    assert window.panel.request() == second
    assert after(window, qtbot, lambda: press_undo(window)) == first


def test_a_first_change_that_fails_can_be_undone(window: MainWindow, qtbot: QtBot) -> None:
    first = window.state.result.request
    with qtbot.waitSignal(window.runner.failed):
        window.panel.show_words(WordList(("qqqq", "zzzz")))
    assert window.commands.undo.isEnabled()
    assert after(window, qtbot, lambda: press_undo(window)) == first
    assert window.panel.request() == first
    assert not window.commands.undo.isEnabled()
    assert not window.commands.redo.isEnabled()


def test_a_cancelled_step_leaves_everything_where_it_was(window: MainWindow, qtbot: QtBot) -> None:
    first, second = window.state.result.request, limit(window, qtbot, 30)
    press_undo(window)
    window.runner.cancel()
    assert window.state.result.request == second
    assert window.commands.undo.isEnabled()
    assert not window.commands.redo.isEnabled()
    assert after(window, qtbot, lambda: press_undo(window)) == first


def test_a_new_request_after_undo_drops_what_could_be_redone(window: MainWindow, qtbot: QtBot) -> None:
    first = window.state.result.request
    limit(window, qtbot, 50)
    after(window, qtbot, lambda: press_undo(window))
    assert window.commands.redo.isEnabled()
    limit(window, qtbot, 20)
    assert not window.commands.redo.isEnabled()
    assert after(window, qtbot, lambda: press_undo(window)) == first


def test_running_the_same_again_is_no_step(window: MainWindow, qtbot: QtBot) -> None:
    after(window, qtbot, window.panel.run)
    assert not window.commands.undo.isEnabled()


def test_a_rule_is_back_after_a_list_was_made_of_its_words(window: MainWindow, qtbot: QtBot) -> None:
    rule = window.state.result.request.words
    assert isinstance(rule, WordRule)
    window.state.set_brush(brush_block(window.state.result.words, range(5), range(10, 20)))
    words = after(window, qtbot, window.commands.pairs.only.trigger).words
    assert isinstance(words, WordList)
    assert len(words.words) == 15
    assert after(window, qtbot, lambda: press_undo(window)).words == rule
    assert window.panel.request().words == rule
    assert len(window.state.result.words) == 100


def test_text_keeps_its_own_undo_and_numbers_have_none(window: MainWindow, qtbot: QtBot) -> None:
    first = window.state.result.request
    limit(window, qtbot, 30)
    pattern = window.panel.words.pattern
    window.activateWindow()
    pattern.setFocus()
    QTest.keyClicks(pattern, "ab")
    with qtbot.assertNotEmitted(window.history.wanted):
        QTest.keyClick(pattern, Qt.Key.Key_Z, CONTROL)
    assert pattern.text() == ""
    number = window.panel.words.limit
    number.setFocus()
    QApplication.processEvents()
    QTest.keyClick(number, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: window.state.result.request == first)


def test_the_count_of_words_is_still_told_after_a_step_back(window: MainWindow, qtbot: QtBot) -> None:
    count = window.panel.words.count
    qtbot.waitUntil(lambda: count.full_text == "100 of 130 shared words")
    similarity = window.panel.similarity
    with qtbot.waitSignal(window.state.result_changed):
        similarity.setCurrentIndex(similarity.findData("pearson"))
        similarity.activated.emit(similarity.currentIndex())
    with qtbot.waitSignal(window.state.result_changed):
        press_undo(window)
    qtbot.waitUntil(lambda: count.full_text == "100 of 130 shared words")


def test_undoing_past_an_opened_session_leaves_its_file_alone(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path, first = tmp_path / "other.json", window.state.result.request
    write_session(path, Session(replace(first, words=WordRule(limit=20))))
    content = path.read_bytes()
    with qtbot.waitSignal(window.state.result_changed):
        window.files.open_session_file(path)
    limit(window, qtbot, 30)
    with qtbot.waitSignal(window.state.result_changed):
        window.history.undo()
    assert window.files.session_path == path  # within the session
    with qtbot.waitSignal(window.state.result_changed):
        window.history.undo()
    assert window.state.result.request == first
    assert window.files.session_path is None
    assert window.windowTitle() == "rsascope"
    assert path.read_bytes() == content


def test_a_session_that_asks_for_what_is_shown_keeps_its_file_while_one_undoes(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path, first = tmp_path / "same.json", window.state.result.request
    write_session(path, Session(first))
    with qtbot.waitSignal(window.state.result_changed):
        window.files.open_session_file(path)
    limit(window, qtbot, 30)
    assert after(window, qtbot, window.history.undo) == first
    assert window.files.session_path == path


def test_saving_a_session_keeps_its_file_while_one_undoes(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    limit(window, qtbot, 30)
    window.files.session_path = tmp_path / "mine.json"
    window.files.save_session()
    with qtbot.waitSignal(window.state.result_changed):
        window.history.undo()
    assert window.files.session_path == tmp_path / "mine.json"


@pytest.fixture
def history(window: MainWindow) -> History:
    return History(window)


def test_steps_are_limited(history: History) -> None:
    requests = [replace(AnalysisRequest(), seed=seed) for seed in range(MOST + 20)]
    for request in requests:
        history.record(request)
    wanted: list[AnalysisRequest] = []
    history.wanted.connect(lambda request, session: wanted.append(request))
    while history.can_undo:
        history.undo()
        history.record(wanted[-1])
    assert wanted == requests[-MOST:-1][::-1]
