"""Nearest words beside each other: click, read, walk, add, save."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.dimensions import Dimensions
from engine.neighbours import SHOWN, VOCABULARY
from engine.request import AnalysisRequest, NamedSource
from engine.session import Session, parse_session, session_values
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from tests.engine.related import asked, costly, vectors
from tests.ui.nearest import (
    brought_to_front,
    choose_scope,
    click_on,
    nearest_by_cosine,
    run,
    texts,
    type_word,
    wait_for,
)
from ui.main_window import MainWindow
from ui.state import Selection
from ui.views.neighbour_list import SHARED as MARK
from ui.views.neighbours import NeighboursView


@pytest.fixture
def view(window: MainWindow) -> NeighboursView:
    """The view, in front."""
    return brought_to_front(window)


def test_the_nearest_of_the_words_shown_stand_side_by_side(window: MainWindow, view: NeighboursView) -> None:
    words = list(window.state.result.words)
    window.state.select_pair("people", "should")
    expected = [nearest_by_cosine(words, space.vectors, "people", 10) for space in window.state.result.spaces]
    shared = {word for word, _ in expected[0]} & {word for word, _ in expected[1]}
    for one, wanted in zip(view.lists, expected, strict=True):
        assert texts(one) == [(MARK if word in shared else "", word, number) for word, number in wanted]
        for row, (word, _) in enumerate(wanted):
            assert one.table.item(row, 1).font().bold() == (word in shared)
    assert view.summary.full_text == f"{len(shared)} of 10 shared, by chance 1.0; nearest of 99 words shown"
    assert [one.heading.full_text for one in view.lists] == [
        "A  word2vec (sample) · cosine similarity",
        "B  MiniLM (sample) · cosine similarity",
    ]


def test_other_dimensions_have_other_neighbours(window: MainWindow, view: NeighboursView, qtbot: QtBot) -> None:
    window.state.select_pair("people", "should")
    request = window.state.result.request
    first, second = request.spaces
    changed = replace(request, spaces=(replace(first, dimensions=Dimensions("first half")), second))
    run(window, changed, qtbot)
    words = list(window.state.result.words)
    for one, space in zip(view.lists, window.state.result.spaces, strict=True):
        wanted = nearest_by_cosine(words, space.vectors, "people", 10)
        assert [cells[1:] for cells in texts(one)] == [tuple(pair) for pair in wanted]


def test_another_selection_and_another_k_show_other_lists(window: MainWindow, view: NeighboursView) -> None:
    words = list(window.state.result.words)
    window.state.select_pair("people", "should")
    window.state.select_pair("should", "people")
    wanted = nearest_by_cosine(words, window.state.result.spaces[0].vectors, "should", 99)
    view.k.setValue(3)
    assert view.lists[0].words == [word for word, _ in wanted[:3]]
    view.k.setValue(99)
    assert view.lists[0].words == [word for word, _ in wanted]
    assert view.summary.full_text == "99 of 99 shared, by chance 99.0; nearest of 99 words shown"


def test_the_other_word_of_a_pair_can_be_chosen(window: MainWindow, view: NeighboursView) -> None:
    window.state.select_pair("people", "should")
    assert [view.field.itemText(k) for k in range(view.field.count())] == ["people", "should"]
    view.field.setCurrentIndex(1)
    view.field.activated.emit(1)
    assert view.shown.word == "should"
    assert window.state.selection == Selection("people", "should")
    assert view.field.count() == 2


def test_a_click_on_a_neighbour_selects_the_pair_everywhere(window: MainWindow, view: NeighboursView) -> None:
    window.state.select_pair("people", "people")
    neighbour = view.lists[1].words[2]
    click_on(view.lists[1], 2)
    assert window.state.selection == Selection("people", neighbour)
    assert window.side.inspector.heading.text() == f"people – {neighbour}"
    assert view.shown.word == "people"
    for one in view.lists:
        marked = [one.words[index.row()] for index in one.table.selectionModel().selectedRows()]
        assert marked == [neighbour] * (neighbour in one.words)


def test_double_click_and_enter_walk_to_the_neighbour(window: MainWindow, view: NeighboursView) -> None:
    window.state.select_pair("people", "people")
    first = view.lists[0].words[1]
    click_on(view.lists[0], 1, double=True)
    assert view.shown.word == first
    assert window.state.selection == Selection(first, first)
    second = view.lists[1].words[0]
    view.lists[1].table.setFocus()
    QTest.keyClick(view.lists[1].table, Qt.Key.Key_Home)
    QTest.keyClick(view.lists[1].table, Qt.Key.Key_Return)
    assert view.shown.word == second
    assert view.field.currentText() == second


def test_coming_by_tab_selects_nothing(window: MainWindow, view: NeighboursView) -> None:
    window.state.select_pair("people", "should")
    view.scope.setFocus()
    QTest.keyClick(view.scope, Qt.Key.Key_Tab)
    assert window.state.selection == Selection("people", "should")


def test_a_word_that_nobody_knows_is_told_in_a_sentence(view: NeighboursView, qtbot: QtBot) -> None:
    for scope in (SHOWN, VOCABULARY):
        type_word(view, "xyzzy")
        choose_scope(view, scope)
        wait_for(view, "xyzzy", scope, qtbot)
        notes = [one.note.text() for one in view.lists]
        assert notes == [f"{name} (sample) does not know “xyzzy”." for name in ("word2vec", "MiniLM")]
        assert not any(one.words for one in view.lists)
        assert view.summary.full_text == ""


def test_a_costly_source_is_searched_among_the_words_shown_and_says_why(
    window: MainWindow, view: NeighboursView, qtbot: QtBot
) -> None:
    request = asked()
    run(window, replace(request, spaces=(request.spaces[0], NamedSource("B", costly(1, 8)))), qtbot)
    word = window.state.result.words[3]
    window.state.select_pair(word, word)
    assert not any(one.note.text() for one in view.lists)
    assert view.k.value() == 3, "the request's"
    among_shown = view.lists[1].words
    choose_scope(view, VOCABULARY)
    wait_for(view, word, VOCABULARY, qtbot)
    assert view.lists[1].words == among_shown
    assert "would have to run its model" in view.lists[1].note.text().replace("\u200b", "")
    assert view.lists[1].note.isVisible()
    assert view.summary.full_text.endswith("nearest of 60 words in A, 11 shown in B")


def test_the_rule_for_preprocessing_is_written_in_the_view(
    window: MainWindow, view: NeighboursView, qtbot: QtBot
) -> None:
    window.state.select_pair("people", "people")
    assert not view.method.isVisible()
    run(window, replace(window.state.result.request, preprocessing="centred"), qtbot)
    assert view.method.full_text == "All vectors centred as those of the words shown were."
    assert view.method.isVisible()


def test_odd_words_are_shown_in_printable_form_and_can_be_walked_to(
    window: MainWindow, view: NeighboursView, qtbot: QtBot
) -> None:
    names = ["a\nb", "\x07", "<|endoftext|>", "ab&c", "A\nB"]
    sources = (NamedSource(name, MemorySource(names, vectors(k, 7)[:5])) for k, name in enumerate("AB"))
    run(window, AnalysisRequest(tuple(sources), WordRule(1, 30, None)), qtbot)
    window.state.select_pair("a\nb", "a\nb")
    printed = {word for _, word, _ in texts(view.lists[0])}
    assert printed == {"\\x07", "<|endoftext|>", "ab&c", "A\\nB"}
    assert view.field.currentText() == "a\\nb"
    variant = view.lists[0].words.index("A\nB")
    assert view.lists[0].table.item(variant, 1).font().italic()
    assert "the same word in other case" in view.lists[0].table.item(variant, 1).toolTip()
    click_on(view.lists[0], view.lists[0].words.index("\x07"), double=True)
    assert view.shown.word == "\x07"
    window.state.select_pair("ab&c", "ab&c")
    assert window.commands.neighbours.text() == "Neighbours of “ab&&c”"


def test_the_menu_brings_the_neighbours_to_front(window: MainWindow) -> None:
    assert window.commands.neighbours in window.commands.on_selection
    assert not window.commands.neighbours.isEnabled()
    window.state.select_pair("people", "should")
    assert window.commands.neighbours.text() == "Neighbours of “people”"
    assert not window.commands.neighbours.shortcut().isEmpty()
    assert not window.stage.neighbours.isVisible()
    window.commands.neighbours.trigger()
    assert window.stage.neighbours.isVisible()
    assert window.stage.neighbours.shown.word == "people"


def test_neighbours_can_join_the_words_shown(window: MainWindow, view: NeighboursView, qtbot: QtBot) -> None:
    type_word(view, "kids")
    choose_scope(view, VOCABULARY)
    wait_for(view, "kids", VOCABULARY, qtbot)
    one, before = view.lists[0], window.state.result.words
    new = [word for word in one.words if word not in before][:2]
    one.table.clearSelection()
    for word in new:
        for column in range(3):
            one.table.item(one.words.index(word), column).setSelected(True)
    (add,) = (action for action in one.menu().actions() if action.text().startswith("Add"))
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        add.trigger()
    assert set(window.state.result.words) >= {*before, new[0]}


def test_words_that_join_make_a_list_that_a_session_can_hold(
    window: MainWindow, view: NeighboursView, qtbot: QtBot
) -> None:
    listed = WordList(("people", "should", "before", "xyzzy"), (("people", "them"), ("xyzzy", "nothing")))
    run(window, replace(window.state.result.request, words=listed), qtbot)
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        view.words_added.emit(("school",))
    joined = WordList(("people", "should", "before", "school"), (("people", "them"),))
    assert window.panel.words.words == joined
    assert parse_session(session_values(Session(window.panel.request())), Path()).request.words == joined


def test_the_lists_are_saved_as_a_table(
    window: MainWindow, view: NeighboursView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    window.state.select_pair("people", "should")
    view.k.setValue(4)
    path = tmp_path / "neighbours.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), "CSV (*.csv)"))
    with qtbot.waitSignal(window.files.written, timeout=20_000):
        window.files.save_neighbours(view.shown)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8
    for one, name, some in zip(view.lists, ("word2vec (sample)", "MiniLM (sample)"), (rows[:4], rows[4:]), strict=True):
        assert [row["neighbour"] for row in some] == one.words
        assert [row["rank"] for row in some] == ["1", "2", "3", "4"]
        assert {(row["word"], row["space"], row["among"], row["of"]) for row in some} == {
            ("people", name, "words shown", "99")
        }
        assert [row["shared"] == "yes" for row in some] == [row["neighbour"] in view.shown.shared for row in some]
        for row, value in zip(some, texts(one), strict=True):
            assert f"{float(row['similarity']):.3f}".replace("0.", ".") == value[2]


def test_the_selection_that_is_gone_with_a_new_result_leaves_the_word(
    window: MainWindow, view: NeighboursView, qtbot: QtBot
) -> None:
    window.state.select_pair("people", "should")
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        window.panel.words.limit.setValue(50)
    assert view.shown.word == "people"
    assert view.summary.full_text.endswith("nearest of 49 words shown")
    run(window, replace(window.state.result.request, words=WordRule(5, 5)), qtbot)
    wait_for(view, "people", SHOWN, qtbot)
    qtbot.waitUntil(lambda: view.summary.full_text.endswith("nearest of 100 words shown"))
