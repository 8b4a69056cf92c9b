"""Why words are missing, and the list with the spellings that exist."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.analysis import run_analysis
from engine.data import Explanation, MissingWords
from engine.description import describe_missing
from engine.errors import WordsError
from engine.request import AnalysisRequest, NamedSource
from engine.result import AnalysisResult
from engine.sources import HuggingFaceSource
from engine.word_lists import spelt_as_found
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from tests.engine.sources.small_models import write_model, write_tokens
from tests.engine.sources.vector_files import random_vectors

A = ["moon", "sun", "star", "apple", "Paris", "NASA", "pear", "only"]
B = ["moon", "sun", "star", "apple", "Paris", "NASA", "PEAR"]


def memory(name: str, words: list[str]) -> NamedSource:
    return NamedSource(name, MemorySource(words, np.random.default_rng(len(name)).normal(size=(len(words), 6))))


def analysed(words: WordList | WordRule, *spaces: NamedSource) -> AnalysisResult:
    return run_analysis(AnalysisRequest(spaces or (memory("A", A), memory("B", B)), words))


def listed(*words: str) -> WordList:
    return WordList(("moon", "sun", "star", *words))


def test_a_word_in_another_case_is_told_with_the_spelling_that_all_spaces_have() -> None:
    missing = analysed(listed("Apple", "paris", "nasa", "pear", "xyzzy")).missing
    both = [
        Explanation("Apple", "there as 'apple'", "apple"),
        Explanation("paris", "there as 'Paris'", "Paris"),
        Explanation("nasa", "there as 'NASA'", "NASA"),
    ]
    assert missing[0].explained == tuple(both)
    assert missing[1].explained == (*both, Explanation("pear", "there as 'PEAR'"))
    assert [one.words[-1] for one in missing] == ["xyzzy", "xyzzy"]


@pytest.mark.parametrize("word", ["apple\u200b", "\ufeffapple", "ap\u00adple", '"apple"', "“apple”"])
def test_a_word_with_what_one_does_not_see_or_in_quotes_is_told_without(word: str) -> None:
    [explained] = analysed(listed("apple", word)).missing[0].explained
    assert (explained.word, explained.instead) == (word, "apple")
    assert analysed(listed('""', "\u200b")).missing[0].explained == ()


def test_of_several_spellings_the_one_that_all_have_is_offered() -> None:
    spaces = memory("A", [*A, "Pluto"]), memory("B", [*B, "pluto", "Pluto"])
    [explained] = analysed(listed("PLUTO"), *spaces).missing[1].explained
    assert explained == Explanation("PLUTO", "there as 'Pluto'", "Pluto")


def test_a_rules_words_are_explained_without_looking_anything_up_in_the_space_that_was_walked() -> None:
    [missing] = analysed(WordRule(1, 9, None)).missing
    assert missing == MissingWords(
        "B", "not in the vocabulary", ("pear", "only"), 2, (Explanation("pear", "there as 'PEAR'"),)
    )


def test_the_list_can_be_had_as_the_spaces_spell_it() -> None:
    words = WordList(
        ("moon", "Apple", "sun", "apple", "nasa", "star", "pear", "xyzzy"), (("Apple", "fruit"), ("nasa", "place"))
    )
    better = spelt_as_found(words, analysed(words).missing)
    assert better == WordList(
        ("moon", "apple", "sun", "NASA", "star", "pear", "xyzzy"), (("apple", "fruit"), ("NASA", "place"))
    )
    assert analysed(better).words == ("moon", "apple", "sun", "NASA", "star")


def test_too_few_words_are_told_with_the_spellings_there_are() -> None:
    with pytest.raises(WordsError, match=r"share 2 usable words .* Missing are 'Apple' \(there as 'apple'\)\."):
        analysed(WordList(("moon", "sun", "Apple")))
    with pytest.raises(WordsError, match=r"None of the 5 .* 'Star' \(there as 'star'\), 2 more\."):
        analysed(WordList(("Moon", "Sun", "Star", "nasa", "paris")))


def test_words_listed_twice_and_words_of_different_case_are_told() -> None:
    spaces = memory("A", [*A, "Apple", "APPLE"]), memory("B", [*B, "APPLE", "Apple"])
    notes = analysed(listed("sun", "Apple", "apple", "moon", "APPLE"), *spaces).notes
    assert "The word list repeats 2 of its words; each was taken once: 'moon', 'sun'." in notes
    assert "'Apple', 'apple', 'APPLE' differ in case only: 3 words, each with a vector of its own." in notes


def test_of_very_many_repeated_words_the_first_are_named() -> None:
    words = tuple(f"w{i}" for i in range(9))
    spaces = memory("A", [*words, *(word.upper() for word in words)]), memory("B", [*words, *map(str.upper, words)])
    notes = analysed(WordList((*words, *words, *map(str.upper, words))), *spaces).notes
    assert "The word list repeats 9 of its words; each was taken once: 'w0', 'w1', 'w2', 'w3', 'w4', 4 more." in notes
    assert "And 4 more groups of words differ in case only." in notes


TOKENS = ["moon", "sun", "star", "apple", "Ġspaced", "Ġmoon", "bare", "Paris", "Ġparis"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return token_model(tmp_path / "model", TOKENS)


def token_model(folder: Path, tokens: list[str]) -> Path:
    return write_tokens(write_model(folder, {"wte.weight": random_vectors(len(tokens), 6)}), tokens)


def of_model(model: Path, form: str, *words: str) -> MissingWords:
    known = memory("A", [*A, "spaced", "bare", "several", "paris", "Apple"])
    spaces = known, NamedSource("model", HuggingFaceSource(str(model), "embedding", form))
    return analysed(WordList(words), *spaces).missing[0]


def test_a_space_of_tokens_says_in_which_form_it_has_a_word(model: Path) -> None:
    missing = of_model(model, "bare", "moon", "sun", "star", "spaced", "several", "paris", "Apple")
    assert missing.why == {
        "spaced": "a token with leading space only",
        "several": "not one token",
        "paris": "a token with leading space only; there as 'Paris'",
        "Apple": "not one token; there as 'apple'",
    }


def test_a_model_whose_words_need_a_space_says_so(model: Path) -> None:
    two = token_model(model.parent / "two", [*TOKENS, "Ġsun", "Ġstar"])
    missing = of_model(two, "leading-space", "moon", "sun", "star", "bare", "several")
    assert missing.why == {"bare": "a token without leading space only", "several": "not one token"}
    either = of_model(model, "either", "moon", "sun", "star", "spaced", "bare", "several")
    assert either.why == {"several": "not one token"}


def test_sentences_have_the_reasons_and_what_could_be_chosen(model: Path) -> None:
    spaces = memory("A", A), NamedSource("model", HuggingFaceSource(str(model), "embedding", "bare"))
    sentences = describe_missing(analysed(listed("pear", "Apple"), *spaces))
    assert sentences[0] == "1 missing in A (not in the vocabulary): Apple (there as 'apple')."
    assert sentences[1].endswith("pear (not one token), Apple (not one token; there as 'apple').")
    assert "Other token forms of model take more words" in sentences[2]
