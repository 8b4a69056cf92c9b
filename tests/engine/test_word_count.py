"""How many words there are to choose from: as many as an analysis would find, and nothing is opened for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import word_count
from engine.analysis import run_analysis
from engine.dimensions import Dimensions
from engine.errors import WordsError
from engine.progress import SILENT, Cancelled
from engine.request import AnalysisRequest, NamedSource
from engine.step_cache import StepCache
from engine.word_count import WordCount, count_shared_words, describe_count
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource

WORDS = [f"{'abcdefghij'[i % 10]}{i:0{2 + i % 3}}{'X' * (i % 2)}" for i in range(2_000)]
OTHERS = [word for k, word in enumerate(WORDS[::-1]) if k % 3]


def spaces() -> tuple[NamedSource, ...]:
    return tuple(
        NamedSource(name, MemorySource(words, np.random.default_rng(1).normal(size=(len(words), 5))))
        for name, words in (("A", WORDS), ("B", OTHERS), ("C", OTHERS[100:]))
    )


THREE = spaces()


@pytest.fixture(scope="module")
def cache() -> StepCache:
    """Of an analysis of all three spaces."""
    cache = StepCache()
    run_analysis(AnalysisRequest(THREE, WordRule(4, 9, 5)), SILENT, cache)
    return cache


def plain(rule: WordRule, *vocabularies: list[str]) -> int:
    first, *others = vocabularies
    band = first[(rule.min_rank or 1) - 1 : rule.max_rank]
    return sum(rule.accepts(word) and all(word in set(known) for known in others) for word in band)


RULES = [
    WordRule(4, 4),
    WordRule(1, 9, None, case="upper"),
    WordRule(1, 9, pattern="a.*"),
    WordRule(1, 9, min_rank=100, max_rank=999),
    WordRule(1, 9, min_rank=1_990),
    WordRule(1, 9, max_rank=1),
    WordRule(60, 70),
]


@pytest.mark.parametrize("kept", [10**6, 10])
@pytest.mark.parametrize("rule", RULES)
def test_counts_what_the_spaces_share_of_a_rule(
    rule: WordRule, kept: int, cache: StepCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_count, "MOST_KEPT", kept)
    found = count_shared_words(AnalysisRequest(THREE[:2], rule), SILENT, cache)
    assert found == WordCount(plain(rule, WORDS, OTHERS), rule.limit)
    three = count_shared_words(AnalysisRequest(THREE, rule), SILENT, cache)
    assert three == WordCount(plain(rule, WORDS, OTHERS, OTHERS[100:]), rule.limit)


def test_is_what_an_analysis_finds(cache: StepCache) -> None:
    request = AnalysisRequest(THREE, replace(RULES[2], limit=None))
    found = count_shared_words(request, SILENT, cache)
    assert found is not None
    assert found.shared == len(run_analysis(request, SILENT, cache).words)


def test_counts_a_list(cache: StepCache) -> None:
    words = WordList((*OTHERS[:4], OTHERS[0], "hovercraft", WORDS[1], *OTHERS[200:203]))
    shared = sum(word in set(OTHERS) for word in dict.fromkeys(words.words))
    assert count_shared_words(AnalysisRequest(THREE[:2], words), SILENT, cache) == WordCount(shared, 9)


def test_says_nothing_of_spaces_that_are_not_open_and_opens_none(cache: StepCache) -> None:
    stranger = spaces()[1]
    assert count_shared_words(AnalysisRequest((THREE[0], stranger)), SILENT, cache) is None
    assert stranger.source.counts == {}


def test_the_spaces_are_walked_once_for_all_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = StepCache()
    run_analysis(AnalysisRequest(THREE, WordRule(4, 9, 5)), SILENT, fresh)
    count_shared_words(AnalysisRequest(THREE, RULES[0]), SILENT, fresh)
    monkeypatch.setattr(word_count, "_vocabulary", lambda *_: pytest.fail("walked again"))
    for rule in RULES:
        assert count_shared_words(AnalysisRequest(THREE, rule), SILENT, fresh)


def test_parts_of_one_space_share_all_words(cache: StepCache) -> None:
    halves = tuple(replace(THREE[0], dimensions=Dimensions(kind)) for kind in ("even", "odd"))
    found = count_shared_words(AnalysisRequest(halves, WordRule(1, 9)), SILENT, cache)
    assert found == WordCount(len(WORDS), 100)


def test_can_be_cancelled_and_tells_of_a_bad_pattern(cache: StepCache) -> None:
    class Impatient:
        def step(self, message: str, fraction: float | None = None) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        count_shared_words(AnalysisRequest(THREE, WordRule(1, 9)), Impatient(), cache)
    with pytest.raises(WordsError):
        count_shared_words(AnalysisRequest(THREE, WordRule(pattern="(")), SILENT, cache)


@pytest.mark.parametrize(
    ("count", "words", "expected"),
    [
        (WordCount(1_112, 100), WordRule(), "100 of 1,112 shared words"),
        (WordCount(37, 100), WordRule(), "all 37 shared words"),
        (WordCount(37, None), WordRule(), "all 37 shared words"),
        (WordCount(0, 100), WordRule(), "no shared words"),
        (WordCount(1_112, 100, is_exact=False), WordRule(), "100 of about 1,112 shared words"),
        (WordCount(22, 24), WordList(("a",)), "22 of 24 words shared"),
    ],
)
def test_is_said_in_words(count: WordCount, words: WordRule | WordList, expected: str) -> None:
    assert describe_count(count, words) == expected
