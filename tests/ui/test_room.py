"""Text of any size fits into the room there is, or ends where it can be seen that it does not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from engine.request import AnalysisRequest, StatisticsRequest
from tests.ui.conftest import styled
from tests.ui.inferring import inferred
from ui.main_window import MainWindow
from ui.theme import apply_text_size
from ui.views.robustness import RobustnessView

DOCKS = ("inspector", "words")  # one above the other


@pytest.mark.parametrize("percent", [125, 150])
def test_large_text_in_a_small_window_overlaps_nothing_and_every_tab_is_reached_by_mouse(
    open_window: Callable[..., MainWindow], usual: QApplication, percent: int
) -> None:
    apply_text_size(usual, percent)
    window = open_window()
    window.resize(1024, 700)
    window.reset_layout()
    window.state.select_pair(*window.state.result.words[:2])
    window.stage.show_neighbours()
    QApplication.processEvents()
    stage = window.stage
    inside = [stage.scatter, stage.tabs, stage.heatmaps, window.panel, *(window.side.docks[name] for name in DOCKS)]
    places = [QRect(part.mapTo(window, QPoint()), part.size()) for part in inside]
    assert all(window.rect().contains(place) for place in places)
    assert not any(one.intersects(other) for one, other in combinations(places, 2))
    names = stage.neighbours.lists[0].table
    assert names.columnWidth(1) >= 4 * names.fontMetrics().averageCharWidth()
    for bar in window.findChildren(QTabBar):
        if bar.isVisible():
            for k in (*range(bar.count()), 0):
                bring_into_view(bar, k)
                QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(k).center())
                assert bar.currentIndex() == k


def bring_into_view(bar: QTabBar, k: int) -> None:
    """Click the arrows of a row of tabs, as far as it has any, until the middle of the k-th is seen."""
    arrows = [button for button in bar.findChildren(QToolButton) if button.isVisible()]
    assert bar.visibleRegion().boundingRect() == bar.rect(), "what is cut cannot be clicked"
    end = min((button.x() for button in arrows), default=bar.width())
    for _ in range(bar.count()):
        middle = bar.tabRect(k).center().x()
        if 0 <= middle < end:
            return
        QTest.mouseClick(arrows[int(middle >= end)], Qt.MouseButton.LeftButton)
    raise AssertionError(f"{bar.tabText(k)} cannot be reached")


def test_what_does_not_fit_into_a_list_ends_in_an_ellipsis(window: MainWindow) -> None:
    similarity, pick = window.panel.similarity, window.panel.words.pick
    similarity.setCurrentIndex(similarity.findData("pearson"))
    QApplication.processEvents()
    assert right_of_text(pick) >= 2, "“the first” fits"
    assert right_of_text(similarity) >= 2, "no letter is cut"
    assert similarity.fitted(similarity.width() - 30).endswith("…")


def right_of_text(combo: QComboBox) -> int:
    """Pixels between the text of a list and its arrow that nothing is drawn on."""
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    field = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo)
    picture = combo.grab(field).toImage()
    ground = picture.pixelColor(picture.width() - 1, picture.height() // 2).lightness()
    inked = [
        x
        for x in range(picture.width())
        for y in range(4, picture.height() - 4)
        if abs(picture.pixelColor(x, y).lightness() - ground) > 60
    ]
    return picture.width() - 1 - max(inked)


def test_titles_of_docks_grow_with_the_text_while_the_window_is_open(
    window: MainWindow, usual: QApplication, qtbot: QtBot
) -> None:
    before = height_of_title(window)
    for _ in range(3):  # to 150 %
        window.commands.larger.trigger()
    styled(window, qtbot)
    assert height_of_title(window) >= 1.3 * before
    window.commands.system_size.trigger()
    styled(window, qtbot)
    assert height_of_title(window) == before


def height_of_title(window: MainWindow) -> int:
    """Pixels from the top of the highest to the bottom of the lowest letter of "Inspector"."""
    dock = window.side.docks["inspector"]
    picture = dock.grab(QRect(0, 0, 60, dock.widget().y() - 1)).toImage()
    dark = [
        y
        for y in range(picture.height())
        if any(picture.pixelColor(x, y).lightness() < 120 for x in range(picture.width()))
    ]
    return dark[-1] - dark[0] + 1


@pytest.mark.parametrize("name", ["help", "about", "keys", "palette", "cache", "trusted", "export"])
def test_no_dialog_is_larger_than_the_screen(window: MainWindow, usual: QApplication, name: str) -> None:
    room = window.screen().availableSize()
    assert room.width() < 560 * 2  # so that text of 200 % is too much for it
    apply_text_size(usual, 150 if name == "cache" else 200)
    getattr(window.commands, name).trigger()
    (dialog,) = (one for one in window.findChildren(QDialog) if one.isVisible())
    QApplication.processEvents()
    assert dialog.width() <= room.width()
    assert dialog.height() <= room.height()
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is None or dialog.rect().contains(QRect(buttons.mapTo(dialog, QPoint()), buttons.size()))
    dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_numbers_below_small_plots_do_not_touch(open_window: Callable[..., MainWindow], usual: QApplication) -> None:
    apply_text_size(usual, 150)
    window = open_window()
    window.resize(1024, 700)
    window.reset_layout()
    window.state.select_pair(*window.state.result.words[:2])
    QApplication.processEvents()
    for plot in (*window.stage.profile.plots.plots, *window.side.inspector.profiles.plots):
        axis, (low, high) = plot.getAxis("bottom"), plot.viewRange()[0]
        shown = [value for _, level in axis.tickValues(low, high, axis.width()) for value in level]
        widest = QFontMetricsF(usual.font()).horizontalAdvance("000")
        assert shown
        assert all(np.diff(sorted(shown)) * axis.width() / (high - low) > widest + 2)


def test_ranks_below_narrow_bands_do_not_touch(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1024, 700)
    window.reset_layout()
    inferred(window, qtbot, AnalysisRequest(statistics=StatisticsRequest(draws=5, bands=4)))
    (view,) = window.stage.findChildren(RobustnessView)
    window.stage.tabs.setCurrentWidget(view)
    QApplication.processEvents()
    axis = view.plots[1].getAxis("bottom")
    canvas = QImage(axis.size().toSize(), QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    shown = {text: place.adjusted(-2, 0, 2, 0) for place, _, text in axis.generateDrawSpecs(painter)[2]}
    painter.end()
    assert len(shown) >= 2
    assert "60" in shown
    assert not any(one.intersects(other) for one, other in combinations(shown.values(), 2))
