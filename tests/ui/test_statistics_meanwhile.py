"""What happens while statistics are still computed."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.request import AnalysisRequest, NamedSource, StatisticsRequest
from engine.words import WordRule
from tests.engine.memory import MemorySource
from tests.ui.inferring import FEW, LONG, tab
from ui.analyses import STATISTICS
from ui.export_dialog import ExportChoice
from ui.main_window import MainWindow


class Slow(MemorySource):
    """A space whose pool is read only when the test lets it; its own words are there at once."""

    waiting, may_go = threading.Event(), threading.Event()

    def open(self, progress: Any) -> Any:
        opened = super().open(progress)
        read = opened.vectors

        def vectors(indices: Any, progress: Any) -> Any:
            while len(indices) > 30 and not self.may_go.is_set():
                self.waiting.set()
                progress.step("reading slowly", 0.5)
            return read(indices, progress)

        opened.vectors = vectors
        return opened


@pytest.fixture
def slow() -> AnalysisRequest:
    """A request whose analysis is quick and whose statistics wait."""
    Slow.waiting.clear()
    Slow.may_go.clear()
    words = tuple(f"w{k}" for k in range(60))
    rng = np.random.default_rng(0)
    spaces = tuple(NamedSource(name, Slow(words, rng.normal(size=(60, 8)).astype(np.float32))) for name in "AB")
    asked = StatisticsRequest(permutations=99, preprocessings=True)
    return AnalysisRequest(spaces, WordRule(1, 9, 20), statistics=asked)


def begin(window: MainWindow, slow: AnalysisRequest, qtbot: QtBot) -> None:
    """Analyse, and wait until the statistics run, which wait themselves."""
    with qtbot.waitSignal(window.state.result_changed, **LONG):
        window.run(slow)
    qtbot.waitUntil(Slow.waiting.is_set, **LONG)


def test_a_new_request_overtakes_statistics_that_still_run(
    window: MainWindow, qtbot: QtBot, slow: AnalysisRequest
) -> None:
    begin(window, slow, qtbot)
    assert window.state.result.words[0] == "w0"
    outcomes: list[str] = []
    window.runner.succeeded.connect(lambda kind, result: outcomes.append(kind))
    with qtbot.waitSignal(window.state.result_changed, **LONG):
        window.run(AnalysisRequest(words=FEW))
    qtbot.waitUntil(lambda: not window.runner.is_busy, **LONG)
    assert outcomes == ["analysis"]
    assert window.state.result.statistics is None
    assert len(window.state.result.words) == 20


def test_cancelling_the_statistics_keeps_the_pictures(window: MainWindow, qtbot: QtBot, slow: AnalysisRequest) -> None:
    view = tab(window, "Test")
    begin(window, slow, qtbot)
    shown = window.state.result
    assert window.commands.cancel.isEnabled()
    assert not window.stage.veil.isVisible(), "the pictures are new already"
    with qtbot.waitSignal(window.runner.cancelled) as signal:
        QTest.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert signal.args == [STATISTICS]
    assert window.state.result is shown
    assert not window.commands.cancel.isEnabled()
    assert "If it was cancelled, Run starts it again." in view.hint.text()
    assert window.notice.isVisible()
    assert window.notice.label.text().startswith("Cancelled: tests, intervals and draws are not computed.")
    Slow.may_go.set()
    with qtbot.waitSignal(window.state.statistics_changed, **LONG):
        window.run(slow)
    assert view.plot.isVisible()
    assert window.notice.isHidden()


def test_a_request_that_fails_leaves_the_statistics_of_the_result_on_screen(
    window: MainWindow, qtbot: QtBot, slow: AnalysisRequest
) -> None:
    begin(window, slow, qtbot)
    shown = window.state.result.request
    with qtbot.waitSignal(window.runner.failed, **LONG):
        window.run(replace(slow, words=WordRule(1, 9, pattern="w(")))
    Slow.may_go.set()
    with qtbot.waitSignal(window.state.statistics_changed, **LONG):
        pass
    assert window.state.result.request == shown
    assert window.state.result.statistics is not None


def test_statistics_that_go_on_after_a_cancelled_request_are_seen_and_can_be_cancelled(
    window: MainWindow, qtbot: QtBot, slow: AnalysisRequest
) -> None:
    begin(window, slow, qtbot)
    window.run(replace(slow, seed=1))
    QTest.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert window.runner.is_pending(STATISTICS)
    assert window.commands.cancel.isEnabled()
    qtbot.waitUntil(window.progress.isVisible, **LONG)
    QTest.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert not window.runner.is_busy
    assert not window.commands.cancel.isEnabled()
    Slow.may_go.set()


def test_what_cannot_be_inferred_is_said_where_it_would_stand_and_when_it_is_exported(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    asked = StatisticsRequest(permutations=99, bootstraps=50, bands=60, preprocessings=True)
    with qtbot.waitSignal(window.runner.failed, **LONG):
        window.run(AnalysisRequest(statistics=asked))
    reason = "The spaces share 130 words, and 60 frequency bands need 240; choose fewer."
    assert reason in window.panel.problems["statistics"].text()
    for title in ("Test", "Interval", "Robustness"):
        assert tab(window, title).hint.text() == f"This cannot be computed. {reason}"
        assert tab(window, title).hint.isVisible()
    assert reason in tab(window, "Anisotropy").text.text()
    with qtbot.waitSignal(window.runner.failed, **LONG):
        window.files.export_to(ExportChoice(tmp_path / "out", (), 100))
    assert window.message.isVisible()
    assert window.message.label.text() == reason
    assert not (tmp_path / "out").exists()
    with qtbot.waitSignal(window.state.statistics_changed, **LONG):
        window.run(AnalysisRequest(words=FEW, statistics=StatisticsRequest(permutations=99)))
    assert tab(window, "Test").hint.isHidden()
