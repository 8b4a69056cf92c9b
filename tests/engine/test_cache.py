"""The cache: what is in it, how large it is, and that clearing it takes nothing of anybody else's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine import cache
from engine.writing import DRAFT
from tests.own_cache import use_cache


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return use_cache(monkeypatch, tmp_path)


def stored(subject: str, stamp: object, kind: str = "index", size: int = 10) -> Path:
    path = cache.entry(Path(subject), stamp, kind)
    cache.prepare(path)
    path.write_bytes(bytes(size))
    return path


def test_a_folder_that_is_not_there_is_empty_and_not_made(folder: Path) -> None:
    assert cache.size() == cache.clear() == 0
    assert not folder.exists()


def test_a_lock_that_a_download_may_hold_is_not_cleared(folder: Path) -> None:
    lock, partial = stored("/a", 1, "partial-lock", size=0), stored("/a", 1, "partial")
    assert cache.clear() == 0
    assert (lock.exists(), partial.exists()) == (True, False)


def test_entries_are_told_apart_by_file_content_and_kind() -> None:
    paths = {
        cache.entry(Path(subject), stamp, kind)
        for subject in ("/a/b", "/a/c")
        for stamp in ((1, 2), (1, 3))
        for kind in ("index", "unpacked")
    }
    assert len(paths) == 8
    assert cache.entry(Path("/a/../a/b"), 1, "index") == cache.entry(Path("/a/b"), 1, "index")


def test_the_size_is_that_of_all_entries_and_clearing_removes_them(folder: Path) -> None:
    stored("/a", 1, size=10)
    stored("/a", 1, "unpacked", size=200)
    stored("/b", 1, size=3000)
    (folder / "notes of the user").write_bytes(bytes(5))
    assert cache.size() == 3210
    assert cache.clear() == cache.size() == 0
    assert [path.name for path in folder.iterdir()] == ["notes of the user"]


def downloaded(name: str, size: int) -> Path:
    path = cache.downloaded(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    return path


def test_sizes_are_told_by_kind_and_kinds_are_cleared_alone() -> None:
    index, partial, download = stored("/a", 1), stored("/b", 1, "partial", 200), downloaded("model.gz", 3000)
    stored("/b", 1, "partial-validator", size=7)
    assert cache.sizes() == {"downloaded": 3000, "index": 10, "partial": 207}
    assert cache.size() == 3217
    assert cache.clear({"partial", "unpacked"}) == 0
    assert not partial.exists()
    assert cache.sizes() == {"downloaded": 3000, "index": 10}
    assert cache.clear({"downloaded"}) == 0
    assert index.exists()
    assert not download.exists()


def test_a_file_that_is_called_like_a_folder_of_ours_is_the_users(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / cache.DOWNLOADED).write_text("mine")
    assert cache.sizes() == {}
    assert cache.clear() == 0
    assert (folder / cache.DOWNLOADED).read_text() == "mine"


def test_the_entries_of_an_earlier_content_go_and_others_stay() -> None:
    earlier, other, unpacked = stored("/a", 1), stored("/b", 1), stored("/a", 1, "unpacked")
    later = stored("/a", 2)
    assert not earlier.exists()
    assert other.exists()
    assert unpacked.exists()
    assert later.exists()


def test_drafts_of_killed_processes_go_and_those_being_written_stay(folder: Path) -> None:
    folder.mkdir(parents=True)
    abandoned, fresh = folder / (DRAFT + "one"), folder / (DRAFT + "two")
    abandoned.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(abandoned, (0, 0))
    stored("/a", 1)
    assert not abandoned.exists()
    assert fresh.exists()
    assert cache.clear() == 0
    assert not fresh.exists()
