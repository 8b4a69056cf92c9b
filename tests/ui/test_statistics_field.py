"""The choices of statistics and measures in the panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.comparison import COMPARISONS
from engine.request import SAMPLE_SPACES, AnalysisRequest, StatisticsRequest
from engine.session import read_session
from engine.words import WordList
from tests.ui.inferring import LONG, THIRD, choose, results, type_into
from ui.main_window import MainWindow


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
        (StatisticsRequest(permutations=99, correction="benjamini_hochberg"), {"sided", "correction", "length"}),
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


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"words": WordList(("water", "home", "paper")), "statistics": StatisticsRequest(bootstraps=50)},
            "words",
            "needs 4 or more",
        ),
        ({"statistics": StatisticsRequest(bands=100)}, "statistics", "choose fewer"),
        ({"preprocessing": "all_but_the_top", "components": 9_000}, "similarity", "cannot remove 9,000"),
        (
            {"components": 9_000, "statistics": StatisticsRequest(preprocessings=True)},
            "similarity",
            "cannot remove 9,000",
        ),
        ({"comparisons": ("knn_overlap",), "neighbours": 100}, "measures", "choose from 1 to 99 neighbours"),
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
