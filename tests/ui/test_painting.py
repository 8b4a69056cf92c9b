"""A new result is painted one view after another, so that the window answers in between."""

from __future__ import annotations

import gc
from dataclasses import replace

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.session import Session
from ui.garbage import GarbageCollection
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.views.base import View


class Paintings(QObject):
    """Notes at the first painting of a view, or of a part of it, how many views were still waiting for theirs."""

    def __init__(self, views: list[View]) -> None:
        super().__init__()
        self.views = views
        self.waiting: dict[str, int] = {}
        self.parts = {part: view.name for view in views for part in (view, *view.findChildren(QWidget))}
        for part in self.parts:
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            waiting = sum(not view.updatesEnabled() for view in self.views)
            self.waiting.setdefault(self.parts[watched], waiting)
        return False


def test_views_are_painted_one_after_another(window: MainWindow, qtbot: QtBot) -> None:
    views = [view for view in window.findChildren(View) if view.isVisible()]
    paintings = Paintings(views)
    assert window.state.result is not None
    window.state.set_result(replace(window.state.result))
    assert not any(view.updatesEnabled() for view in views)
    qtbot.waitUntil(lambda: {"heatmaps", "scatter", "profile", "words"} <= paintings.waiting.keys())
    assert len(set(paintings.waiting.values())) == len(paintings.waiting)  # never two in one turn


def test_a_result_that_comes_meanwhile_is_painted_too(window: MainWindow, qtbot: QtBot) -> None:
    assert window.state.result is not None
    window.state.set_result(replace(window.state.result))
    window.state.set_result(replace(window.state.result))
    qtbot.waitUntil(lambda: all(view.updatesEnabled() for view in window.findChildren(View)))


def test_the_first_result_does_not_wait(qtbot: QtBot, qapp: object) -> None:
    window = MainWindow(Settings(), Session())
    window.show()
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        pass
    assert all(view.updatesEnabled() for view in window.findChildren(View))  # or they would be black
    window.close()


def test_garbage_is_not_sought_in_what_stays(qapp: object) -> None:
    assert gc.isenabled()
    parent = QObject()
    GarbageCollection(parent)
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 10_000  # libraries
    shiboken6.delete(parent)
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
