"""Spaces come from files dropped, models fetched, a catalogue; the network is asked only when the user asks."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from engine import cache
from engine.progress import SILENT
from engine.request import NamedSource
from engine.session import Session, write_session
from engine.sources import GensimSource, HuggingFaceSource, TableSource, VectorsSource
from tests.engine.downloads.stub import Stub, content, silence, status
from tests.engine.sources.hub_stub import HubStub
from tests.engine.sources.small_models import write_model
from tests.engine.sources.vector_files import binary_bytes, random_vectors
from tests.own_cache import use_cache
from ui.cache_dialog import CacheDialog
from ui.catalogue_dialog import CatalogueDialog
from ui.download_dialog import DownloadDialog
from ui.main_window import MainWindow

SIXES = ["planet", "meteor", "galaxy", "cosmos"]
PACKED = gzip.compress(binary_bytes([word.encode() for word in SIXES], random_vectors(4, 5)), mtime=0)
GOOGLE = "word2vec-google-news-300"


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubStub]:
    """Stand-ins for gensim's site and the hub on loopback that offer the recipe's two models, small; empty caches."""
    from huggingface_hub import constants

    use_cache(monkeypatch, tmp_path / "own")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "gensim-data"))
    server = HubStub()
    monkeypatch.setenv("HF_ENDPOINT", server.url(""))
    monkeypatch.setenv("RSASCOPE_GENSIM_URL", server.url("/mirror"))
    offer_word_vectors(server)
    offered = write_model(tmp_path / "offered", {"wte.weight": random_vectors(len(SIXES) + 2, 3)})
    tokens = {token: k for k, token in enumerate(["<|endoftext|>", *SIXES, "Ġplanet"])}
    (offered / "vocab.json").write_text(json.dumps(tokens), "utf-8")
    server.put("gpt2", offered, cardData={"license": "mit"})
    yield server
    server.close()


def offer_word_vectors(server: Stub) -> None:
    entry = {
        "num_records": 4,
        "file_size": len(PACKED),
        "license": "not found",
        "parameters": {"dimension": 5},
        "description": "Trained on news.",
        "checksum": hashlib.md5(PACKED, usedforsecurity=False).hexdigest(),
        "file_name": f"{GOOGLE}.gz",
        "parts": 1,
    }
    listed = {"corpora": {}, "models": {GOOGLE: entry, "glove-twitter": entry | {"description": "Trained on tweets."}}}
    server.answers["/mirror/list.json"] = [content(json.dumps(listed).encode())]
    server.answers[f"/mirror/{GOOGLE}/{GOOGLE}.gz"] = [content(PACKED)]


def found(window: MainWindow, qtbot: QtBot, kind: type) -> object:
    """The dialog of a kind that is on screen, waited for."""
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in window.findChildren(kind)), timeout=15_000)
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def drop(window: MainWindow, paths: list[Path], side: int) -> None:
    """Drag files into the window and let them go over one side of the pictures."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(600, 300), copy, data, left, none))
    target = window.drop_target
    assert target.isVisible()
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(600, 300), copy, data, left, none))
    place = QPointF(target.width() * (0.25 + 0.5 * side), target.height() / 2)
    QApplication.sendEvent(target, QDropEvent(place, copy, data, left, none))
    assert not target.isVisible()


def write_table(path: Path) -> Path:
    rows = [f"{word},{k},{k * k},1" for k, word in enumerate(SIXES, 1)]
    path.write_text("\n".join(rows), "utf-8")
    return path


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


class TestTheRecipe:
    def test_says_how_much_and_where_before_anything_is_downloaded(
        self, window: MainWindow, network: HubStub, qtbot: QtBot, tmp_path: Path
    ) -> None:
        before = window.state.result
        window.commands.recipe.trigger()
        dialog = found(window, qtbot, DownloadDialog)
        text = dialog.text.text()
        for part in (GOOGLE, "gpt2", f"{len(PACKED)} bytes", str(tmp_path / "hub"), "Licence: mit", "are free"):
            assert part in text
        asked = {question.path for question in network.questions}
        assert not any("resolve" in path or path.endswith(".gz") for path in asked), (
            "nothing is fetched before the answer"
        )
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert window.state.result is before
        assert window.panel.request() == before.request

    def test_downloads_and_shows_the_notebooks_analysis(
        self, window: MainWindow, network: HubStub, qtbot: QtBot
    ) -> None:
        window.commands.recipe.trigger()
        dialog = found(window, qtbot, DownloadDialog)
        with qtbot.waitSignal(window.state.result_changed, timeout=30_000):
            QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
        assert window.state.result.words == tuple(SIXES)
        assert [field.space.source for field in window.panel.spaces] == [
            GensimSource(GOOGLE),
            HuggingFaceSource("gpt2"),
        ]
        window.commands.recipe.trigger()  # all is here now: no question
        with qtbot.waitSignal(window.state.result_changed, timeout=30_000):
            pass
        assert not window.findChildren(DownloadDialog) or not window.findChildren(DownloadDialog)[-1].isVisible()

    def test_a_network_that_fails_is_told_and_everything_stays(
        self, window: MainWindow, network: HubStub, qtbot: QtBot
    ) -> None:
        network.answers["/mirror/list.json"] = [status(404)]
        before = window.state.result
        window.commands.recipe.trigger()
        qtbot.waitUntil(lambda: window.message.isVisible(), timeout=30_000)
        assert window.state.result is before
        assert not window.spaces.downloads.runner.is_busy
        offer_word_vectors(network)
        window.commands.recipe.trigger()
        found(window, qtbot, DownloadDialog)
        assert not window.message.isVisible(), "it was about the earlier try"

    def test_a_list_that_cannot_be_renewed_stays_and_that_is_said(
        self, window: MainWindow, network: HubStub, qtbot: QtBot
    ) -> None:
        window.panel.spaces[0].menu.catalogue_requested.emit()
        dialog = found(window, qtbot, CatalogueDialog)
        QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 2, timeout=15_000)
        network.answers["/mirror/list.json"] = [status(404)]
        QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(dialog.fetch.isEnabled, timeout=15_000)
        assert "list.json" in dialog.description.text()
        assert dialog.list.topLevelItemCount() == 2


class TestTheCatalogue:
    def test_is_fetched_when_asked_filtered_and_chosen_from(
        self, window: MainWindow, network: HubStub, qtbot: QtBot
    ) -> None:
        window.panel.spaces[0].menu.catalogue_requested.emit()
        dialog = found(window, qtbot, CatalogueDialog)
        assert dialog.list.topLevelItemCount() == 0
        assert not network.questions, "looking at the dialog asks nobody"
        QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 2, timeout=15_000)
        assert dialog.list.currentItem().text(0) == "glove-twitter"
        QTest.keyClicks(dialog.filter, "news")
        assert dialog.list.currentItem().text(0) == GOOGLE, "what is chosen can be seen"
        shown = [item for item in dialog.list.findItems("", Qt.MatchFlag.MatchContains) if not item.isHidden()]
        assert [item.text(0) for item in shown] == [GOOGLE]
        QTest.keyClicks(dialog.filter, "paper")
        assert not dialog.choose.isEnabled()
        dialog.filter.setText("news")
        assert "Trained on news." in dialog.description.text()
        QTest.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
        question = found(window, qtbot, DownloadDialog)
        with qtbot.waitSignal(window.panel.spaces[0].changed, timeout=30_000):
            QTest.mouseClick(question.start, Qt.MouseButton.LeftButton)
        assert window.panel.spaces[0].space.source == GensimSource(GOOGLE)

    def test_can_be_closed_while_it_is_fetched(self, window: MainWindow, network: HubStub, qtbot: QtBot) -> None:
        released = threading.Event()
        answer = network.answers["/mirror/list.json"][0]

        def late(handler: BaseHTTPRequestHandler) -> None:
            released.wait(15)
            answer(handler)

        network.answers["/mirror/list.json"] = [late]
        window.panel.spaces[0].menu.catalogue_requested.emit()
        dialog = found(window, qtbot, CatalogueDialog)
        QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
        dialog.close()
        qtbot.waitUntil(lambda: not isValid(dialog), timeout=15_000)
        with qtbot.waitSignal(window.spaces.downloads.catalogue_read, timeout=15_000):
            released.set()

    def test_what_cannot_be_fetched_is_told_in_the_dialog(
        self, window: MainWindow, network: HubStub, qtbot: QtBot
    ) -> None:
        network.answers["/mirror/list.json"] = [status(404)]
        window.panel.spaces[1].menu.catalogue_requested.emit()
        dialog = found(window, qtbot, CatalogueDialog)
        QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "list" in dialog.description.text() and dialog.fetch.isEnabled(), timeout=15_000)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


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
