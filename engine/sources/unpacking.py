"""gzip files, unpacked once into the cache so that single vectors can be reached."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from engine import cache
from engine.errors import ExportError, SourceError
from engine.progress import Progress
from engine.sources.base import file_stamp, unreadable
from engine.writing import write_atomically

STEP = 1 << 20  # bytes unpacked between two reports
CHECK = 1 << 25  # bytes between two looks at the room on the disk, where they are by then: no long wait at the end
RESERVE = 1 << 28  # bytes left free on the disk, so that unpacking never fills it
TAIL = 4  # bytes at the end of a gzip file: the size of its content, but only its lowest 32 bits


def is_gzip(head: bytes) -> bool:
    """Whether a file that begins with `head` is in gzip."""
    return head[:2] == b"\x1f\x8b"


def unpack(path: Path, progress: Progress) -> Path:
    """The file in the cache with the content of a gzip file, unpacked if it is not there yet.

    Its time is that of the gzip file, so that unpacking it again changes nothing.

    Raises
    ------
    SourceError
        If the file is damaged or the disk has too little room; nothing of it remains.
    """
    unpacked = cache.entry(path, file_stamp(path), "unpacked")
    if not unpacked.is_file():
        try:
            packed = path.open("rb")
        except OSError as error:
            raise unreadable(path, error) from None
        with packed:
            _unpack(packed, path, unpacked, progress)
    return unpacked


def remove(path: Path) -> None:
    """Nothing; deletes a file, which may be gone already."""
    path.unlink(missing_ok=True)


def _unpack(packed: BinaryIO, path: Path, unpacked: Path, progress: Progress) -> None:
    status = os.fstat(packed.fileno())

    def write(target: BinaryIO) -> None:
        _copy(packed, target, path, progress)
        if file_stamp(path) != (status.st_size, status.st_mtime_ns):
            raise SourceError(f"{path.name} changed while it was unpacked; run the analysis again.")
        target.flush()  # or the last of it would set the time again
        os.utime(target.name, ns=(status.st_atime_ns, status.st_mtime_ns))

    try:
        cache.prepare(unpacked)
        _check_room(path, _content_size(packed))
        write_atomically(unpacked, write)
    except (ExportError, OSError) as error:
        raise _not_written(path, error) from None


def _copy(packed: BinaryIO, target: BinaryIO, path: Path, progress: Progress) -> None:
    size, unchecked = os.fstat(packed.fileno()).st_size, 0
    for data in _content(packed, path):
        if unchecked <= 0:
            target.flush()
            os.fsync(target.fileno())
            _check_room(path, CHECK)
            unchecked = CHECK
        target.write(data)
        unchecked -= len(data)
        progress.step(f"unpacking {path.name}, {target.tell() / 1e6:,.0f} MB", packed.tell() / size)


def _content(packed: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=packed) as content:
            while data := content.read(STEP):
                yield data
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(f"{path.name} is a damaged or incomplete gzip file ({error}); get it again.") from None
    except OSError as error:
        raise unreadable(path, error) from None


def _content_size(packed: BinaryIO) -> int:
    """What the content of a gzip file takes: the size at its end, and as many times 4 GiB as that is too small."""
    size = packed.seek(0, os.SEEK_END)
    packed.seek(max(0, size - TAIL))
    content = int.from_bytes(packed.read(TAIL), "little")
    packed.seek(0)
    while content < size - size // 100 - 1000:  # packing never adds more than that
        content += 1 << 8 * TAIL
    return content


def _check_room(path: Path, needed: int) -> None:
    if shutil.disk_usage(cache.folder()).free < needed + RESERVE:
        raise _no_room(path)


def _not_written(path: Path, error: Exception) -> SourceError:
    cause = error.__cause__ or error
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return _no_room(path)
    reason = getattr(cause, "strerror", None) or cause
    return SourceError(
        f"{path.name} cannot be unpacked into {cache.folder()} ({reason}); unpack it yourself and choose the "
        "unpacked one."
    )


def _no_room(path: Path) -> SourceError:
    return SourceError(
        f"There is too little room in {cache.folder()} to unpack {path.name}; free some, or unpack the file "
        "yourself and choose the unpacked one."
    )
