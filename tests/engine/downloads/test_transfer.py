"""Transferring a file over networks as they are: what arrives is the whole, right file under its name, or nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from engine import cache
from engine.downloads import Download, RemoteFile, disk
from engine.downloads.transfer import transfer
from engine.errors import SourceError
from engine.writing import DRAFT
from tests.engine.downloads.made_files import OTHER, WHOLE, left, md5, remote, run
from tests.engine.downloads.stub import Stub, content, redirect
from tests.engine.sources.vector_files import Watcher

Usage = namedtuple("Usage", "total used free")

pytestmark = pytest.mark.usefixtures("impatient")


class TestWhatArrives:
    """Right answers, in all the ways there are to give one."""

    def test_a_file_gets_its_name_when_it_is_whole_and_nothing_else_stays(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE)]
        watcher = Watcher()
        run(remote(stub, target), watcher)
        assert target.read_bytes() == WHOLE
        assert left() == []
        assert stub.ranges() == [None]
        messages = [message for message, _ in watcher.steps]
        assert any(message.startswith("downloading vectors, ") and " of 1,000 kB" in message for message in messages)
        assert ("checking vectors.gz", 1.0) in watcher.steps

    @pytest.mark.parametrize("size", [None, 1_040_000, 960_000, 12], ids=["unknown", "less", "more", "much more"])
    def test_sizes_of_a_catalogue_need_not_be_exact(self, stub: Stub, target: Path, size: int | None) -> None:
        stub.answers["/file"] = [content(WHOLE)]
        run(remote(stub, target, size))
        assert target.read_bytes() == WHOLE

    def test_no_length_is_told(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, length=-1)]
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE

    @pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
    def test_redirects_relative_and_to_other_hosts_which_are_not_told_who_asks(
        self, stub: Stub, target: Path, code: int
    ) -> None:
        other = Stub()
        try:
            stub.answers["/file"] = [redirect("/moved", code)]
            stub.answers["/moved"] = [redirect(other.url("/far?signed=1"), code)]
            other.answers["/far"] = [content(WHOLE)]
            run(remote(stub, target))
        finally:
            other.close()
        assert target.read_bytes() == WHOLE
        assert [question.authorization for question in stub.questions] == ["Bearer secret", "Bearer secret"]
        assert [question.authorization for question in other.questions] == [None]

    def test_several_files_are_one_download_with_a_last_step(self, stub: Stub, tmp_path: Path) -> None:
        stub.answers = {"/a": [content(WHOLE)], "/b": [content(OTHER)]}
        first = RemoteFile(stub.url("/a"), tmp_path / "a", len(WHOLE), md5(WHOLE), "a")
        second = RemoteFile(stub.url("/b"), tmp_path / "b", len(OTHER), md5(OTHER), "b")
        done: list[bool] = []
        download = Download(
            "both", (first, second), tmp_path, finish=lambda _: done.append(second.target.read_bytes() == OTHER)
        )
        assert download.size == 2_000_000
        watcher = Watcher()
        transfer(download, os.getpid(), watcher)
        assert done == [True]
        assert first.target.read_bytes() == WHOLE
        fractions = [fraction for message, fraction in watcher.steps if message.startswith("downloading")]
        assert fractions == sorted(fractions)  # type: ignore[type-var]

    def test_a_file_that_is_there_meanwhile_is_not_fetched(self, stub: Stub, target: Path) -> None:
        target.parent.mkdir()
        target.write_bytes(WHOLE)
        run(remote(stub, target))
        assert stub.questions == []

    @pytest.mark.parametrize("algorithm", ["sha256", "git-sha1"])
    def test_the_hubs_checksums(self, stub: Stub, target: Path, algorithm: str) -> None:
        expected = {
            "sha256": hashlib.sha256(WHOLE).hexdigest(),
            "git-sha1": hashlib.sha1(b"blob 1000000\0" + WHOLE).hexdigest(),  # as `git hash-object` has it
        }[algorithm]
        stub.answers["/file"] = [content(OTHER), content(WHOLE)]
        file = RemoteFile(stub.url(), target, len(WHOLE), f"{algorithm}:{expected}", "x")
        with pytest.raises(SourceError, match="checksum"):
            run(file)
        run(file)
        assert target.read_bytes() == WHOLE

    def test_onto_another_disk(self, stub: Stub, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engine.downloads.transfer.same_disk", lambda *_: False)
        stub.answers["/file"] = [content(WHOLE)]
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE
        assert [path.name for path in target.parent.iterdir()] == [target.name]
        assert left() == []


class TestTheDisk:
    """Too little room, before and in the middle; folders that cannot be written."""

    def test_too_little_room_is_known_before_anything_is_asked(
        self, stub: Stub, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        free = disk.RESERVE + len(WHOLE)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free - 1_000_000))
        with pytest.raises(SourceError, match=r"too little room in .* for vectors: 1 MB more are needed"):
            run(remote(stub, target))
        assert stub.questions == []
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))
        stub.answers["/file"] = [content(WHOLE)]
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE

    def test_a_disk_that_becomes_full(self, stub: Stub, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        stub.answers["/file"] = [content(WHOLE)]
        with monkeypatch.context() as patch:
            patch.setattr("engine.downloads.pace.Pace.at", full)  # called after every write
            with pytest.raises(SourceError, match=r"became full.*what has come is kept"):
                run(remote(stub, target))
        assert not target.exists()
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE

    def test_full_while_it_is_moved_to_another_disk(
        self, stub: Stub, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("engine.downloads.transfer.same_disk", lambda *_: False)
        stub.answers["/file"] = [content(WHOLE)]
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "copyfileobj", full)
            with pytest.raises(SourceError, match="became full"):
                run(remote(stub, target))
        assert list(target.parent.iterdir()) == []
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE
        assert len(stub.questions) == 1, "what had come was kept"

    def test_a_folder_that_cannot_be(self, stub: Stub, target: Path) -> None:
        target.parent.write_text("a file")
        stub.answers["/file"] = [content(WHOLE)]
        with pytest.raises(SourceError, match=r"vectors.* cannot be written to"):
            run(remote(stub, target))

    def test_a_cache_that_is_cleared_meanwhile(self, stub: Stub, target: Path) -> None:
        class Clearing(Watcher):
            def step(self, message: str, fraction: float | None = None) -> None:
                if message.startswith("checking"):
                    cache.clear()

        stub.answers["/file"] = [content(WHOLE)]
        with pytest.raises(SourceError, match="was cleared from the cache"):
            run(remote(stub, target), Clearing())
        assert not target.exists()
        assert not [path for path in target.parent.parent.iterdir() if path.name.startswith(DRAFT)]
