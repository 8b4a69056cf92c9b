"""Nearest words beside each other: click, read, type, walk, search, cancel."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.data import FloatArray, IntArray
from engine.neighbours import SHOWN, VOCABULARY
from engine.progress import Progress
from engine.request import AnalysisRequest, NamedSource
from engine.sources.base import OpenSpace
from engine.sources.sample import FOLDER, ArraySpace
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from tests.engine.related import SHARED, asked, costly, vectors
from ui.analyses import ANALYSIS, NEIGHBOURS
from ui.main_window import MainWindow
from ui.state import Selection
from ui.views.neighbour_list import SHARED as MARK
from ui.views.neighbour_list import NeighbourList
from ui.views.neighbours import NeighboursView


@pytest.fixture
def view(window: MainWindow) -> NeighboursView:
    """The view, in front."""
    window.stage.show_neighbours()
    return window.stage.neighbours


@pytest.fixture
def searches(window: MainWindow) -> list[str]:
    """A list that grows with every search that is started."""
    started: list[str] = []
    window.runner.started.connect(lambda kind: started.append(kind) if kind == NEIGHBOURS else None)
    return started


class GatedSpace(ArraySpace):
    """Gives its blocks when the gate is open."""

    def __init__(self, source: GatedSource) -> None:
        super().__init__(list(source.words), np.asarray(source.array))
        self._source = source

    def blocks(self, progress: Progress) -> Iterator[tuple[IntArray, FloatArray]]:
        self._source.reached.set()
        while not self._source.gate.wait(0.005):
            progress.step("waiting at the gate")
        yield from super().blocks(progress)


@dataclass(frozen=True, eq=False)
class GatedSource(MemorySource):
    """A source of a `GatedSpace`."""

    gate: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)

    def open(self, progress: Progress) -> OpenSpace:
        return GatedSpace(self)


@pytest.fixture
def gated(window: MainWindow, view: NeighboursView, qtbot: QtBot) -> Iterator[GatedSource]:
    """The first space of what the window shows, whose vocabulary has ten words more than are shown."""
    source = GatedSource(SHARED, vectors(0, 7))
    request = AnalysisRequest(
        (NamedSource("first", source), NamedSource("second", MemorySource(SHARED, vectors(1, 8)))),
        WordList(SHARED[:50]),
    )
    run(window, request, qtbot)
    window.state.select_pair(SHARED[0], SHARED[0])
    yield source
    source.gate.set()


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


def test_any_word_can_be_typed_and_walked_from(
    window: MainWindow, view: NeighboursView, searches: list[str], qtbot: QtBot
) -> None:
    type_word(view, "kids")  # of four letters, so not among the words shown
    wait_for(view, "kids", SHOWN, qtbot)
    words, rows = sample("word2vec-google-news-1k")
    shown = [words.index(word) for word in window.state.result.words]
    wanted = nearest_by_cosine(["kids", *window.state.result.words], rows[[words.index("kids"), *shown]], "kids", 10)
    assert [(word, number) for _, word, number in texts(view.lists[0])] == wanted
    assert window.state.selection is None
    assert view.summary.full_text.endswith("nearest of 100 words shown")
    choose_scope(view, VOCABULARY)
    wait_for(view, "kids", VOCABULARY, qtbot)
    for one, space in zip(view.lists, ("word2vec-google-news-1k", "all-MiniLM-L6-v2"), strict=True):
        assert [(word, number) for _, word, number in texts(one)] == nearest_by_cosine(*sample(space), "kids", 10)
    assert view.summary.full_text.endswith("nearest of 999 words in A, 992 words in B")
    assert "chance" not in view.summary.full_text
    row = next(k for k, word in enumerate(view.lists[0].words) if word not in window.state.result.rows)
    there = view.lists[0].words[row]
    click_on(view.lists[0], row, double=True)
    wait_for(view, there, VOCABULARY, qtbot)
    assert window.state.selection is None
    started = len(searches)
    type_word(view, "kids")
    assert view.shown.word == "kids", "remembered"
    assert len(searches) == started


def test_a_word_that_nobody_knows_is_told_in_a_sentence(view: NeighboursView, qtbot: QtBot) -> None:
    for scope in (SHOWN, VOCABULARY):
        type_word(view, "xyzzy")
        choose_scope(view, scope)
        wait_for(view, "xyzzy", scope, qtbot)
        notes = [one.note.text() for one in view.lists]
        assert notes == [f"{name} (sample) does not know “xyzzy”." for name in ("word2vec", "MiniLM")]
        assert not any(one.words for one in view.lists)
        assert view.summary.full_text == ""


def test_what_changes_no_neighbour_starts_no_search(
    window: MainWindow, view: NeighboursView, searches: list[str], qtbot: QtBot
) -> None:
    window.state.select_pair("people", "people")
    choose_scope(view, VOCABULARY)
    wait_for(view, "people", VOCABULARY, qtbot)
    searches.clear()
    run(window, replace(window.state.result.request, comparisons=("spearman",), order="alphabetical"), qtbot)
    assert view.summary.full_text.endswith("nearest of 999 words in A, 992 words in B")
    assert not view._pause.isActive()
    assert not searches
    run(window, replace(window.state.result.request, similarity="dot"), qtbot)
    qtbot.waitUntil(lambda: view.lists[0].heading.full_text.endswith("dot product"))
    assert view.lists[0].words == nearest_by_dot("people")
    assert searches == [NEIGHBOURS]


def test_words_selected_quickly_start_one_search(
    window: MainWindow, view: NeighboursView, searches: list[str], qtbot: QtBot
) -> None:
    words = window.state.result.words
    window.state.select_pair(words[0], words[0])
    choose_scope(view, VOCABULARY)
    wait_for(view, words[0], VOCABULARY, qtbot)
    searches.clear()
    for word in words[1:20]:
        window.state.select_pair(word, word)
    wait_for(view, words[19], VOCABULARY, qtbot)
    assert searches == [NEIGHBOURS]


def test_nothing_is_searched_while_the_tab_is_behind(
    window: MainWindow, view: NeighboursView, searches: list[str], qtbot: QtBot
) -> None:
    choose_scope(view, VOCABULARY)
    window.stage.tabs.setCurrentWidget(window.stage.profile)
    window.state.select_pair("people", "should")
    assert not view._pause.isActive()
    assert not searches
    window.commands.neighbours.trigger()
    wait_for(view, "people", VOCABULARY, qtbot)


def test_the_old_lists_stay_until_the_new_ones_are_there(
    window: MainWindow, view: NeighboursView, gated: GatedSource, qtbot: QtBot
) -> None:
    before = texts(view.lists[0])
    assert before
    choose_scope(view, VOCABULARY)
    qtbot.waitUntil(gated.reached.is_set)
    assert texts(view.lists[0]) == before
    assert view.summary.full_text == f"Searching for “{SHARED[0]}”. The lists are from before."
    qtbot.waitUntil(view._veil.isVisible)
    gated.gate.set()
    wait_for(view, SHARED[0], VOCABULARY, qtbot)
    wanted = nearest_by_cosine(list(SHARED), vectors(0, 7), SHARED[0], 10)
    assert [(word, number) for _, word, number in texts(view.lists[0])] == wanted
    assert not view._veil.isVisible()
    assert view.summary.full_text.endswith("nearest of 59 words in A, 59 words in B")


def test_a_cancelled_search_says_so_and_can_be_taken_up_again(
    window: MainWindow, view: NeighboursView, gated: GatedSource, qtbot: QtBot
) -> None:
    choose_scope(view, VOCABULARY)
    qtbot.waitUntil(gated.reached.is_set)
    qtbot.waitUntil(window.progress.isVisible)
    QTest.mouseClick(window.progress.button, Qt.MouseButton.LeftButton)
    assert view.summary.full_text == f"The search for “{SHARED[0]}” was cancelled. The lists are from before."
    assert view.again.isVisible()
    gated.gate.set()
    QTest.mouseClick(view.again, Qt.MouseButton.LeftButton)
    wait_for(view, SHARED[0], VOCABULARY, qtbot)
    assert not view.again.isVisible()


def test_a_new_word_overtakes_the_search_before_it(
    window: MainWindow, view: NeighboursView, gated: GatedSource, qtbot: QtBot
) -> None:
    choose_scope(view, VOCABULARY)
    qtbot.waitUntil(gated.reached.is_set)
    found: list[str] = []
    window.runner.succeeded.connect(lambda kind, result: found.append(result.word) if kind == NEIGHBOURS else None)
    view.look_at(SHARED[55])
    gated.gate.set()
    wait_for(view, SHARED[55], VOCABULARY, qtbot)
    assert found == [SHARED[55]]
    choose_scope(view, SHOWN)
    wait_for(view, SHARED[55], SHOWN, qtbot)


def test_what_is_no_longer_wanted_is_no_longer_searched(
    window: MainWindow, view: NeighboursView, gated: GatedSource, qtbot: QtBot
) -> None:
    choose_scope(view, VOCABULARY)
    qtbot.waitUntil(gated.reached.is_set)
    choose_scope(view, SHOWN)
    assert not window.runner.is_busy
    assert not view.again.isVisible()
    assert view.summary.full_text.endswith("nearest of 49 words shown")


def test_an_analysis_goes_before_a_search_which_is_taken_up_again(
    window: MainWindow, view: NeighboursView, gated: GatedSource, qtbot: QtBot
) -> None:
    request = window.state.result.request
    choose_scope(view, VOCABULARY)
    qtbot.waitUntil(gated.reached.is_set)
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        window.run(replace(request, similarity="dot"))
        assert view.summary.full_text.startswith(f"Searching for “{SHARED[0]}”, after the analysis.")
    gated.gate.set()
    wait_for(view, SHARED[0], VOCABULARY, qtbot)
    qtbot.waitUntil(lambda: view.lists[0].heading.full_text == "A  first · dot product")
    dots = vectors(0, 7) @ vectors(0, 7)[0]
    assert view.lists[0].words == [SHARED[j] for j in np.argsort(-dots) if j][:10]


def test_a_search_cancels_no_analysis(
    window: MainWindow, view: NeighboursView, gated: GatedSource, qtbot: QtBot
) -> None:
    gated.gate.set()
    ended: list[str] = []
    window.runner.succeeded.connect(lambda kind, result: ended.append(kind))
    window.run(replace(window.state.result.request, similarity="euclidean"))
    view.look_at(SHARED[55])
    assert view.summary.full_text.startswith(f"Searching for “{SHARED[55]}”, after what runs now.")
    qtbot.waitUntil(lambda: NEIGHBOURS in ended)
    assert ended == [ANALYSIS, NEIGHBOURS]
    assert view.lists[0].heading.full_text == "A  first · negative Euclidean distance"


def test_pictures_are_not_dimmed_by_a_search(
    window: MainWindow, view: NeighboursView, gated: GatedSource, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        window.run(replace(window.state.result.request, similarity="pearson"))
        choose_scope(view, VOCABULARY)
        window.stage.veil._appear()
    assert not window.stage.veil.isVisible()


def test_an_analysis_that_fails_has_stopped_the_search(
    window: MainWindow, view: NeighboursView, gated: GatedSource, qtbot: QtBot
) -> None:
    choose_scope(view, VOCABULARY)
    qtbot.waitUntil(gated.reached.is_set)
    with qtbot.waitSignal(window.runner.failed, timeout=20_000):
        window.run(replace(window.state.result.request, words=WordList(("unknown",))))
    assert view.summary.full_text.startswith(f"The search for “{SHARED[0]}” was stopped by the analysis.")
    assert view.again.isVisible()


def test_a_failing_search_says_why_and_leaves_the_lists(window: MainWindow, view: NeighboursView, qtbot: QtBot) -> None:
    source = MemorySource(SHARED, vectors(0, 7))
    other = NamedSource("second", MemorySource(SHARED, vectors(1, 8)))
    run(window, AnalysisRequest((NamedSource("first", source), other), WordList(SHARED[:50])), qtbot)
    window.state.select_pair(SHARED[0], SHARED[0])
    before = view.lists[0].words
    source.counts.clear()
    request = replace(window.state.result.request, spaces=(*window.state.result.request.spaces[:1],))
    window.state.result = replace(window.state.result, request=request)  # of one space, which is refused
    with qtbot.waitSignal(window.runner.failed):
        choose_scope(view, VOCABULARY)
    assert view.summary.full_text.startswith(f"The search for “{SHARED[0]}” failed.")
    assert view.lists[0].words == before


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
