"""How many words there are to be had, told while one types; nothing waits for it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.progress import Progress
from engine.request import NamedSource
from engine.sources import VectorsSource
from engine.step_cache import StepCache
from ui.main_window import MainWindow
from ui.word_counter import COUNT


def says(window: MainWindow, qtbot: QtBot, text: str) -> None:
    qtbot.waitUntil(lambda: window.panel.words.count.full_text == text, timeout=10_000)


def test_the_rule_shown_is_counted(window: MainWindow, qtbot: QtBot) -> None:
    says(window, qtbot, "100 of 130 shared words")
    assert window.panel.words.count.isVisible()


def test_counts_what_is_typed_before_it_is_run(window: MainWindow, qtbot: QtBot) -> None:
    says(window, qtbot, "100 of 130 shared words")
    field, before = window.panel.words.limit, window.state.result
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "40")
    says(window, qtbot, "40 of 130 shared words")
    QTest.keyClicks(window.panel.words.pattern, "s.*")
    says(window, qtbot, "all 15 shared words")
    assert window.state.result is before
    QTest.keyClicks(window.panel.words.pattern, "(")
    says(window, qtbot, "")


def test_counts_the_words_of_a_list(window: MainWindow, qtbot: QtBot) -> None:
    words = window.panel.words
    words.kind.setCurrentIndex(words.kind.findData("list"))
    words.kind.activated.emit(words.kind.currentIndex())
    QTest.keyClicks(words.list, "people before xyzzy second")
    says(window, qtbot, "3 of 4 words shared")
    words.list.clear()
    says(window, qtbot, "")


def test_a_space_that_has_not_been_opened_is_left_alone(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    says(window, qtbot, "100 of 130 shared words")
    window.panel.spaces[0].show_space(NamedSource("gone", VectorsSource(tmp_path / "gone.bin")))
    with qtbot.waitSignal(window.runner.succeeded) as told:
        window.counter.count()
    assert told.args == [COUNT, None]
    says(window, qtbot, "")


def test_an_analysis_overtakes_a_count_which_begins_anew(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(window, qtbot, "100 of 130 shared words")
    begun = threading.Event()

    def endless(request: object, progress: Progress, cache: StepCache) -> None:
        begun.set()
        while True:
            progress.step("counting")

    with monkeypatch.context() as patch:
        patch.setattr("ui.word_counter.count_shared_words", endless)
        QTest.keyClicks(window.panel.words.pattern, "s.*")
        says(window, qtbot, "counting…")
        assert begun.wait(10)
    assert not window.runner.is_busy
    assert not window.progress.isVisible()
    with qtbot.waitSignal(window.state.result_changed, timeout=10_000):
        QTest.keyClick(window.panel.words.pattern, Qt.Key.Key_Return)
    assert len(window.state.result.words) == 15
    says(window, qtbot, "all 15 shared words")


def test_a_band_of_ranks_is_typed_and_analysed(window: MainWindow, qtbot: QtBot) -> None:
    low, high = window.panel.words.min_rank, window.panel.words.max_rank
    for spin, text in ((low, "101"), (high, "400")):
        spin.setFocus()
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "ranks 101 to 400 of word2vec" in window.note_line.sentence.full_text, timeout=10_000)
    says(window, qtbot, f"all {len(window.state.result.words)} shared words")
    assert (window.state.result.spaces[0].indices >= 100).all()
    assert (window.state.result.spaces[0].indices < 400).all()
    high.setValue(50)
    assert (window.panel.request().words.min_rank, window.panel.request().words.max_rank) == (50, 50)
    assert "merges" in low.toolTip()
