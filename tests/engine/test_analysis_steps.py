"""The steps of an analysis: skipped where nothing changed, told as they go, cancelled between."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.analysis import run_analysis
from engine.embedding import MOST_WORDS
from engine.errors import WordsError
from engine.progress import Cancelled
from engine.request import AnalysisRequest
from engine.step_cache import StepCache
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from tests.engine.planets import WORDS, memory, request_for


class TestCache:
    """Only what depends on a change is done again."""

    @pytest.fixture
    def sources(self) -> tuple[MemorySource, MemorySource]:
        return memory(seed=1), memory((*WORDS[::-1], "Ceres"), seed=2)

    def counts(self, sources: tuple[MemorySource, MemorySource]) -> list[dict[str, int]]:
        return [dict(source.counts) for source in sources]

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, {"open": 1, "vectors": 1}),
            ({"comparisons": ("cosine",)}, {"open": 1, "vectors": 1}),
            ({"similarity": "euclidean"}, {"open": 1, "vectors": 1}),
            ({"words": WordRule(1, 5, None)}, {"open": 1, "vectors": 2}),
            ({"words": WordList(WORDS[1:])}, {"open": 1, "vectors": 2}),
        ],
        ids=["nothing", "comparison", "similarity", "word rule", "word list"],
    )
    def test_work_done_again(
        self,
        sources: tuple[MemorySource, MemorySource],
        changes: dict[str, object],
        expected: dict[str, int],
    ) -> None:
        cache = StepCache()
        run_analysis(request_for(*sources), cache=cache)
        run_analysis(request_for(*sources, **changes), cache=cache)
        assert self.counts(sources) == [expected, expected]

    def test_a_new_comparison_keeps_the_very_matrices(self, sources: tuple[MemorySource, MemorySource]) -> None:
        cache = StepCache()
        first = run_analysis(request_for(*sources, comparisons=("pearson",)), cache=cache)
        second = run_analysis(request_for(*sources, comparisons=("cosine",)), cache=cache)
        assert [space.similarities for space in first.spaces] == [space.similarities for space in second.spaces]

    def test_cached_numbers_are_those_of_a_fresh_run(self, sources: tuple[MemorySource, MemorySource]) -> None:
        cache = StepCache()
        for similarity in ("cosine", "dot", "cosine"):
            for words in (WordRule(1, 99, None), WordList(WORDS[:4])):
                request = request_for(*sources, similarity=similarity, words=words)
                assert run_analysis(request, cache=cache).comparisons == run_analysis(request).comparisons

    def test_a_changed_file_is_opened_again(self, sources: tuple[MemorySource, MemorySource]) -> None:
        cache = StepCache()
        run_analysis(request_for(*sources), cache=cache)
        sources[0].changed[0] += 1
        run_analysis(request_for(*sources), cache=cache)
        assert [source.counts["open"] for source in sources] == [2, 1]

    def test_without_a_cache_everything_is_done_again(self, sources: tuple[MemorySource, MemorySource]) -> None:
        for _ in range(2):
            run_analysis(request_for(*sources))
        assert self.counts(sources) == [{"open": 2, "vectors": 2}] * 2

    def test_the_least_recently_used_result_is_forgotten_first(self) -> None:
        cache, computed = StepCache(kept=2), []
        for key in ("a", "b", "a", "c", "a", "b"):  # c displaces b, not a
            cache.get("step", key, lambda key=key: computed.append(key) or object())
        assert computed == ["a", "b", "c", "b"]

    def test_a_failed_step_is_tried_again(self, sources: tuple[MemorySource, MemorySource]) -> None:
        cache = StepCache()
        sources[1].array[:] = 0
        with pytest.raises(WordsError):
            run_analysis(request_for(*sources), cache=cache)
        sources[1].array[:] = memory((*WORDS, "x"), seed=2).array
        assert len(run_analysis(request_for(*sources), cache=cache).words) == 5


class Recorder:
    """A progress that remembers what was reported and stops at one report."""

    def __init__(self, stop_at: Callable[[str], bool] = lambda message: False) -> None:
        self.messages: list[str] = []
        self._stop_at = stop_at

    def step(self, message: str, fraction: float | None = None) -> None:
        self.messages.append(message)
        assert fraction is None or 0 <= fraction <= 1
        if self._stop_at(message):
            raise Cancelled


def test_progress_names_spaces_and_amounts() -> None:
    progress = Recorder()
    run_analysis(request_for(memory(), memory(seed=2)), progress)
    assert "similarities in A, 5 words" in progress.messages
    assert any("comparing A with B" in message for message in progress.messages)


@pytest.mark.parametrize("stage", ["reading", "similarities", "comparing"])
def test_cancelling_stops_at_the_next_step_and_a_later_run_is_complete(stage: str) -> None:
    cache, progress = StepCache(), Recorder(lambda message: message.startswith(stage))
    with pytest.raises(Cancelled):
        run_analysis(AnalysisRequest(), progress, cache)
    assert progress.messages[-1].startswith(stage)
    assert run_analysis(AnalysisRequest(), cache=cache).comparisons == run_analysis(AnalysisRequest()).comparisons


def test_more_words_than_cells_can_be_counted_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (MOST_WORDS, MOST_WORDS**2 < 2**31 <= (MOST_WORDS + 1) ** 2) == (46_340, True)
    monkeypatch.setattr("engine.embedding.MOST_WORDS", 99)
    with pytest.raises(WordsError, match="100 words are more than the 99 that can be compared at once") as error:
        run_analysis(AnalysisRequest())
    assert error.value.concerns == "words"
