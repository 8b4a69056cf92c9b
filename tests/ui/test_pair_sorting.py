"""Pairs that are too many to be sorted at once."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.brush import brush_block
from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordRule
from tests.ui.listed import (
    DIFFERENCE,
    OTHER,
    WORD,
    B,
    Opener,
    brought_to_front,
    cell,
    click_heading,
    click_row,
    column,
    numbers,
    triangles,
)
from ui.main_window import MainWindow
from ui.state import Selection
from ui.views.pairs import AT_ONCE


@pytest.fixture
def many(open_window: Opener, qtbot: QtBot) -> MainWindow:
    """A thousand words, whose pairs are sorted in the worker."""
    window = open_window(Session(AnalysisRequest(words=WordRule(1, 99, None))))
    view = brought_to_front(window)
    qtbot.waitUntil(lambda: view.model.rowCount() > 0)
    return window


def test_many_pairs_are_sorted_meanwhile_and_scrolled_to_the_last(many: MainWindow, qtbot: QtBot) -> None:
    view, n = many.stage.pairs, len(many.state.result.words)
    count = n * (n - 1) // 2
    assert count > AT_ONCE
    assert view.model.rowCount() == count
    before = column(view, WORD, 20)
    click_heading(view.table, B)
    assert column(view, WORD, 20) == before, "the old order stays"
    assert view.heading.full_text == f"Sorting {count:,} pairs …"
    qtbot.waitUntil(lambda: column(view, WORD, 20) != before)
    bar = view.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert view.table.indexAt(QPoint(5, view.table.viewport().height() - 8)).row() == count - 1
    assert float(cell(view, count - 1, B)) == pytest.approx(triangles(many)[1].min(), abs=0.00051)
    click_row(view.table, count - 1)
    assert many.state.selection == Selection(cell(view, count - 1, WORD), cell(view, count - 1, OTHER))


def test_cancelled_sorting_leaves_what_is_listed_and_can_be_tried_again(many: MainWindow, qtbot: QtBot) -> None:
    view = many.stage.pairs
    before = column(view, WORD, 20)
    click_heading(view.table, B)
    many.runner.cancel()
    assert view.table.horizontalHeader().sortIndicatorSection() == DIFFERENCE
    assert view.heading.full_text.startswith("Not sorted")
    assert column(view, WORD, 20) == before
    click_heading(view.table, B)
    qtbot.waitUntil(lambda: column(view, WORD, 20) != before)
    assert view.table.horizontalHeader().sortIndicatorSection() == B


def test_an_order_that_comes_too_late_is_not_shown(many: MainWindow, qtbot: QtBot) -> None:
    view = many.stage.pairs
    with qtbot.waitSignal(many.state.result_changed):
        click_heading(view.table, B)
        many.panel.words.limit.setValue(30)
    qtbot.waitUntil(lambda: view.model.rowCount() == 435)
    qtbot.waitUntil(lambda: not many.runner.is_busy)
    assert view.model.rowCount() == 435
    assert (np.diff(numbers(view, B)) <= 0).all()


def test_few_brushed_pairs_need_not_wait_for_all_pairs(many: MainWindow, qtbot: QtBot) -> None:
    view = many.stage.pairs
    click_heading(view.table, B)
    many.state.set_brush(brush_block(many.state.result.words, range(3), range(10, 15)))
    assert view.model.rowCount() == 15
    qtbot.waitUntil(lambda: not many.runner.is_busy)
    QApplication.processEvents()
    assert view.model.rowCount() == 15
    assert (np.diff(numbers(view, B)) <= 0).all()
