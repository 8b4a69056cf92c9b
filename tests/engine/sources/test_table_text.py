"""Tables in text."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from engine.errors import SourceError
from engine.sources.table import TableSource
from tests.engine.sources.table_files import VECTORS, WORDS, opened, opened_text, pandas_like, rows_of
from tests.engine.sources.vector_files import read_all


@pytest.mark.parametrize("name", ["table.csv", "table.tsv", "table"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("index", [False, True], ids=["", "index"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
def test_text_reads_exactly_whatever_parts_its_fields(
    start: bytes, index: bool, separator: str, name: str, tmp_path: Path
) -> None:
    vectors = VECTORS.astype(np.float64) / 3
    text = pandas_like(WORDS, vectors, separator=separator, index=index)
    lookup, rows = read_all(opened_text(tmp_path, start + text.encode(), name))
    assert list(lookup.items()) == [(word, index) for index, word in enumerate(WORDS)]
    np.testing.assert_array_equal(rows, vectors)
    assert rows.dtype == np.float64


def test_numbers_that_fit_32_bits_take_32_bits(tmp_path: Path) -> None:
    _, rows = read_all(opened_text(tmp_path, pandas_like(WORDS, VECTORS)))
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, VECTORS)


LAYOUTS = {
    "no headings": "moon,0.5,1\nstar,2,3\n",
    "no line end": "moon,0.5,1\nstar,2,3",
    "Windows line ends": "moon,0.5,1\r\nstar,2,3\r\n",
    "old line ends": "moon,0.5,1\rstar,2,3\r",
    "blank lines": "\nmoon,0.5,1\n\nstar,2,3\n\n\n",
    "headings": "word,x,y\nmoon,0.5,1\nstar,2,3\n",
    "words as pandas index": ",0,1\nmoon,0.5,1\nstar,2,3\n",
    "counted from 1": "Word,1,2\nmoon,0.5,1\nstar,2,3\n",
    "numbers as pandas index": ",word,0,1\n0,moon,0.5,1\n1,star,2,3\n",
    "index of another name": "index,text,0,1\n0,moon,0.5,1\n1,star,2,3\n",
    "quoted numbers": '"moon","0.5","1"\n"star","2","3"\n',
    "spaces around numbers": "moon, 0.5, 1\nstar, 2, 3\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layouts(text: str, tmp_path: Path) -> None:
    assert rows_of(opened_text(tmp_path, text)) == {"moon": [0.5, 1], "star": [2, 3]}


def test_words_that_are_numbers_or_separators(tmp_path: Path) -> None:
    assert rows_of(opened_text(tmp_path, ',a,b\n1984,0.5,1\n;,2,3\n",",4,5\n')) == {
        "1984": [0.5, 1],
        ";": [2, 3],
        ",": [4, 5],
    }
    assert rows_of(opened_text(tmp_path, "word,0\n0,1\n1,2\n")) == {"0": [1], "1": [2]}
    assert rows_of(opened_text(tmp_path, ";,0.5,1\nnan,2,3\n")) == {";": [0.5, 1], "nan": [2, 3]}


def test_text_words_repeat_or_are_nothing(tmp_path: Path) -> None:
    space = opened_text(tmp_path, b"moon,1,2\n,3,4\nmoon,5,6\nm\xfcn,7,8\n moon,9,10\n")
    assert rows_of(space) == {"moon": [1, 2], " moon": [9, 10]}
    assert space.vocabulary_size == 5
    assert [note.split()[-1] for note in space.notes] == ["1.", "1."]


BAD_TEXTS = {
    "empty": ("", "is empty"),
    "prose": ("It was a dark and stormy night;\nthe rain fell.\n", "table"),
    "one column": ("moon\nstar\n", "is no table"),
    "headings only": ("word,0,1\n", "has no row of a word and numbers"),
    "a decimal comma": (
        'moon,0.5,1\nstar,"0,5",1\n',
        "^Line 2 of table.csv, column 2, has '0,5', .*decimal comma",
    ),
    "German": (
        "moon;0,5;1,25\nstar;1,5;2\n",
        "^Line 1 of table.csv, column 2, has '0,5', .*decimal comma",
    ),
    "a value short": ("moon,1,2\nstar,1\n", "^Line 2 of table.csv has 2 columns, not 3"),
    "a value long": ("moon,1,2\nstar,1,2,3\n", "^Line 2 of table.csv has 4 columns, not 3"),
    "after a word of two lines": ('"a\nb",1,2\nmoon,x,2\n', "^Line 3 of table.csv, column 2, has 'x' where a number"),
    "no number": ("moon,1,2\nstar,1,two\n", "^Line 2 of table.csv, column 3, has 'two' where a number belongs"),
    "no number in the first row": ("moon,1,two\nstar,1,2\n", "^Line 1 of table.csv, column 3, has 'two'"),
    "an empty cell": ("moon,1,2\nstar,,2\n", "^Line 2 of table.csv, column 2, is empty"),
    "NaN": ("moon,1,2\nstar,1,NaN\n", "^Line 2 of table.csv, column 3, has 'NaN' where"),
    "infinity": ("moon,1,2\nstar,1e999,2\n", "^Line 2 of table.csv, column 2, has '1e999' where"),
    "a quote left open": ('moon,1,2\n"star,1,2\n', "^Line 2 of table.csv cannot be told into fields"),
    "a stray quote": ('moon,1,2\n"st"ar,1,2\n', "^Line 2 of table.csv cannot be told into fields"),
    "an endless word": ("moon,1,2\n" + "x" * 200_000 + ",1,2\n", "^Line 2 of table.csv cannot be told into fields"),
    "UTF-16": ("moon,1,2\n".encode("utf-16"), "UTF-16; save it as UTF-8"),
    "gzip": (b"\x1f\x8b\x08\x00", "packed with gzip; unpack it"),
    "a pickle": (b"\x80\x04\x95", "is a pickle; save"),
    "zeros": (bytes(5000), "is no table"),
    "half a zip": (b"PK\x03\x04" + bytes(100), "cut off or damaged"),
}


@pytest.mark.parametrize(("text", "message"), BAD_TEXTS.values(), ids=BAD_TEXTS.keys())
def test_bad_texts_are_named_with_line_and_column(text: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        opened_text(tmp_path, text)
    assert "table.csv" in str(caught.value)


@pytest.mark.parametrize("start", ["moon,1,2\nstar", "moon,1,2\nstar,1,2", "", '"'])
def test_a_line_of_a_gigabyte_is_not_read_into_memory(start: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(start)
    os.truncate(path, 1 << 30)  # a hole: takes no room on the disk
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=r"table\.csv"):
            opened(path)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_a_text_that_changes_while_it_is_read_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(pandas_like(WORDS, VECTORS))

    class Writer:
        def step(self, message: str, fraction: float | None = None) -> None:
            os.utime(path, ns=(1, 1)) if message.startswith("reading") else None

    with pytest.raises(SourceError, match=r"table\.csv changed while it was read"):
        TableSource(path).open(Writer())
