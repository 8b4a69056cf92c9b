"""Vectors as text: word2vec and fastText (a first line "N D"), GloVe (none); a line is a word and D numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import IO, ClassVar

import numpy as np

from engine.data import FloatArray
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.index_builder import Stretch
from engine.sources.vector_space import LONGEST_WORD, VectorFile

CHUNK = 1 << 19  # bytes read at once: the first words of a file of any size are there within milliseconds
LONGEST_NUMBER = 64  # bytes; with the longest word this bounds a line
# What is a value although it stands where a word may have spaces; a plain number can be the end of a word: "route 66".
VALUE = re.compile(rb"[+-]?(\d+\.\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|\d+e[+-]?\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class TextFile(VectorFile):
    """A file of vectors as text.

    Parameters
    ----------
    has_header : bool
        Whether the first line is "N D".
    """

    has_header: bool

    separator: ClassVar[bytes] = b"\n"

    @property
    def origin(self) -> int:
        return self.start

    def scan(self, file: IO[bytes]) -> Iterator[Stretch]:
        rest, read, step = b"", 0, 0  # the step: what a line has after its word, up to the next line
        longest = LONGEST_WORD + LONGEST_NUMBER * self.dimensions
        file.seek(self.start)
        while read < self.count:
            more = file.read(CHUNK)
            if more:
                *lines, rest = (rest + more).split(b"\n")
            elif rest.strip():
                lines, rest = [rest], b""
            else:
                raise self._cut_off(read)
            if len(rest) > longest:
                raise self._endless(read + len(lines))
            words, steps = [], []
            for index, line in enumerate(lines[: self.count - read], read):
                words.append(self._word(line, index))
                if len(words[-1]) > LONGEST_WORD or len(line) > longest:
                    raise self._endless(index)
                steps.append(step)
                step = len(line) + 1 - len(words[-1])
            if words:
                yield Stretch(b"\n".join(words) + b"\n", len(words), np.array(steps))
            read += len(words)

    def read_row(self, file: IO[bytes], index: int, row: FloatArray) -> None:
        fields = file.readline(LONGEST_WORD + LONGEST_NUMBER * self.dimensions).split()
        if len(fields) != self.dimensions:
            raise self._wrong_number(index, len(fields))
        try:
            with np.errstate(over="ignore"):  # beyond 32 bits is infinity, which the analysis reports
                row[:] = [float(field) for field in fields]
        except ValueError:
            odd = next(field for field in fields if not is_number(field)).decode(errors="replace")[:40]
            raise SourceError(f"{self._line(index)} has {odd!r} where a number belongs; mend or remove it.") from None

    def _word(self, line: bytes, index: int) -> bytes:
        """The word of a line: what stands before its last D fields, spaces included."""
        line = line.rstrip()
        if line.count(b" ") == self.dimensions:  # the usual line; splitting it would make D objects
            return line[: line.find(b" ")]
        fields = line.rsplit(None, self.dimensions)
        if len(fields) == self.dimensions and line[:1].isspace():
            return b""
        if len(fields) <= self.dimensions or any(map(VALUE.fullmatch, fields[0].split()[1:][-1:])):
            raise self._wrong_number(index, trailing_numbers(line))
        return fields[0]

    def _endless(self, index: int) -> SourceError:
        return SourceError(f"{self._line(index)} has no end; the file is damaged, get it again.")

    def _line(self, index: int) -> str:
        return f"Line {index + 1 + self.has_header:,} of {self.name}"

    def _wrong_number(self, index: int, number: int) -> SourceError:
        return SourceError(
            f"{self._line(index)} has {number:,} values, not {self.dimensions:,} "
            "as the file's first line says; mend or remove it."
        )

    def _cut_off(self, read: int) -> SourceError:
        return SourceError(
            f"{self.name} is cut off: its first line promises {self.count:,} words and it has {read:,}; get it again."
        )


def is_number(field: bytes) -> bool:
    """Whether a field reads as a number."""
    try:
        float(field)
    except ValueError:
        return False
    return True


def trailing_numbers(line: bytes) -> int:
    """How many fields at the end of a line are numbers, its first field apart."""
    return sum(1 for _ in takewhile(is_number, reversed(line.split()[1:])))


def count_lines(path: Path, name: str, progress: Progress) -> int:
    """Lines of a file, blank ones at its end apart."""
    lines = blank = 0  # line ends; those of them that only white space has followed
    size = path.stat().st_size
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            progress.step(f"counting the words of {name}", file.tell() / size)
            lines += data.count(b"\n")
            content = data.rstrip()
            blank = data.count(b"\n", len(content)) if content else blank + data.count(b"\n")
    return lines - blank + 1
