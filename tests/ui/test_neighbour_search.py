"""Searches for the nearest words: what starts one, what it waits for, what ends it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.data import FloatArray, IntArray
from engine.neighbours import SHOWN, VOCABULARY
from engine.progress import Progress
from engine.request import AnalysisRequest, NamedSource
from engine.sources.base import OpenSpace
from engine.sources.sample import ArraySpace
from engine.words import WordList
from tests.engine.memory import MemorySource
from tests.engine.related import SHARED, vectors
from tests.ui.nearest import (
    brought_to_front,
    choose_scope,
    click_on,
    nearest_by_cosine,
    nearest_by_dot,
    run,
    sample,
    texts,
    type_word,
    wait_for,
)
from ui.analyses import ANALYSIS, NEIGHBOURS
from ui.main_window import MainWindow
from ui.views.neighbours import NeighboursView


@pytest.fixture
def view(window: MainWindow) -> NeighboursView:
    """The view, in front."""
    return brought_to_front(window)


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
