"""The window as a whole: waiting, failing, remembering, closing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QTabBar
from pytestqt.qtbot import QtBot

from engine.progress import Progress
from tests.ui.conftest import styled
from ui.main_window import MainWindow
from ui.theme import DARK, LIGHT, apply_theme
from ui.views import VIEWS


class Waits:
    """A job that says how far it is and goes on until it is cancelled or let go."""

    def __init__(self) -> None:
        self.running, self.may_end = threading.Event(), threading.Event()

    def __call__(self, progress: Progress) -> None:
        while not self.may_end.wait(0.005):
            progress.step("reading words, 1,204,000 of 3,000,000", 0.4)
            self.running.set()


def test_pictures_come_first_at_1280_by_800(window: MainWindow) -> None:
    assert window.size() == QSize(1280, 800)
    assert all(min(heatmap.box.width(), heatmap.box.height()) >= 360 for heatmap in window.stage.heatmaps.maps)
    assert window.panel.width() <= 260
    assert window.panel.widget().minimumSizeHint().width() <= window.panel.viewport().width()


def test_progress_is_shown_and_cancel_frees_the_window_at_once(window: MainWindow, qtbot: QtBot) -> None:
    before, job = window.state.result, Waits()
    window.runner.submit("analysis", job)
    qtbot.waitUntil(window.progress.isVisible)
    qtbot.waitUntil(lambda: "1,204,000" in window.progress.message.text())
    assert window.progress.bar.value() == 400
    assert window.commands.cancel.isEnabled()
    QTest.mouseClick(window.progress.button, Qt.MouseButton.LeftButton)
    assert not window.progress.isVisible()
    assert not window.commands.cancel.isEnabled()
    assert window.state.result is before
    assert "Cancelled: the pictures show the analysis before" in window.notice.label.text()
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        window.commands.run.trigger()
    assert not window.notice.isVisible()


def test_the_old_result_stays_dimmed_while_the_new_one_is_made(window: MainWindow, qtbot: QtBot) -> None:
    job, before = Waits(), window.stage.heatmaps.maps[0].image.image
    window.runner.submit("analysis", job)
    qtbot.waitUntil(window.stage.veil.isVisible)
    assert window.stage.heatmaps.maps[0].image.image is before
    window.runner.cancel()
    assert not window.stage.veil.isVisible()


def test_a_fault_of_the_program_is_one_dialog_with_details_to_copy(window: MainWindow, qtbot: QtBot) -> None:
    def broken(progress: Progress) -> None:
        raise ZeroDivisionError("by accident")

    with qtbot.waitSignal(window.runner.failed):
        window.runner.submit("analysis", broken)
    (box,) = window.findChildren(QMessageBox)
    copy = next(button for button in box.buttons() if button.text() == "Copy details")
    copy.click()
    assert "by accident" in QGuiApplication.clipboard().text()
    assert "Traceback" in QGuiApplication.clipboard().text()


def test_the_layout_is_remembered(open_window: Callable[..., MainWindow]) -> None:
    window = open_window()
    window.side.docks["words"].hide()
    window.stage.splitters["pictures"].setSizes([300, 360])
    sizes = window.stage.splitters["pictures"].sizes()
    window.close()
    again = open_window(reset=False)
    assert not again.side.docks["words"].isVisible()
    shares = [size / sum(part) for part in (sizes, again.stage.splitters["pictures"].sizes()) for size in part[:1]]
    assert shares[0] == pytest.approx(shares[1], abs=0.01)  # of the height that the screen allows
    again.commands.reset_layout.trigger()
    assert again.side.docks["words"].isVisible()


def test_the_hint_on_the_sample_stays_closed(open_window: Callable[..., MainWindow]) -> None:
    window = open_window()
    assert window.hint.isVisible()
    window.hint._on_closed()
    assert not open_window().hint.isVisible()


def test_closing_while_a_job_runs_ends_the_worker(open_window: Callable[..., MainWindow]) -> None:
    window, job = open_window(), Waits()
    window.runner.submit("analysis", job)
    assert job.running.wait(10)
    window.close()
    assert "rsascope-worker" not in [thread.name for thread in threading.enumerate()]


def test_themes_colour_every_picture(window: MainWindow, qtbot: QtBot, qapp: QApplication) -> None:
    try:
        for name, theme in (("dark", DARK), ("light", LIGHT)):
            apply_theme(qapp, name)
            styled(window, qtbot)
            assert window.stage.scatter.plot.backgroundBrush().color().name() == theme.base
            assert window.stage.heatmaps.canvas.backgroundBrush().color().name() == theme.base
            assert window.stage.profile.plots.curves[0][0].opts["pen"].color().name() == theme.spaces[0]
    finally:
        apply_theme(qapp, "system")


def test_every_shortcut_is_used_once(window: MainWindow) -> None:
    keys = [action.shortcut().toString() for action in window.findChildren(QAction) if not action.shortcut().isEmpty()]
    assert len(keys) == len(set(keys))


def test_without_these_words_analyses_the_rest(window: MainWindow, qtbot: QtBot) -> None:
    words = window.state.result.words
    window.state.select_pair(words[3], words[8])
    with qtbot.waitSignal(window.state.result_changed):
        window.commands.pairs.without.trigger()
    assert window.state.result.words == tuple(word for word in words if word not in (words[3], words[8]))


def test_copied_words_are_on_the_clipboard(window: MainWindow) -> None:
    words = window.state.result.words
    assert not window.commands.pairs.copy.isEnabled()
    window.state.select_pair(words[3], words[8])
    window.commands.pairs.copy.trigger()
    assert QGuiApplication.clipboard().text() == f"{words[3]}\n{words[8]}"


@pytest.mark.parametrize("name", ["parameters", "heatmaps", "scatter", "words"])
def test_controls_have_accessible_names(window: MainWindow, name: str) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QWidget

    part = window.findChild(QWidget, name)
    for kind in (QComboBox, QAbstractSpinBox, QAbstractItemView):
        for control in part.findChildren(kind):
            inner = isinstance(control.parent(), QComboBox | QAbstractSpinBox) or control.parent().inherits("QFrame")
            assert inner or control.accessibleName(), control
    for line in part.findChildren(QLineEdit):
        assert isinstance(line.parent(), QAbstractSpinBox) or line.accessibleName()
    for button in part.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text() or button.parent().inherits("QTableView")


def test_resetting_the_layout_leaves_one_bar_of_tabs(window: MainWindow) -> None:
    window.reset_layout()
    QApplication.processEvents()
    bars = [bar for bar in window.findChildren(QTabBar) if bar.parent() is window and bar.isVisible()]
    assert len(bars) == 1


def test_every_listed_view_has_its_place(window: MainWindow) -> None:
    for view in VIEWS:
        assert len(window.findChildren(view)) == 1, view.__name__
