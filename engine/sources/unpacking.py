"""gzip files, unpacked once into the cache so that single vectors can be reached."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from engine import cache
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import file_stamp, unreadable
from engine.sources.cached_copy import CachedCopy

STEP = 1 << 20  # bytes unpacked between two reports
CHECK = 1 << 25  # bytes between two looks at the room on the disk, where they are by then: no long wait at the end
TAIL = 4  # bytes at the end of a gzip file: the size of its content, but only its lowest 32 bits


def unpack(path: Path, progress: Progress) -> Path:
    """The file in the cache with the content of a gzip file, unpacked if it is not there yet.

    Its time is that of the gzip file, so that unpacking it again changes nothing.

    Raises
    ------
    SourceError
        If the file is damaged or the disk has too little room; nothing of it remains.
    """
    stamp = file_stamp(path)
    unpacked = cache.entry(path, stamp, "unpacked")
    if not unpacked.is_file():
        try:
            packed = path.open("rb")
        except OSError as error:
            raise unreadable(path, error) from None
        with packed:
            copy = CachedCopy(path, stamp, "unpack", "unpacked", "unpack it yourself and choose the unpacked one")
            copy.write(unpacked, _content_size(packed), partial(_copy, packed, copy, progress))
    return unpacked


def remove(path: Path) -> None:
    """Nothing; deletes a file, which may be gone already."""
    path.unlink(missing_ok=True)


def _copy(packed: BinaryIO, copy: CachedCopy, progress: Progress, target: BinaryIO) -> None:
    size, unchecked = os.fstat(packed.fileno()).st_size, 0
    for data in _content(packed, copy.path):
        if unchecked <= 0:
            target.flush()
            os.fsync(target.fileno())
            copy.check_room(CHECK)
            unchecked = CHECK
        target.write(data)
        unchecked -= len(data)
        progress.step(f"unpacking {copy.path.name}, {target.tell() / 1e6:,.0f} MB", packed.tell() / size)


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
