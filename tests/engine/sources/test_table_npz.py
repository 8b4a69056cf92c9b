"""Tables in .npz files."""

from __future__ import annotations

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
from engine.progress import SILENT
from tests.engine.sources.table_files import VECTORS, WORDS, opened, opened_npz
from tests.engine.sources.vector_files import random_vectors, read_all


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
