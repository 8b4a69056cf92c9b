"""A file of vectors as an open space: read from front to back for its words, in places for single vectors."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import IO, ClassVar

import numpy as np

from engine.data import FloatArray, IntArray
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import OpenSpace, rows_at_once, unreadable
from engine.sources.index_builder import IndexBuilder, Stretch
from engine.sources.saved_index import SavedIndex
from engine.sources.word_index import WordIndex

LONGEST_WORD = 10_000  # bytes; what runs on longer is no word but damage
FIRST_WORDS = 100_000  # walked without an index: most analyses find their words among them
WORTH_SAVING = 1 << 24  # bytes of a file; smaller ones are read through as fast as their index would be
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

    separator: ClassVar[bytes]  # a byte that no word contains

    @property
    @abstractmethod
    def origin(self) -> int:
        """The position that the steps of `scan` count from."""

    @abstractmethod
    def scan(self, file: IO[bytes]) -> Iterator[Stretch]:
        """The words from first to last; the first step counts from `origin`.

        Raises
        ------
        SourceError
            Where the file ends early or is malformed.
        """

    @abstractmethod
    def read_row(self, file: IO[bytes], index: int, row: FloatArray) -> None:
        """Nothing; fills `row` with the values of word `index`, at which `file` stands."""

    def read_rows(self, file: IO[bytes], first: int, positions: IntArray) -> FloatArray:
        """(n, d) the vectors of n words that follow each other.

        Parameters
        ----------
        first : int
            Index of the first word.
        positions : (n,) int64 array
            Where their vectors begin.
        """
        rows = np.empty((len(positions), self.dimensions), np.float32)
        for k, position in enumerate(positions.tolist()):
            file.seek(position)
            self.read_row(file, first + k, rows[k])
        return rows


class VectorSpace(OpenSpace):
    """The words and vectors of a file; the file itself is never held in memory.

    Parameters
    ----------
    file : VectorFile
    restore : callable, optional
        Brings the file back if it is a copy that was cleared away; where it is now.
    """

    def __init__(self, file: VectorFile, restore: Callable[[Progress], Path] | None = None) -> None:
        self.vocabulary_size, self.dimensions = file.count, file.dimensions
        self._file, self._restore = file, restore
        self._index: WordIndex | None = None
        self._offsets = array("q")  # where the vectors of the words begin that were seen before there was an index
        self._undecodable: set[int] = set()  # of the words seen
        self._repeated: set[int] = set()
        self._unsaved = False
        with _named(file), file.path.open("rb") as handle:
            self._signature = self._signed(handle)
        known = replace(file, path=Path(), name="")
        self._saved = SavedIndex(file.path, (self._signature[:2], type(file).__name__, known))

    @property
    def notes(self) -> tuple[str, ...]:  # type: ignore[override]
        """Facts about the words read so far."""
        undecodable = self._undecodable if self._index is None else self._index.undecodable
        repeated = self._repeated if self._index is None else self._index.repeated
        facts = (
            (undecodable, "are not valid UTF-8 and match nothing"),
            (repeated, "repeat an earlier one and were passed over"),
        )
        notes = [f"Words of {self._file.name} that {fact}: {len(which):,}." for which, fact in facts if len(which)]
        if self._unsaved:
            folder = self._saved.path.parent
            notes.append(
                f"The index of {self._file.name} could not be saved in {folder}, so it is made again each time."
            )
        return tuple(notes)

    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        read = 0 if self._index is not None else (yield from self._first_words(progress))
        yield from self._indexed(progress).entries(read)

    def lookup(self, progress: Progress) -> Mapping[str, int]:
        return self._indexed(progress)

    def find(self, words: Sequence[str], progress: Progress) -> IntArray:
        return self._indexed(progress).find(words)

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        offsets = self._positions(indices, progress)
        rows = np.empty((len(indices), self.dimensions), np.float32)
        with self._opened(progress) as file:
            for done, k in enumerate(np.argsort(offsets)):  # in the file's order: disks like that
                if done % ROWS_PER_REPORT == 0:
                    progress.step(f"reading vectors of {self._file.name}, {done:,} of {len(rows):,}", done / len(rows))
                file.seek(int(offsets[k]))
                self._file.read_row(file, int(indices[k]), rows[k])
        return rows

    def blocks(self, progress: Progress) -> Iterator[tuple[IntArray, FloatArray]]:
        index, count, step = self._indexed(progress), self.vocabulary_size, rows_at_once(self.dimensions)
        usable = np.ones(count, bool)
        for unusable in (index.undecodable, index.repeated, index.empty):
            usable[unusable] = False
        with self._opened(progress) as file:
            for start in range(0, count, step):
                progress.step(f"reading vectors of {self._file.name}, {start:,} of {count:,}", start / count)
                some = np.arange(start, min(start + step, count))
                rows, kept = self._file.read_rows(file, start, index.positions(some)), usable[some]
                yield (some, rows) if kept.all() else (some[kept], rows[kept])
            self._check_unchanged(file)

    def words_at(self, indices: IntArray, progress: Progress) -> list[str]:
        return self._indexed(progress).words_at(indices)

    def _positions(self, indices: IntArray, progress: Progress) -> IntArray:
        if self._index is None and (not len(indices) or int(indices.max()) < len(self._offsets)):
            return np.array(self._offsets, np.int64)[indices]
        return self._indexed(progress).positions(indices)

    def _first_words(self, progress: Progress) -> Generator[tuple[int, str], None, int]:
        """(index, word) from the beginning of the file, which needs no index; at the end, how many words were read."""
        read, position, seen = 0, self._file.origin, set[str]()
        with self._opened(progress) as file:
            progress.step(f"reading words of {self._file.name}", 0.0)
            for stretch in self._file.scan(file):
                steps = repeat(stretch.steps) if isinstance(stretch.steps, int) else stretch.steps.tolist()
                words = stretch.words.split(self._file.separator)  # after the last separator is nothing
                for index, raw, step in zip(range(read, read + stretch.count), words, steps, strict=False):
                    position += len(raw) + step
                    if index == len(self._offsets):
                        self._offsets.append(position)
                    if word := self._usable(index, raw, seen):
                        yield index, word
                read += stretch.count
                progress.step(*self._how_far(read))
                if read >= FIRST_WORDS:
                    break
        return read

    def _usable(self, index: int, raw: bytes, seen: set[str]) -> str:
        """The word, empty if it matches nothing."""
        try:
            word = raw.decode()
        except UnicodeDecodeError:
            self._undecodable.add(index)
            return ""
        if word in seen:
            self._repeated.add(index)
            return ""
        if word:
            seen.add(word)
        return word

    def _indexed(self, progress: Progress) -> WordIndex:
        """The index of the whole file: the one at hand, the saved one, or a new one."""
        if self._index is None:
            saved = self._read_saved()
            self._index = self._build(progress) if saved is None else saved
        return self._index

    def _read_saved(self) -> WordIndex | None:
        index = self._saved.read() if self._is_worth_saving else None
        return index if index is not None and self._fits(index) else None

    def _fits(self, index: WordIndex) -> bool:
        """Whether no vector would begin outside the file."""
        ends = np.array([0, self.vocabulary_size - 1])
        if not index.is_consistent or len(index.lengths) != self.vocabulary_size:
            return False
        first, last = index.positions(ends)
        return self._file.start <= int(first) <= int(last) < self._signature[0]

    def _build(self, progress: Progress) -> WordIndex:
        builder = IndexBuilder(self._file.separator, self._file.origin, self._file.count)
        read = 0
        with self._opened(progress) as file:
            progress.step(f"reading words of {self._file.name}", 0.0)
            for stretch in self._file.scan(file):
                builder.add(stretch)
                read += stretch.count
                progress.step(*self._how_far(read))
            self._check_unchanged(file)
        progress.step(f"sorting the words of {self._file.name}", 1.0)
        index = builder.finish()
        if self._is_worth_saving:
            report = partial(progress.step, f"saving the index of {self._file.name}")
            self._unsaved = not self._saved.save(index, report)
        return index

    @property
    def _is_worth_saving(self) -> bool:
        return self._signature[0] >= WORTH_SAVING

    def _how_far(self, read: int) -> tuple[str, float]:
        of_all = f"{read:,} of {self._file.count:,}"
        return f"reading words of {self._file.name}, {of_all}", read / self._file.count

    @contextmanager
    def _opened(self, progress: Progress) -> Iterator[IO[bytes]]:
        """The file, as long as it is the one that was opened first."""
        if self._restore and not self._file.path.exists() and self._restore(progress) != self._file.path:
            raise self._changed()
        with _named(self._file), self._file.path.open("rb") as file:
            self._check_unchanged(file)
            yield file

    def _check_unchanged(self, file: IO[bytes]) -> None:
        if self._signed(file) != self._signature:
            raise self._changed()

    def _signed(self, file: IO[bytes]) -> tuple[int, ...]:
        """What tells one state of the file from another: also from one of equal size whose time was set back.

        A copy that was brought back is another file of the same size and time. These two alone stand for a saved index
        as well, which neither copying the file nor changing its permissions makes wrong.
        """
        status = os.fstat(file.fileno())
        stamp = status.st_size, status.st_mtime_ns
        return stamp if self._restore else (*stamp, status.st_ino, status.st_ctime_ns)

    def _changed(self) -> SourceError:
        return SourceError(f"{self._file.name} has changed since it was opened; run the analysis again.")


def read_floats(file: IO[bytes], positions: IntArray, dimensions: int) -> FloatArray:
    """(n, d) vectors stored as 32-bit floats, read in one go with what is between them; fewer if the file ends."""
    size, offsets = 4 * dimensions, positions - positions[0]
    file.seek(int(positions[0]))
    data = file.read(int(offsets[-1]) + size)
    whole = offsets[: np.searchsorted(offsets, len(data) - size, "right")]
    if not len(whole):
        return np.empty((0, dimensions), np.float32)
    records = np.ndarray(len(data) - size + 1, f"V{size}", data, strides=(1,))  # what begins at each byte
    rows: FloatArray = records[whole].view("<f4").reshape(len(whole), dimensions)
    return rows


@contextmanager
def _named(file: VectorFile) -> Iterator[None]:
    """Says of what the system complains of which file it concerns, whether at its opening or while it is read."""
    try:
        yield
    except OSError as error:
        raise unreadable(file.path, error) from None
