"""Spaces come from files dropped, remedies taken, the cache and what was used before."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from engine import cache, consent
from engine.progress import SILENT
from engine.request import AnalysisRequest, NamedSource
from engine.session import Session, write_session
from engine.sources import GensimSource, HuggingFaceSource, TableSource, VectorsSource
from tests.engine.downloads.stub import silence
from tests.engine.related import RULE, space
from tests.engine.sources.hub_stub import HubStub
from tests.ui.offered import GOOGLE, PACKED, SIXES, drop, found, write_table
from ui.cache_dialog import CacheDialog
from ui.download_dialog import DownloadDialog
from ui.main_window import MainWindow
from ui.trusted_dialog import TrustedDialog


class TestDropping:
    def test_files_on_either_side_become_that_space(self, window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
        table = write_table(tmp_path / "mine.csv")
        drop(window, [table], side=0)
        assert window.panel.spaces[0].space == NamedSource("mine", TableSource(table))
        vectors = tmp_path / "vectors.bin"
        vectors.write_bytes(gzip.decompress(PACKED))
        with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
            drop(window, [vectors], side=1)
        assert window.panel.spaces[1].space == NamedSource("vectors", VectorsSource(vectors))
        assert window.state.result.words == tuple(SIXES)

    def test_two_files_are_a_space_each_and_a_session_is_opened(
        self, window: MainWindow, qtbot: QtBot, tmp_path: Path
    ) -> None:
        first, second = write_table(tmp_path / "first.csv"), write_table(tmp_path / "second.csv")
        with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
            drop(window, [first, second], side=1)
        assert [field.space.name for field in window.panel.spaces] == ["first", "second"]
        write_session(tmp_path / "sample.json", Session())
        with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
            drop(window, [tmp_path / "sample.json"], side=0)
        assert window.panel.request() == Session().request

    def test_more_than_two_files_are_told_to_be_too_many(self, window: MainWindow, tmp_path: Path) -> None:
        before = window.panel.request()
        drop(window, [write_table(tmp_path / f"{name}.csv") for name in "abc"], side=0)
        assert "3 files were dropped" in window.message.label.text()
        assert window.panel.request() == before

    def test_text_that_is_dragged_is_no_file(self, window: MainWindow) -> None:
        data = QMimeData()
        data.setText("moon")
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(window, QDragEnterEvent(QPoint(600, 300), copy, data, left, none))
        assert not window.drop_target.isVisible()


class TestRemedies:
    def test_a_session_whose_model_is_not_here_offers_to_download_it(
        self, open_window: Callable[..., MainWindow], network: HubStub, qtbot: QtBot
    ) -> None:
        window = open_window()
        field = window.panel.spaces[1]
        with qtbot.waitSignal(window.runner.failed, timeout=20_000):
            field.choose(NamedSource("GPT-2", HuggingFaceSource("gpt2")))
        assert not network.questions, "an analysis never asks the network"
        assert field.problem.button.text() == "Download…"
        QTest.mouseClick(field.problem.button, Qt.MouseButton.LeftButton)
        dialog = found(window, qtbot, DownloadDialog)
        QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not field.problem.isVisible(), timeout=30_000)
        assert window.panel.request().spaces[1].source.open(SILENT).vocabulary_size == len(SIXES) + 2

    def test_a_third_space_that_is_not_here_is_downloaded_too(
        self, open_window: Callable[..., MainWindow], network: HubStub, qtbot: QtBot
    ) -> None:
        window = open_window()
        spaces = (*AnalysisRequest().spaces, NamedSource("GPT-2", HuggingFaceSource("gpt2")))
        with qtbot.waitSignal(window.runner.failed, timeout=20_000):
            window.panel.show_request(AnalysisRequest(spaces))
            window.panel.run()
        problem = window.panel.others.problem
        assert problem.isVisible()
        QTest.mouseClick(problem.button, Qt.MouseButton.LeftButton)
        dialog = found(window, qtbot, DownloadDialog)
        QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not problem.isVisible(), timeout=30_000)
        assert window.panel.request().spaces[2].source.open(SILENT).vocabulary_size == len(SIXES) + 2
        qtbot.waitUntil(lambda: not window.runner.is_busy, timeout=20_000)
        assert "No word of the rule is in all of" in window.panel.words.problem.text(), "it was opened"

    def test_a_pickle_is_opened_only_after_consent(self, window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
        from gensim.models import KeyedVectors

        vectors = KeyedVectors(5)
        vectors.add_vectors(SIXES, np.random.default_rng(0).normal(size=(4, 5)).astype("f4"))
        path = tmp_path / "mine.kv"
        vectors.save(str(path))
        table = write_table(tmp_path / "table.csv")
        window.panel.spaces[1].show_space(NamedSource("table", TableSource(table)))
        field = window.panel.spaces[0]
        with qtbot.waitSignal(window.runner.failed, timeout=20_000):
            field.choose(NamedSource("mine", VectorsSource(path)))
        assert field.problem.button.text() == "Open it anyway…"
        QTest.mouseClick(field.problem.button, Qt.MouseButton.LeftButton)
        box = found(window, qtbot, QMessageBox)
        assert box.defaultButton().text() == "Cancel"
        trust = next(button for button in box.findChildren(QPushButton) if button.text() == "Open it")
        with qtbot.waitSignal(window.state.result_changed, timeout=60_000):
            QTest.mouseClick(trust, Qt.MouseButton.LeftButton)
        assert window.state.result.words == tuple(SIXES)
        window.commands.trusted.trigger()
        dialog = found(window, qtbot, TrustedDialog)
        assert not dialog.withdraw.isEnabled()
        [item] = dialog.list.findItems(str(path), Qt.MatchFlag.MatchExactly)  # other tests trust files, too
        dialog.list.scrollToItem(item)
        QTest.mouseClick(
            dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=dialog.list.visualItemRect(item).center()
        )
        QTest.mouseClick(dialog.withdraw, Qt.MouseButton.LeftButton)
        assert not dialog.list.findItems(str(path), Qt.MatchFlag.MatchExactly)
        assert not consent.is_given(path)
        dialog.reject()


def test_the_cache_is_measured_and_cleared_by_kind(window: MainWindow, network: HubStub, tmp_path: Path) -> None:
    index, downloaded = cache.entry(tmp_path / "vectors.bin", 1, "index"), cache.downloaded("model.gz")
    for path, size in ((index, 2_500_000), (downloaded, 1_000_000)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    draft = cache.folder() / ".rsascope-0123456789ab"  # of a process that was killed
    draft.write_bytes(bytes(500_000))
    mine = cache.folder() / "notes.txt"
    mine.write_text("not the cache's")
    window.commands.cache.trigger()
    dialog = window.findChild(CacheDialog)
    assert "4 MB" in dialog.total.text()
    QTest.mouseClick(dialog.clear, Qt.MouseButton.LeftButton)
    assert not index.exists()
    assert downloaded.exists(), "what would have to be downloaded again takes a tick of its own"
    assert mine.exists()
    assert "1.5 MB" in dialog.total.text()
    for box in dialog.findChildren(QCheckBox):
        box.setChecked(True)
    QTest.mouseClick(dialog.clear, Qt.MouseButton.LeftButton)
    assert "empty" in dialog.total.text(), "all that is counted can be cleared"
    assert mine.exists()


def test_what_was_used_before_can_be_chosen_while_something_is_downloaded(
    window: MainWindow, network: HubStub, qtbot: QtBot, tmp_path: Path
) -> None:
    table = write_table(tmp_path / "mine.csv")
    first, second = window.panel.spaces
    first.choose(NamedSource("mine", TableSource(table)))
    network.answers[f"/mirror/{GOOGLE}/{GOOGLE}.gz"] = [silence]
    first.menu.model_chosen.emit(NamedSource("word2vec", GensimSource(GOOGLE)))
    dialog = found(window, qtbot, DownloadDialog)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    second.menu.aboutToShow.emit()
    next(action for action in second.menu.actions() if "mine" in action.text()).trigger()
    assert second.space == NamedSource("mine", TableSource(table))
    assert window.spaces.downloads.runner.is_busy
    window.spaces.downloads.runner.cancel()


def test_any_two_of_three_spaces_can_be_drawn(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    spaces = tuple(NamedSource(name, space(k, 7)) for k, name in enumerate("ABC"))
    window = open_window(Session(AnalysisRequest(spaces, RULE)))
    others = window.panel.others
    assert others.label.text() == "also: C"
    actions = {action.text(): action for action in others.draw.menu().actions()}
    assert list(actions) == ["C as A", "C as B"]
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        actions["C as B"].trigger()
    assert [one.name for one in window.state.result.spaces] == ["A", "C", "B"]
    assert window.stage.heatmaps.maps[1].title.text.startswith("C, ")
    assert others.label.text() == "also: B"
    assert [one.name for one in window.panel.request().spaces] == ["A", "C", "B"]
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        QTest.mouseClick(others.leave_out, Qt.MouseButton.LeftButton)
    assert others.isHidden()
    assert len(window.state.result.spaces) == 2
