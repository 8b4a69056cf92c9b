"""How a test asks for the nearest words, and what it then reads."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.data import FloatArray
from engine.request import AnalysisRequest
from engine.sources.sample import FOLDER
from ui.main_window import MainWindow
from ui.views.neighbour_list import NeighbourList
from ui.views.neighbours import NeighboursView


def brought_to_front(window: MainWindow) -> NeighboursView:
    window.stage.show_neighbours()
    return window.stage.neighbours


def run(window: MainWindow, request: AnalysisRequest, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        window.run(request)


def choose_scope(view: NeighboursView, scope: str) -> None:
    view.scope.setCurrentIndex(view.scope.findData(scope))
    view.scope.activated.emit(view.scope.currentIndex())


def wait_for(view: NeighboursView, word: str, scope: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: view.shown is not None and (view.shown.word, view.shown.scope) == (word, scope), timeout=20_000
    )


def type_word(view: NeighboursView, word: str) -> None:
    view.field.setFocus()
    line = view.field.lineEdit()
    line.selectAll()
    QTest.keyClicks(line, word)
    QTest.keyClick(line, Qt.Key.Key_Return)


def click_on(one: NeighbourList, row: int, double: bool = False) -> None:
    place = one.table.visualItemRect(one.table.item(row, 1)).center()
    QTest.mouseClick(one.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    if double:
        QTest.mouseDClick(one.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def texts(one: NeighbourList) -> list[tuple[str, str, str]]:
    table = one.table
    cells = ([table.item(row, column).text() for column in range(3)] for row in range(table.rowCount()))
    return [(mark, word, number) for mark, word, number in cells]


def nearest_by_cosine(words: list[str], rows: FloatArray, word: str, k: int) -> list[tuple[str, str]]:
    unit = rows.astype(float) / np.linalg.norm(rows.astype(float), axis=1)[:, None]
    similarities = unit @ unit[words.index(word)]
    order = [j for j in np.argsort(-similarities, kind="stable") if words[j] != word][:k]
    return [(words[j], f"{similarities[j]:.3f}".replace("0.", ".")) for j in order]


def nearest_by_dot(word: str) -> list[str]:
    words, rows = sample("word2vec-google-news-1k")
    products = rows.astype(float) @ rows[words.index(word)].astype(float)
    return [words[j] for j in np.argsort(-products) if words[j] != word][:10]


def sample(space: str) -> tuple[list[str], FloatArray]:
    with np.load(FOLDER / f"{space}.npz") as file:
        return file["words"].tolist(), file["vectors"]
