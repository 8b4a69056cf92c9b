"""Transferring a download's files, in the child process: partial file in the cache -> checked -> its own name."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from engine import cache
from engine.downloads.checksum import matches
from engine.downloads.disk import check_room, disk_errors, same_disk
from engine.downloads.http import Interrupted, OutOfRange, asked, declared_length, host, interruptions
from engine.downloads.pace import Pace, amount
from engine.downloads.remote import Download, RemoteFile
from engine.errors import SourceError
from engine.progress import Progress
from engine.writing import write

CHUNK = 1 << 18  # bytes read at a time
PAUSES = (0.5, 1.0, 2.0)  # seconds before trying again, if nothing more has come since the last time
LOOK = 0.1  # seconds between two looks at what another process fetches
LEEWAY = 1.1, 1 << 20  # times its catalogue's size and bytes that a file may have: catalogues need not be exact
CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)")


def transfer(download: Download, owner: int, progress: Progress) -> None:
    """Nothing; see `engine.downloads.fetch`. `owner` is the process that asked for it."""
    sizes = [file.size for file in download.files]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    with disk_errors(download.title, download.folder):
        check_room(download.title, [need for file in download.files for need in _needs(file, file.size or 0)])
    pace, before = Pace(download.title, total, progress), 0
    for file in download.files:
        with disk_errors(file.name, file.target.parent):
            before += _Transfer(file, owner, pace, before, progress).run()
    if download.finish:
        download.finish(progress)


def _needs(file: RemoteFile, size: int) -> Iterator[tuple[Path, int]]:
    """The bytes that a file needs, and where."""
    yield cache.folder(), max(0, size - file.received)
    if not same_disk(cache.folder(), file.target.parent):
        yield file.target.parent, size


class _Transfer:
    """One file, in as many attempts as it takes.

    Parameters
    ----------
    file : RemoteFile
    owner : int
        The process that asked for it.
    pace : Pace
    before : int
        Bytes of the download's earlier files.
    progress : Progress
    """

    def __init__(self, file: RemoteFile, owner: int, pace: Pace, before: int, progress: Progress) -> None:
        self._file, self._owner, self._pace, self._before, self._progress = file, owner, pace, before, progress
        self._partial, self._validator = file.entry("partial"), file.entry("partial-validator")
        self._mixed = False  # whether the partial file holds bytes of more than one answer

    def run(self) -> int:
        """The size of the file, which is at its target then."""
        for entry in (self._partial, self._validator):
            cache.prepare(entry)
        with self._alone():
            if not self._file.target.is_file():  # else another process was faster
                with self._partial.open("a+b") as partial:
                    self._obtain(partial)
                    checked = os.fstat(partial.fileno())
                self._name(checked)
            return self._file.target.stat().st_size

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process fetches the same file within the block."""
        lock = FileLock(self._file.entry("partial-lock"))
        while not lock.is_locked:
            try:
                lock.acquire(timeout=LOOK)
            except Timeout:
                here = amount(self._file.received, self._file.size)
                self._progress.step(f"another program fetches {self._file.name}, {here}; waiting for it")
        try:
            yield
        finally:
            with suppress(OSError):  # on Windows it goes by itself
                os.unlink(lock.lock_file)
            lock.release()

    def _obtain(self, partial: BinaryIO) -> None:
        """The partial file is the whole, right one then."""
        self._mixed = partial.seek(0, os.SEEK_END) > 0
        for _ in range(2):
            self._receive(partial)
            if self._is_right(partial):
                return
            mixed = self._mixed
            self._forget(partial)
            if not mixed:
                break
        raise SourceError(
            f"{self._file.name} came from {host(self._file.url)} damaged or changed: its checksum is not the "
            "catalogue's; fetch it again later."
        )

    def _receive(self, partial: BinaryIO) -> None:
        """All bytes that the server has are in the partial file then."""
        furthest, tries = partial.seek(0, os.SEEK_END), 0
        if furthest == self._file.size:
            return None
        while True:
            try:
                return self._attempt(partial)
            except OutOfRange:
                return None  # the server has no more; the checksum tells whether that is all
            except Interrupted as error:
                here = partial.seek(0, os.SEEK_END)
                if here > furthest:
                    furthest, tries = here, 0
                if tries == len(PAUSES):
                    raise self._given_up(error, here) from None
                self._wait(error, max(PAUSES[tries], error.wait))
                tries += 1

    def _wait(self, error: Interrupted, seconds: float) -> None:
        self._progress.step(f"{error}; trying {self._file.name} again in {seconds:.0f} s")
        time.sleep(seconds)
        self._pace.restart()

    def _given_up(self, error: Interrupted, here: int) -> SourceError:
        kept = f"; the {amount(here, self._file.size)} that have come are kept" if here else ""
        return SourceError(
            f"{self._file.name} cannot be fetched from {host(self._file.url)} ({error}); check the connection and "
            f"fetch it again{kept}."
        )

    def _attempt(self, partial: BinaryIO) -> None:
        here = partial.seek(0, os.SEEK_END)
        self._progress.step(f"asking {host(self._file.url)} for {self._file.name}")
        headers = {**self._file.headers(), **self._range(here)}
        with asked(self._file.url, headers, self._file.name, self._file.refused) as answer:
            start, end = _extent(answer)
            if start:
                if start != here:
                    self._forget(partial)
                    raise Interrupted(f"{host(answer.url)} sends another part than asked for")
                self._mixed = True
            else:  # the server sends all of it: it cannot resume, or the file has changed
                self._forget(partial)
                self._remember(answer)
            self._check_end(answer, end, partial.tell())
            self._copy(answer, partial, end)

    def _range(self, here: int) -> dict[str, str]:
        """What asks for the rest only, if the file is still the one whose beginning is here."""
        if not here:
            return {}
        try:
            validator = self._validator.read_text("latin-1")
        except OSError:
            validator = ""
        condition = {"If-Range": validator} if validator and validator.isprintable() else {}
        return {"Range": f"bytes={here}-", **condition}

    def _remember(self, answer: HTTPResponse) -> None:
        etag = answer.headers.get("ETag", "")
        if validator := etag if etag.startswith('"') else answer.headers.get("Last-Modified"):
            self._validator.write_text(validator, "latin-1")

    def _forget(self, partial: BinaryIO) -> None:
        self._validator.unlink(missing_ok=True)
        partial.seek(0)
        partial.truncate()
        self._mixed = False

    def _check_end(self, answer: HTTPResponse, end: int | None, here: int) -> None:
        if end is None:
            return
        size = self._file.size
        if size and end > size * LEEWAY[0] + LEEWAY[1]:
            raise self._too_long(answer, end)
        check_room(self._file.name, [(cache.folder(), end - here)])

    def _too_long(self, answer: HTTPResponse, bytes_sent: int) -> SourceError:
        return SourceError(
            f"{host(answer.url)} sends {bytes_sent:,} bytes or more as {self._file.name}, which has "
            f"{self._file.size:,}; try again later."
        )

    def _copy(self, answer: HTTPResponse, partial: BinaryIO, end: int | None) -> None:
        here, size = partial.tell(), self._file.size
        while end is None or here < end:
            with interruptions(answer.url):
                data = answer.read1(CHUNK if end is None else min(CHUNK, end - here))
            if not data:
                break
            partial.write(data)
            here += len(data)
            self._pace.at(self._before + here)
            if size and here > size * LEEWAY[0] + LEEWAY[1]:
                raise self._too_long(answer, here)
        partial.flush()
        if here < (end if end is not None else size or 0):
            raise Interrupted(f"{host(answer.url)} cut the connection")

    def _is_right(self, partial: BinaryIO) -> bool:
        self._pace.restart()
        return matches(
            partial, self._file.checksum, lambda part: self._progress.step(f"checking {self._file.name}", part)
        )

    def _name(self, checked: os.stat_result) -> None:
        """Give the file its name, if it is still the one that was checked: the cache can be cleared meanwhile."""
        if not (self._partial.exists() and os.path.samestat(checked, self._partial.stat())):
            raise SourceError(f"{self._file.name} was cleared from the cache while it was fetched; fetch it again.")
        self._file.target.parent.mkdir(parents=True, exist_ok=True)
        if same_disk(self._partial.parent, self._file.target.parent):
            os.replace(self._partial, self._file.target)
        else:
            self._move()
        self._validator.unlink(missing_ok=True)

    def _move(self) -> None:
        """Move the file to its target, on another disk."""
        self._progress.step(f"moving {self._file.name} to {self._file.target.parent}")
        draft = self._file.draft(self._owner)
        draft.unlink(missing_ok=True)
        try:
            with self._partial.open("rb") as whole:
                write(draft, lambda target: shutil.copyfileobj(whole, target, CHUNK))
            os.replace(draft, self._file.target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        self._partial.unlink()


def _extent(answer: HTTPResponse) -> tuple[int, int | None]:
    """The position of the answer's first byte in the file, and the file's size if it is told."""
    told = declared_length(answer)
    if answer.status != 206:
        return 0, told
    found = CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if not found:
        raise Interrupted(f"{host(answer.url)} does not say which part it sends")
    if found[2] != "*":
        return int(found[1]), int(found[2])
    return int(found[1]), None if told is None else int(found[1]) + told
