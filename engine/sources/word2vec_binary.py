"""word2vec's binary format: a line "N D", then N times a word, a space and D little-endian 32-bit floats.

Some writers put a newline after every vector, the published GoogleNews file has none; both are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import IO, ClassVar

import numpy as np

from engine.data import FloatArray
from engine.errors import SourceError
from engine.sources.vector_space import CHUNK, LONGEST_WORD, VectorFile
from engine.sources.word_index import Stretch


class BinaryFile(VectorFile):
    """A file in word2vec's binary format."""

    separator: ClassVar[bytes] = b" "

    @property
    def origin(self) -> int:
        return self.start - self._size  # as if a vector stood before the first word too

    @property
    def _size(self) -> int:
        return 4 * self.dimensions

    def scan(self, file: IO[bytes]) -> Iterator[Stretch]:
        # A space and a vector: what parts one word from the next. Splitting is one call for hundreds of records, and
        # cannot go astray: where it stops, at the first space with too few bytes after it, all later ones have fewer.
        split = re.compile(rb" .{%d}" % self._size, re.DOTALL).split
        buffer = memoryview(bytearray(CHUNK + self._size + LONGEST_WORD))
        kept = read = 0
        file.seek(self.start)
        while read < self.count:
            got = file.readinto(buffer[kept:])  # type: ignore[attr-defined]
            *words, rest = split(buffer[: kept + got])
            used = kept + got - len(rest)
            buffer[: len(rest)] = rest
            kept = len(rest)
            if not words and (not got or kept == len(buffer)):
                raise self._broken(read, ended=not got)
            if used - len(words) * (self._size + 1) > LONGEST_WORD:  # all words of this stretch together
                self._check_lengths(words, read)
            if words:
                yield self._stretch(words[: self.count - read])
            read += len(words)

    def read_row(self, file: IO[bytes], index: int, row: FloatArray) -> None:
        data = file.read(self._size)
        if len(data) < self._size:
            raise self._broken(index, ended=True)
        row[:] = np.frombuffer(data, "<f4")

    def _stretch(self, words: list[bytes]) -> Stretch:
        """The words, without the newlines that stand after the vectors before."""
        stored, step = b" ".join(words) + b" ", self._size + 1
        if b"\n" not in stored:
            return Stretch(stored, len(words), step)
        bare = [word.lstrip(b"\n") for word in words]
        steps = [step + len(word) - len(rest) for word, rest in zip(words, bare, strict=True)]
        return Stretch(b" ".join(bare) + b" ", len(words), steps)

    def _check_lengths(self, words: Sequence[bytes], read: int) -> None:
        for index, word in enumerate(words, read):
            if len(word) > LONGEST_WORD:
                raise self._broken(index, ended=False)

    def _broken(self, index: int, *, ended: bool) -> SourceError:
        place = f"word {index + 1:,} of the {self.count:,} that its first line promises"
        if ended:
            return SourceError(f"{self.name} is cut off at {place}; get the file again.")
        return SourceError(f"{self.name} is damaged: {place} has no end; get the file again.")
