"""Tables: .npz, .csv and .tsv, as numpy, pandas and people write them."""

from __future__ import annotations

import csv
import io
import os
import re
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import SourceError
from engine.progress import SILENT, Cancelled
from engine.sources.base import OpenSpace
from engine.sources.table import TableSource
from tests.engine.sources.vector_files import Watcher, random_vectors, read_all

WORDS = ["moon", "New York", "東京", "a,b", 'say "hi"', "two\nlines", "\u00e9t\u00e9"]
VECTORS = random_vectors(7, 5)


def opened(path: Path) -> OpenSpace:
    return TableSource(path).open(SILENT)


def opened_text(folder: Path, text: str | bytes, name: str = "table.csv") -> OpenSpace:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return opened(path)


def opened_npz(folder: Path, *, compressed: bool = False, **arrays: Any) -> OpenSpace:
    path = folder / "table.npz"
    (np.savez_compressed if compressed else np.savez)(path, **arrays)
    return opened(path)


def rows_of(space: OpenSpace) -> dict[str, list[float]]:
    lookup, rows = read_all(space)
    return dict(zip(lookup, rows.tolist(), strict=True))


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "compressed"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", ">f4", ">f8", "i1", "u1", ">i2", "<i4", "<i8", "<u8"])
def test_npz_of_any_numbers_reads_as_numpy_reads_it(dtype: str, order: Any, compressed: bool, tmp_path: Path) -> None:
    vectors = np.asarray(np.abs(VECTORS) * 20, order=order).astype(dtype)
    space = opened_npz(tmp_path, compressed=compressed, words=np.array(WORDS), vectors=vectors, more=np.arange(3))
    assert (space.vocabulary_size, space.dimensions) == (7, 5)
    lookup, rows = read_all(space)
    assert list(lookup.items()) == [(word, index) for index, word in enumerate(WORDS)]
    assert list(space.words(SILENT)) == list(enumerate(WORDS))
    np.testing.assert_array_equal(rows, vectors)
    assert rows.dtype in (np.float32, np.float64)
    assert rows.dtype.isnative
    some = np.array([6, 0, 3, 3])
    np.testing.assert_array_equal(space.vectors(some, SILENT), vectors[some])
    assert space.notes == ()


def test_npz_words_may_be_bytes_and_repeat(tmp_path: Path) -> None:
    words = np.array([b"moon", "\u00e9t\u00e9".encode(), b"\xff\xfe", b"", b"moon"])
    space = opened_npz(tmp_path, words=words, vectors=VECTORS[:5])
    assert read_all(space)[0] == {"moon": 0, "\u00e9t\u00e9": 1}
    assert space.vocabulary_size == 5
    assert space.notes == (
        "Words of table.npz that are not valid UTF-8 and match nothing: 1.",
        "Words of table.npz that repeat an earlier one and were passed over: 1.",
    )


def test_npz_rows_stay_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table.npz"
    np.savez(path, words=np.array([f"w{i}" for i in range(2000)]), vectors=random_vectors(2000, 5000))
    tracemalloc.start()
    try:
        space = opened(path)
        space.vectors(np.array([1999]), SILENT)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
    os.utime(path, ns=(1, 1))
    with pytest.raises(SourceError, match=r"table\.npz has changed since it was opened"):
        space.vectors(np.array([0]), SILENT)


class Bomb:
    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._mark),)


def test_npz_is_never_unpickled(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    bomb = np.array([Bomb(mark), Bomb(mark)], object)
    for arrays in ({"words": bomb, "vectors": VECTORS[:2]}, {"words": np.array(["a", "b"]), "vectors": bomb}):
        np.savez(tmp_path / "table.npz", **arrays)
        with pytest.raises(SourceError, match=r"table\.npz are no .*save it as numpy\.savez"):
            opened(tmp_path / "table.npz")
    assert not mark.exists()


BAD_ARRAYS = {
    "no words": ({"vectors": VECTORS}, "no array called 'words' .there is vectors."),
    "no vectors": (
        {"words": np.array(WORDS), "other": VECTORS},
        "no array called 'vectors' .there is words, other",
    ),
    "numbers for words": ({"words": np.arange(7), "vectors": VECTORS}, "words of table.npz are no list of texts"),
    "a table of words": ({"words": np.array([WORDS]), "vectors": VECTORS}, "no list of texts"),
    "one vector": ({"words": np.array(WORDS), "vectors": VECTORS[0]}, "no matrix of numbers"),
    "complex": ({"words": np.array(WORDS), "vectors": VECTORS * 1j}, "no matrix of numbers"),
    "truth values": ({"words": np.array(WORDS), "vectors": VECTORS > 0}, "no matrix of numbers"),
    "a vector short": ({"words": np.array(WORDS), "vectors": VECTORS[1:]}, "7 words and 6 vectors of 5 values"),
    "no rows": ({"words": np.array(WORDS)[:0], "vectors": VECTORS[:0]}, "0 words and 0 vectors"),
    "no columns": ({"words": np.array(WORDS), "vectors": VECTORS[:, :0]}, "7 vectors of 0 values"),
    "an endless word": ({"words": np.array(["a" * 10_001]), "vectors": VECTORS[:1]}, "words of 40,004 bytes"),
}


@pytest.mark.parametrize(("arrays", "message"), BAD_ARRAYS.values(), ids=BAD_ARRAYS.keys())
@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "compressed"])
def test_bad_arrays_are_named_with_a_way_out(
    arrays: dict[str, Any], message: str, compressed: bool, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=message):
        opened_npz(tmp_path, compressed=compressed, **arrays)


def npz_with_header(path: Path, shape: tuple[int, ...], descr: str = "<f4", data: bytes = b"", **how: Any) -> Path:
    """An archive whose vectors promise a shape."""
    header = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    words = io.BytesIO()
    np.save(words, np.array(["moon", "star"]))
    with zipfile.ZipFile(path, "w", **how) as archive:
        archive.writestr("words.npy", words.getvalue())
        archive.writestr("vectors.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data)
    return path


@pytest.mark.parametrize("shape", [(10**12, 300), (2, 10**12), (2, -1), (-1, -1), (10**30, 2)])
def test_a_lying_header_costs_no_memory(shape: tuple[int, ...], tmp_path: Path) -> None:
    path = npz_with_header(tmp_path / "table.npz", shape)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=r"table\.npz promises a shape .*that it cannot hold"):
            opened(path)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    n = 50_000_000
    path = npz_with_header(
        tmp_path / "table.npz", (2, n), data=bytes(8 * n), compression=zipfile.ZIP_DEFLATED, compresslevel=1
    )
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=r"'vectors' of table\.npz would unpack to 0\.4 GB.*100 times"):
            opened(path)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "compressed"])
def test_an_npz_cut_off_anywhere_is_an_error(compressed: bool, tmp_path: Path) -> None:
    opened_npz(tmp_path, compressed=compressed, words=np.array(WORDS), vectors=VECTORS)
    path = tmp_path / "table.npz"
    whole = path.read_bytes()
    for length in range(0, len(whole), 3):
        path.write_bytes(whole[:length])
        with pytest.raises(SourceError, match=re.escape("table.npz")):
            read_all(opened(path))


def pandas_like(words: list[str], vectors: Any, *, separator: str = ",", index: bool = False) -> str:
    file = io.StringIO()
    table = csv.writer(file, delimiter=separator)
    table.writerow([*[""] * index, "word", *range(vectors.shape[1])])
    for i, (word, vector) in enumerate(zip(words, vectors.tolist(), strict=True)):
        table.writerow([*[i] * index, word, *vector])
    return file.getvalue()


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


@pytest.mark.parametrize("ending", ["csv", "npz"])
def test_reading_says_how_far_it_is_and_can_be_cancelled(ending: str, tmp_path: Path) -> None:
    words, path = [f"w{i}" for i in range(3000)], tmp_path / f"table.{ending}"
    if ending == "csv":
        path.write_text(pandas_like(words, random_vectors(3000, 300)))
    else:
        np.savez_compressed(path, words=np.array(words), vectors=random_vectors(3000, 300))
    watcher = Watcher()
    TableSource(path).open(watcher)
    fractions = [fraction for message, fraction in watcher.steps if "vectors" in message or "words" in message]
    assert len(fractions) > 3
    assert all(fraction is not None and 0 <= fraction <= 1 for fraction in fractions)
    with pytest.raises(Cancelled):
        TableSource(path).open(Watcher("reading", Cancelled))


def test_a_text_that_changes_while_it_is_read_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(pandas_like(WORDS, VECTORS))

    class Writer:
        def step(self, message: str, fraction: float | None = None) -> None:
            os.utime(path, ns=(1, 1)) if message.startswith("reading") else None

    with pytest.raises(SourceError, match=r"table\.csv changed while it was read"):
        TableSource(path).open(Writer())


def test_missing_and_forbidden_files_say_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file"):
        opened(tmp_path / "lost.csv")
    with pytest.raises(SourceError, match="is a folder"):
        opened(tmp_path)
    with pytest.raises(SourceError, match="cannot be read"):
        opened(Path("ta\0ble"))
