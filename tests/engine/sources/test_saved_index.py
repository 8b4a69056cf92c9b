"""The index of a large file: saved once, read again, and believed only if it is whole and this file's."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine import cache
from engine.progress import SILENT, Cancelled
from engine.sources import saved_index
from engine.sources.base import OpenSpace
from engine.sources.vector_space import FIRST_WORDS, WORTH_SAVING
from tests.engine.sources.vector_files import Watcher, binary_bytes, gensim_vectors, opened, random_vectors, read_all
from tests.own_cache import use_cache

WORDS = [b"w%d" % i for i in range(9_998)] + [b"w7", b"\xff"]
VECTORS = random_vectors(10_000, 450)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    return use_cache(monkeypatch, tmp_path / "cache")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vectors"
    path.write_bytes(binary_bytes(WORDS, VECTORS))
    assert path.stat().st_size > WORTH_SAVING
    return path


def saved_in(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def was_read_through(space: OpenSpace) -> bool:
    """Whether the space had to read its file for the lookup; checks the lookup too."""
    watcher = Watcher()
    assert len(space.lookup(watcher)) == 9_998
    words = [raw.decode() for raw in WORDS[:9_998]]
    np.testing.assert_array_equal(space.find([*words, "w9998", "", "moon"], SILENT), [*range(9_998), -1, -1, -1])
    some = np.array([9_997, 0, 77])
    np.testing.assert_array_equal(space.vectors(some, SILENT), VECTORS[some])
    assert [note.split()[-1] for note in space.notes[:2]] == ["1.", "1."]
    return any(message.startswith("reading words") for message, _ in watcher.steps)


def test_the_second_opening_reads_the_index_alone(path: Path, folder: Path) -> None:
    assert was_read_through(opened(path))
    assert not was_read_through(opened(path))
    assert saved_in(folder).stat().st_size < path.stat().st_size / 50


@pytest.mark.parametrize("after", [b"", b"\n"])
def test_a_saved_index_gives_the_same_words_and_rows(after: bytes, path: Path, folder: Path) -> None:
    path.write_bytes(binary_bytes(WORDS, VECTORS, after))
    first, second = opened(path), opened(path)
    lookup, rows = read_all(first)
    saved_in(folder)
    again, same_rows = read_all(second)
    assert again == lookup
    np.testing.assert_array_equal(rows, VECTORS[:9_998])
    np.testing.assert_array_equal(same_rows, rows)
    assert list(second.words(SILENT)) == list(first.words(SILENT))
    assert second.notes == first.notes


def test_cancelled_while_it_is_saved_it_is_made_again(path: Path, folder: Path) -> None:
    space = opened(path)
    with pytest.raises(Cancelled):
        space.lookup(Watcher("saving the index", Cancelled))
    assert list(folder.iterdir()) == []
    assert was_read_through(space)
    saved_in(folder)


def test_text_has_an_index_too(tmp_path: Path, folder: Path) -> None:
    words, vectors, path = [f"w {i}" for i in range(4_000)], random_vectors(4_000, 500), tmp_path / "text"
    gensim_vectors(words, vectors).save_word2vec_format(str(path), binary=False)
    first = read_all(opened(path))
    saved_in(folder)
    watcher, space = Watcher(), opened(path)
    space.lookup(watcher)
    assert not watcher.steps
    lookup, rows = read_all(space)
    assert (list(lookup), lookup) == (words, first[0])
    np.testing.assert_array_equal(rows, vectors)


def test_the_first_words_need_no_index_and_make_none(path: Path, folder: Path) -> None:
    words = opened(path).words(SILENT)
    assert next(words) == (0, "w0")
    assert not folder.exists()


def test_words_beyond_the_first_come_from_the_index(tmp_path: Path) -> None:
    n = FIRST_WORDS + 70_000
    path = tmp_path / "vectors"
    path.write_bytes(
        binary_bytes([b"w%d" % (i // 2 * 2) if i % 1000 < 2 else b"w%d" % i for i in range(n)], random_vectors(n, 2))
    )
    space = opened(path)
    expected = [(i, f"w{i}") for i in range(n) if i % 1000 != 1]
    assert list(space.words(SILENT)) == list(space.words(SILENT)) == expected
    assert space.notes == ("Words of vectors that repeat an earlier one and were passed over: 170.",)


def test_small_files_are_not_worth_an_index(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(binary_bytes(WORDS[:100], VECTORS[:100]))
    assert len(opened(path).lookup(SILENT)) == 100
    assert not folder.exists()


def test_a_changed_file_gets_a_new_index_and_the_old_one_goes(path: Path, folder: Path) -> None:
    opened(path).lookup(SILENT)
    before = saved_in(folder).name
    os.utime(path, ns=(1, 1))
    assert was_read_through(opened(path))
    assert saved_in(folder).name != before


def cut(content: bytes) -> bytes:
    return content[:-8]


def grown(content: bytes) -> bytes:
    return content + bytes(8)


def emptied(content: bytes) -> bytes:
    return b""


def with_a_hole(content: bytes) -> bytes:
    """As after a power cut: the right length, and a page of zeros."""
    return content[:40_960] + bytes(4096) + content[45_056:]


def of_another_version(content: bytes) -> bytes:
    header = bytearray(content[: saved_index.HEADER.size])
    header[20] ^= 1  # in the owner
    return bytes(header) + struct.pack("<Q", zlib.crc32(header)) + content[len(header) + 8 :]


@pytest.mark.parametrize("damage", [cut, grown, emptied, with_a_hole, of_another_version])
def test_a_damaged_index_is_made_again(damage: Callable[[bytes], bytes], path: Path, folder: Path) -> None:
    opened(path).lookup(SILENT)
    saved = saved_in(folder)
    whole = saved.read_bytes()
    saved.write_bytes(damage(whole))
    assert was_read_through(opened(path))
    assert saved_in(folder).read_bytes() == whole


def test_an_index_of_another_file_is_not_believed(path: Path, tmp_path: Path, folder: Path) -> None:
    opened(path).lookup(SILENT)
    foreign = saved_in(folder).read_bytes()
    cache.clear()
    twin = tmp_path / "twin"
    twin.write_bytes(binary_bytes(WORDS[::-1], VECTORS))
    shutil.copystat(path, twin)
    space = opened(twin)
    space.lookup(SILENT)
    saved_in(folder).write_bytes(foreign)
    assert opened(twin).find(["w7"], SILENT) == space.find(["w7"], SILENT) == [1]


def test_an_index_that_points_outside_the_file_is_not_believed(path: Path, folder: Path) -> None:
    space = opened(path)
    index = space.lookup(SILENT)
    for wrong in ({"origin": 10**12}, {"origin": -(10**6)}, {"lengths": index.lengths[:-1]}, {"text": index.text[1:]}):
        parts = {name: getattr(index, name) for name in ("separator", "origin", *saved_index.PARTS)} | wrong
        assert space._saved.save(type(index)(**parts))
        assert was_read_through(opened(path))


def test_a_folder_that_cannot_be_written_costs_only_time(path: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_bytes(b"a file where the folder should be")
    for _ in range(2):
        space = opened(path)
        assert was_read_through(space)
        assert "could not be saved" in space.notes[-1]
        assert str(folder) in space.notes[-1]


def test_an_index_that_is_a_folder_costs_only_time(path: Path, folder: Path) -> None:
    opened(path).lookup(SILENT)
    saved = saved_in(folder)
    saved.unlink()
    saved.mkdir()
    assert was_read_through(opened(path))
    assert [one.name for one in folder.iterdir()] == [saved.name]  # no draft is left


def _look_up(path: Path, start: object, answers: object) -> None:
    space = opened(path)
    start.wait()
    answers.put((len(space.lookup(SILENT)), int(space.find(["w77"], SILENT)[0])))


def test_two_processes_may_make_it_at_once(path: Path, folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(2), context.Queue()
    processes = [context.Process(target=_look_up, args=(path, start, answers)) for _ in range(2)]
    for process in processes:
        process.start()
    assert [answers.get(timeout=60) for _ in processes] == 2 * [(9_998, 77)]
    for process in processes:
        process.join()
        assert process.exitcode == 0
    answers.close()
    answers.join_thread()
    assert not was_read_through(opened(path))
    saved_in(folder)
