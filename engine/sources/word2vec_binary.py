"""word2vec's binary format: a line "N D", then N times a word, a space and D little-endian 32-bit floats.

Some writers put a newline after every vector, the published GoogleNews file has none; both are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import numpy as np

from engine.data import FloatArray
from engine.errors import SourceError
from engine.sources.vector_space import CHUNK, LONGEST_WORD, VectorFile


class BinaryFile(VectorFile):
    """A file in word2vec's binary format."""

    def scan(self, file: IO[bytes]) -> Iterator[tuple[list[bytes], list[int]]]:
        size = 4 * self.dimensions
        position, rest, read = self.start, b"", 0
        file.seek(position)
        while read < self.count:
            more = file.read(max(CHUNK, size + LONGEST_WORD))
            buffer = rest + more
            words, ends = _split(buffer, size, self.count - read)
            if not words:
                raise self._broken(read, ended=not more or len(buffer) < size + LONGEST_WORD)
            yield words, [position + end for end in ends]
            read += len(words)
            used = ends[-1] + size
            position, rest = position + used, buffer[used:]

    def read_row(self, file: IO[bytes], index: int, row: FloatArray) -> None:
        data = file.read(4 * self.dimensions)
        if len(data) < 4 * self.dimensions:
            raise self._broken(index, ended=True)
        row[:] = np.frombuffer(data, "<f4")

    def _broken(self, index: int, *, ended: bool) -> SourceError:
        place = f"word {index + 1:,} of the {self.count:,} that its first line promises"
        if ended:
            return SourceError(f"{self.name} is cut off at {place}; get the file again.")
        return SourceError(f"{self.name} is damaged: {place} has no end; get the file again.")


def _split(buffer: bytes, size: int, most: int) -> tuple[list[bytes], list[int]]:
    """Words of the complete records in `buffer`, `most` at most, and where each one's `size` bytes of values begin."""
    words: list[bytes] = []
    ends: list[int] = []
    find, last, start = buffer.find, len(buffer) - size, 0
    for _ in range(most):
        end = find(b" ", start) + 1
        if not 0 < end <= last:
            break
        words.append(buffer[start : end - 1].lstrip(b"\n"))
        ends.append(end)
        start = end + size
    return words, ends
