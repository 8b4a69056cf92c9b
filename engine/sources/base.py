"""What a source of spaces promises.

A *source* is a frozen value that says where a space comes from (it travels in requests and session files). Opening it
gives an *open space*, which holds files and lookup tables and stays in the thread that opened it.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from engine.data import FloatArray, IntArray
from engine.errors import NotDownloaded, SourceError
from engine.progress import Progress, Steady

if TYPE_CHECKING:
    from engine.downloads import Download

BLOCK = 1 << 22  # bytes of vectors read at once, where all are gone through: they stay in the processor's cache


class OpenSpace(ABC):
    """A vocabulary in its own order, and the vectors of any of its words on request.

    Attributes
    ----------
    dimensions : int
        Length of a vector.
    vocabulary_size : int
        Entries of the vocabulary, usable as words or not.
    notes : tuple of str
        Facts about the file that the user should see (duplicate words, undecodable words).
    is_costly : bool
        Whether a vector takes more than reading it, so that nobody should ask for thousands unasked.
    takes_any_word : bool
        Whether a word that is no entry gets a vector all the same, made of its pieces.
    several : str
        What the vectors of words of several tokens are, as the end of a sentence, where there may be such words.
    """

    dimensions: int
    vocabulary_size: int
    notes: tuple[str, ...] = ()
    is_costly: bool = False
    takes_any_word: bool = False
    several: str = ""

    @property
    def whole(self) -> OpenSpace:
        """The space that this one is some dimensions of, which may be itself."""
        return self

    @abstractmethod
    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        """(index, word) of every usable entry, in the vocabulary's order; each word once, at its first index."""

    @abstractmethod
    def lookup(self, progress: Progress) -> Mapping[str, int]:
        """Word -> index, for the same entries as `words`. Computed once; the same mapping afterwards."""

    def find(self, words: Sequence[str], progress: Progress) -> IntArray:
        """(n,) the index of each word, -1 where the space lacks it: `lookup` for many words at once."""
        lookup = self.lookup(progress)
        return np.fromiter((lookup.get(word, -1) for word in words), np.int64, len(words))

    def why_missing(self, words: Sequence[str]) -> list[str]:
        """For words that the space lacks, what it knows of the reason: "only with leading space"; else empty."""
        return [""] * len(words)

    @abstractmethod
    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        """The (n, d) vectors of n vocabulary entries, as stored."""

    def blocks(self, progress: Progress) -> Iterator[tuple[IntArray, FloatArray]]:
        """(indices, vectors) of all entries of `lookup`, in ascending order, a few megabytes at a time."""
        indices = np.sort(np.fromiter(self.lookup(progress).values(), np.int64))
        step = rows_at_once(self.dimensions)
        for start in range(0, len(indices), step):
            steady = Steady(progress, f"reading vectors, {start:,} of {len(indices):,}", start / len(indices))
            steady.step("")
            yield indices[start : start + step], self.vectors(indices[start : start + step], steady)

    def words_at(self, indices: IntArray, progress: Progress) -> list[str]:
        """The words of n entries of `lookup`."""
        wanted = set(indices.tolist())
        words = {index: word for word, index in self.lookup(progress).items() if index in wanted}
        return [words[index] for index in indices.tolist()]

    def n_tokens(self, indices: IntArray) -> IntArray | None:
        """(n,) tokens that each vector is made of, once `vectors` has given it; None where every word is one entry."""
        return None


def rows_at_once(dimensions: int) -> int:
    """How many vectors make a block."""
    return max(1, BLOCK // (4 * dimensions))


class Source(ABC):
    """Where a space comes from. Concrete sources are frozen dataclasses whose fields are the session file's keys."""

    kind: ClassVar[str]

    def check(self) -> None:
        """Nothing, if every field has a possible value; reads no file.

        Raises
        ------
        SourceError
            Whose `concerns` is the field's name and whose message lists the values there are.
        """
        return

    @abstractmethod
    def open(self, progress: Progress) -> OpenSpace:
        """Open the space.

        Raises
        ------
        SourceError
            If it cannot be read; the message names the file and the way out.
        """

    def plan_download(self, progress: Progress) -> Download | None:
        """What must be fetched before the space can be opened; None if nothing.

        May ask the network, which `open` never does: only call it when the user asked for a download.

        Raises
        ------
        SourceError
            If it cannot be had, or the network does not answer.
        """
        return None

    @property
    @abstractmethod
    def description(self) -> str:
        """What the user should read of it: file or model, layer, token form."""

    @property
    def place(self) -> str:
        """The path or id by which one tells it from others of the same description."""
        return self.description

    @property
    def stamp(self) -> Hashable:
        """A value that changes when what is behind the source does (a file's size and time)."""
        return None

    def resolved(self, folder: Path) -> Self:
        """The source with relative paths taken from `folder`."""
        return self

    def relative_to(self, folder: Path) -> Self:
        """The source with paths below `folder` written relative to it."""
        return self


@dataclass(frozen=True)
class FileSource(Source):
    """A source that is one file.

    Parameters
    ----------
    path : Path
    """

    path: Path

    @property
    def description(self) -> str:
        return self.path.name

    @property
    def place(self) -> str:
        return str(self.path)

    @property
    def stamp(self) -> Hashable:
        return file_stamp(self.path)

    def resolved(self, folder: Path) -> Self:
        return replace(self, path=folder / os.path.expanduser(self.path))

    def relative_to(self, folder: Path) -> Self:
        return replace(self, path=self.path.relative_to(folder)) if self.path.is_relative_to(folder) else self


def file_stamp(path: Path) -> tuple[int, int] | None:
    """(size, modification time in ns) of a file; None if there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # a name may be impossible
        return None
    return status.st_size, status.st_mtime_ns


def not_downloaded(model: str, lacking: str = "") -> NotDownloaded:
    """The error for a model that is not on this computer, or lacks something there."""
    state = f"lacks {lacking} on this computer" if lacking else "is not on this computer yet"
    return NotDownloaded(
        f"The model {model} {state}; get it with Download, or without a window by "
        "`rsascope run SESSION.json --download --out DIR`.",
        model,
    )


def unreadable(path: Path, error: OSError | ValueError) -> SourceError:
    """The error for a file the system would not let us read."""
    if isinstance(error, FileNotFoundError):
        return SourceError(f"There is no file {path}; choose where it is now.")
    if os.path.isdir(path):  # unlike Path.is_dir, this never raises
        return SourceError(f"{path} is a folder; choose the file of vectors in it.")
    if isinstance(error, PermissionError):
        return SourceError(f"{path} may not be read; change its permissions or choose another file.")
    reason = getattr(error, "strerror", None) or error
    return SourceError(f"{path} cannot be read ({reason}); choose another file.")
