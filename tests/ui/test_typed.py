"""What is typed counts, whether or not its field was left; and it is shown as it was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QToolBar, QWidget
from pytestqt.qtbot import QtBot

from engine.colours import ColourScale
from engine.request import AnalysisRequest, NamedSource
from engine.session import Session, read_session, write_session
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from tests.engine.related import vectors
from ui.fields.space_menu import space_at
from ui.keys_dialog import KeysDialog
from ui.main_window import MainWindow
from ui.menus import entries_of
from ui.palette import Palette
from ui.state import Selection

CONTROL = Qt.KeyboardModifier.ControlModifier


def space_of(words: tuple[str, ...], name: str) -> NamedSource:
    return NamedSource(name, MemorySource(words, vectors(ord(name), 5)[: len(words)]))


def type_into(field: QWidget, text: str, qtbot: QtBot) -> None:
    """Replace what stands in a field, without leaving it."""
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(field, text)


def test_run_takes_what_stands_in_the_field(window: MainWindow, qtbot: QtBot) -> None:
    run = window.findChild(QToolBar, "tools").widgetForAction(window.commands.run)
    type_into(window.panel.words.limit, "30", qtbot)
    with qtbot.waitSignal(window.state.result_changed):
        QTest.mouseClick(run, Qt.MouseButton.LeftButton)
    assert len(window.state.result.words) == 30
    type_into(window.panel.spaces[0].name, "Mikolov", qtbot)
    with qtbot.waitSignal(window.state.result_changed):
        QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    assert window.state.result.spaces[0].name == "Mikolov"
    assert window.panel.spaces[0].name.hasFocus(), "the focus stays where it is"


def test_saving_takes_what_stands_in_the_field(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    window.files.session_path = path
    for field, text in (
        (window.panel.words.limit, "40"),
        (window.panel.spaces[1].name, "BERT"),
        (window.panel.words.pattern, "[a-z]+"),
        (window.panel.colours.low, "0.25"),
    ):
        type_into(field, text, qtbot)
        QTest.keyClick(window, Qt.Key.Key_S, CONTROL)
    saved = read_session(path)
    assert (saved.request.words.limit, saved.request.words.pattern) == (40, "[a-z]+")
    assert saved.request.spaces[1].name == "BERT"
    assert saved.colours.levels == (0.25, 0.6)


def test_entering_leaves_the_panel_and_what_is_marked_where_they_are(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 620)
    limit, bar = window.panel.words.limit, window.panel.verticalScrollBar()
    limit.setFocus()
    limit.selectAll()
    bar.setValue(bar.maximum())
    with qtbot.waitSignal(window.state.result_changed):
        QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    assert bar.value() == bar.maximum() > 0
    assert limit.hasFocus()
    assert limit.lineEdit().selectedText() == "100"


def test_a_session_opened_over_what_was_typed_is_analysed_once(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_session(tmp_path / "mine.json", Session())
    write_session(tmp_path / "other.json", Session(AnalysisRequest(words=WordRule(limit=20))))
    with qtbot.waitSignal(window.state.result_changed):
        window.files.open_session_file(tmp_path / "mine.json")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)
    type_into(window.panel.words.limit, "33", qtbot)
    with qtbot.waitSignal(window.state.result_changed):
        window.files.open_session_file(tmp_path / "other.json")
    assert len(window.state.result.words) == 20
    assert not window.panel._pause.isActive()


def test_swapping_takes_the_name_along(window: MainWindow, qtbot: QtBot) -> None:
    type_into(window.panel.spaces[0].name, "Mikolov", qtbot)
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.swap()
    assert window.state.result.spaces[1].name == "Mikolov"


def test_closing_asks_about_what_was_only_typed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, asked = tmp_path / "mine.json", []
    write_session(path, Session())
    with qtbot.waitSignal(window.state.result_changed):
        window.files.open_session_file(path)

    def stay(*question: object) -> QMessageBox.StandardButton:
        asked.append(question)
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "question", stay)
    type_into(window.panel.words.limit, "50", qtbot)
    assert not window.close()
    assert len(asked) == 1


def test_a_change_elsewhere_does_not_take_a_number_half_typed(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.panel
    panel.similarity.setCurrentIndex(panel.similarity.findData("pearson"))
    with qtbot.waitSignal(window.state.result_changed):
        panel.similarity.activated.emit(panel.similarity.currentIndex())
        type_into(panel.words.limit, "3", qtbot)  # of "30"
    assert window.state.result.request.similarity == "pearson"
    assert len(window.state.result.words) == 100


@pytest.mark.parametrize("typed", ["0.25", "0,25", ".25"])
def test_a_level_is_typed_with_a_point_or_a_comma(window: MainWindow, qtbot: QtBot, typed: str) -> None:
    low = window.panel.colours.low
    type_into(low, typed, qtbot)
    QTest.keyClick(low, Qt.Key.Key_Return)
    assert window.state.colours.levels == (0.25, 0.6)
    assert low.text() == "0.25"


def test_the_panel_scrolls_to_a_field_that_is_come_to(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    panel = window.panel
    bar = panel.verticalScrollBar()
    bar.setValue(bar.maximum())
    window.stage.heatmaps.setFocus()
    assert panel.spaces[0].chooser.visibleRegion().isEmpty()
    panel.spaces[0].chooser.setFocus()
    assert not panel.spaces[0].chooser.visibleRegion().isEmpty()


def test_a_scale_that_is_typed_and_shows_nothing_says_so_where_it_is_seen(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.panel
    high, problem, bar = panel.colours.high, panel.colours.problem, panel.verticalScrollBar()
    panel.colours.low.setValue(-9)
    panel.ensureWidgetVisible(high, 0, 0)  # as low as it can be
    type_into(high, "-8", qtbot)
    QTest.keyClick(high, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert problem.width() > high.width()  # it has found its place
    assert problem.visibleRegion().boundingRect() == problem.rect()
    assert "beyond the colour scale" in problem.text()
    bar.setValue(0)
    panel.colours.high.setValue(-8.5)  # is said already
    window.state.set_colours(ColourScale())
    window.state.set_colours(ColourScale(levels=(-9.0, -8.0)))  # nobody typed that
    QApplication.processEvents()
    assert bar.value() == 0


def test_what_looks_like_markup_is_shown_as_it_is(open_window: Callable[..., MainWindow]) -> None:
    words = ("<b>bold", "R&D", "plain")
    spaces = tuple(NamedSource(f"<i>{k}", MemorySource(words, vectors(k, 5)[:3])) for k in range(3))
    window = open_window(Session(AnalysisRequest(spaces, WordList(words))))
    window.state.select_pair(*words[:2])
    window.state.set_hovered(Selection(*words[:2]))
    assert window.pointer.textFormat() == Qt.TextFormat.PlainText
    tip = window.side.inspector.heading.toolTip()
    assert tip == "&lt;b&gt;bold<br>R&amp;D"
    assert window.panel.others.label.textFormat() == Qt.TextFormat.PlainText


def test_ampersands_of_names_are_shown_and_underline_nothing(
    open_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    words = ("R&D", "a&&b", "plain")
    window = open_window(Session(AnalysisRequest(tuple(space_of(words, k) for k in "AB"), WordList(words))))
    field, space = window.panel.spaces[0], space_at(tmp_path / "Q&A vectors.vec")
    field.choose(space)
    window.show()
    QApplication.processEvents()
    assert field.chooser.text() == "Q&&A vectors.vec"
    assert field.chooser.shortcut().isEmpty()
    assert field.chooser.toolTip() == "Q&A vectors.vec"
    field.menu.aboutToShow.emit()
    (entry,) = (action for action in field.menu.actions() if "vectors.vec" in action.text())
    assert entry.text() == "Q&&A vectors   (Q&&A vectors.vec)"
    window.state.select_pair("a&&b", "a&&b")
    palette = Palette(entries_of(window.menuBar()), window)
    palette.field.setText("neighbours of “a&&b”")
    assert palette.list.currentItem().text(0) == "Edit › Neighbours of “a&&b”"
    keys = KeysDialog(entries_of(window.menuBar()), window)
    keys.field.setText("neighbours of “a&&b”")
    assert not keys.list.topLevelItem(1).isHidden()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("cc.de.300.vec", "cc.de.300"),
        ("cc.fr.300.vec.gz", "cc.fr.300"),
        ("glove.6B.50d.TXT", "glove.6B.50d"),
        ("GoogleNews-vectors-negative300.bin.gz", "GoogleNews-vectors-negative300"),
        ("vectors", "vectors"),
        (".vec", "vectors"),
    ],
)
def test_a_space_is_named_after_its_file(tmp_path: Path, file: str, name: str) -> None:
    assert space_at(tmp_path / file).name == name


def test_a_space_is_named_after_its_folder(tmp_path: Path) -> None:
    (tmp_path / "Llama-3.2-1B").mkdir()
    assert space_at(tmp_path / "Llama-3.2-1B").name == "Llama-3.2-1B"


def test_the_problem_of_a_space_that_is_gone_goes_with_it(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    request = window.state.result.request
    third = space_at(tmp_path / "missing.vec")
    window.panel.show_request(replace(request, spaces=(*request.spaces, third)))
    with qtbot.waitSignal(window.runner.failed):
        window.panel.run()
    assert "missing.vec" in window.panel.others.problem.text()
    with qtbot.waitSignal(window.state.result_changed):
        QTest.mouseClick(window.panel.others.leave_out, Qt.MouseButton.LeftButton)
    assert not window.panel.others.problem.isVisible()
    assert QApplication.activeModalWidget() is None
