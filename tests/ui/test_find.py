"""Finding a word, a command, a key: by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordList, WordRule
from ui.keys_dialog import KeysDialog
from ui.main_window import MainWindow
from ui.menus import entries_of
from ui.palette import Palette
from ui.state import Selection

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Opener = Callable[..., MainWindow]


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, wherever the focus is."""
    QTest.keyClick(QGuiApplication.focusWindow(), key, modifiers)
    QApplication.processEvents()


def type_text(text: str) -> None:
    for character in text:
        QTest.keyClick(QGuiApplication.focusWindow(), character)
    QApplication.processEvents()


@pytest.fixture
def active(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with the keyboard."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is window.windowHandle())
    return window


def test_typing_a_part_of_a_word_and_enter_selects_it_everywhere(active: MainWindow) -> None:
    canvas, find = active.stage.heatmaps.canvas, active.find_field
    word = active.state.result.words[80]
    active.state.select_pair(*active.state.result.words[:2])
    active.commands.zoom_here.trigger()
    canvas.setFocus()
    press(Qt.Key.Key_F, CONTROL)
    assert find.hasFocus()
    type_text(word.upper())
    assert find.popup.isVisible()
    press(Qt.Key.Key_Return)
    assert active.state.selection == Selection(word, word)
    assert not find.popup.isVisible()
    (left, right), (top, bottom) = active.stage.heatmaps.canvas.lead.viewRange()
    assert left <= 80 < right
    assert top <= 80 < bottom
    table = active.side.tables[0].table
    assert [index.row() for index in table.selectionModel().selectedRows()] == [80]
    assert table.viewport().rect().contains(table.visualRect(table.model().index(80, 0)).center())
    press(Qt.Key.Key_Escape)
    assert canvas.hasFocus()
    assert active.state.selection == Selection(word, word)


def test_enter_walks_through_the_matches_those_that_begin_so_first(active: MainWindow) -> None:
    words = active.state.result.words
    wanted = [word for word in words if word.casefold().startswith("s")]
    wanted += [word for word in words if "s" in word.casefold()[1:] and word not in wanted]
    press(Qt.Key.Key_F, CONTROL)
    type_text("s")
    listed = active.find_field.popup.words
    assert [listed.item(k).text() for k in range(listed.count())] == wanted
    assert listed.viewport().visibleRegion().boundingRect().height() >= 10 * listed.sizeHintForRow(0)
    for word in (*wanted, wanted[0]):
        press(Qt.Key.Key_Return)
        assert active.state.selection == Selection(word, word)
    press(Qt.Key.Key_Return, SHIFT)
    assert active.state.selection == Selection(wanted[-1], wanted[-1])


def test_arrow_keys_choose_another_word_of_the_list(active: MainWindow) -> None:
    press(Qt.Key.Key_F, CONTROL)
    type_text("s")
    matches = active.find_field.matches
    for _ in range(3):
        press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    assert active.state.selection == Selection(matches[2], matches[2])


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (
            WordList(("people", "school", "person", "little", "xylophonically")),
            "xylophonically",
            "“xylophonically” is not shown: missing in word2vec (sample) and MiniLM (sample), not in the vocabulary.",
        ),
        (
            WordList(("people", "school", "person", "little")),
            "mother",
            "“mother” is not shown: it is not on the list of words.",
        ),
        (
            WordRule(),
            "dog",
            "“dog” is not shown: outside the rule, which takes words of length 6; this has 3 characters.",
        ),
        (
            WordRule(pattern="p.*"),
            "mother",
            "“mother” is not shown: outside the rule for case, characters or pattern.",
        ),
        (
            WordRule(limit=5),
            "qqqqqq",
            "“qqqqqq” is not shown: it fits the rule, but is not among the first 5 words that all spaces have.",
        ),
    ],
)
def test_a_word_that_is_not_shown_gets_a_sentence_that_says_why(
    open_window: Opener, qtbot: QtBot, words: WordRule | WordList, typed: str, sentence: str
) -> None:
    window = open_window(Session(AnalysisRequest(words=words)))
    window.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is window.windowHandle())
    press(Qt.Key.Key_F, CONTROL)
    type_text(typed)
    press(Qt.Key.Key_Return)
    popup = window.find_field.popup
    assert popup.sentence.isVisible()
    assert popup.rect().contains(popup.sentence.geometry())
    assert popup.sentence.height() >= popup.sentence.heightForWidth(popup.sentence.width())
    assert popup.sentence.text() == sentence
    assert window.state.selection is None


def test_another_result_is_searched_anew(active: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(active.state.result_changed):
        active.panel.show_words(WordList(("people", "school", "person", "little")))
    press(Qt.Key.Key_F, CONTROL)
    type_text("o")
    assert active.find_field.matches == ["people", "school", "person"]


# Commands.


def opened(window: MainWindow, kind: type[QWidget], qtbot: QtBot) -> QWidget:
    qtbot.waitUntil(lambda: bool(window.findChildren(kind)) and QApplication.activeModalWidget() is not None)
    (dialog,) = window.findChildren(kind)
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is dialog.windowHandle())
    return dialog


def test_the_palette_lists_every_command_and_enter_runs_the_marked_one(active: MainWindow, qtbot: QtBot) -> None:
    press(Qt.Key.Key_P, CONTROL | SHIFT)
    palette = opened(active, Palette, qtbot)
    rows = [palette.list.topLevelItem(k) for k in range(palette.list.topLevelItemCount())]
    assert len(rows) == len(list(entries_of(active.menuBar())))
    assert ("File › Save figure › Heatmaps", "Ctrl+1") in [(row.text(0), row.text(1)) for row in rows]
    type_text("differ alone")
    assert [row.text(0) for row in rows if not row.isHidden()] == ["View › Difference alone"]
    with qtbot.waitSignal(active.state.result_changed):
        press(Qt.Key.Key_Return)
    assert active.state.result.difference is not None
    qtbot.waitUntil(lambda: not active.findChildren(Palette))


def test_the_palette_says_why_a_command_cannot_be_run(active: MainWindow, qtbot: QtBot) -> None:
    press(Qt.Key.Key_P, CONTROL | SHIFT)
    palette = opened(active, Palette, qtbot)
    type_text("copy words")
    assert palette.note.text() == "Select a cell, a point or a word first, or brush pairs."
    press(Qt.Key.Key_Return)
    assert palette.isVisible()
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not active.findChildren(Palette))


def test_every_command_has_a_key_of_its_own(active: MainWindow) -> None:
    keys = [key.toString() for _, action in entries_of(active.menuBar()) for key in action.shortcuts()]
    assert all(action.shortcuts() for _, action in entries_of(active.menuBar()))
    assert len(keys) == len(set(keys))
    editing = {"Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+A", "Ctrl+Left", "Ctrl+Right", "Ctrl+Home", "Ctrl+End"}
    assert not editing & set(keys)
    starts = [key.split(", ")[0] for key in keys if ", " in key]
    assert not set(starts) & set(keys)  # else neither the one key nor the two would work


def test_the_help_lists_every_key_and_finds_one(active: MainWindow, qtbot: QtBot) -> None:
    press(Qt.Key.Key_F1)
    dialog = opened(active, KeysDialog, qtbot)
    groups = [dialog.list.topLevelItem(k) for k in range(dialog.list.topLevelItemCount())]
    listed = {group.child(k).text(1) for group in groups for k in range(group.childCount())}
    wanted = {action.shortcut().toString() for _, action in entries_of(active.menuBar())}
    assert all(any(key in row.split(", ") or key == row for row in listed) for key in wanted)
    assert [group.text(0) for group in groups][:5] == ["File", "Edit", "View", "Analysis", "Help"]
    assert {"Heatmaps", "Scatter"} <= {group.text(0) for group in groups}
    type_text("marked cell")
    shown = [group.child(k) for group in groups for k in range(group.childCount()) if not group.child(k).isHidden()]
    assert {row.text(0) for row in shown} == {"Zoom to the marked cell", "Move the marked cell"}
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not active.findChildren(KeysDialog))
