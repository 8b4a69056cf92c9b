"""The form in which rsascope keeps the vectors of files that it cannot reach in places.

It is word2vec's binary format with a null character instead of the space behind each word, so that words may contain
spaces, and at the end all words once more, so that an index is made without passing by the vectors.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, ClassVar

import numpy as np

from engine.data import FloatArray, IntArray
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.index_builder import Stretch
from engine.sources.vector_space import LONGEST_WORD, VectorFile, read_floats

MAGIC = b"rsascope vectors"
FORMAT = 1
HEADER = struct.Struct("<16s5Q")  # magic, format, words, dimensions, position of the list of words, size of the file
SEPARATOR = b"\0"
IMPOSSIBLE = b"\xff"  # stands for a word that this form cannot hold; not UTF-8, so it is counted and matches nothing
CHUNK = 1 << 19  # bytes of the list of words read at once
SOME = 4_000  # words written between two reports


@dataclass(frozen=True)
class ConvertedFile(VectorFile):
    """A file in this form.

    Parameters
    ----------
    list_start : int
        Position of the list of words.
    """

    list_start: int

    separator: ClassVar[bytes] = SEPARATOR

    @property
    def origin(self) -> int:
        return self.start - 4 * self.dimensions  # as if a vector stood before the first word too

    def scan(self, file: IO[bytes]) -> Iterator[Stretch]:
        file.seek(self.list_start)
        read, rest = 0, b""
        while data := file.read(CHUNK):
            words, separator, rest = (rest + data).rpartition(SEPARATOR)
            stored = words + separator
            ends = np.flatnonzero(np.frombuffer(stored, np.uint8) == SEPARATOR[0])
            read += len(ends)
            if read > self.count or not len(ends):
                break
            yield Stretch(stored, len(ends), 4 * self.dimensions + 1)
        if read != self.count or rest:
            raise self._damaged()

    def read_row(self, file: IO[bytes], index: int, row: FloatArray) -> None:
        data = file.read(4 * self.dimensions)
        if len(data) < 4 * self.dimensions:
            raise self._damaged()
        row[:] = np.frombuffer(data, "<f4")

    def read_rows(self, file: IO[bytes], first: int, positions: IntArray) -> FloatArray:
        rows = read_floats(file, positions, self.dimensions)
        if len(rows) < len(positions):
            raise self._damaged()
        return rows

    def _damaged(self) -> SourceError:
        return SourceError(f"The converted copy of {self.name} in the cache is damaged; clear the cache.")


def open_converted(path: Path, name: str) -> ConvertedFile | None:
    """The file at `path`, which the user calls `name`; None if it is not there or not whole."""
    try:
        with path.open("rb") as file:
            magic, version, count, dimensions, list_start, size = HEADER.unpack(file.read(HEADER.size))
            is_whole = (magic, version, size) == (MAGIC, FORMAT, os.fstat(file.fileno()).st_size)
            fits = list_start == HEADER.size + (size - list_start) + 4 * count * dimensions
    except (OSError, struct.error):
        return None
    if not is_whole or not fits or not count or not dimensions:
        return None
    return ConvertedFile(path, name, HEADER.size, count, dimensions, list_start)


def write_converted(
    file: BinaryIO, words: Sequence[object], vectors: FloatArray, progress: Progress, message: str
) -> None:
    """Nothing; writes n words and their (n, d) vectors to an empty file."""
    stored = [_stored(str(word)) for word in words]
    (count, dimensions), listed = vectors.shape, sum(map(len, stored)) + len(stored)
    list_start = HEADER.size + listed + 4 * count * dimensions
    file.write(HEADER.pack(MAGIC, FORMAT, count, dimensions, list_start, list_start + listed))
    for start in range(0, count, SOME):
        progress.step(f"{message}, {start:,} of {count:,} words", start / count)
        rows = np.ascontiguousarray(vectors[start : start + SOME], "<f4")
        pairs = zip(stored[start : start + SOME], rows, strict=True)
        file.write(b"".join(part for word, row in pairs for part in (word, SEPARATOR, row.tobytes())))
    file.write(b"".join(part for word in stored for part in (word, SEPARATOR)))


def _stored(word: str) -> bytes:
    raw = word.encode("utf-8", "surrogatepass")
    return IMPOSSIBLE if SEPARATOR in raw or len(raw) > LONGEST_WORD else raw
