"""Inference from the panel's fields to the views, with real keys and clicks."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QSpinBox, QTabWidget
from pytestqt.qtbot import QtBot

from engine.comparison import COMPARISONS
from engine.export.figures import FIGURES
from engine.request import SAMPLE_SPACES, AnalysisRequest, NamedSource, StatisticsRequest
from engine.session import read_session
from engine.sources import SampleSource
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from ui.analyses import STATISTICS
from ui.main_window import MainWindow
from ui.theme import DARK, LIGHT

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


def test_arrow_keys_step_through_the_usual_numbers(window: MainWindow, qtbot: QtBot) -> None:
    field = window.panel.statistics.permutations
    field.setFocus()
    seen = [field.value()]
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(field, key)
        seen.append(field.value())
    assert seen == [0, 999, 9_999, 99_999, 9_999, 999, 0]


@pytest.mark.parametrize(
    ("request_", "shown"),
    [
        (StatisticsRequest(), set()),
        (StatisticsRequest(permutations=99), {"sided", "adaptive", "correction", "length"}),
        (StatisticsRequest(permutations=99, correction="max_statistic"), {"sided", "correction", "length"}),
        (StatisticsRequest(bootstraps=99), {"interval", "correction"}),
        (StatisticsRequest(draws=9), {"draw_size"}),
    ],
)
def test_choices_are_shown_only_where_they_mean_something(
    window: MainWindow, request_: StatisticsRequest, shown: set[str]
) -> None:
    window.panel.show_request(AnalysisRequest(statistics=request_))
    field = window.panel.statistics
    choices = {name: getattr(field, name) for name in ("sided", "adaptive", "correction", "interval", "draw_size")}
    choices |= {"length": field.controls["length"]}
    assert {name for name, widget in choices.items() if not widget.isHidden()} == shown


def test_one_measure_needs_no_correction_and_some_no_controls(window: MainWindow) -> None:
    tested = StatisticsRequest(permutations=99)
    field = window.panel.statistics
    window.panel.show_request(AnalysisRequest(comparisons=("pearson",), statistics=tested))
    assert field.correction.isHidden()
    assert not field.controls["length"].isHidden()
    window.panel.show_request(AnalysisRequest((*SAMPLE_SPACES, THIRD), comparisons=("cka",), statistics=tested))
    assert not field.correction.isHidden()
    assert field.controls["length"].isHidden()
    assert window.panel.components.isHidden()
    window.panel.show_request(AnalysisRequest(statistics=StatisticsRequest(preprocessings=True)))
    assert not window.panel.components.isHidden()


def test_boxes_of_the_menu_choose_the_measures(window: MainWindow, qtbot: QtBot) -> None:
    field = window.panel.measures
    field.button.menu().popup(field.button.mapToGlobal(field.button.rect().bottomLeft()))
    assert not field.neighbours.isVisible()
    with qtbot.waitSignal(window.state.result_changed, **LONG):
        for name in ("spearman", "cosine", "knn_overlap"):
            QTest.mouseClick(field.boxes[name], Qt.MouseButton.LeftButton)
    assert field.button.menu().isVisible(), "it stays open for the next box"
    field.button.menu().close()
    assert list(window.state.result.comparisons[0].values) == ["pearson", "spearman", "knn_overlap"]
    assert field.button.full_text == "r, ρ, O_k"
    assert field.neighbours.isVisible()
    assert ".101 would be chance, for 10 neighbours." in results(window)
    with qtbot.waitSignal(window.state.result_changed, **LONG):
        type_into(field.neighbours, "5")
    assert ".051 would be chance, for 5 neighbours." in results(window)


def test_the_last_measure_cannot_be_taken_away(window: MainWindow) -> None:
    field = window.panel.measures
    for name in ("cosine", "pearson"):
        field.boxes[name].click()
    assert field.measures == ("pearson",)


@pytest.mark.parametrize(
    "statistics",
    [
        StatisticsRequest(
            12_345, "two-sided", True, "benjamini_hochberg", ("length", "edit_distance"), 777, "bca", 55, 33, 4, True
        ),
        StatisticsRequest(correction="max_statistic", interval="bca", draw_size=4),
    ],
)
def test_a_session_comes_back_from_the_panel_as_it_was(
    window: MainWindow, statistics: StatisticsRequest, tmp_path: Path
) -> None:
    request = AnalysisRequest(comparisons=tuple(COMPARISONS), neighbours=7, components=3, statistics=statistics)
    window.panel.show_request(request)
    assert window.panel.request() == request
    window.files.session_path = tmp_path / "session.json"
    window.files.save_session()
    assert read_session(tmp_path / "session.json").request == request


def test_clicks_on_every_choice_reach_the_request(window: MainWindow, qtbot: QtBot) -> None:
    field = window.panel.statistics
    with qtbot.waitSignal(window.state.statistics_changed, **LONG):
        for spin, text in ((field.permutations, "99"), (field.bootstraps, "50"), (field.draws, "3")):
            type_into(spin, text)
        type_into(field.draw_size, "30")
        type_into(field.bands, "2")
        choose(field.sided, "two-sided")
        choose(field.interval, "bca")
        choose(field.correction, "benjamini_hochberg")
        for box in (field.adaptive, field.preprocessings, *field.controls.values()):
            window.panel.ensureWidgetVisible(box)
            QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().bottomLeft() / 2)
    expected = StatisticsRequest(
        99,
        "two-sided",
        True,
        "benjamini_hochberg",
        ("length", "frequency", "edit_distance"),
        50,
        "bca",
        3,
        30,
        2,
        True,
    )
    assert window.panel.request().statistics == expected
    assert window.state.result.request.statistics == expected


class Slow(MemorySource):
    """A space whose pool is read only when the test lets it; its own words are there at once."""

    waiting, may_go = threading.Event(), threading.Event()

    def open(self, progress: Any) -> Any:
        opened = super().open(progress)
        read = opened.vectors

        def vectors(indices: Any, progress: Any) -> Any:
            while len(indices) > 30 and not self.may_go.is_set():
                self.waiting.set()
                progress.step("reading slowly", 0.5)
            return read(indices, progress)

        opened.vectors = vectors
        return opened


@pytest.fixture
def slow() -> AnalysisRequest:
    """A request whose analysis is quick and whose statistics wait."""
    Slow.waiting.clear()
    Slow.may_go.clear()
    words = tuple(f"w{k}" for k in range(60))
    rng = np.random.default_rng(0)
    spaces = tuple(NamedSource(name, Slow(words, rng.normal(size=(60, 8)).astype(np.float32))) for name in "AB")
    asked = StatisticsRequest(permutations=99, preprocessings=True)
    return AnalysisRequest(spaces, WordRule(1, 9, 20), statistics=asked)


def test_a_new_request_overtakes_statistics_that_still_run(
    window: MainWindow, qtbot: QtBot, slow: AnalysisRequest
) -> None:
    with qtbot.waitSignal(window.state.result_changed, **LONG):
        window.run(slow)
    qtbot.waitUntil(Slow.waiting.is_set, **LONG)
    assert window.state.result.words[0] == "w0"
    outcomes: list[str] = []
    window.runner.succeeded.connect(lambda kind, result: outcomes.append(kind))
    with qtbot.waitSignal(window.state.result_changed, **LONG):
        window.run(AnalysisRequest(words=FEW))
    qtbot.waitUntil(lambda: not window.runner.is_busy, **LONG)
    assert outcomes == ["analysis"]
    assert window.state.result.statistics is None
    assert len(window.state.result.words) == 20


def test_cancelling_the_statistics_keeps_the_pictures(window: MainWindow, qtbot: QtBot, slow: AnalysisRequest) -> None:
    view = tab(window, "Test")
    with qtbot.waitSignal(window.state.result_changed, **LONG):
        window.run(slow)
    shown = window.state.result
    qtbot.waitUntil(Slow.waiting.is_set, **LONG)
    assert window.commands.cancel.isEnabled()
    assert not window.stage.veil.isVisible(), "the pictures are new already"
    with qtbot.waitSignal(window.runner.cancelled) as signal:
        QTest.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert signal.args == [STATISTICS]
    assert window.state.result is shown
    assert not window.commands.cancel.isEnabled()
    assert "If it was cancelled, Run starts it again." in view.hint.text()
    Slow.may_go.set()
    with qtbot.waitSignal(window.state.statistics_changed, **LONG):
        window.run(slow)
    assert view.plot.isVisible()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"words": WordList(("water", "home", "paper")), "statistics": StatisticsRequest(bootstraps=50)},
            "words",
            "needs 4 or more",
        ),
        ({"statistics": StatisticsRequest(bands=100)}, "words", "choose fewer"),
        ({"preprocessing": "all_but_the_top", "components": 9_000}, "similarity", "cannot remove 9,000"),
        (
            {"components": 9_000, "statistics": StatisticsRequest(preprocessings=True)},
            "similarity",
            "cannot remove 9,000",
        ),
        ({"comparisons": ("knn_overlap",), "neighbours": 100}, "measures", "choose from 1 to 99 neighbours"),
        (
            {
                "comparisons": ("knn_overlap",),
                "neighbours": 30,
                "statistics": StatisticsRequest(draws=2, draw_size=20),
            },
            "measures",
            "choose from 1 to 19 neighbours",
        ),
    ],
)
def test_what_cannot_be_computed_is_told_beside_its_field(
    window: MainWindow, qtbot: QtBot, changes: dict[str, Any], field: str, sentence: str
) -> None:
    window.panel.show_request(AnalysisRequest(**changes))
    with qtbot.waitSignal(window.runner.failed, **LONG):
        window.panel.run()
    labels = window.panel.problems | {"words": window.panel.words.problem}
    assert {name for name, label in labels.items() if label.isVisible()} == {field}
    assert sentence in labels[field].text()
    assert not window.message.isVisible()
    window.panel.show_request(AnalysisRequest())
    with qtbot.waitSignal(window.state.result_changed, **LONG):
        window.panel.run()
    assert not any(label.isVisible() for label in labels.values())


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
    assert "In 95 % of 5 random draws of 20 of 130 shared words, seed 0" in results(window)
