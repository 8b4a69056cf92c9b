"""gzip files, unpacked once to a temporary file so that single vectors can be reached."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import tempfile
import zlib
from pathlib import Path
from typing import IO

from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import unreadable

STEP = 1 << 22  # bytes unpacked between two reports
RESERVE = 1 << 28  # bytes left free on the disk, so that unpacking never fills it


def is_gzip(head: bytes) -> bool:
    """Whether a file that begins with `head` is in gzip."""
    return head[:2] == b"\x1f\x8b"


def unpack(path: Path, progress: Progress) -> Path:
    """A temporary file with the content of a gzip file. The caller removes it.

    Raises
    ------
    SourceError
        If the file is damaged or the disk has too little room; no temporary file remains.
    """
    handle, name = tempfile.mkstemp(prefix="rsascope-", suffix=".vectors")
    unpacked = Path(name)
    try:
        with os.fdopen(handle, "wb") as target, path.open("rb") as packed:
            _copy(packed, target, path, progress)
    except BaseException as error:
        remove(unpacked)
        if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
            raise SourceError(f"{path.name} is a damaged or incomplete gzip file ({error}); get it again.") from None
        if isinstance(error, OSError):
            raise _no_room(path) if error.errno == errno.ENOSPC else unreadable(path, error) from None
        raise
    return unpacked


def remove(path: Path) -> None:
    """Nothing; deletes a file, which may be gone already."""
    path.unlink(missing_ok=True)


def _copy(packed: IO[bytes], target: IO[bytes], path: Path, progress: Progress) -> None:
    size = os.fstat(packed.fileno()).st_size
    with gzip.GzipFile(fileobj=packed) as content:
        while data := content.read(STEP):
            if shutil.disk_usage(tempfile.gettempdir()).free < RESERVE:
                raise _no_room(path)
            target.write(data)
            progress.step(f"unpacking {path.name}, {target.tell() / 1e6:,.0f} MB", packed.tell() / size)


def _no_room(path: Path) -> SourceError:
    return SourceError(
        f"There is too little room in {tempfile.gettempdir()} to unpack {path.name}; free some, or unpack the file "
        "yourself and choose the unpacked one."
    )
