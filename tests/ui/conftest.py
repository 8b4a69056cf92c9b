"""The real window on real data, and how a test points at things in it."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.session import Session
from tests.engine.sources.hub_stub import HubStub
from tests.engine.sources.small_models import write_model
from tests.engine.sources.vector_files import random_vectors
from tests.own_cache import use_cache
from tests.ui.offered import SIXES, offer_word_vectors
from ui.application import create_application
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.theme import apply_text_size, apply_theme
from ui.views.heatmaps import HeatmapsView


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as users get it."""
    return create_application(["rsascope"])


@pytest.fixture
def usual(qapp: QApplication) -> Iterator[QApplication]:
    """The application, afterwards with text of the system's size in the system's theme."""
    yield qapp
    apply_text_size(qapp, 100)
    apply_theme(qapp, "system")


@pytest.fixture(autouse=True)
def fresh_settings() -> None:
    """Nothing is remembered from another test."""
    QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "rsascope", "rsascope").clear()


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[..., MainWindow]]:
    """Opens windows on a session (the sample if none is given), with its result on screen; closes them afterwards."""
    windows: list[MainWindow] = []

    def opened(session: Session | None = None, reset: bool = True) -> MainWindow:
        window = MainWindow(Settings(), session or Session())
        windows.append(window)
        if reset:  # the offscreen platform's screen is smaller than people's
            window.resize(1280, 800)
            window.reset_layout()
        qtbot.waitUntil(lambda: window.state.result is not None, timeout=20_000)
        window.show()
        qtbot.waitExposed(window)
        QApplication.processEvents()
        return window

    yield opened
    for window in windows:
        window.files.follow(None)  # else it may ask whether to save
        window.close()
        delete(window)


def delete(window: MainWindow) -> None:
    """Delete a window and all that is in it, which nothing else would: Qt's connections to its methods keep it.

    Python must not do so a second time, not even at its end, so what it has of the window is kept for ever.
    """
    window.state.result = None  # the largest part of that
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(window))
    shiboken6.delete(window)


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """The window on the bundled sample."""
    return open_window()


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


def cell_position(view: HeatmapsView, row: int, column: int, heatmap: int = 0) -> QPoint:
    """Where a cell is drawn on a heatmap's canvas."""
    scene = view.maps[heatmap].box.mapViewToScene(QPointF(column + 0.5, row + 0.5))
    return view.canvas.mapFromScene(scene)


def styled(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until a change of theme, made just now, has reached everything in the window."""
    QApplication.processEvents()
    qtbot.waitUntil(window.updatesEnabled)


def click(canvas: QWidget, place: QPoint, double: bool = False) -> None:
    """A real left click on a graphics view."""
    QTest.mouseMove(canvas.viewport(), place)
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    if double:  # what a mouse sends after the first click
        QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QApplication.processEvents()


def wheel(widget: QWidget, place: QPoint, notches: int) -> None:
    """Turns a mouse's wheel, away from oneself if positive."""
    for _ in range(abs(notches)):
        event = QWheelEvent(
            QPointF(place), widget.mapToGlobal(QPointF(place)), QPoint(), QPoint(0, 120 if notches > 0 else -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)
        QApplication.processEvents()
