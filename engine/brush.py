"""Some of a result's pairs, picked together: a block of a heatmap, a part of the scatter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.data import read_only

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Brush:
    """Pairs picked together, and so the words they are made of.

    Parameters
    ----------
    words : tuple of str
        The n words of the result, in its order.
    cells : (m,) int64 array
        Where the pairs (i, j), i < j, stand in the flattened n x n matrix: i n + j; ascending, each once.
    """

    words: tuple[str, ...]
    cells: Rows

    def __post_init__(self) -> None:
        read_only(self.cells)

    @property
    def n_pairs(self) -> int:
        """How many pairs there are."""
        return len(self.cells)

    @property
    def pairs(self) -> tuple[Rows, Rows]:
        """(m,) rows and (m,) columns of the pairs; every row before its column."""
        first, second = np.divmod(self.cells, len(self.words))
        return first, second

    @cached_property
    def rows(self) -> Rows:
        """The rows of the words that take part, ascending."""
        taking_part = np.zeros(len(self.words), bool)
        for ends in self.pairs:
            taking_part[ends] = True
        return read_only(np.flatnonzero(taking_part))

    @property
    def brushed_words(self) -> tuple[str, ...]:
        """The words that take part, in the result's order."""
        return tuple(self.words[row] for row in self.rows)

    def moved_to(self, words: tuple[str, ...]) -> Brush | None:
        """The same pairs among other words or in another order; None where none is left."""
        new_rows = {word: row for row, word in enumerate(words)}
        moves = np.array([new_rows.get(word, -1) for word in self.words], np.int64)
        return brush_pairs(words, *(moves[ends] for ends in self.pairs))


def brush_pairs(words: tuple[str, ...], first: Rows, second: Rows) -> Brush | None:
    """The pairs of rows first[k] and second[k]; None where none is one.

    A word with itself is no pair, nor is one with a row below zero; what comes twice counts once.
    """
    low, high = np.minimum(first, second), np.maximum(first, second)
    cells = np.unique((low * len(words) + high)[(low >= 0) & (low < high)])
    return Brush(words, cells) if len(cells) else None


def brush_block(words: tuple[str, ...], rows: Iterable[int], columns: Iterable[int]) -> Brush | None:
    """All pairs of a word of some rows with a word of some columns; None where there is none."""
    first, second = np.meshgrid(np.fromiter(rows, np.int64), np.fromiter(columns, np.int64), indexing="ij")
    return brush_pairs(words, first.ravel(), second.ravel())
