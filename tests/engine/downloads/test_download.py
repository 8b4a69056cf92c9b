"""Fetching as the window does it: in a process of its own that Cancel ends at once, whatever it is doing."""

from __future__ import annotations

import os
import pickle
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.downloads import Download, RemoteFile, fetch, read_page
from engine.downloads.remote import no_headers
from engine.errors import SourceError
from engine.progress import SILENT, Cancelled, Progress
from tests.engine.downloads.made_files import OTHER, WHOLE, begun, md5, remote
from tests.engine.downloads.stub import Answer, Stub, content, redirect, silence, status

LARGE = WHOLE * 40


class CancelWhen:
    """A progress that cancels as soon as something is so."""

    def __init__(self, so: Callable[[str], bool]) -> None:
        self._so = so

    def step(self, message: str, fraction: float | None = None) -> None:
        if self._so(message):
            raise Cancelled


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "there" / "vectors.gz"


def download(*files: RemoteFile) -> Download:
    return Download("vectors", files, files[0].target.parent, "a licence", "some words")


def test_a_file_is_fetched_and_its_progress_told(stub: Stub, target: Path) -> None:
    stub.answers["/file"] = [redirect("/moved"), content(WHOLE)]
    stub.answers["/moved"] = [content(WHOLE)]
    messages: list[str] = []

    class Listener:
        def step(self, message: str, fraction: float | None = None) -> None:
            messages.append(message)

    fetch(download(remote(stub, target)), Listener())
    assert target.read_bytes() == WHOLE
    assert any(message.startswith("downloading vectors, ") for message in messages)


def test_errors_come_across(stub: Stub, target: Path) -> None:
    stub.answers["/file"] = [status(404)]
    with pytest.raises(SourceError, match=r"has no vectors.gz any more"):
        fetch(download(remote(stub, target)), SILENT)


@pytest.mark.parametrize(
    "answer", [silence, content(WHOLE, cut=300_000, stall=True)], ids=["no answer", "in the middle"]
)
def test_cancel_while_the_server_keeps_silent(stub: Stub, target: Path, answer: Answer) -> None:
    stub.answers["/file"] = [answer]
    file = remote(stub, target)
    with pytest.raises(Cancelled):
        fetch(download(file), CancelWhen(lambda _: bool(stub.questions)))
    assert not target.exists()
    stub.answers["/file"] = [content(WHOLE)]
    fetch(download(file), SILENT)
    assert target.read_bytes() == WHOLE


def test_cancel_in_the_middle_keeps_what_has_come(stub: Stub, target: Path) -> None:
    stub.answers["/file"] = [content(WHOLE, cut=700_000, stall=True)]
    file = remote(stub, target)
    with pytest.raises(Cancelled):
        fetch(download(file), CancelWhen(lambda _: file.received >= 500_000))
    here = file.received
    assert not target.exists()
    assert download(file).size == len(WHOLE) - here
    stub.answers["/file"] = [content(WHOLE)]
    fetch(download(file), SILENT)
    assert target.read_bytes() == WHOLE
    assert stub.ranges() == [None, f"bytes={here}-"]


def test_cancel_while_connecting(target: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)  # more than this, and one that waits, is not answered
        address = server.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        file = RemoteFile(f"http://127.0.0.1:{address[1]}/file", target, 10, md5(WHOLE), "vectors.gz")
        with pytest.raises(Cancelled):
            fetch(download(file), CancelWhen(lambda message: message.startswith("asking 127.0.0.1")))
        for one in waiting:
            one.close()


def test_cancel_while_the_checksum_is_taken(stub: Stub, target: Path) -> None:
    file = RemoteFile(stub.url(), target, len(LARGE), md5(LARGE), "vectors.gz")
    begun(file, LARGE)
    with pytest.raises(Cancelled):
        fetch(download(file), CancelWhen(lambda message: message.startswith("checking")))
    assert not target.exists() or target.read_bytes() == LARGE
    fetch(download(file), SILENT)
    assert target.read_bytes() == LARGE
    assert stub.questions == []


def test_cancel_before_it_starts(stub: Stub, target: Path) -> None:
    with pytest.raises(Cancelled):
        fetch(download(remote(stub, target)), CancelWhen(lambda _: True))
    assert stub.questions == []


def test_a_cancelled_copy_to_another_disk_leaves_nothing(stub: Stub, target: Path) -> None:
    file = remote(stub, target)
    draft = file.draft(os.getpid())
    draft.parent.mkdir()
    draft.write_bytes(b"half")
    with pytest.raises(Cancelled):
        fetch(download(file), CancelWhen(lambda _: True))
    assert list(target.parent.iterdir()) == []


def test_two_processes_take_turns_and_fetch_it_once(stub: Stub, target: Path) -> None:
    stub.answers["/file"] = [content(WHOLE, cut=300_000, stall=True), content(WHOLE)]
    file = remote(stub, target)
    second_waits: list[bool] = []

    def second_is_waiting(message: str) -> bool:
        return bool(second_waits)

    class Second:
        def step(self, message: str, fraction: float | None = None) -> None:
            if message.startswith("another program fetches vectors.gz"):
                second_waits.append(True)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(fetch, download(file), CancelWhen(second_is_waiting))
        while not file.received:  # the first has begun
            first.exception(0.01) if first.done() else None
        second = threads.submit(fetch, download(file), Second())
        assert isinstance(first.exception(60), Cancelled)
        second.result(60)
    assert target.read_bytes() == WHOLE
    assert stub.ranges() == [None, "bytes=300000-"], "the second goes on where the first was stopped"


def test_a_download_travels_and_shows_no_secret(stub: Stub, target: Path) -> None:
    whole = download(remote(stub, target))
    assert pickle.loads(pickle.dumps(whole)) == whole
    assert "secret" not in repr(whole).replace("function secret", "")


def test_the_size_is_what_is_still_to_come(stub: Stub, target: Path, tmp_path: Path) -> None:
    one, other = remote(stub, target), RemoteFile(stub.url("/b"), tmp_path / "b", 500, md5(OTHER), "b")
    assert download(one, other).size == 1_000_500
    begun(one)
    assert download(one, other).size == 600_500
    begun(one, WHOLE + b"more")
    assert download(one, other).size == 500
    unknown = RemoteFile(stub.url("/c"), tmp_path / "c", None, md5(OTHER), "c")
    assert download(one, unknown).size is None


class TestPages:
    """Small files, such as a catalogue."""

    def read(self, url: str, progress: Progress = SILENT) -> bytes:
        return read_page(url, no_headers, 1000, progress)

    def test_the_content(self, stub: Stub) -> None:
        stub.answers["/list.json"] = [content(b"{}")]
        assert self.read(stub.url("/list.json")) == b"{}"

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            (status(404), "has no list.json any more"),
            (status(500), "cannot be reached .*500"),
            (status(416), "has no list.json"),
            (content(b"<html>", kind="text/html"), "web page instead of list.json"),
            (content(b"x" * 1001), "more than 1,000 bytes"),
            (content(b"x" * 1001, length=-1), "more than 1,000 bytes"),
            (content(b"x" * 100, length=200), "cut|IncompleteRead"),
        ],
    )
    def test_what_goes_wrong(self, stub: Stub, answer: Answer, message: str) -> None:
        stub.answers["/list.json"] = [answer]
        with pytest.raises(SourceError, match=message):
            self.read(stub.url("/list.json"))

    def test_cancel(self, stub: Stub) -> None:
        stub.answers["/list.json"] = [silence]
        with pytest.raises(Cancelled):
            self.read(stub.url("/list.json"), CancelWhen(lambda _: bool(stub.questions)))
