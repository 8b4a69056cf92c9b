"""A table of words and vectors as an open space."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from engine.data import FloatArray, IntArray
from engine.progress import Progress
from engine.sources.base import OpenSpace


class TableSpace(OpenSpace):
    """The rows of a table; of several with one word the first counts.

    Parameters
    ----------
    name : str
        What the user calls the table.
    words : iterable of str or None
        One for each row; None where it is not valid text.
    dimensions : int
    read : callable
        The vectors of these rows.
    """

    def __init__(
        self,
        name: str,
        words: Iterable[str | None],
        dimensions: int,
        read: Callable[[IntArray, Progress], FloatArray],
    ) -> None:
        self.dimensions = dimensions
        self._indices: dict[str, int] = {}
        self._read = read
        count = undecodable = repeated = 0
        for count, word in enumerate(words, 1):
            if word is None:
                undecodable += 1
            elif word and self._indices.setdefault(word, count - 1) != count - 1:
                repeated += 1
        self.vocabulary_size = count
        facts = (
            (undecodable, "are not valid UTF-8 and match nothing"),
            (repeated, "repeat an earlier one and were passed over"),
        )
        self.notes = tuple(f"Words of {name} that {fact}: {number:,}." for number, fact in facts if number)

    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        return ((index, word) for word, index in self._indices.items())

    def lookup(self, progress: Progress) -> Mapping[str, int]:
        return self._indices

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        return self._read(indices, progress)
