"""Which words an analysis is about."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from engine.data import MissingWords
from engine.errors import WordsError
from engine.missing import MOST_MISSING_KEPT
from engine.progress import SILENT, Cancelled, Progress
from engine.sources.sample import ArraySpace
from engine.words import SharedWords, WordList, WordRule, find_shared_words
from tests.engine.memory import opened
from tests.engine.recipe import MINILM, WORD2VEC, read_sample

FIRST = ["Planet", "moon", "comets", "star", "NEBULA", "galaxy", "quasar", "sun", "x-rays", "étoile"]
SECOND = ["galaxy", "star", "étoile", "sun", "moon", "NEBULA", "Planet", "x-rays", "pulsar"]


def shared_words(words: WordRule | WordList, seed: int = 0, **spaces: list[str]) -> SharedWords:
    spaces = spaces or {"A": FIRST, "B": SECOND}
    return find_shared_words({name: opened(known) for name, known in spaces.items()}, words, seed, SILENT)


def test_the_default_rule_takes_the_notebooks_words() -> None:
    word2vec, minilm = read_sample(WORD2VEC)[0], read_sample(MINILM)[0]
    shared = shared_words(WordRule(), A=word2vec, B=minilm)
    expected = [word for word in word2vec if len(word) == 6 and word in minilm]
    assert len(expected) == 130
    assert list(shared.words) == expected[:100]
    assert shared.notes == ()


def test_a_rule_walks_the_first_space_in_its_order() -> None:
    assert shared_words(WordRule()).words == ("Planet", "NEBULA", "galaxy", "x-rays", "étoile")
    assert shared_words(WordRule(), A=SECOND, B=FIRST).words == ("galaxy", "étoile", "NEBULA", "Planet", "x-rays")


def test_indices_lead_back_to_the_words_in_every_space() -> None:
    shared = shared_words(WordRule(1, 9, None))
    for known, indices in zip((FIRST, SECOND), shared.indices, strict=True):
        assert tuple(known[i] for i in indices) == shared.words
        assert indices.dtype == np.int64
        assert not indices.flags.writeable


def test_three_spaces_share_what_all_three_have() -> None:
    shared = shared_words(WordRule(), A=FIRST, B=SECOND, C=["comets", "NEBULA", "galaxy"])
    assert shared.words == ("NEBULA", "galaxy")
    assert len(shared.indices) == 3


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (WordRule(3, 4, None), ("moon", "star", "sun")),
        (WordRule(1, 9, 2), ("Planet", "moon")),
        (WordRule(1, 9, None, pattern="[a-m].*"), ("moon", "galaxy")),
        (WordRule(1, 9, None, pattern="star|sun"), ("star", "sun")),
        (WordRule(case="lower"), ("galaxy", "x-rays", "étoile")),
        (WordRule(case="upper"), ("NEBULA",)),
        (WordRule(case="title"), ("Planet",)),
        (WordRule(characters="letters"), ("Planet", "NEBULA", "galaxy", "étoile")),
        (WordRule(characters="ascii-letters"), ("Planet", "NEBULA", "galaxy")),
        (WordRule(case="lower", characters="ascii-letters", pattern=".*x.*"), ("galaxy",)),
    ],
)
def test_rules_choose_by_form(rule: WordRule, expected: tuple[str, ...]) -> None:
    assert shared_words(rule).words == expected


def test_the_pattern_must_match_the_whole_word() -> None:
    with pytest.raises(WordsError):
        shared_words(WordRule(1, 9, None, pattern="st"))


def test_length_counts_characters_not_bytes() -> None:
    assert shared_words(WordRule(2, 2), A=["né", "日本"], B=["日本", "né"]).words == ("né", "日本")


def test_fewer_words_than_asked_for_is_a_note() -> None:
    assert shared_words(WordRule(limit=5)).notes == ()
    [note] = shared_words(WordRule(limit=6)).notes
    assert "share 5 words" in note
    assert "6 asked for" in note


def test_words_passed_over_are_reported_with_the_space_that_lacks_them() -> None:
    missing = shared_words(WordRule()).missing
    assert missing == (MissingWords("B", "not in the vocabulary", ("comets", "quasar"), 2),)


def test_of_very_many_missing_words_the_first_are_kept_and_all_counted() -> None:
    many = [f"{i:06}" for i in range(MOST_MISSING_KEPT + 5)]
    [missing] = shared_words(WordRule(), A=[*many, "galaxy"], B=["galaxy"]).missing
    assert missing.words == tuple(many[:MOST_MISSING_KEPT])
    assert missing.count == MOST_MISSING_KEPT + 5


def test_a_random_draw_is_decided_by_the_seed() -> None:
    words = [f"{i:06}" for i in range(500)]
    rule = WordRule(limit=20, pick="random")
    draws = [shared_words(rule, seed, A=words, B=words[::-1]).words for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
    assert len(set(draws[0])) == 20
    assert list(draws[0]) == sorted(draws[0])  # in the first space's order
    assert draws[0] != tuple(words[:20])


def test_a_random_draw_is_out_of_all_shared_words() -> None:
    words = [f"{i:06}" for i in range(40)]
    drawn = {
        word
        for seed in range(60)
        for word in shared_words(WordRule(limit=4, pick="random"), seed, A=words, B=words).words
    }
    assert drawn == set(words)


@pytest.mark.parametrize("limit", [None, 5, 99])
def test_a_random_draw_of_all_is_all(limit: int | None) -> None:
    assert shared_words(WordRule(limit=limit, pick="random")).words == shared_words(WordRule(limit=None)).words


def test_no_shared_words_is_an_error_that_names_the_spaces() -> None:
    with pytest.raises(WordsError, match="left and right") as error:
        shared_words(WordRule(), left=["abcdef"], right=["fedcba"])
    assert error.value.concerns == "words"
    with pytest.raises(WordsError, match="one, two and three"):
        shared_words(WordRule(), one=["abcdef"], two=["abcdef"], three=["fedcba"])


def test_an_invalid_pattern_is_named() -> None:
    with pytest.raises(WordsError, match=r"'\(unclosed' is not a regular expression") as error:
        shared_words(WordRule(pattern="(unclosed"))
    assert error.value.concerns == "words.pattern"


def test_a_list_is_looked_up_in_its_own_order() -> None:
    shared = shared_words(WordList(("sun", "moon", "galaxy")))
    assert shared.words == ("sun", "moon", "galaxy")
    assert [column.tolist() for column in shared.indices] == [[7, 1, 5], [3, 4, 0]]
    assert shared.missing == ()
    assert shared.notes == ()


def test_listed_words_that_a_space_lacks_are_left_out_and_reported_for_each_space() -> None:
    shared = shared_words(WordList(("comets", "sun", "pulsar", "hovercraft")))
    assert shared.words == ("sun",)
    assert shared.missing == (
        MissingWords("A", "not in the vocabulary", ("pulsar", "hovercraft"), 2),
        MissingWords("B", "not in the vocabulary", ("comets", "hovercraft"), 2),
    )


def test_a_very_long_list_is_looked_up_whole_and_may_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.words.MOST_AT_ONCE", 7)
    n = 2 * 7 + 3
    words = tuple(f"w{i}" for i in range(n))
    known = [words[i] for i in range(n - 1, -1, -2)]
    spaces = {"A": opened(list(words)), "B": opened(known)}
    shared = find_shared_words(spaces, WordList((*words, words[0], words[-1])), 0, SILENT)
    assert list(shared.words) == known[::-1]
    assert shared.indices[1].tolist() == list(range(len(known) - 1, -1, -1))
    assert shared.missing == (MissingWords("B", "not in the vocabulary", words[1::2], n // 2),)
    assert any("repeats 2" in note for note in shared.notes)

    class Impatient:
        def step(self, message: str, fraction: float | None = None) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        find_shared_words(spaces, WordList(words), 0, Impatient())


def test_equal_lists_have_one_hash() -> None:
    first, second = (WordList(("moon", "sun"), (("moon", "sky"),)) for _ in range(2))
    assert {first: 1}[second] == {first: 1}[copy.deepcopy(first)] == 1
    assert hash(first) != hash(WordList(("moon", "sun")))


def test_a_word_listed_twice_is_taken_once_and_noted() -> None:
    shared = shared_words(WordList(("sun", "moon", "sun", "sun")))
    assert shared.words == ("sun", "moon")
    assert any("repeats 2" in note for note in shared.notes)


def test_a_list_without_words_is_an_error_that_says_so() -> None:
    with pytest.raises(WordsError, match="The list has no words") as error:
        shared_words(WordList(()))
    assert error.value.concerns == "words.list"


def test_a_list_of_unknown_words_is_an_error() -> None:
    with pytest.raises(WordsError, match="None of the 2 listed words") as error:
        shared_words(WordList(("hovercraft", "eels")))
    assert error.value.concerns == "words.list"


def test_words_are_matched_exactly() -> None:
    with pytest.raises(WordsError):
        shared_words(WordList(("planet", " star", "e\u0301toile")))  # other case, a space, decomposed accent


def ranked(min_rank: int | None, max_rank: int | None, **changes: Any) -> WordRule:
    form = {"min_length": 1, "max_length": 9, "limit": None} | changes
    return WordRule(**form, min_rank=min_rank, max_rank=max_rank)


@pytest.mark.parametrize(
    ("low", "high"), [(None, None), (1, None), (3, None), (None, 4), (3, 8), (5, 5), (10, None), (1, 10**6)]
)
def test_a_band_of_ranks_is_counted_in_the_first_spaces_order(low: int | None, high: int | None) -> None:
    expected = [word for rank, word in enumerate(FIRST, 1) if (low or 1) <= rank <= (high or 99) and word in SECOND]
    assert list(shared_words(ranked(low, high)).words) == expected


def test_ranks_count_all_words_of_the_space_and_not_those_of_the_rule() -> None:
    assert shared_words(ranked(5, 9, min_length=6)).words == ("NEBULA", "galaxy", "x-rays")
    assert shared_words(ranked(5, 9, min_length=6, limit=2)).words == ("NEBULA", "galaxy")


def test_words_beyond_the_band_are_not_even_read() -> None:
    class Endless(ArraySpace):
        def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
            yield from super().words(progress)
            raise AssertionError("read to the end")

    spaces = {"A": Endless(FIRST, np.eye(len(FIRST))), "B": opened(SECOND)}
    assert find_shared_words(spaces, ranked(2, len(FIRST)), 0, SILENT).words[0] == "moon"
    missing = find_shared_words(spaces, ranked(2, 3), 0, SILENT).missing
    assert missing == (MissingWords("B", "not in the vocabulary", ("comets",), 1),)


def test_a_random_draw_is_out_of_the_band() -> None:
    words = [f"{i:06}" for i in range(40)]
    rule = WordRule(limit=4, pick="random", min_rank=11, max_rank=20)
    drawn = {word for seed in range(60) for word in shared_words(rule, seed, A=words, B=words).words}
    assert drawn == set(words[10:20])
