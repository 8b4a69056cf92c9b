"""How a test points at tables of pairs and words, and what it then reads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.request import AnalysisRequest, NamedSource
from engine.session import Session
from engine.words import WordList
from tests.engine.memory import MemorySource
from ui.main_window import MainWindow
from ui.views.pairs import PairsView
from ui.views.table import Table

WORD, OTHER, A, B, DIFFERENCE = range(5)
Opener = Callable[..., MainWindow]


def brought_to_front(window: MainWindow) -> PairsView:
    window.stage.tabs.setCurrentWidget(window.stage.pairs)
    QApplication.processEvents()
    return window.stage.pairs


def click_heading(table: Table, column: int) -> None:
    heading = table.horizontalHeader()
    place = QPoint(heading.sectionViewportPosition(column) + 20, heading.height() // 2)
    QTest.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=place)


def click_row(table: Table, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    place = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, place)


def cell(view: PairsView, row: int, column: int) -> str:
    return str(view.model.data(view.model.index(row, column)))


def column(view: PairsView, number: int, rows: int | None = None) -> list[str]:
    return [cell(view, row, number) for row in range(view.model.rowCount() if rows is None else rows)]


def numbers(view: PairsView, number: int) -> np.ndarray:
    return np.array(column(view, number), float)


def marked_rows(table: Table) -> list[int]:
    return [index.row() for index in table.selectionModel().selectedRows()]


def triangles(window: MainWindow) -> list[np.ndarray]:
    vectors = [space.vectors.astype(float) for space in window.state.result.spaces[:2]]
    unit = [one / np.linalg.norm(one, axis=1, keepdims=True) for one in vectors]
    return [(one @ one.T)[np.triu_indices(len(one), 1)] for one in unit]


def session_of(words: list[str], *vectors: np.ndarray) -> Session:
    """Spaces in memory with these vectors."""
    spaces = tuple(
        NamedSource(name, MemorySource(words, one.astype(np.float32)))
        for name, one in zip(("one", "two", "three"), vectors, strict=False)
    )
    return Session(AnalysisRequest(spaces, WordList(tuple(words))))


def some(n: int, count: int = 2) -> Session:
    rng = np.random.default_rng(0)
    return session_of([f"word{k}" for k in range(n)], *(rng.normal(size=(n, 6)) for _ in range(count)))
