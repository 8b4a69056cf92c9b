from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import WordsError
from engine.word_lists import parse_word_list, read_word_list, word_list_text
from engine.words import WordList

SKY = WordList(("moon", "star", "cat"), (("moon", "sky"), ("star", "sky"), ("cat", "animal")))


@pytest.mark.parametrize("text", ["moon star, cat", "moon\nstar\n\ncat\n", "moon;star;cat", " moon,\tstar\r\ncat"])
def test_words_may_be_separated_in_any_usual_way(text: str) -> None:
    assert parse_word_list(text) == WordList(("moon", "star", "cat"))


@pytest.mark.parametrize(
    "text",
    [
        "moon\tsky\nstar\tsky\ncat\tanimal",
        "word,category\nmoon,sky\nstar,sky\ncat,animal\n",
        'moon;sky\r\nstar;"sky"\r\ncat;animal',
        "word\tcategory\nmoon\tsky\n\tsky\nstar\tsky\ncat\tanimal\n",  # a cell without a word
        "word\tcategory\tcount\nmoon\tsky\t12\nstar\tsky\t\ncat\tanimal\t0.5\n",  # counts
        "moon\tsky\t1\t2\nstar\tsky\t3\t4\ncat\tanimal\t5\t6",
    ],
)
def test_a_second_column_is_the_category(text: str) -> None:
    assert parse_word_list(text) == SKY


@pytest.mark.parametrize("text", ["moon star\ncat\r\nsun", "moon\tsky\r\nstar\tsky\ncat\tanimal\n", "moon", ""])
def test_a_long_text_is_taken_apart_in_parts(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parse_word_list(text)
    monkeypatch.setattr("engine.word_lists.PART", 1)
    assert parse_word_list(text) == whole


def test_words_without_category_and_repeated_words_keep_what_is_known() -> None:
    words = parse_word_list("moon\tsky\nstar\t\nmoon\tanimal")
    assert words == WordList(("moon", "star", "moon"), (("moon", "sky"),))


def test_lines_without_a_tab_among_others_are_words_without_category() -> None:
    words = parse_word_list("moon\tsky\nstar\tsky\neye nose\ncat\tanimal")
    assert words.words == ("moon", "star", "eye", "nose", "cat")
    assert dict(words.categories) == {"moon": "sky", "star": "sky", "cat": "animal"}


@pytest.mark.parametrize("text", ["moon\tstar\tcat\nsun\tdog\tsky", "moon\n\tstar\n\tcat\n\tsun\ndog\tsky"])
def test_words_between_any_tabs_are_words(text: str) -> None:
    assert parse_word_list(text) == WordList(tuple(text.split()))


def test_cells_between_tabs_may_be_quoted() -> None:
    words = parse_word_list('"word"\t"category"\n"moon"\t"sky"\nstar\t"the ""big"" sky"\n')
    assert words == WordList(("moon", "star"), (("moon", "sky"), ("star", 'the "big" sky')))


def test_words_that_are_quotes_are_read_back() -> None:
    words = ('"', "people", '"The', "it's", '""')
    for categories in ((), tuple((word, '"c') for word in words)):
        assert parse_word_list(word_list_text(WordList(words, categories))) == WordList(words, categories)
    assert parse_word_list('"The,sky\nmoon,sky').words == ('"The', "moon")


@pytest.mark.parametrize("mark", ["\t", ",", ";"])
def test_a_quote_before_a_very_long_list_and_a_very_long_word_are_words(mark: str, tmp_path: Path) -> None:
    lines = [f'"{mark}quote', *(f"w{k}{mark}cat" for k in range(20_000)), f"{'x' * 200_000}{mark}long"]
    path = tmp_path / "words.txt"
    path.write_text("\n".join(lines), "utf-8")
    words = read_word_list(path)
    assert (len(words.words), words.words[0], len(words.categories)) == (20_002, '"', 20_002)


def test_a_single_line_of_two_words_is_two_words() -> None:
    assert parse_word_list("moon, star").words == ("moon", "star")


WORD = st.text("abcxyzéß-'\"", min_size=1, max_size=8)


@given(st.lists(WORD, min_size=1, max_size=6, unique=True), st.lists(WORD, max_size=6))
def test_what_is_written_is_read_back(words: list[str], categories: list[str]) -> None:
    word_list = WordList(tuple(words), tuple(zip(words, categories, strict=False)))
    if {word.casefold() for word in (words[0], *categories[:1])} <= {"word", "category"}:
        return
    assert parse_word_list(word_list_text(word_list)) == word_list


def test_words_with_spaces_and_commas_in_them_are_read_back() -> None:
    word_list = WordList(("moon", "New York", "a;b", "well, well"))
    assert parse_word_list(word_list_text(word_list)) == word_list


def test_a_file_is_read_and_a_bad_one_says_why(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_bytes("\ufeffmoon,sky\nstar,sky\ncat,animal\n".encode())
    assert read_word_list(path) == SKY
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WordsError, match=r"words\.csv is not text"):
        read_word_list(path)
    vectors = "".join(f"w{k} {k} 0.5 -1e-3 {k}\n" for k in range(9))
    for content, what in {
        "9 4\n" + vectors: "a table of vectors",
        "word,0,1,2,3\n" + vectors.replace(" ", ","): "a table of vectors",
        '{"rsascope_session": 1}': "a session",
        "moon\0star": "no text",
    }.items():
        path.write_text(content, "utf-8")
        with pytest.raises(WordsError, match=rf"words\.csv looks like {what}"):
            read_word_list(path)
    path.write_text("moon 1 2 3 star\nseven 7 8 9 nine\n", "utf-8")  # numbers are words, too
    assert len(read_word_list(path).words) == 10
    path.write_bytes(b" \n")
    with pytest.raises(WordsError, match="has no words"):
        read_word_list(path)
    with pytest.raises(WordsError, match="cannot be read"):
        read_word_list(tmp_path / "gone.txt")
