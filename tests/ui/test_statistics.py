"""Inference from the panel's fields to the views, with real keys and clicks."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.comparison import COMPARISONS
from engine.export.figures import FIGURES
from engine.request import SAMPLE_SPACES, AnalysisRequest, NamedSource, StatisticsRequest
from engine.words import WordRule
from tests.engine.memory import MemorySource
from tests.ui.inferring import EVERYTHING, FEW, LONG, THIRD, figure_actions, inferred, results, tab, type_into
from ui.main_window import MainWindow
from ui.theme import DARK, LIGHT


def test_typing_permutations_tests_the_agreement(window: MainWindow, qtbot: QtBot) -> None:
    view = tab(window, "Test")
    assert "Choose a number of permutations" in view.hint.text()
    with qtbot.waitSignal(window.state.statistics_changed, **LONG):
        type_into(window.panel.statistics.permutations, "499")
    test = window.state.result.inferred[0][1].tests["pearson"]
    assert test.permutations >= 499
    assert "This is more than chance (p = .00" in results(window) or "(p < .001)" in results(window)
    assert f"Mantel test, {test.permutations:,} relabellings" in results(window)
    assert "one-sided (greater), seed 0" in results(window)
    assert view.plot.isVisible()
    assert not view.hint.isVisible()
    assert view.caption.full_text.startswith("r = .527, p ")
    counts = view.bars.getData()[1]
    assert counts.sum() == test.permutations
    assert view.line.value() == test.observed
    heading = window.stage.scatter.heading.full_text
    assert heading.startswith("r = .527, p ")
    assert heading.endswith("; S_c = .743   (100 words)")


def test_typing_bootstraps_gives_an_interval(window: MainWindow, qtbot: QtBot) -> None:
    view = tab(window, "Interval")
    with qtbot.waitSignal(window.state.statistics_changed, **LONG):
        type_into(window.panel.statistics.bootstraps, "200")
    interval = window.state.result.inferred[0][1].intervals["pearson"]
    assert view.ends.getRegion() == pytest.approx((interval.low, interval.high))
    assert "95 % percentile interval, 200 bootstrap draws of 100 words, seed 0" in results(window)
    assert "r − S_c = -" in results(window)
    assert window.stage.scatter.heading.full_text.startswith("r = .527 [.4")
    shown = {view.chooser.itemText(k) for k in range(view.chooser.count())}
    assert shown == {COMPARISONS[name].label for name in ("pearson", "cosine")}
    choose_index = view.chooser.findText(COMPARISONS["cosine"].label)
    view.chooser.setFocus()
    QTest.keyClick(view.chooser, Qt.Key.Key_Down if choose_index else Qt.Key.Key_Up)
    assert view.caption.full_text.startswith("S_c = .743")


def test_figures_are_offered_when_there_is_something_to_show(window: MainWindow, qtbot: QtBot) -> None:
    always = {"heatmaps", "scatter", "profile"}
    assert figure_actions(window) == {name: name in always for name in FIGURES}
    inferred(window, qtbot, AnalysisRequest(words=FEW, statistics=StatisticsRequest(permutations=99)))
    assert figure_actions(window) == {name: name in always | {"null"} for name in FIGURES}
    inferred(window, qtbot, AnalysisRequest(words=FEW, statistics=EVERYTHING))
    assert figure_actions(window) == {name: name != "difference" for name in FIGURES}
    with qtbot.waitSignal(window.state.result_changed, **LONG):
        window.run(AnalysisRequest())
    assert figure_actions(window) == {name: name in always for name in FIGURES}


@pytest.mark.parametrize("name", ["null", "bootstrap", "anisotropy", "robustness"])
def test_figures_of_inference_can_be_copied(window: MainWindow, qtbot: QtBot, name: str) -> None:
    inferred(window, qtbot, AnalysisRequest(words=FEW, statistics=EVERYTHING))
    with qtbot.waitSignal(window.files.written, timeout=60_000):
        window.files.copy_figure(name)
    assert not QApplication.clipboard().image().isNull()


def test_three_spaces_are_shown_pair_by_pair(window: MainWindow, qtbot: QtBot) -> None:
    inferred(window, qtbot, AnalysisRequest((*SAMPLE_SPACES, THIRD), FEW, statistics=EVERYTHING))
    told = results(window)
    assert told.count("4,950 pairs") == 0
    assert told.count("190 pairs") == 3
    assert "r of word2vec (sample) and MiniLM (sample) − r of word2vec (sample) and third = " in told
    view = tab(window, "Robustness")
    assert view.chooser.isVisible()
    assert view.chooser.count() == 3
    view.chooser.setFocus()
    QTest.keyClick(view.chooser, Qt.Key.Key_Down)
    assert view.chooser.currentText() == "word2vec (sample) and third"
    assert "draws of 20 of 130 shared words" in view.caption.full_text
    assert tab(window, "Test").chooser.count() == 6
    text = tab(window, "Anisotropy").text.text()
    assert text.count("all-but-the-top") == 3
    assert "fitted on all " in text


def test_a_chosen_measure_stays_chosen_in_the_next_result(window: MainWindow, qtbot: QtBot) -> None:
    inferred(window, qtbot, AnalysisRequest(words=FEW, statistics=StatisticsRequest(permutations=99)))
    view = tab(window, "Test")
    view.chooser.setFocus()
    QTest.keyClick(view.chooser, Qt.Key.Key_Down)
    chosen = view.chooser.currentText()
    inferred(window, qtbot, AnalysisRequest(words=FEW, statistics=StatisticsRequest(permutations=199)))
    assert view.chooser.currentIndex() == 1
    assert view.chooser.currentText() == chosen


def test_an_undefined_measure_is_said_and_not_drawn(window: MainWindow, qtbot: QtBot) -> None:
    words = tuple(f"w{k}" for k in range(12))
    level = MemorySource(words, np.ones((12, 4), np.float32))
    other = MemorySource(words, np.random.default_rng(0).normal(size=(12, 4)).astype(np.float32))
    spaces = (NamedSource("level", level), NamedSource("other", other))
    request = AnalysisRequest(spaces, WordRule(1, 9), comparisons=("pearson",))
    with qtbot.waitSignal(window.state.statistics_changed, **LONG):
        window.run(AnalysisRequest(spaces, request.words, comparisons=("pearson",), statistics=EVERYTHING))
    assert results(window).count("Undefined, because all similarities of a space are equal.") == 1
    for title in ("Test", "Interval"):
        view = tab(window, title)
        assert "Results says why" in view.hint.text()
        assert view.hint.isVisible()
    tab(window, "Robustness")
    tab(window, "Anisotropy")


def test_views_follow_the_theme(window: MainWindow, qtbot: QtBot) -> None:
    inferred(window, qtbot, AnalysisRequest(words=FEW, statistics=EVERYTHING))
    for title in ("Test", "Interval", "Anisotropy", "Robustness"):
        view = tab(window, title)
        for theme in (DARK, LIGHT):
            view.setPalette(QPalette(QColor(theme.window), QColor(theme.window)))
            QApplication.processEvents()
            assert view.theme == theme
            if title == "Anisotropy":
                assert theme.spaces[0] in view.text.text()
                continue
            for plot in view.plots if title == "Robustness" else (view.plot,):
                assert plot.backgroundBrush().color().name() == theme.base
    assert "In 5 random draws of 20 of 130 shared words, seed 0" in results(window)
