"""A `WordIndex` in the cache, so that a large file is read through only once.

The saved one is believed only if it says that it was made from exactly this file, has the length it promises, and its
sum is right; otherwise it is as if it were not there.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine import cache
from engine.errors import ExportError
from engine.sources.word_index import WordIndex
from engine.writing import write_atomically

FORMAT = 2  # the version of this layout and of the hash; another one is another entry
MAGIC = b"rsascope index\x00\x00"
HEADER = struct.Struct("<16s32s7Qqc7xQ")  # magic, owner, lengths of the parts, origin, separator, sum of the parts
HEADER_SUM = struct.Struct("<Q")
PARTS: dict[str, np.dtype[Any]] = {  # in the order of HEADER's lengths
    "hashed": np.dtype("<u8"),
    "undecodable": np.dtype("<i8"),
    "repeated": np.dtype("<i8"),
    "empty": np.dtype("<i8"),
    "steps": np.dtype("<u4"),
    "lengths": np.dtype("<u2"),
    "text": np.dtype("u1"),
}
PORTION = 1 << 23  # bytes written between two reports
UNIT = 8  # bytes that are summed at once; every part is filled up to a multiple


@dataclass(frozen=True)
class SavedIndex:
    """The place of a file's index in the cache.

    Parameters
    ----------
    subject : Path
        The file that is indexed.
    identity : object
        All that the index depends on besides: size and time of the file, its format. Its repr counts.
    """

    subject: Path
    identity: object

    @property
    def path(self) -> Path:
        """Where it is, if it is there."""
        return cache.entry(self.subject, (FORMAT, self.identity), "index")

    def save(self, index: WordIndex, report: Callable[[float], object] = lambda done: None) -> bool:
        """Whether the index could be saved: whole, or not at all.

        Parameters
        ----------
        index : WordIndex
        report : callable
            Told again and again how much is done, 0 to 1; what it raises ends the saving.
        """
        parts = [_bytes(np.ascontiguousarray(getattr(index, name), dtype)) for name, dtype in PARTS.items()]
        header = HEADER.pack(
            MAGIC,
            self._owner,
            *(len(getattr(index, name)) for name in PARTS),
            index.origin,
            index.separator,
            sum(map(_sum, parts)) % (1 << 64),
        )

        size = sum(map(len, parts))

        def write(file: BinaryIO) -> None:
            file.write(header + HEADER_SUM.pack(zlib.crc32(header)))
            for part in parts:
                for k in range(0, len(part), PORTION):
                    report(file.tell() / size)
                    file.write(part[k : k + PORTION])
                file.write(bytes(-len(part) % UNIT))

        path = self.path
        with suppress(ExportError, OSError):
            cache.prepare(path)
            write_atomically(path, write, durable=False)  # its sum tells whether it is whole
            return True
        return False

    def read(self) -> WordIndex | None:
        """The saved index; None if there is none, or it belongs to another file or is damaged."""
        try:
            with self.path.open("rb") as file:
                return self._read(file)
        except (OSError, struct.error, ValueError):
            return None

    def _read(self, file: BinaryIO) -> WordIndex | None:
        header = file.read(HEADER.size)
        if HEADER_SUM.unpack(file.read(HEADER_SUM.size))[0] != zlib.crc32(header):
            return None
        magic, owner, *lengths, origin, separator, total = HEADER.unpack(header)
        sizes = [n * dtype.itemsize for n, dtype in zip(lengths, PARTS.values(), strict=True)]
        filled = [size + -size % UNIT for size in sizes]
        promised = file.tell() + sum(filled)
        if magic != MAGIC or owner != self._owner or os.fstat(file.fileno()).st_size != promised:
            return None
        content = np.memmap(file, "<u8", "r", file.tell())  # not copied; files of the cache are replaced, never changed
        if _sum(_bytes(content)) != total:
            return None
        parts: dict[str, NDArray[Any]] = {}
        whole, start = content.view("u1"), 0
        for (name, dtype), size, room in zip(PARTS.items(), sizes, filled, strict=True):
            parts[name] = whole[start : start + size].view(dtype)
            start += room
        return WordIndex(**parts, origin=origin, separator=separator)

    @property
    def _owner(self) -> bytes:
        text = repr((os.path.abspath(self.subject), FORMAT, self.identity))
        return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=32).digest()


def _bytes(array: NDArray[Any]) -> memoryview:
    return array.view("u1").data


def _sum(data: memoryview) -> int:
    """The sum of the 64-bit numbers in `data`, which damage changes; at the speed of memory, unlike a digest."""
    whole = np.frombuffer(data[: len(data) // UNIT * UNIT], "<u8")
    rest = int.from_bytes(data[len(whole) * UNIT :], "little")
    return (int(np.add.reduce(whole)) + rest) % (1 << 64)
