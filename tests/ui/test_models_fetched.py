"""Models of the recipe, the hub and gensim's catalogue: the network is asked only when the user asks."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from engine.sources import GensimSource, HuggingFaceSource
from tests.engine.downloads.stub import status
from tests.engine.sources.hub_stub import HubStub
from tests.ui.offered import GOOGLE, PACKED, SIXES, found, offer_word_vectors
from ui.catalogue_dialog import CatalogueDialog
from ui.download_dialog import DownloadDialog
from ui.main_window import MainWindow


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

    def test_can_be_fetched_again_after_it_was_cancelled(
        self, window: MainWindow, network: HubStub, qtbot: QtBot
    ) -> None:
        released = threading.Event()
        answer = network.answers["/mirror/list.json"][0]
        network.answers["/mirror/list.json"] = [lambda handler: released.wait(15) and answer(handler)]
        window.panel.spaces[0].menu.catalogue_requested.emit()
        dialog = found(window, qtbot, CatalogueDialog)
        QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
        assert not dialog.fetch.isEnabled()
        window.spaces.downloads.strip.cancel_requested.emit()
        assert dialog.fetch.isEnabled()
        released.set()
        network.answers["/mirror/list.json"] = [answer]
        QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 2, timeout=15_000)

    def test_what_cannot_be_fetched_is_told_in_the_dialog(
        self, window: MainWindow, network: HubStub, qtbot: QtBot
    ) -> None:
        network.answers["/mirror/list.json"] = [status(404)]
        window.panel.spaces[1].menu.catalogue_requested.emit()
        dialog = found(window, qtbot, CatalogueDialog)
        QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "list" in dialog.description.text() and dialog.fetch.isEnabled(), timeout=15_000)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
