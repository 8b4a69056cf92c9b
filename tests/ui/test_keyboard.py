"""The whole window without a mouse."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordList
from tests.ui.test_find import CONTROL, SHIFT, press
from ui.focus import first_control
from ui.main_window import MainWindow
from ui.state import Selection

Opener = Callable[..., MainWindow]
NONE = Qt.KeyboardModifier.NoModifier


def activate(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is window.windowHandle())
    return window


@pytest.fixture
def active(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with the keyboard."""
    return activate(window, qtbot)


def reachable(window: MainWindow) -> list[QWidget]:
    """Every control that Tab should reach: seen, or scrolled out of sight in the panel."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not window.side.hides(widget)
    ]


def walk(window: MainWindow, key: Qt.Key) -> list[QWidget]:
    """The controls in the order in which a key reaches them, until it is back at the first."""
    first = window.find_field
    first.setFocus()
    reached: list[QWidget] = [first]
    for _ in range(500):
        press(key)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused is first:
            return reached
        if focused is not reached[-1]:  # from one link of a line to the next
            reached.append(focused)
    raise AssertionError(f"stuck at {reached[-1]}")


def top_left(window: MainWindow, widget: QWidget) -> QPoint:
    return widget.mapTo(window, QPoint(0, 0))


def test_tab_reaches_every_control_in_the_order_of_the_eye_and_comes_back(active: MainWindow) -> None:
    reached = walk(active, Qt.Key.Key_Tab)
    assert set(map(id, reached)) == set(map(id, reachable(active)))
    assert len(reached) == len(set(map(id, reached)))
    behind = active.side.tables[1:]  # the words are in front of them
    assert not any(view.isAncestorOf(widget) for view in behind for widget in reached)
    fields = [widget for widget in reached if active.panel.isAncestorOf(widget)]
    content = active.panel.widget()
    heights = [widget.mapTo(content, QPoint(0, widget.height() // 2)).y() for widget in fields]
    assert all(below >= above - 4 for above, below in itertools.pairwise(heights))
    parts = [active.panel, active.stage.heatmaps, active.stage.scatter, active.stage.tabs, active.side.tables[0]]
    places = [next(k for k, widget in enumerate(reached) if part.isAncestorOf(widget)) for part in parts]
    assert places == sorted(places)


def test_tab_stops_at_the_report_of_the_inspector_where_that_has_links(active: MainWindow) -> None:
    report, (first, second) = active.side.inspector.report, active.state.result.words[:2]
    for pair, has_links in ((None, False), ((first, first), True), ((first, second), False), (None, False)):
        active.state.select_pair(*pair) if pair else active.state.clear()
        assert (report in walk(active, Qt.Key.Key_Tab)) == has_links
        assert ("<a " in report.text()) == has_links


def test_shift_tab_goes_the_same_way_back(active: MainWindow) -> None:
    forwards = walk(active, Qt.Key.Key_Tab)
    assert walk(active, Qt.Key.Key_Backtab) == [forwards[0], *reversed(forwards[1:])]


def test_tab_leaves_the_list_of_words(open_window: Opener, qtbot: QtBot) -> None:
    words = ("people", "school", "person", "little")
    window = activate(open_window(Session(AnalysisRequest(words=WordList(words)))), qtbot)
    reached = walk(window, Qt.Key.Key_Tab)
    assert set(map(id, reached)) == set(map(id, reachable(window)))
    assert any(isinstance(widget, QPlainTextEdit) for widget in reached)
    assert window.panel.words.list.toPlainText().split() == list(words)


def test_what_has_the_focus_is_in_sight(active: MainWindow) -> None:
    active.find_field.setFocus()
    for _ in range(30):
        press(Qt.Key.Key_Tab)
        assert not QApplication.focusWidget().visibleRegion().isEmpty()


def test_f6_goes_from_part_to_part(active: MainWindow) -> None:
    active.side.show_view("results")
    stage, side = active.stage, active.side
    parts = [active.panel, stage.heatmaps, stage.scatter, stage.tabs, side.inspector, side.tables[1]]
    active.find_field.setFocus()
    for part in (*parts, parts[0]):
        press(Qt.Key.Key_F6)
        assert part.isAncestorOf(QApplication.focusWidget())
        assert QApplication.focusWidget() is first_control(part)
    press(Qt.Key.Key_F6, SHIFT)
    assert parts[-1].isAncestorOf(QApplication.focusWidget())


# Pictures.


def similarities(window: MainWindow) -> tuple[np.ndarray, np.ndarray]:
    first, second = (space.similarities.values.astype(float) for space in window.state.result.spaces)
    return first, second


def place(window: MainWindow, pair: Selection) -> np.ndarray:
    rows = window.state.result.rows
    return np.array([values[rows[pair.first], rows[pair.second]] for values in similarities(window)])


@pytest.mark.parametrize(
    ("key", "direction"),
    [(Qt.Key.Key_Right, (1, 0)), (Qt.Key.Key_Left, (-1, 0)), (Qt.Key.Key_Up, (0, 1)), (Qt.Key.Key_Down, (0, -1))],
)
def test_arrows_in_the_scatter_go_to_the_nearest_pair_that_way(
    active: MainWindow, key: Qt.Key, direction: tuple[int, int]
) -> None:
    scatter, words = active.stage.scatter, active.state.result.words
    scatter.plot.setFocus()
    pixel = np.array(scatter.plot.getViewBox().viewPixelSize())
    upper = np.triu_indices(len(words), 1)
    points = np.column_stack([values[upper] for values in similarities(active)])
    active.state.select_pair(words[4], words[60])
    for _ in range(3):
        selected = active.state.selection
        before = place(active, selected)
        press(key)
        away = (points - before) / pixel
        ahead = away @ direction
        there = (ahead >= 2) & (abs(away @ direction[::-1]) <= ahead)
        expected = selected
        if there.any():
            nearest = np.flatnonzero(there)[np.argmin(np.hypot(*away[there].T))]
            expected = Selection(words[upper[0][nearest]], words[upper[1][nearest]])
        assert active.state.selection == expected


def test_shift_and_arrows_go_along_one_words_pairs(active: MainWindow) -> None:
    words = active.state.result.words
    active.stage.scatter.plot.setFocus()
    row = [(similarities(active)[1][7, k], words[k]) for k in range(len(words)) if k != 7]
    others = [word for _, word in sorted(row)]
    active.state.select_pair(words[7], others[50])
    for expected in (51, 52, 53):
        press(Qt.Key.Key_Up, SHIFT)
        assert active.state.selection == Selection(words[7], others[expected])
    press(Qt.Key.Key_Down, SHIFT)
    assert active.state.selection == Selection(words[7], others[52])


def test_home_and_end_go_to_the_edges_of_the_scatter(active: MainWindow) -> None:
    active.stage.scatter.plot.setFocus()
    upper = np.triu_indices(len(active.state.result.words), 1)
    for axis, modifiers in ((0, NONE), (1, CONTROL)):
        values = similarities(active)[axis][upper]
        for key, edge in ((Qt.Key.Key_Home, values.min()), (Qt.Key.Key_End, values.max())):
            press(key, modifiers)
            assert place(active, active.state.selection)[axis] == edge


def test_the_first_arrow_selects_a_pair_in_the_middle_of_the_scatter(active: MainWindow) -> None:
    box = active.stage.scatter.plot.getViewBox()
    active.stage.scatter.plot.setFocus()
    box.setRange(xRange=(0.1, 0.3), yRange=(0.2, 0.4), padding=0)
    press(Qt.Key.Key_Right)
    upper = np.triu_indices(len(active.state.result.words), 1)
    points = np.column_stack([values[upper] for values in similarities(active)])
    nearest = np.argmin(np.hypot(*((points - (0.2, 0.3)) / box.viewPixelSize()).T))
    np.testing.assert_array_equal(place(active, active.state.selection), points[nearest])


def test_plus_and_minus_zoom_the_scatter_at_the_pair_which_stays_in_sight(active: MainWindow) -> None:
    box, words = active.stage.scatter.plot.getViewBox(), active.state.result.words
    active.stage.scatter.plot.setFocus()
    active.state.select_pair(words[4], words[60])
    whole = box.viewRect().width()
    for _ in range(4):
        press(Qt.Key.Key_Plus)
    assert box.viewRect().width() == pytest.approx(whole / 16)
    for _ in range(10):
        press(Qt.Key.Key_Right)
        assert box.viewRect().contains(QPointF(*place(active, active.state.selection)))
    press(Qt.Key.Key_Minus)
    assert box.viewRect().width() == pytest.approx(whole / 8)


@pytest.mark.parametrize("name", ["heatmaps", "scatter"])
def test_enter_opens_the_inspector_and_escape_clears(active: MainWindow, name: str) -> None:
    view, words = getattr(active.stage, name), active.state.result.words
    active.side.docks["inspector"].hide()
    first_control(view).setFocus()
    active.state.select_pair(words[4], words[60])
    press(Qt.Key.Key_Return)
    assert active.side.docks["inspector"].isVisible()
    press(Qt.Key.Key_Escape)
    assert active.state.selection is None


@pytest.mark.parametrize("name", ["heatmaps", "scatter"])
@pytest.mark.parametrize("by", ["Shift+F10", "menu key"])
def test_the_menu_of_the_pair_opens_by_key_where_the_pair_is(active: MainWindow, name: str, by: str) -> None:
    view, words = getattr(active.stage, name), active.state.result.words
    control = first_control(view)
    control.setFocus()
    active.state.select_pair(words[4], words[60])
    if by == "Shift+F10":
        press(Qt.Key.Key_F10, SHIFT)
    else:  # what the platform makes of the key
        QApplication.sendEvent(
            control, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
        )
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert active.commands.pairs.copy in menu.actions()
    at = menu.mapToGlobal(QPoint(0, 0))
    assert control.rect().contains(control.mapFromGlobal(at))
    menu.close()


@pytest.mark.parametrize("name", ["heatmaps", "scatter"])
def test_the_focus_is_framed_in_the_pictures_without_moving_them(active: MainWindow, name: str) -> None:
    control = first_control(getattr(active.stage, name))
    active.find_field.setFocus()
    size, without = control.viewport().size(), control.grab().toImage()
    control.setFocus()
    QApplication.processEvents()
    assert control.viewport().size() == size
    accent = active.stage.heatmaps.theme.accent
    corners = [QPoint(0, 5), QPoint(control.width() - 1, control.height() // 2), QPoint(5, control.height() - 1)]
    framed = control.grab().toImage()
    assert all(framed.pixelColor(corner).name() == accent for corner in corners)
    assert not any(without.pixelColor(corner).name() == accent for corner in corners)


def test_measures_are_chosen_by_key(active: MainWindow, qtbot: QtBot) -> None:
    measures = active.panel.measures
    boxes, before = list(measures.boxes.values()), measures.measures
    unticked = next(k for k, box in enumerate(boxes) if not box.isChecked())
    seen: list[bool] = []

    def choose() -> None:  # the menu waits for its end within the key press that opens it
        menu = QApplication.activePopupWidget()
        seen.append(boxes[0].hasFocus())
        for k in range(unticked):
            QTest.keyClick(menu.windowHandle(), Qt.Key.Key_Down if k % 2 else Qt.Key.Key_Tab)
        QTest.keyClick(menu.windowHandle(), Qt.Key.Key_Space)
        seen.append(boxes[unticked].isChecked())
        QTest.keyClick(menu.windowHandle(), Qt.Key.Key_Escape)
        seen.append(menu.isVisible())
        menu.close()

    measures.button.menu().aboutToShow.connect(lambda: QTimer.singleShot(10, choose))
    measures.button.setFocus()
    with qtbot.waitSignal(active.state.result_changed):
        press(Qt.Key.Key_Space)
    assert seen == [True, True, False]
    assert set(measures.measures) == {*before, list(measures.boxes)[unticked]}
