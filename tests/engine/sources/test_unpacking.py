"""Files in gzip are unpacked once into the cache; a half file is never left or believed."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from engine import cache
from engine.errors import SourceError
from engine.progress import SILENT, Cancelled
from engine.sources.vectors import VectorsSource
from tests.engine.sources.vector_files import Watcher, binary_bytes, opened, packed, random_vectors, read_all
from tests.own_cache import use_cache

WORDS = [b"w%d" % i for i in range(20_000)]
VECTORS = random_vectors(20_000, 100)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    return use_cache(monkeypatch, tmp_path / "cache")


@pytest.fixture
def path(tmp_path: Path, folder: Path) -> Path:
    path = tmp_path / "vectors"
    path.write_bytes(binary_bytes(WORDS, VECTORS))
    return packed(path)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def unpacked_in(folder: Path) -> Path:
    (path,) = folder.glob("*.unpacked.rsascope")
    return path


def test_the_second_opening_unpacks_nothing(path: Path, folder: Path) -> None:
    opened(path)
    before = unpacked_in(folder).stat()
    watcher = Watcher()
    space = VectorsSource(path).open(watcher)
    assert not [message for message, _ in watcher.steps if message.startswith("unpacking")]
    assert unpacked_in(folder).stat().st_ino == before.st_ino
    np.testing.assert_array_equal(read_all(space)[1], VECTORS)


def test_another_content_is_unpacked_anew_and_the_old_one_goes(path: Path, folder: Path) -> None:
    opened(path)
    path.write_bytes(gzip.compress(binary_bytes([b"moon", b"star"], VECTORS[:2])))
    assert dict(opened(path).lookup(SILENT)) == {"moon": 0, "star": 1}
    assert unpacked_in(folder).stat().st_size < 1000


def test_it_says_how_far_it_is_and_can_be_cancelled(path: Path, folder: Path) -> None:
    watcher = Watcher("unpacking vectors.gz, 4 MB", Cancelled)
    with pytest.raises(Cancelled):
        VectorsSource(path).open(watcher)
    fractions = [fraction for message, fraction in watcher.steps if message.startswith("unpacking")]
    assert len(fractions) == 4
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < fractions[-1] <= 1
    assert left_in(folder) == []


def test_a_cache_cleared_while_the_space_is_open_is_filled_again(path: Path, folder: Path) -> None:
    space = opened(path)
    assert cache.clear() == 0
    assert left_in(folder) == []
    np.testing.assert_array_equal(read_all(space)[1], VECTORS)
    cache.clear()
    path.write_bytes(path.read_bytes() + gzip.compress(b"more"))
    with pytest.raises(SourceError, match=r"vectors\.gz has changed since it was opened"):
        space.vectors(np.array([0]), SILENT)


def test_a_file_that_changes_while_it_is_unpacked_is_not_kept(path: Path, folder: Path) -> None:
    class Writer:
        def step(self, message: str, fraction: float | None = None) -> None:
            if message.startswith("unpacking"):
                os.utime(path, ns=(1, 1))

    with pytest.raises(SourceError, match=r"vectors\.gz changed while it was unpacked"):
        VectorsSource(path).open(Writer())
    assert left_in(folder) == []


@pytest.mark.parametrize("room", [10**6, 300 * 10**6 - 8_000_000])
def test_it_leaves_room_on_the_disk(room: int, path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12 - room, room))
    watcher = Watcher()
    with pytest.raises(SourceError, match=r"too little room in .*cache.* to unpack vectors\.gz; free some"):
        VectorsSource(path).open(watcher)
    assert not [message for message, _ in watcher.steps if message.startswith("unpacking")]
    assert left_in(folder) == []


def test_a_disk_that_fills_up_meanwhile_says_so(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(full))
    with pytest.raises(SourceError, match=r"too little room in .*cache.* to unpack vectors\.gz; free some"):
        opened(path)
    assert left_in(folder) == []


def test_a_folder_that_may_not_be_written_says_so(path: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(b"a file where the folder should be")
    with pytest.raises(SourceError, match=r"vectors\.gz cannot be unpacked into .*unpack it yourself"):
        opened(path)


def test_two_members_are_one_content(path: Path, tmp_path: Path) -> None:
    content = binary_bytes(WORDS, VECTORS)
    path.write_bytes(gzip.compress(content[:5000]) + gzip.compress(content[5000:]))
    np.testing.assert_array_equal(read_all(opened(path))[1], VECTORS)
