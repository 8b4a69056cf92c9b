"""Disks that are full, read-only, damaged or gone: a clear error, nothing lost, and no stray files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import cache, consent
from engine.errors import SourceError
from engine.progress import SILENT
from engine.sources.base import OpenSpace
from engine.sources.table import TableSource
from engine.sources.vectors import VectorsSource
from tests.engine.sources.vector_files import binary_bytes, gensim_vectors, opened, packed, random_vectors, read_all
from tests.own_cache import use_cache

WORDS = [f"w{i}" for i in range(10_000)]
VECTORS = random_vectors(10_000, 420)
FULL = 1 << 16  # bytes after which the disk is full


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    return use_cache(monkeypatch, tmp_path / "cache")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vectors"
    path.write_bytes(binary_bytes([word.encode() for word in WORDS], VECTORS))
    return path


@pytest.fixture
def fill_disk() -> Iterator[Callable[[], None]]:
    """After its call no file can be written beyond `FULL` bytes, here and in processes started from here."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_in_the_middle_of_unpacking(path: Path, caches: Path, fill_disk: Any) -> None:
    archive = packed(path)
    fill_disk()
    with pytest.raises(SourceError, match=r"vectors\.gz cannot be unpacked into .*; unpack it yourself"):
        opened(archive)
    assert list(caches.iterdir()) == []


@pytest.mark.slow
def test_a_disk_that_is_full_in_the_middle_of_converting(tmp_path: Path, caches: Path, fill_disk: Any) -> None:
    path = tmp_path / "some.kv"
    gensim_vectors(WORDS, VECTORS).save(str(path))
    consent.give(path)
    fill_disk()
    with pytest.raises(SourceError, match=r"some\.kv cannot be converted into .*; save the vectors in word2vec format"):
        opened(path)
    assert list(caches.iterdir()) == []


def test_a_disk_that_is_full_in_the_middle_of_an_index_costs_only_time(
    path: Path, caches: Path, fill_disk: Any
) -> None:
    fill_disk()
    space = opened(path)
    lookup, rows = read_all(space)
    assert list(lookup) == WORDS
    np.testing.assert_array_equal(rows, VECTORS)
    assert "could not be saved" in space.notes[-1]
    assert list(caches.iterdir()) == []


def test_a_cache_that_may_not_be_written_costs_only_time(ordinary_user: None, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Path(tempfile.mkdtemp())  # the user's own, unlike pytest's
    use_cache(monkeypatch, place / "cache")
    cache.folder().mkdir(parents=True)
    cache.folder().chmod(0o500)
    try:
        path = place / "vectors"
        path.write_bytes(binary_bytes([word.encode() for word in WORDS], VECTORS))
        archive = packed(path)
        space = opened(path)
        assert len(space.lookup(SILENT)) == 10_000
        assert "could not be saved" in space.notes[-1]
        with pytest.raises(SourceError, match=r"vectors\.gz cannot be unpacked into .*Permission denied.*yourself"):
            opened(archive)
        assert list(cache.folder().iterdir()) == []
    finally:
        cache.folder().chmod(0o700)
        shutil.rmtree(place)


def as_binary(path: Path) -> OpenSpace:
    path.write_bytes(binary_bytes([word.encode() for word in WORDS[:9]], VECTORS[:9]))
    return VectorsSource(path).open(SILENT)


def as_text(path: Path) -> OpenSpace:
    gensim_vectors(WORDS[:9], VECTORS[:9]).save_word2vec_format(str(path), binary=False)
    return VectorsSource(path).open(SILENT)


def as_table(path: Path) -> OpenSpace:
    with path.open("wb") as file:
        np.savez(file, words=np.array(WORDS[:9]), vectors=VECTORS[:9])
    return TableSource(path).open(SILENT)


def removed(path: Path) -> None:
    path.unlink()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def another_file(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def the_folder_gone(path: Path) -> None:
    shutil.rmtree(path.parent)


def a_link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


@pytest.mark.parametrize("kind", [as_binary, as_text, as_table])
@pytest.mark.parametrize("loss", [removed, a_folder, another_file, the_folder_gone, a_link_to_nowhere])
@pytest.mark.parametrize("looked_up", [False, True])
def test_a_file_that_is_lost_while_the_space_is_open(
    kind: Callable[[Path], OpenSpace], loss: Callable[[Path], None], looked_up: bool, tmp_path: Path
) -> None:
    (tmp_path / "drive").mkdir()
    path = tmp_path / "drive" / "vectors"
    space = kind(path)
    if looked_up:
        space.lookup(SILENT)
    loss(path)
    with pytest.raises(SourceError, match="vectors"):
        space.vectors(np.array([3]), SILENT)
    with pytest.raises(SourceError, match="vectors"):
        (TableSource if kind is as_table else VectorsSource)(path).open(SILENT).lookup(SILENT)


@pytest.mark.parametrize("kind", [as_binary, as_text, as_table])
def test_a_file_that_may_no_longer_be_read(kind: Callable[[Path], OpenSpace], ordinary_user: None) -> None:
    place = Path(tempfile.mkdtemp())
    try:
        space = kind(place / "vectors")
        (place / "vectors").chmod(0)
        with pytest.raises(SourceError, match="vectors may not be read; change its permissions"):
            space.vectors(np.array([3]), SILENT)
    finally:
        shutil.rmtree(place)


@pytest.mark.parametrize("source", [VectorsSource, TableSource])
def test_a_file_whose_bytes_cannot_be_had(source: type, tmp_path: Path) -> None:
    if not os.path.exists("/proc/self/mem"):
        pytest.skip("this system has no file that opens and cannot be read")
    path = tmp_path / "vectors"
    path.symlink_to("/proc/self/mem")  # its first page is no memory of ours
    with pytest.raises(SourceError, match=r"vectors cannot be read \(Input/output error\)"):
        source(path).open(SILENT)
