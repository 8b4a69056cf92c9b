"""How a test asks for statistics, and where it then looks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QSpinBox, QTabWidget
from pytestqt.qtbot import QtBot

from engine.request import AnalysisRequest, NamedSource, StatisticsRequest
from engine.sources import SampleSource
from engine.words import WordRule
from ui.main_window import MainWindow

LONG = {"timeout": 20_000}
FEW = WordRule(limit=20)
EVERYTHING = StatisticsRequest(99, bootstraps=50, draws=5, draw_size=20, bands=2, preprocessings=True)
THIRD = NamedSource("third", SampleSource("word2vec-google-news-1k"))


def type_into(spin: QSpinBox, text: str) -> None:
    """Real keys, as a user types a number."""
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, text)
    QTest.keyClick(spin, Qt.Key.Key_Return)


def choose(combo: QComboBox, data: str) -> None:
    """Choose an entry with the keyboard."""
    combo.setFocus()
    for _ in range(abs(combo.findData(data) - combo.currentIndex())):
        down = combo.findData(data) > combo.currentIndex()
        QTest.keyClick(combo, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def inferred(window: MainWindow, qtbot: QtBot, request: AnalysisRequest) -> None:
    """Analyse and wait for the statistics."""
    window.panel.show_request(request)
    with qtbot.waitSignal(window.state.statistics_changed, **LONG):
        window.panel.run()


def tab(window: MainWindow, title: str) -> Any:
    """Bring a tab of the lower pane to the front; its view."""
    (tabs,) = window.stage.splitters["below"].findChildren(QTabWidget)
    index = [tabs.tabText(k) for k in range(tabs.count())].index(title)
    QTest.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=tabs.tabBar().tabRect(index).center())
    assert tabs.currentIndex() == index
    QApplication.processEvents()
    return tabs.currentWidget()


def results(window: MainWindow) -> str:
    return window.side.tables[1].text.toPlainText()


def figure_actions(window: MainWindow) -> dict[str, bool]:
    """Which figures File > Save figure offers."""
    return {name: action.isEnabled() for name, action in window.commands.save_figures.items()}
