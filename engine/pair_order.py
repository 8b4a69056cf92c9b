"""Pairs of words in an order that a table can show from either end: four bytes a pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.brush import Brush
from engine.data import FloatArray, IntArray, SimilarityMatrix, read_only
from engine.disagreement import Disagreement
from engine.measures.ranks import ascending
from engine.pair_positions import pair_at, pair_position, pair_positions
from engine.progress import Progress

WORD, OTHER_WORD, FIRST, SECOND = "word", "other word", "first", "second"  # sorted by; or a key of `DISAGREEMENTS`
BY_WORDS, BY_SPACE = (WORD, OTHER_WORD), (FIRST, SECOND)

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
    n, start, keys_of = len(wanted.words), 0, _row_keys(wanted)
    positions = np.empty(brush.n_pairs, np.int32)
    keys: Keys = np.empty(brush.n_pairs, _key_type(wanted))
    for row, columns in brush.by_row():
        part = slice(start, start + len(columns))
        positions[part] = pair_positions(row, columns, n)
        keys[part] = keys_of(row, columns)
        start += len(columns)
    return positions, keys


def _keys_of_all(wanted: PairList, progress: Progress) -> Keys:
    """(n(n-1)/2,) of every pair what it is sorted by."""
    if wanted.by in BY_SPACE:
        return _space(wanted).triangle
    if wanted.by not in BY_WORDS:
        return wanted.disagreement.of_all(wanted.by, progress)
    keys_of, n = _row_keys(wanted), len(wanted.words)
    keys = np.empty(n * (n - 1) // 2, np.uint32)
    start = 0
    for i in range(n - 1):
        keys[start : start + n - 1 - i] = keys_of(i, slice(i + 1, n))
        start += n - 1 - i
    return keys


def _row_keys(wanted: PairList) -> Callable[[int, IntArray | slice], FloatArray | IntArray]:
    """What the pairs of a row's word with those of some columns are sorted by."""
    if wanted.by in BY_WORDS:
        places, n = alphabetical_places(wanted.words), len(wanted.words)
        ahead, behind = (n, 1) if wanted.by == WORD else (1, n)  # n² fits 32 bits
        return lambda row, columns: places[row] * ahead + places[columns] * behind
    if wanted.by in BY_SPACE:
        values = _space(wanted).values
        return lambda row, columns: values[row, columns]
    differing = wanted.disagreement
    a, b = differing.first.values, differing.second.values
    return lambda row, columns: differing.of_pairs(wanted.by, a[row, columns], b[row, columns])


def _key_type(wanted: PairList) -> np.dtype[Any]:
    if wanted.by in BY_WORDS:
        return np.dtype(np.uint32)
    return _space(wanted).values.dtype if wanted.by in BY_SPACE else np.dtype(np.float32)  # as those of all pairs


def _space(wanted: PairList) -> SimilarityMatrix:
    return wanted.disagreement.first if wanted.by == FIRST else wanted.disagreement.second


def alphabetical_places(words: tuple[str, ...]) -> NDArray[np.int64]:
    """(n,) where each word stands from A to Z, whatever the case."""
    order = sorted(range(len(words)), key=lambda row: (words[row].casefold(), words[row]))
    places = np.empty(len(words), np.int64)
    places[order] = np.arange(len(words))
    return places
