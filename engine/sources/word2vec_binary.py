"""word2vec's binary format: a line "N D", then N times a word, a space and D little-endian 32-bit floats.

Some writers put a newline after every vector, the published GoogleNews file has none; both are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, ClassVar

import numpy as np

from engine.data import FloatArray, IntArray
from engine.errors import SourceError
from engine.sources.index_builder import Stretch
from engine.sources.read_ahead import ReadAhead
from engine.sources.vector_space import LONGEST_WORD, VectorFile, read_floats

TOGETHER = 32  # records taken apart by one match: a third faster than one at a time


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
        # A space and a vector: what parts one word from the next. One match takes many records, splitting the last few.
        # Neither can go astray: where it stops, at the first space with too few bytes after it, all later ones have
        # fewer.
        vector = rb" .{%d}" % self._size
        record = rb"([^ ]{0,%d}+)" % LONGEST_WORD + vector
        match = re.compile(record * TOGETHER, re.DOTALL).match
        split = re.compile(vector, re.DOTALL).split
        longest = LONGEST_WORD + 1 + self._size
        file.seek(self.start)
        read, rest = 0, b""
        with ReadAhead(file, longest) as ahead:
            while read < self.count:
                data = ahead.after(rest)
                if len(data) == len(rest):
                    raise self._broken(read, ended=True)
                words, end = list[bytes](), 0
                while found := match(data, end):
                    words += found.groups()
                    end = found.end()
                *few, rest = split(data[end:])
                words += few
                del words[self.count - read :]
                if any(len(word) > LONGEST_WORD for word in words[-len(few) :]):  # no match has one
                    raise self._broken(read + [len(word) > LONGEST_WORD for word in words].index(True), ended=False)
                if words:
                    yield self._stretch(words)
                read += len(words)
                if len(rest) > longest and read < self.count:
                    raise self._broken(read, ended=False)

    def read_row(self, file: IO[bytes], index: int, row: FloatArray) -> None:
        data = file.read(self._size)
        if len(data) < self._size:
            raise self._broken(index, ended=True)
        row[:] = np.frombuffer(data, "<f4")

    def read_rows(self, file: IO[bytes], first: int, positions: IntArray) -> FloatArray:
        rows = read_floats(file, positions, self.dimensions)
        if len(rows) < len(positions):
            raise self._broken(first + len(rows), ended=True)
        return rows

    def _stretch(self, words: list[bytes]) -> Stretch:
        """The words, without the newlines that stand after the vectors before."""
        stored, step = b" ".join(words) + b" ", self._size + 1
        if b"\n" not in stored:
            return Stretch(stored, len(words), step)
        bare = [word.lstrip(b"\n") for word in words]
        stripped = [len(word) - len(rest) for word, rest in zip(words, bare, strict=True)]
        return Stretch(b" ".join(bare) + b" ", len(words), step + np.array(stripped))

    def _broken(self, index: int, *, ended: bool) -> SourceError:
        place = f"word {index + 1:,} of the {self.count:,} that its first line promises"
        if ended:
            return SourceError(f"{self.name} is cut off at {place}; get the file again.")
        return SourceError(f"{self.name} is damaged: {place} has no end; get the file again.")
