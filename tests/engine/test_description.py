"""An analysis in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.analysis import run_analysis
from engine.data import Comparison
from engine.description import (
    describe_analysis,
    describe_space,
    describe_values,
    describe_words,
    printable,
    three_digits,
)
from engine.request import SAMPLE_SPACES, AnalysisRequest, NamedSource
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource


def words_of(words: WordRule | WordList) -> str:
    return describe_words(run_analysis(AnalysisRequest(words=words)))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (WordRule(), "the first 100 words of 6 characters that both spaces know"),
        (WordRule(limit=None), "all 130 words of 6 characters that both spaces know"),
        (WordRule(limit=500), "all 130 words of 6 characters that both spaces know"),
        (WordRule(limit=20, pick="random"), "a random draw (seed 0) of 20 words of 6 characters that both spaces know"),
        (WordRule(3, 5, 10, case="lower"), "the first 10 words of 3 to 5 characters, lower case that both spaces know"),
        (WordRule(characters="letters", limit=7), "the first 7 words of 6 letters that both spaces know"),
        (WordRule(pattern="s.*", limit=4), "the first 4 words of 6 characters, matching s.* that both spaces know"),
        (
            WordRule(limit=9, min_rank=101, max_rank=1_000),
            "the first 9 words of 6 characters, ranks 101 to 1,000 of word2vec (sample), that both spaces know",
        ),
        (
            WordRule(limit=9, min_rank=101),
            "the first 9 words of 6 characters, from rank 101 on of word2vec (sample), that both spaces know",
        ),
        (WordList(("water", "home", "paper", "river", "hovercraft")), "4 listed words that both spaces know"),
    ],
)
def test_words_are_described_as_they_were_chosen(words: WordRule | WordList, expected: str) -> None:
    assert words_of(words) == expected


def test_words_left_out_for_their_vectors_do_not_make_a_limit_look_unreached() -> None:
    names = tuple(f"word{i}" for i in range(9))
    vectors = np.random.default_rng(0).normal(size=(2, 9, 4))
    vectors[1, 2] = 0
    spaces = tuple(NamedSource(name, MemorySource(names, rows)) for name, rows in zip("AB", vectors, strict=True))
    request = AnalysisRequest(spaces, WordRule(1, 9, 6))
    assert describe_words(run_analysis(request)).startswith("the first 5 words")
    assert describe_words(run_analysis(replace(request, words=WordRule(1, 9, 60)))).startswith("all 8 words")


def test_three_spaces_are_counted() -> None:
    spaces = (*SAMPLE_SPACES, NamedSource("third", SAMPLE_SPACES[0].source))
    assert describe_words(run_analysis(AnalysisRequest(spaces))).endswith("that all 3 spaces know")


def test_the_sentence_names_words_and_measure() -> None:
    result = run_analysis(AnalysisRequest(similarity="euclidean"))
    assert describe_analysis(result) == (
        "The first 100 words of 6 characters that both spaces know; negative Euclidean distance."
    )
    assert describe_space(result.spaces[0]) == "word2vec (sample), 300 d"


def test_measures_are_written_with_symbols_and_three_digits() -> None:
    comparison = run_analysis(AnalysisRequest()).comparisons[0]
    assert describe_values(comparison) == "r = .527, S_c = .743"
    assert describe_values(Comparison(0, 1, 3, {"spearman": None})) == "ρ = undefined"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.5270219, ".527"), (-0.0123, "-.012"), (1, "1.000"), (0.9996, "1.000"), (-1.0, "-1.000"), (0, ".000")]
    + [(-0.0001, ".000"), (10.02, "10.020"), (None, "undefined")],
)
def test_three_digits(value: float | None, expected: str) -> None:
    assert three_digits(value) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("moon", "moon"),
        ("日本", "日本"),
        ("tab\there", "tab\\there"),
        ("\u202egnp", "\\u202egnp"),
        ("\ud800", "\\ud800"),
        ("a\u200cb", "a\\u200cb"),
        ("ab\u200d", "ab\\u200d"),
        ("क\u200dष", "क\u200dष"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("می\u200cخواهم", "\u200e\u2068می\u200cخواهم\u2069"),
        ("שלום", "\u200e\u2068שלום\u2069"),
        ("\u202eשלום", "\u200e\u2068\\u202eשלום\u2069"),
    ],
)
def test_unprintable_characters_are_spelt_out(word: str, expected: str) -> None:
    assert printable(word) == expected
