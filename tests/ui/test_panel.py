"""The panel says what is analysed; problems appear beside what caused them and cost nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox
from pytestqt.qtbot import QtBot

from engine.colours import ColourScale
from engine.request import SAMPLE_SPACES, AnalysisRequest, NamedSource, StatisticsRequest
from engine.session import Session
from engine.sources import HuggingFaceSource, VectorsSource
from engine.words import WordList, WordRule
from tests.ui.conftest import wheel
from ui.fields.words import FIRST_SHOWN, MOST_EDITED, WordsField
from ui.main_window import MainWindow
from ui.settings import Settings


def test_the_first_window_shows_the_notebook_recipe_on_the_sample(window: MainWindow) -> None:
    assert window.panel.request() == AnalysisRequest()
    assert window.stage.scatter.heading.full_text == "r = .527, S_c = .743   (100 words, 4,950 pairs)"
    assert window.state.colours == ColourScale("plasma", (0.1, 0.6), True)
    assert window.hint.isVisible()
    assert "sample" in window.hint.label.text()
    titles = [heatmap.title.text for heatmap in window.stage.heatmaps.maps]
    assert titles == [
        "word2vec (sample), 300 d · cosine similarity",
        "MiniLM (sample), 384 d · cosine similarity",
    ]


@pytest.mark.parametrize(
    "request_",
    [
        AnalysisRequest(),
        AnalysisRequest(words=WordRule(3, 9, None, "un.*", "lower", "letters", "random"), seed=7),
        AnalysisRequest(words=WordList(("moon", "star", "sun"), (("moon", "sky"),)), similarity="euclidean"),
        AnalysisRequest(comparisons=("spearman",)),
        AnalysisRequest(comparisons=("spearman", "cka", "pearson"), neighbours=2_000),
        AnalysisRequest(
            words=WordRule(1, 150, 2_000_000, max_rank=3), preprocessing="all_but_the_top", components=20_000
        ),
        AnalysisRequest(statistics=StatisticsRequest(2_000_000, bootstraps=3_000_000, draws=5, draw_size=4, bands=1)),
        AnalysisRequest(
            spaces=(
                NamedSource("one", VectorsSource(Path("/somewhere/vectors.bin"))),
                NamedSource("two", HuggingFaceSource("org/model", "embedding", "leading-space")),
                *SAMPLE_SPACES,
            )
        ),
    ],
)
def test_what_the_panel_is_shown_is_what_it_asks_for(window: MainWindow, request_: AnalysisRequest) -> None:
    window.panel.show_request(request_)
    assert window.panel.request() == request_


def test_numbers_beyond_what_qt_counts_are_shown_as_its_largest(window: MainWindow) -> None:
    window.panel.show_request(AnalysisRequest(words=WordRule(limit=10**12)))
    assert window.panel.request().words == WordRule(limit=2**31 - 1)


def test_typing_a_rule_analyses_anew(window: MainWindow, qtbot: QtBot) -> None:
    field = window.panel.words.limit
    field.setFocus()
    field.selectAll()
    with qtbot.waitSignal(window.state.result_changed):
        QTest.keyClicks(field, "40")
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert len(window.state.result.words) == 40
    assert "the first 40 words of 6 characters" in window.note_line.sentence.full_text.lower()


def test_impossible_lengths_cannot_be_chosen(window: MainWindow) -> None:
    window.panel.words.shortest.setValue(9)
    assert window.panel.request().words.max_length == 9
    window.panel.words.longest.setValue(4)
    assert window.panel.request().words.min_length == 4


def test_a_bad_pattern_is_told_beside_the_words_and_the_old_result_stays(window: MainWindow, qtbot: QtBot) -> None:
    before = window.state.result
    window.panel.words.pattern.setText("un(")
    with qtbot.waitSignal(window.runner.failed):
        window.panel.run()
    assert "un(" in window.panel.words.problem.text()
    assert window.panel.words.problem.isVisible()
    assert window.state.result is before
    window.panel.words.pattern.setText("")
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.run()
    assert not window.panel.words.problem.isVisible()


def test_a_file_that_cannot_be_read_is_told_beside_its_space(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    before = window.state.result
    window.panel.spaces[1].show_space(NamedSource("gone", VectorsSource(tmp_path / "gone.bin")))
    with qtbot.waitSignal(window.runner.failed):
        window.panel.run()
    assert "gone.bin" in window.panel.spaces[1].problem.text()
    assert not window.panel.spaces[0].problem.isVisible()
    assert window.state.result is before


def test_no_shared_words_is_told_beside_the_words(window: MainWindow, qtbot: QtBot) -> None:
    window.panel.words.shortest.setValue(60)
    with qtbot.waitSignal(window.runner.failed):
        window.panel.run()
    assert window.panel.words.problem.isVisible()


def test_words_a_space_lacks_are_counted_and_listed(window: MainWindow, qtbot: QtBot) -> None:
    window.panel.words.kind.setCurrentIndex(window.panel.words.kind.findData("list"))
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.words.list.setPlainText("people, before; second should\nxyzzy")
        window.panel.run()
    assert window.state.result.words == ("people", "before", "second", "should")
    assert "1 missing" in window.note_line.missing.text()
    window.note_line.link_activated.emit("notes")
    assert "xyzzy" in window.side.tables[2].text.toPlainText()


def test_swapping_walks_the_other_space(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.swap()
    assert [space.name for space in window.state.result.spaces] == ["MiniLM (sample)", "word2vec (sample)"]
    assert window.stage.scatter.heading.full_text.startswith("r = .527")


def test_one_space_twice_gets_two_names(window: MainWindow) -> None:
    window.panel.spaces[1].show_space(SAMPLE_SPACES[0])
    names = [space.name for space in window.panel.request().spaces]
    assert names == ["word2vec (sample)", "word2vec (sample) (2)"]


def test_the_last_measure_cannot_be_unchecked(window: MainWindow) -> None:
    for box in window.panel.measures.boxes.values():
        if box.isChecked():
            box.click()
    assert len(window.panel.request().comparisons) == 1


def test_colours_change_without_a_new_analysis(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(window.runner.started):
        window.panel.colours.low.setValue(0.0)
        window.panel.colours.high.setValue(0.9)
    for heatmap in window.stage.heatmaps.maps:
        assert tuple(heatmap.image.getLevels()) == (0.0, 0.9)
    assert window.stage.heatmaps.shared_bar.levels() == (0.0, 0.9)


def test_automatic_colours_are_told_truthfully_by_the_bars(window: MainWindow) -> None:
    scale, view = window.panel.colours.scale, window.stage.heatmaps
    for kind in ("shared", "own", "shared", "own"):  # there and back: all bars have had their places
        scale.setCurrentIndex(scale.findData(kind))
        scale.activated.emit(scale.currentIndex())
        levels = [tuple(heatmap.image.getLevels()) for heatmap in view.maps]
        bars = [view.shared_bar] * 2 if kind == "shared" else [heatmap.bar for heatmap in view.maps]
        assert [bar.levels() for bar in bars] == levels
        assert (levels[0] == levels[1]) == (kind == "shared")
        drawn = {item for item in view.canvas.ci.items if isinstance(item, pg.ColorBarItem)}
        assert drawn == set(bars)


def test_dragging_the_bar_sets_both_pictures_and_the_panel(window: MainWindow) -> None:
    bar = window.stage.heatmaps.shared_bar
    bar.setLevels((0.2, 0.8))
    bar.sigLevelsChangeFinished.emit(bar)
    assert window.state.colours.levels == (0.2, 0.8)
    assert (window.panel.colours.low.value(), window.panel.colours.high.value()) == (0.2, 0.8)
    assert all(tuple(heatmap.image.getLevels()) == (0.2, 0.8) for heatmap in window.stage.heatmaps.maps)


def test_spaces_used_before_are_offered_again(open_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    space = NamedSource("mine", VectorsSource(tmp_path / "mine.bin"))
    open_window().panel.spaces[0].choose(space)
    assert Settings().recent_spaces == [space]
    menu = open_window().panel.spaces[1].chooser.menu()
    menu.aboutToShow.emit()
    (action,) = (action for action in menu.actions() if "mine" in action.text())
    assert action.toolTip() == str(tmp_path / "mine.bin"), "another file may have the same name"


def test_trying_the_layers_of_a_model_does_not_push_out_other_spaces(
    open_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    field = open_window().panel.spaces[0]
    mine = NamedSource("mine", VectorsSource(tmp_path / "mine.bin"))
    field.choose(mine)
    field.choose(NamedSource("GPT-2", HuggingFaceSource("gpt2")))
    for layer in range(12):
        field.options.layer.setValue(layer)
    assert Settings().recent_spaces == [NamedSource("GPT-2", HuggingFaceSource("gpt2", layer=11)), mine]


def test_a_space_at_the_beginning_of_a_template_stays(open_window: Callable[..., MainWindow]) -> None:
    field = open_window().panel.spaces[0]
    field.choose(NamedSource("GPT-2", HuggingFaceSource("gpt2", layer=5, template=" {word}")))
    field.options.layer.setValue(6)
    assert field.space.source == HuggingFaceSource("gpt2", layer=6, template=" {word}")


def test_a_session_with_three_spaces_keeps_the_third(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    third = NamedSource("again", SAMPLE_SPACES[0].source)
    window = open_window(Session(AnalysisRequest(spaces=(*SAMPLE_SPACES, third))))
    assert len(window.state.result.comparisons) == 3
    assert window.panel.request().spaces[2] == third
    assert window.side.tables[1].text.toPlainText().count(", 4,950 pairs") == 3


def test_the_other_end_of_the_colours_gives_way(window: MainWindow) -> None:
    colours = window.panel.colours
    colours.low.setValue(0.7)
    assert window.state.colours.levels == (0.7, pytest.approx(0.71))
    colours.high.setValue(0.9)
    assert window.state.colours.levels == (0.7, 0.9)


def test_fixed_colours_are_remembered_through_an_automatic_scale(window: MainWindow) -> None:
    scale = window.panel.colours.scale
    for kind in ("own", "fixed"):
        scale.setCurrentIndex(scale.findData(kind))
        scale.activated.emit(scale.currentIndex())
    assert window.state.colours == ColourScale("plasma", (0.1, 0.6), True)


def test_a_list_not_yet_begun_is_no_error(window: MainWindow, qtbot: QtBot) -> None:
    kind = window.panel.words.kind
    with qtbot.assertNotEmitted(window.panel.words.changed):
        kind.setCurrentIndex(kind.findData("list"))
        kind.activated.emit(kind.currentIndex())
    assert window.panel.words.list.isVisible()


def test_a_list_too_long_to_be_edited_is_kept_whole(qtbot: QtBot) -> None:
    field = WordsField()
    qtbot.addWidget(field)
    words = WordList(tuple(f"w{i}" for i in range(MOST_EDITED + 1)))
    field.show_words(words, 0)
    assert field.words is words  # not taken apart again in the window's thread
    assert field.list.toPlainText().split("\n") == list(words.words[:FIRST_SHOWN])
    assert field.list.isReadOnly()
    assert field.summary.text() == f"{MOST_EDITED + 1:,}, the first shown"
    with qtbot.assertNotEmitted(field.changed):
        field.clear.click()
    assert not field.list.isReadOnly()
    with qtbot.waitSignal(field.changed):
        field.list.setPlainText("moon star")
    assert field.words == WordList(("moon", "star"))
    assert not field.clear.isVisibleTo(field)


def test_spellings_that_exist_are_taken_with_one_click(window: MainWindow, qtbot: QtBot) -> None:
    words = WordList(("People", "before", "second", "SHOULD", "xyzzy", "school"), (("People", "them"),))
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.show_words(words)
    text = window.side.notes.text
    assert "People (there as 'people')" in text.toPlainText()
    window.note_line.link_activated.emit("notes")
    link = text.document().find("use the 2 spellings that exist")
    text.setTextCursor(link)
    text.ensureCursorVisible()
    link.setPosition(link.position() - 1)
    with qtbot.waitSignal(window.state.result_changed):
        QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=text.cursorRect(link).center())
    assert window.state.result.words == ("people", "before", "second", "should", "school")
    better = WordList(("people", "before", "second", "should", "xyzzy", "school"), (("people", "them"),))
    assert window.panel.words.words == better
    assert "spelling" not in text.toPlainText()


@pytest.mark.parametrize(
    ("text", "told"),
    [("people", "1 word"), ("people school", "2 words"), ("people\thumans\nmother\thumans", "2 words, 1 category")],
)
def test_a_list_is_counted_in_good_english(window: MainWindow, text: str, told: str) -> None:
    field = window.panel.words
    field.kind.setCurrentIndex(field.kind.findData("list"))
    field.list.setPlainText(text)
    assert field.summary.full_text == told


def test_the_wheel_changes_only_what_has_the_keys(window: MainWindow) -> None:
    panel = window.panel
    window.stage.heatmaps.canvas.setFocus()
    before = panel.request()
    boxes = [box for kind in (QComboBox, QAbstractSpinBox) for box in panel.findChildren(kind) if box.isVisible()]
    assert len(boxes) > 15
    for box in boxes:
        wheel(box, box.rect().center(), -1)
        assert not box.hasFocus()
    assert panel.request() == before
    panel.words.limit.setFocus()
    wheel(panel.words.limit, panel.words.limit.rect().center(), -1)
    assert panel.words.limit.value() < before.words.limit
