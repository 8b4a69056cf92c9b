"""What is not a whole, healthy file of word vectors gets one clear sentence, and leaves nothing behind."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import re
import shutil
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engine import cache
from engine.errors import SourceError
from engine.progress import SILENT
from engine.sources.vector_space import LONGEST_WORD
from engine.sources.vectors import VectorsSource
from tests.engine.sources.vector_files import (
    binary_bytes,
    opened,
    opened_bytes,
    random_vectors,
    read_all,
)

WORDS = [b"moon", b"star", b"comet"]
BINARY = binary_bytes(WORDS, random_vectors(3, 4))
TEXT = b"3 2\nmoon 0.5 1.25\nstar -1 2\ncomet 3.5 4.75\n"


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("vectors.txt", "moon 1 2")
    return file.getvalue()


def an_array() -> bytes:
    file = io.BytesIO()
    np.save(file, random_vectors(3, 4))
    return file.getvalue()


BAD = {
    "empty": (b"", "is empty"),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 40, "JPEG"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"),
    "zip": (a_zip(), "zip archive; unpack it"),
    "numpy": (an_array(), "numpy array without words"),
    "JSON": (json.dumps({"moon": [0.1, 0.2]}).encode(), "JSON; save"),
    "pickle": (pickle.dumps({"moon": [0.1, 0.2]}), "pickle, which can run code.*word2vec format"),
    "fastText": (b"\xba\x16\x4f\x2f\x0c\x00\x00\x00", "fastText model.*\\.vec"),
    "safetensors": (b'\x40\x00\x00\x00\x00\x00\x00\x00{"wte.weight":{}}', "safetensors.*Hugging Face"),
    "prose": (b"It was a dark and stormy night;\nthe rain fell.\n", "holds no word vectors"),
    "zeros": (bytes(5000), "holds no word vectors"),
    "more words than bytes": (b"1000000000000 300\nmoon " + bytes(1200), "promises 1,000,000,000,000 words.*damaged"),
    "more values than there are": (b"1 2000000\nmoon " + bytes(8_000_001), "more than any file of word vectors has"),
    "more values than bytes": (b"1 1000000\nmoon " + bytes(1200), "promises 1 words of 1,000,000 values.*cut off"),
    "beyond 64 bits": (b"9" * 25 + b" 300\nmoon " + bytes(1200), "cut off or damaged"),
    "no dimensions": (b"3 0\nmoon\nstar\ncomet\n", "3 words of 0 values"),
    "no words": (b"0 300\n", "0 words of 300 values"),
    "header only": (b"3 4\n", "promises 3 words"),
    "text, a word short": (TEXT.replace(b"3 2\n", b"4 2\n"), "first line promises 4 words and it has 3"),
    "text, a value short": (TEXT.replace(b"star -1 2", b"star -1"), "^Line 3 of vectors has 1 values, not 2"),
    "text, a value long": (TEXT.replace(b"star -1 2", b"star .75 .25 2"), "^Line 3 of vectors has 3 values, not 2"),
    "text, no number": (TEXT.replace(b"-1 2", b"-1 two"), "^Line 3 of vectors has 'two' where a number belongs"),
    "text, a value long, in powers of ten": (TEXT.replace(b"star -1", b"star -1e-05 -1"), "^Line 3 .* has 3 values"),
    "text, a value long, without decimals": (TEXT.replace(b"star -1", b"star 5. -1"), "^Line 3 .* has 3 values"),
    "text, decimal commas": (TEXT.replace(b".", b","), "^Line 2 .* has '0,5', a number with a decimal comma"),
    "text, a blank line first": (TEXT.replace(b"\n", b"\n\n", 1), "^Line 2 of vectors is blank; remove it"),
    "text in brackets": (b"2 2\nmoon [0.5, 1.2]\nstar [1.5, 2.2]\n", r"^Line 2 .* has '\[0.5,' where a number b"),
    "text, commas between": (b"2 2\nmoon 0.5,1.2\nstar 1.5,2.2\n", "^Line 2 .* has '0.5,1.2' where a number"),
    "text, commas only": (b"2 2\nmoon,0.5,1.2\nstar,1.5,2.2\n", "^Line 2 of vectors is no word with numbers behind it"),
    "text in hexadecimal": (b"2 2\nmoon 0x1.8p+0 0x1p-3\nstar 0x1p+0 0x1p-3\n", "^Line 2 .* has '0x1.8p.0' where"),
    "text, a blank line": (TEXT.replace(b"star -1 2", b""), "^Line 3 of vectors has 0 values"),
    "GloVe, a value short": (b"moon 1 2 3\nstar 1 2\n", "^Line 2 of vectors has 2 values, not 3"),
    "GloVe, no number": (b"moon 1 2 3\nstar 1 x 3\n", "^Line 2 of vectors has 'x' where"),
    "text without line ends": (b"2 2\nmoon 1 2\n" + b"x" * 600_000, "^Line 3 of vectors has no end"),
    "text, a word without end": (b"2 2\n" + b"x" * 10_001 + b" 1 2\nstar 3 4\n", "^Line 2 of vectors has no end"),
    "binary, a word without end": (binary_bytes([b"a", b"x" * 10_001], random_vectors(2, 4)), "word 2.*has no end"),
    "binary without spaces": (BINARY[:4] + b"x" * 600_000, "has no end"),
    "binary, the last value short": (BINARY[:-1], "cut off at word 3 of the 3"),
    "one number a line": (b"moon 1\nstar 2\n", "holds no word vectors"),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("in_gzip", [False, True], ids=["plain", "gzip"])
def test_bad_files_are_named_with_a_way_out(content: bytes, message: str, in_gzip: bool, tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(gzip.compress(content) if in_gzip else content)
    with pytest.raises(SourceError, match=message) as caught:
        read_all(opened(path))
    assert "vectors" in str(caught.value)
    del caught
    assert list(tmp_path.iterdir()) == [path]


def test_a_binary_file_cut_off_anywhere_is_an_error(tmp_path: Path) -> None:
    for length in range(len(BINARY)):
        with pytest.raises(SourceError, match="vectors"):
            read_all(opened_bytes(tmp_path, BINARY[:length]))


@pytest.mark.parametrize("place", [0, 15, 16, 40, 49])
def test_a_word_that_has_no_end_is_named_wherever_it_stands(place: int, tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    words = [b"w%d" % i for i in range(50)]
    words[place] = LONGEST_WORD * b"w"
    path.write_bytes(binary_bytes(words, random_vectors(50, 100)) + b"\n" + 2 * LONGEST_WORD * b"-" + bytes(100))
    assert list(VectorsSource(path).open(SILENT).lookup(SILENT)) == [word.decode() for word in words]
    words[place] += b"w"
    path.write_bytes(binary_bytes(words, random_vectors(50, 100)))
    with pytest.raises(SourceError, match=f"vectors is damaged: word {place + 1} of the 50 .* has no end"):
        VectorsSource(path).open(SILENT).lookup(SILENT)


def test_a_text_file_cut_off_anywhere_but_in_its_last_number_is_an_error(tmp_path: Path) -> None:
    last_number = TEXT.rindex(b" ") + 2  # cut within it, it still reads as a number
    for length in range(last_number):
        with pytest.raises(SourceError, match="vectors"):
            read_all(opened_bytes(tmp_path, TEXT[:length]))
    assert len(read_all(opened_bytes(tmp_path, TEXT[:last_number]))[0]) == 3


def test_a_gzip_file_cut_off_anywhere_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "vectors.gz"
    before = cache.size()
    whole = gzip.compress(BINARY)
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(SourceError, match=re.escape("vectors.gz")):
            read_all(opened(path))
    path.write_bytes(whole[:-20] + bytes(12) + whole[-8:])
    with pytest.raises(SourceError, match=r"vectors\.gz is a damaged or incomplete gzip file"):
        opened(path)
    assert cache.size() == before


def test_an_impossible_promise_costs_no_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(SourceError):
            opened_bytes(tmp_path, b"1000000000000 300\n" + BINARY)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no file .*lost\.bin; choose where it is now"):
        opened(tmp_path / "lost.bin")


def test_a_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder; choose the file"):
        opened(tmp_path)


@pytest.mark.parametrize("forbidden", ["vectors", "."])
def test_a_forbidden_file_says_so(forbidden: str, ordinary_user: None) -> None:
    folder = Path(tempfile.mkdtemp())
    path = folder / "vectors"
    path.write_bytes(BINARY)
    (folder / forbidden).chmod(0)
    try:
        with pytest.raises(SourceError, match="may not be read"):
            opened(path)
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def test_an_impossible_name_says_so() -> None:
    source = VectorsSource(Path("vec\0tors"))
    assert source.stamp is None
    with pytest.raises(SourceError, match="cannot be read"):
        source.open(SILENT)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    mark = tmp_path / "mark"

    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(mark),)

    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(SourceError, match="vectors"):
            opened_bytes(tmp_path, pickle.dumps(Bomb(), protocol))
    assert not mark.exists()


@pytest.mark.parametrize("content", [BINARY, TEXT], ids=["binary", "text"])
def test_a_file_that_changed_since_it_was_opened_gives_no_rows(content: bytes, tmp_path: Path) -> None:
    space = opened_bytes(tmp_path, content)
    space.lookup(SILENT)
    (tmp_path / "vectors").write_bytes(content + b"\n")
    with pytest.raises(SourceError, match="vectors has changed since it was opened"):
        space.vectors(np.array([0]), SILENT)
    (tmp_path / "vectors").unlink()
    with pytest.raises(SourceError, match="There is no file"):
        space.vectors(np.array([0]), SILENT)


@pytest.mark.parametrize("content", [BINARY, TEXT], ids=["binary", "text"])
@pytest.mark.parametrize("replaced", [False, True], ids=["written over", "replaced"])
def test_a_file_changed_to_one_of_equal_size_and_time_gives_no_rows(
    replaced: bool, content: bytes, tmp_path: Path
) -> None:
    space, path = opened_bytes(tmp_path, content), tmp_path / "vectors"
    space.lookup(SILENT)
    status, other = path.stat(), tmp_path / "other"
    (other if replaced else path).write_bytes(content.replace(b"moon", b"star"))
    os.utime(other if replaced else path, ns=(status.st_atime_ns, status.st_mtime_ns))
    if replaced:
        os.replace(other, path)
    with pytest.raises(SourceError, match="vectors has changed since it was opened"):
        space.vectors(np.array([0]), SILENT)


def test_a_file_that_changed_between_lookup_and_opening_is_not_walked(tmp_path: Path) -> None:
    space = opened_bytes(tmp_path, BINARY)
    (tmp_path / "vectors").write_bytes(BINARY + b"\n")
    with pytest.raises(SourceError, match="has changed"):
        next(iter(space.words(SILENT)))


def test_a_line_of_a_gigabyte_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    for start in (b"2 3\nmoon 1 2 3\nstar", b"2 3\nmoon " + bytes(12), b"moon 1 2 3\n", b"moon"):
        path.write_bytes(start)
        os.truncate(path, 1 << 30)  # a hole: takes no room on the disk
        tracemalloc.start()
        try:
            with pytest.raises(SourceError, match="vectors"):
                read_all(opened(path))
            assert tracemalloc.get_traced_memory()[1] < 30_000_000
        finally:
            tracemalloc.stop()


def test_a_file_that_changes_while_it_is_read_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(binary_bytes([b"w%d" % i for i in range(30_000)], random_vectors(30_000, 20)))
    space = opened(path)

    class Writer:
        def step(self, message: str, fraction: float | None = None) -> None:
            if fraction:
                os.utime(path, ns=(1, 1))

    with pytest.raises(SourceError, match="vectors has changed since it was opened"):
        space.lookup(Writer())


def test_a_file_that_shrinks_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(binary_bytes([b"w%d" % i for i in range(30_000)], random_vectors(30_000, 150)))
    space = opened(path)

    class Cutter:
        def step(self, message: str, fraction: float | None = None) -> None:
            if fraction:
                os.truncate(path, 1_700_000)

    with pytest.raises(SourceError, match="vectors is cut off at word"):
        space.lookup(Cutter())
