"""Pairs picked together are made use of."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordList
from tests.ui.conftest import cell_position
from tests.ui.dragging import (
    brush_rows,
    scatter_place,
)
from ui.main_window import MainWindow


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


def test_a_listed_word_that_a_space_lacks_is_dropped_only_by_name(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    listed = WordList(("people", "zzzz", "before", "second", "should", "during"), (("zzzz", "odd"), ("second", "b")))
    window = open_window(Session(AnalysisRequest(words=listed)))
    window.state.select_pair("people", "second")
    with qtbot.waitSignal(window.state.result_changed):
        window.commands.pairs.without.trigger()
    assert window.state.result.words == ("before", "should", "during")
    assert window.panel.request().words == WordList(("zzzz", "before", "should", "during"), (("zzzz", "odd"),))


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
    assert heading[:4] == ["word_1", "word_2", *(space.name for space in result.spaces)]
    wanted = [(i, j) for i in range(2) for j in range(5, 7)]
    assert [row[:2] for row in rows] == [[result.words[i], result.words[j]] for i, j in wanted]
    for row, (i, j) in zip(rows, wanted, strict=True):
        assert [float(one) for one in row[2:4]] == [float(space.similarities.values[i, j]) for space in result.spaces]


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
