"""The real window on real data, and how a test points at things in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.session import Session
from ui.application import create_application
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.views.heatmaps import HeatmapsView


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as users get it."""
    return create_application(["rsascope"])


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
        window.close()
        shiboken6.delete(window)  # Python would not: Qt's connections to its methods keep it


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """The window on the bundled sample."""
    return open_window()


def cell_position(view: HeatmapsView, row: int, column: int, heatmap: int = 0) -> QPoint:
    """Where a cell is drawn on a heatmap's canvas."""
    scene = view.maps[heatmap].box.mapViewToScene(QPointF(column + 0.5, row + 0.5))
    return view.canvas.mapFromScene(scene)


def click(canvas: QWidget, place: QPoint, double: bool = False) -> None:
    """A real left click on a graphics view."""
    QTest.mouseMove(canvas.viewport(), place)
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    if double:  # what a mouse sends after the first click
        QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QApplication.processEvents()
