"""A file of vectors as an open space: read from front to back for its words, in places for single vectors."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from engine.data import FloatArray, IntArray
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import OpenSpace, unreadable

CHUNK = 1 << 19  # bytes read at once: the first words of a file of any size are there within milliseconds
LONGEST_WORD = 10_000  # bytes; what runs on longer is no word but damage
WORDS_PER_REPORT = 20_000
ROWS_PER_REPORT = 2_000


@dataclass(frozen=True)
class VectorFile(ABC):
    """A format's knowledge of one file: where words and values are.

    Parameters
    ----------
    path : Path
        Where the bytes are.
    name : str
        What the user calls it.
    start : int
        Position of the first word.
    count : int
        Words.
    dimensions : int
        Values of a vector.
    """

    path: Path
    name: str
    start: int
    count: int
    dimensions: int

    @abstractmethod
    def scan(self, file: IO[bytes]) -> Iterator[tuple[list[bytes], list[int]]]:
        """Words as stored, and the positions of their values, one stretch of the file at a time.

        Raises
        ------
        SourceError
            Where the file ends early or is malformed.
        """

    @abstractmethod
    def read_row(self, file: IO[bytes], index: int, row: FloatArray) -> None:
        """Nothing; fills `row` with the values of word `index`, at which `file` stands."""


class VectorSpace(OpenSpace):
    """The words and vectors of a file; the file itself is never held in memory.

    Parameters
    ----------
    file : VectorFile
    """

    def __init__(self, file: VectorFile) -> None:
        self.vocabulary_size, self.dimensions = file.count, file.dimensions
        self._file = file
        self._offsets = array("q")  # where the values of the words seen so far begin
        self._lookup: dict[str, int] | None = None
        self._undecodable: set[int] = set()
        self._repeated: set[int] = set()
        with self._opened() as handle:
            self._signature = _signature(handle)

    @property
    def notes(self) -> tuple[str, ...]:  # type: ignore[override]
        """Facts about the words read so far."""
        facts = (
            (self._undecodable, "are not valid UTF-8 and match nothing"),
            (self._repeated, "repeat an earlier one and were passed over"),
        )
        return tuple(f"Words of {self._file.name} that {fact}: {len(which):,}." for which, fact in facts if which)

    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        if self._lookup is None:
            yield from self._read_words(progress)
        else:
            yield from ((index, word) for word, index in self._lookup.items())

    def lookup(self, progress: Progress) -> Mapping[str, int]:
        if self._lookup is None:
            for _ in self._read_words(progress):
                pass
        assert self._lookup is not None
        return self._lookup

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        if len(indices) and int(indices.max()) >= len(self._offsets):
            self.lookup(progress)
        offsets = np.frombuffer(self._offsets, np.int64)[indices] if len(indices) else indices
        rows = np.empty((len(indices), self.dimensions), np.float32)
        with self._opened() as file:
            self._check_unchanged(file)
            for done, k in enumerate(np.argsort(offsets)):  # in the file's order: disks like that
                if done % ROWS_PER_REPORT == 0:
                    progress.step(f"reading vectors of {self._file.name}, {done:,} of {len(rows):,}", done / len(rows))
                file.seek(int(offsets[k]))
                self._file.read_row(file, int(indices[k]), rows[k])
        return rows

    def _read_words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        """(index, word) from the file; complete, it leaves the lookup behind."""
        found: dict[str, int] = {}
        for first, stored in self._batches(progress):
            for index, raw in enumerate(stored, first):
                try:
                    word = raw.decode()
                except UnicodeDecodeError:
                    self._undecodable.add(index)
                    continue
                if found.setdefault(word, index) != index:
                    self._repeated.add(index)
                elif word:
                    yield index, word
        found.pop("", None)
        self._lookup = found

    def _batches(self, progress: Progress) -> Iterator[tuple[int, list[bytes]]]:
        """(first index, words as stored) of one stretch of the file after the other; remembers where values are."""
        reported = read = 0
        with self._opened() as file:
            self._check_unchanged(file)
            progress.step(f"reading words of {self._file.name}", 0.0)
            for words, offsets in self._file.scan(file):
                self._offsets.extend(offsets[max(0, len(self._offsets) - read) :])
                yield read, words
                read += len(words)
                if read - reported >= WORDS_PER_REPORT:
                    reported = read
                    of_all = f"{read:,} of {self._file.count:,}"
                    progress.step(f"reading words of {self._file.name}, {of_all}", read / self._file.count)

    def _opened(self) -> IO[bytes]:
        try:
            return self._file.path.open("rb")
        except OSError as error:
            raise unreadable(self._file.path, error) from None

    def _check_unchanged(self, file: IO[bytes]) -> None:
        if _signature(file) != self._signature:
            raise SourceError(f"{self._file.name} has changed since it was opened; run the analysis again.")


def _signature(file: IO[bytes]) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns
