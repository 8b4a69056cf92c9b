"""Files of word vectors, against gensim's reading of the same files."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors

from engine.progress import SILENT, Cancelled
from engine.sources.base import OpenSpace
from engine.sources.vectors import VectorsSource
from tests.engine.sources.vector_files import (
    Watcher,
    binary_bytes,
    gensim_vectors,
    opened,
    opened_bytes,
    packed,
    random_vectors,
    read_all,
)

WORDS = ["the", "</s>", "New_York", "étoile", "日本語", "a\u00a0b", "x" * 300, "##", "don't", "🙂", "-0.5", "7"]
VECTORS = random_vectors(len(WORDS), 25)

Writer = Callable[[Path], dict[str, object]]


def gensim_binary(path: Path) -> dict[str, object]:
    gensim_vectors(WORDS, VECTORS).save_word2vec_format(str(path), binary=True)
    return {"binary": True}


def newline_binary(path: Path) -> dict[str, object]:
    path.write_bytes(binary_bytes([word.encode() for word in WORDS], VECTORS, after=b"\n"))
    return {"binary": True}


def word2vec_text(path: Path) -> dict[str, object]:
    gensim_vectors(WORDS, VECTORS).save_word2vec_format(str(path), binary=False)
    return {"binary": False}


def glove_text(path: Path) -> dict[str, object]:
    gensim_vectors(WORDS, VECTORS).save_word2vec_format(str(path), binary=False, write_header=False)
    return {"binary": False, "no_header": True}


def fasttext_text(path: Path) -> dict[str, object]:
    """fastText ends every line with a space, and a value less exactly."""
    lines = [f"{word} {' '.join(f'{x:.4f}' for x in row)} \n" for word, row in zip(WORDS, VECTORS, strict=True)]
    path.write_text(f"{len(WORDS)} 25\n" + "".join(lines), "utf-8", newline="")
    return {"binary": False}


def text_without_last_newline(path: Path) -> dict[str, object]:
    word2vec_text(path)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    return {"binary": False}


WRITERS = [gensim_binary, newline_binary, word2vec_text, glove_text, fasttext_text, text_without_last_newline]


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # gensim's reading of files without header
@pytest.mark.parametrize("in_gzip", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("write", WRITERS)
def test_words_and_rows_equal_gensims(write: Writer, in_gzip: bool, tmp_path: Path) -> None:
    path = tmp_path / "misnamed.txt.bin"
    reference = KeyedVectors.load_word2vec_format(str(path), **write(path))
    space = opened(packed(path) if in_gzip else path)
    lookup, rows = read_all(space)
    assert list(lookup) == reference.index_to_key == WORDS
    assert list(lookup.values()) == list(range(len(WORDS)))
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, reference.vectors)
    assert (space.vocabulary_size, space.dimensions, space.notes) == (12, 25, ())


@pytest.mark.parametrize(("n", "dimensions"), [(3000, 300), (40_000, 3), (3, 200_000), (500, 1)])
@pytest.mark.parametrize("binary", [True, False], ids=["binary", "text"])
def test_records_across_the_stretches_read_at_once_equal_gensims(
    n: int, dimensions: int, binary: bool, tmp_path: Path
) -> None:
    if n * dimensions > 600_000 and not binary:
        n //= 3
    words, path = [f"w{i * 7919}" for i in range(n)], tmp_path / "vectors"
    gensim_vectors(words, random_vectors(n, dimensions)).save_word2vec_format(str(path), binary=binary)
    reference = KeyedVectors.load_word2vec_format(str(path), binary=binary)
    lookup, rows = read_all(opened(path))
    assert list(lookup) == words
    np.testing.assert_array_equal(rows, reference.vectors)


def test_words_that_are_not_utf8_keep_their_index_and_match_nothing(tmp_path: Path) -> None:
    space = opened_bytes(tmp_path, binary_bytes([b"moon", b"caf\xe9", b"star"], random_vectors(3, 4)))
    reference = KeyedVectors.load_word2vec_format(str(tmp_path / "vectors"), binary=True, unicode_errors="replace")
    lookup, rows = read_all(space)
    assert lookup == {"moon": 0, "star": 2}
    np.testing.assert_array_equal(rows, reference.vectors[[0, 2]])
    assert space.notes == ("Words of vectors that are not valid UTF-8 and match nothing: 1.",)
    assert space.vocabulary_size == 3


@pytest.mark.parametrize("n", [1, 15, 16, 17, 31, 50])
def test_vectors_made_of_spaces_hold_no_words(n: int, tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    words = [f"a rather long word, number {i}".replace(" ", "_") for i in range(n)]
    vectors = np.frombuffer(n * 100 * b" ", "<f4").reshape(n, 25)
    path.write_bytes(binary_bytes([word.encode() for word in words], vectors))
    lookup, rows = read_all(opened(path))
    assert list(lookup) == words
    np.testing.assert_array_equal(rows, vectors)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 50])
@pytest.mark.parametrize("values", ["normal", "zero", "whole", "any bytes"])
def test_no_binary_file_passes_for_text(dimensions: int, values: str, tmp_path: Path) -> None:
    for seed in range(50):
        random = np.random.default_rng(seed)
        vectors = {
            "normal": random.normal(size=(30, dimensions)),
            "zero": np.zeros((30, dimensions)),
            "whole": random.integers(-9, 10, (30, dimensions)),
            "any bytes": np.frombuffer(random.bytes(120 * dimensions), "<f4").reshape(30, dimensions),
        }[values].astype(np.float32)
        words = [f"w{i}" for i in range(30)]
        lookup, rows = read_all(opened_bytes(tmp_path, binary_bytes([word.encode() for word in words], vectors)))
        assert list(lookup) == words
        np.testing.assert_array_equal(rows, vectors)


def test_a_word_may_have_spaces_and_end_in_a_number(tmp_path: Path) -> None:
    content = b"5 2\n. . . 0.5 1\nroute 66 1.5 2\nword 1 1e-05 3\nname @ home 1. 4\nU. S. 2 5\n"
    lookup, rows = read_all(opened_bytes(tmp_path, content))
    assert list(lookup) == [". . .", "route 66", "word 1", "name @ home", "U. S."]
    np.testing.assert_array_equal(rows, np.array([[0.5, 1], [1.5, 2], [1e-5, 3], [1, 4], [2, 5]], np.float32))


def test_of_a_repeated_word_the_first_counts(tmp_path: Path) -> None:
    vectors = random_vectors(4, 5)
    space = opened_bytes(tmp_path, binary_bytes([b"moon", b"star", b"moon", b"sun"], vectors))
    lookup, rows = read_all(space)
    assert lookup == {"moon": 0, "star": 1, "sun": 3}
    np.testing.assert_array_equal(rows, vectors[[0, 1, 3]])
    assert space.notes == ("Words of vectors that repeat an earlier one and were passed over: 1.",)


@pytest.mark.parametrize("content", [binary_bytes([b"", b"sun"], random_vectors(2, 2)), b"2 2\n 1 2\nsun 3 4\n"])
def test_an_empty_word_is_no_word(content: bytes, tmp_path: Path) -> None:
    space = opened_bytes(tmp_path, content)
    assert list(space.words(SILENT)) == [(1, "sun")]
    assert dict(space.lookup(SILENT)) == {"sun": 1}


@pytest.mark.parametrize("header", [b"", b"5 3\n"], ids=["GloVe", "word2vec"])
def test_words_of_text_may_have_spaces(header: bytes, tmp_path: Path) -> None:
    lines = b"the 1 2 3\nNew York 4 5 6\n. . . 7 8 9\nApollo 11 1 0 -1\nat name@domain.com .5 1e-3 nan\n"
    lookup, rows = read_all(opened_bytes(tmp_path, header + lines))
    assert list(lookup) == ["the", "New York", ". . .", "Apollo 11", "at name@domain.com"]
    expected = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 0, -1], [0.5, np.float32(1e-3), np.nan]]
    np.testing.assert_array_equal(rows, np.array(expected, np.float32))


def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path: Path) -> None:
    lookup, rows = read_all(opened_bytes(tmp_path, b"\xef\xbb\xbfmoon 1 2\nstar 3 4\n"))
    assert dict(lookup) == {"moon": 0, "star": 1}
    np.testing.assert_array_equal(rows, np.array([[1, 2], [3, 4]], np.float32))


def test_text_may_have_tabs_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    lookup, rows = read_all(opened_bytes(tmp_path, b"\xef\xbb\xbf2 2\r\nmoon\t1\t2\r\nred star\t3\t4\r\n"))
    assert lookup == {"moon": 0, "red star": 1}
    np.testing.assert_array_equal(rows, [[1, 2], [3, 4]])


@pytest.mark.parametrize("blank", [b"", b"\n", b"\n\n \n", b"\n" * 1_200_000])
def test_blank_lines_at_the_end_are_no_words(blank: bytes, tmp_path: Path) -> None:
    space = opened_bytes(tmp_path, b"moon 1 2\nstar 3 4" + blank)
    assert space.vocabulary_size == 2
    assert dict(space.lookup(SILENT)) == {"moon": 0, "star": 1}


def test_values_that_are_not_numbers_or_zero_pass_for_the_analysis_to_report(tmp_path: Path) -> None:
    vectors = np.array([[np.nan, 1], [0, 0], [np.inf, 2]], np.float32)
    _, rows = read_all(opened_bytes(tmp_path, binary_bytes([b"a", b"b", b"c"], vectors)))
    np.testing.assert_array_equal(rows, vectors)


def test_rows_come_in_the_order_asked_for(tmp_path: Path) -> None:
    vectors = random_vectors(50, 6)
    space = opened_bytes(tmp_path, binary_bytes([b"w%d" % i for i in range(50)], vectors))
    indices = np.array([31, 2, 49, 2, 0])
    np.testing.assert_array_equal(space.vectors(indices, SILENT), vectors[indices])
    assert space.vectors(np.array([], np.int64), SILENT).shape == (0, 6)


def half_broken(folder: Path) -> OpenSpace:
    """2,000 good words, then only zeros where 2,000 more were promised."""
    good = binary_bytes([b"w%d" % i for i in range(2000)], random_vectors(2000, 200))
    return opened_bytes(folder, good.replace(b"2000 200\n", b"4000 200\n") + bytes(2000 * 900))


def test_the_first_words_are_there_before_the_rest_is_read(tmp_path: Path) -> None:
    space = half_broken(tmp_path)
    found = list(islice(space.words(SILENT), 1000))
    assert found == [(i, f"w{i}") for i in range(1000)]
    np.testing.assert_array_equal(space.vectors(np.array([999, 5]), SILENT), random_vectors(2000, 200)[[999, 5]])


def test_words_can_be_walked_again_and_after_the_lookup(tmp_path: Path) -> None:
    words = [b"w%d" % i for i in range(3000)]
    space = opened_bytes(tmp_path, binary_bytes([*words, b"w1", b"\xff"], random_vectors(3002, 100)))
    beginning = list(islice(space.words(SILENT), 10))
    assert list(islice(space.words(SILENT), 10)) == beginning
    complete = list(space.words(SILENT))
    assert complete[:10] == beginning
    assert len(complete) == 3000
    assert space.lookup(SILENT) is space.lookup(SILENT)
    assert [(index, word) for word, index in space.lookup(SILENT).items()] == complete == list(space.words(SILENT))
    assert [note.split()[-1] for note in space.notes] == ["1.", "1."]  # not counted twice
    np.testing.assert_array_equal(space.vectors(np.arange(3000), SILENT), random_vectors(3002, 100)[:3000])


def test_the_lookup_says_how_far_it_is(tmp_path: Path) -> None:
    space = opened_bytes(tmp_path, binary_bytes([b"w%d" % i for i in range(60_000)], random_vectors(60_000, 4)))
    watcher = Watcher()
    space.lookup(watcher)
    messages, fractions = zip(*watcher.steps, strict=True)
    assert len(messages) >= 3
    assert all(message.endswith(" of 60,000") for message in messages[1:-1])
    assert messages[-1] == "sorting the words of vectors"
    assert list(fractions) == sorted(fractions)
    assert 0 <= fractions[0] < fractions[-1] <= 1


def test_every_step_can_be_cancelled_and_repeated(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(binary_bytes([b"a", b"b"], VECTORS[:2]))
    with pytest.raises(Cancelled):
        VectorsSource(path).open(Watcher("opening", Cancelled))
    space = opened(path)
    for message in ("reading words", "sorting the words"):
        with pytest.raises(Cancelled):
            space.lookup(Watcher(message, Cancelled))
    with pytest.raises(Cancelled):
        space.vectors(np.array([0, 1]), Watcher("reading vectors", Cancelled))
    np.testing.assert_array_equal(read_all(space)[1], VECTORS[:2])


def test_the_source_says_what_it_is(tmp_path: Path) -> None:
    source = VectorsSource(tmp_path / "data" / "vectors.bin")
    assert source.description == "vectors.bin"
    assert source.relative_to(tmp_path).path == Path("data/vectors.bin")
    assert source.relative_to(tmp_path).resolved(tmp_path) == source
    assert source.relative_to(tmp_path / "elsewhere") == source
    assert source.resolved(Path("/elsewhere")) == source
    source.check()


def test_the_stamp_changes_with_the_file(tmp_path: Path) -> None:
    source = VectorsSource(tmp_path / "vectors")
    assert source.stamp is None
    source.path.write_bytes(b"one")
    first = source.stamp
    source.path.write_bytes(b"other")
    assert first is not None
    assert source.stamp != first
