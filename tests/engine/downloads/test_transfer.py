"""Transferring a file over networks as they are: what arrives is the whole, right file under its name, or nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from engine import cache
from engine.downloads import Download, RemoteFile, disk
from engine.downloads.transfer import transfer
from engine.errors import SourceError
from engine.progress import Cancelled
from engine.writing import DRAFT
from tests.engine.downloads.stub import Stub, content, nonsense, redirect, secret, silence, status
from tests.engine.sources.vector_files import Watcher

WHOLE = np.random.default_rng(0).bytes(1_000_000)
OTHER = np.random.default_rng(1).bytes(1_000_000)
Usage = namedtuple("Usage", "total used free")

pytestmark = pytest.mark.usefixtures("impatient")


def md5(data: bytes) -> str:
    return "md5:" + hashlib.md5(data, usedforsecurity=False).hexdigest()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "there" / "vectors.gz"


def remote(stub: Stub, target: Path, size: int | None = len(WHOLE), path: str = "/file") -> RemoteFile:
    return RemoteFile(stub.url(path), target, size, md5(WHOLE), target.name, secret)


def run(file: RemoteFile, progress: Watcher | None = None) -> None:
    transfer(Download("vectors", (file,), file.target.parent), os.getpid(), progress or Watcher())


def begun(file: RemoteFile, data: bytes = WHOLE[:400_000], validator: str = '"v1"') -> None:
    """As if an earlier attempt had stopped."""
    partial = file.entry("partial")
    cache.prepare(partial)
    partial.write_bytes(data)
    file.entry("partial-validator").write_text(validator)


def left() -> list[str]:
    """What is in the cache, by kind."""
    return sorted(path.name.split(".")[1] for path in cache.folder().iterdir())


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


class TestGoingOn:
    """Resuming: no byte twice, and no mixture of two files."""

    def test_only_the_rest_is_asked_for(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE)]
        file = remote(stub, target)
        begun(file)
        assert Download("x", (file,), target.parent).size == 600_000
        run(file)
        assert target.read_bytes() == WHOLE
        (question,) = stub.questions
        assert (question.range, question.if_range) == ("bytes=400000-", '"v1"')

    @pytest.mark.parametrize("validator", ['"v1"', "Wed, 25 Nov 2026 12:00:00 GMT", 'W/"weak"', None])
    def test_a_cut_connection_is_taken_up_where_it_broke(self, stub: Stub, target: Path, validator: str | None) -> None:
        stub.answers["/file"] = [content(WHOLE, validator, cut=300_000), content(WHOLE, validator, cut=200_000)]
        stub.answers["/file"].append(content(WHOLE, validator))
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == [None, "bytes=300000-", "bytes=500000-"]
        sure = validator if validator and not validator.startswith("W/") else None
        assert [question.if_range for question in stub.questions] == [None, sure, sure]

    def test_a_bad_line_that_always_brings_a_little_more(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, cut=110_000)]
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE
        assert len(stub.questions) == 10

    def test_a_stalled_connection_is_taken_up_too(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, cut=300_000, stall=True), silence, content(WHOLE)]
        watcher = Watcher()
        run(remote(stub, target), watcher)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == [None, "bytes=300000-", "bytes=300000-"]
        assert any("does not answer; trying vectors.gz again" in message for message, _ in watcher.steps)

    def test_a_changed_file_starts_anew(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file, OTHER[:400_000], '"v0"')
        stub.answers["/file"] = [content(WHOLE, '"v1"')]
        run(file)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == ["bytes=400000-"]

    def test_another_checksum_in_the_catalogue_starts_anew(self, stub: Stub, target: Path) -> None:
        begun(RemoteFile(stub.url(), target, len(OTHER), md5(OTHER), "x"), OTHER[:400_000])
        stub.answers["/file"] = [content(WHOLE)]
        run(remote(stub, target))
        assert (target.read_bytes(), stub.ranges(), left()) == (WHOLE, [None], [])

    def test_a_server_that_cannot_resume_starts_anew(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file)
        stub.answers["/file"] = [content(WHOLE, resumes=False, cut=500_000), content(WHOLE, resumes=False)]
        run(file)
        assert target.read_bytes() == WHOLE

    def test_a_mixture_is_found_out_and_fetched_again(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file, OTHER[:400_000])
        stub.answers["/file"] = [content(WHOLE)]
        run(file)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == ["bytes=400000-", None]

    @pytest.mark.parametrize("data", [WHOLE, OTHER, WHOLE + b"more"], ids=["right", "wrong", "longer"])
    @pytest.mark.parametrize("size", [len(WHOLE), None])
    def test_a_partial_file_of_the_whole_size(self, stub: Stub, target: Path, data: bytes, size: int | None) -> None:
        file = remote(stub, target, size)
        begun(file, data)
        stub.answers["/file"] = [content(WHOLE)]
        run(file)
        assert target.read_bytes() == WHOLE

    def test_another_part_than_asked_for(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file)
        stub.answers["/file"] = [content(WHOLE, shift=7), content(WHOLE)]
        run(file)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == ["bytes=400000-", None]

    def test_a_busy_server_is_asked_again(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [status(429, Retry_After="0"), status(500), status(503), content(WHOLE)]
        run(remote(stub, target))
        assert target.read_bytes() == WHOLE

    def test_a_cancelled_transfer_goes_on_the_next_time(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, cut=300_000), content(WHOLE)]
        file = remote(stub, target)
        with pytest.raises(Cancelled):
            run(file, Watcher("127.0.0.1", Cancelled))  # where it says that it tries again
        assert not target.exists()
        assert file.received == 300_000
        run(file)
        assert target.read_bytes() == WHOLE
        assert stub.ranges() == [None, "bytes=300000-"]


class TestWhatGoesWrong:
    """One clear error each; nothing under the name; what is worth keeping is kept."""

    def refused(self, stub: Stub, target: Path, message: str, kept: int = 0, **changes: object) -> None:
        file = remote(stub, target, **changes)  # type: ignore[arg-type]
        with pytest.raises(SourceError, match=message) as caught:
            run(file)
        assert "secret" not in str(caught.value)
        assert not target.exists()
        assert file.received == kept

    @pytest.mark.parametrize(
        ("code", "message"),
        [
            (400, "does not give vectors.gz"),
            (401, "wants a login"),
            (403, "wants a login"),
            (404, "has no vectors.gz any more"),
            (410, "has no vectors.gz any more"),
            (416, "damaged or changed"),
            (429, "429 Too Many Requests.*check the connection"),
            (500, "500 Internal Server Error"),
            (503, "503 Service Unavailable"),
        ],
    )
    def test_codes(self, stub: Stub, target: Path, code: int, message: str) -> None:
        stub.answers["/file"] = [status(code)]
        self.refused(stub, target, message)

    def test_a_sentence_for_who_may_not(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [status(403)]
        with pytest.raises(SourceError, match=r"^accept the terms$"):
            run(RemoteFile(stub.url(), target, None, md5(WHOLE), "x", refused="accept the terms"))

    @pytest.mark.parametrize("kind", ["text/html", "text/html; charset=utf-8"])
    def test_a_web_page_instead(self, stub: Stub, target: Path, kind: str) -> None:
        stub.answers["/file"] = [content(b"<html>Please log in", kind=kind)]
        self.refused(stub, target, "sends a web page instead of vectors.gz: a proxy")

    def test_a_web_page_does_not_spoil_what_has_come(self, stub: Stub, target: Path) -> None:
        begun(remote(stub, target))
        stub.answers["/file"] = [content(b"<html>Please log in", kind="text/html", resumes=False)]
        self.refused(stub, target, "web page", kept=400_000)

    def test_a_server_that_always_cuts(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, cut=1000, resumes=False)]
        self.refused(stub, target, "cut the connection.*the 1 of 1,000 kB that have come are kept", kept=1000)
        assert len(stub.questions) == 4  # the first, and three tries without any more than before

    def test_a_server_that_says_more_than_it_has(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, length=1_000_100, resumes=False)]
        self.refused(stub, target, "cut the connection", kept=len(WHOLE), size=None)

    def test_a_server_that_says_less_than_it_has(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, length=500_000)]
        self.refused(stub, target, "checksum")

    def test_a_length_of_another_file(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, length=10**15)]
        self.refused(stub, target, "sends 1,000,000,000,000,000 bytes or more as vectors.gz, which has 1,000,000")
        self.refused(stub, target, "too little room", size=None)

    def test_an_answer_without_end(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE * 4, length=-1)]
        file = remote(stub, target)
        with pytest.raises(SourceError, match=r"or more as vectors.gz"):
            run(file)
        assert not target.exists()

    def test_another_content(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(OTHER)]
        self.refused(stub, target, "came from 127.0.0.1.* damaged or changed: its checksum")
        assert left() == ["partial"]

    def test_another_protocol(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [nonsense]
        self.refused(stub, target, "cannot be fetched")

    def test_silence(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [silence]
        self.refused(stub, target, "does not answer")

    def test_nobody_there(self, target: Path) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{nobody.getsockname()[1]}/file"
        with pytest.raises(SourceError, match=r"Connection refused.*check the connection"):
            run(RemoteFile(url, target, None, md5(WHOLE), "x"))

    def test_redirects_in_a_circle(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [redirect("/other")]
        stub.answers["/other"] = [redirect("/file")]
        self.refused(stub, target, "in a circle or to nowhere")

    @pytest.mark.parametrize(
        "to", ["http://127.0.0.1:1x/", "http://127.0.0.1:9999999/", "http://[::1/", "http://a..b/", "//"]
    )
    def test_redirects_to_addresses_that_cannot_be(self, stub: Stub, target: Path, to: str) -> None:
        stub.answers["/file"] = [redirect(to)]
        self.refused(stub, target, "cannot be fetched|nowhere")

    def test_a_damaged_memory_of_what_was_begun(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file, validator="\x00\r\nEvil: header")
        stub.answers["/file"] = [content(WHOLE)]
        run(file)
        assert target.read_bytes() == WHOLE
        assert [question.if_range for question in stub.questions] == [None]

    @pytest.mark.parametrize("to", ["ftp://127.0.0.1/x", "file:///etc/passwd"])
    def test_redirects_to_other_protocols(self, stub: Stub, target: Path, to: str) -> None:
        stub.answers["/file"] = [redirect(to)]
        self.refused(stub, target, "not safe|nowhere")

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "nowhere"])
    def test_other_protocols(self, target: Path, url: str) -> None:
        with pytest.raises(SourceError, match="not an address on the web"):
            run(RemoteFile(url, target, None, md5(WHOLE), "x"))


def test_no_redirect_from_https_to_http() -> None:
    """The handler itself: a server for https would need a certificate that is trusted."""
    from email.message import Message
    from io import BytesIO
    from urllib.request import Request

    from engine.downloads.http import _Redirects

    for new, refused in (("http://example.org/x", True), ("https://example.org/x", False)):
        request = Request("https://example.org/file", headers=secret())
        arguments = (request, BytesIO(), 302, "Found", Message(), new)
        if refused:
            with pytest.raises(SourceError, match=r"redirects to http://example.org, which is not safe"):
                _Redirects().redirect_request(*arguments)  # type: ignore[arg-type]
        else:
            followed = _Redirects().redirect_request(*arguments)  # type: ignore[arg-type]
            assert followed is not None
            assert followed.get_header("Authorization") == "Bearer secret"


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
