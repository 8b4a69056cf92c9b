"""Pairs of words in an order that a table can show from either end: four bytes a pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.brush import Brush
from engine.data import FloatArray, IntArray, read_only
from engine.disagreement import Disagreement
from engine.measures.ranks import ascending
from engine.pair_positions import pair_at, pair_position, pair_positions
from engine.progress import Progress

WORD, OTHER_WORD, FIRST, SECOND = "word", "other word", "first", "second"  # sorted by; or a key of `DISAGREEMENTS`

Keys = FloatArray | NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class PairList:
    """Which pairs to list, and by what they are sorted.

    Parameters
    ----------
    words : tuple of str
        The n words of the result.
    disagreement : Disagreement
        Of its first two spaces.
    by : str
        `WORD`: alphabetically by the first, then the other word; `OTHER_WORD`: the other way round; `FIRST`, `SECOND`:
        by similarity in a space; or a key of `DISAGREEMENTS`.
    brush : Brush or None
        Of the same words: its pairs; None: all.
    """

    words: tuple[str, ...]
    disagreement: Disagreement
    by: str
    brush: Brush | None = None

    @property
    def n_pairs(self) -> int:
        """How many pairs are listed."""
        n = len(self.words)
        return self.brush.n_pairs if self.brush else n * (n - 1) // 2

    def is_same(self, other: PairList, whatever_by: bool = False) -> bool:
        """Whether these are the same pairs, and sorted by the same."""
        pairs = self.disagreement is other.disagreement and self.brush is other.brush
        return pairs and (whatever_by or self.by == other.by)


@dataclass(frozen=True, eq=False)
class PairOrder:
    """The pairs of a list from the least to the greatest; of equal ones the earlier in the matrix comes first.

    Parameters
    ----------
    listed : PairList
    positions : (k,) int32 array
        Where the pairs stand in `SimilarityMatrix.triangle`.
    """

    listed: PairList
    positions: NDArray[np.int32]

    def __post_init__(self) -> None:
        read_only(self.positions)

    def pair(self, place: int) -> tuple[int, int]:
        """The rows (i, j), i < j, of the words at a place of the order."""
        return pair_at(int(self.positions[place]), len(self.listed.words))

    def place(self, i: int, j: int) -> int | None:
        """Where in the order a pair is; None if it is not listed."""
        # Looking through 12.5 million takes 9 ms; an inverse would take another four bytes a pair.
        found = np.flatnonzero(self.positions == pair_position(i, j, len(self.listed.words)))
        return int(found[0]) if len(found) else None


def sort_pairs(wanted: PairList, progress: Progress) -> PairOrder:
    """The pairs of a list in its order.

    Raises
    ------
    Cancelled
    """
    progress.step(f"sorting {wanted.n_pairs:,} pairs")
    if wanted.brush is None:
        keys = _keys_of_all(wanted, progress)
        progress.step(f"sorting {wanted.n_pairs:,} pairs")
        return PairOrder(wanted, ascending(keys))
    positions, keys = _brushed(wanted, wanted.brush)
    return PairOrder(wanted, positions[ascending(keys)])


def _brushed(wanted: PairList, brush: Brush) -> tuple[NDArray[np.int32], Keys]:
    """(k,) where the pairs of a brush stand in the triangle, (k,) what they are sorted by: found in no more room."""
    n, start = len(wanted.words), 0
    positions = np.empty(brush.n_pairs, np.int32)
    keys: Keys = np.empty(brush.n_pairs, _key_type(wanted))
    places = alphabetical_places(wanted.words)
    for row, columns in brush.by_row():
        part = slice(start, start + len(columns))
        positions[part] = pair_positions(row, columns, n)
        keys[part] = _keys_of(wanted, row, columns, places)
        start += len(columns)
    return positions, keys


def _key_type(wanted: PairList) -> np.dtype[Any]:
    if wanted.by in (WORD, OTHER_WORD):
        return np.dtype(np.uint32)
    if wanted.by in (FIRST, SECOND):
        return (wanted.disagreement.first if wanted.by == FIRST else wanted.disagreement.second).values.dtype
    return np.dtype(np.float32)  # as those of all pairs, ties included


def _keys_of_all(wanted: PairList, progress: Progress) -> Keys:
    """(n(n-1)/2,) of every pair what it is sorted by."""
    if wanted.by in (FIRST, SECOND):
        return (wanted.disagreement.first if wanted.by == FIRST else wanted.disagreement.second).triangle
    if wanted.by not in (WORD, OTHER_WORD):
        return wanted.disagreement.of_all(wanted.by, progress)
    places, n = alphabetical_places(wanted.words), len(wanted.words)
    keys = np.empty(n * (n - 1) // 2, np.uint32)
    start = 0
    for i in range(n - 1):
        keys[start : start + n - 1 - i] = _word_keys(wanted, places[i], places[i + 1 :])
        start += n - 1 - i
    return keys


def _keys_of(wanted: PairList, row: int, columns: IntArray, places: IntArray) -> Keys:
    """(k,) the same of some pairs of one row."""
    if wanted.by in (WORD, OTHER_WORD):
        return _word_keys(wanted, places[row], places[columns])
    a: FloatArray = wanted.disagreement.first.values[row, columns]
    b: FloatArray = wanted.disagreement.second.values[row, columns]
    if wanted.by in (FIRST, SECOND):
        return a if wanted.by == FIRST else b
    return wanted.disagreement.of_pairs(wanted.by, a, b)


def _word_keys(wanted: PairList, first: np.int64, second: IntArray) -> NDArray[np.uint32]:
    major, minor = (first, second) if wanted.by == WORD else (second, first)
    keys: NDArray[np.uint32] = np.asarray(major * len(wanted.words) + minor).astype(np.uint32)  # n² fits 32 bits
    return keys


def alphabetical_places(words: tuple[str, ...]) -> NDArray[np.int64]:
    """(n,) where each word stands from A to Z, whatever the case."""
    order = sorted(range(len(words)), key=lambda row: (words[row].casefold(), words[row]))
    places = np.empty(len(words), np.int64)
    places[order] = np.arange(len(words))
    return places
