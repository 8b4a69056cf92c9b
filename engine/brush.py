"""Some of a result's pairs, picked together: a block of a heatmap, a part of the scatter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data import Cells, read_only

Rows = NDArray[np.int64]
Shares = NDArray[np.uint8]

ALL = 255  # of a block of cells
BLOCK = 256  # rows handled at once; even
SMALLEST = 64  # cells along a side; no picture is smaller
MANY = 64  # a brush of more than one in so many pairs is put together in a matrix of truth values, without sorting


@dataclass(frozen=True, eq=False)
class Brush:
    """Pairs picked together, and so the words they are made of.

    Parameters
    ----------
    words : tuple of str
        The n words of the result, in its order.
    cells : (m,) int32 array
        Where the pairs (i, j), i < j, stand in the flattened n x n matrix: i n + j; ascending, each once.
    """

    words: tuple[str, ...]
    cells: Cells

    def __post_init__(self) -> None:
        read_only(self.cells)

    @property
    def n_pairs(self) -> int:
        """How many pairs there are."""
        return len(self.cells)

    @property
    def pairs(self) -> tuple[Rows, Rows]:
        """(m,) rows and (m,) columns of the pairs; every row before its column."""
        first, second = np.divmod(self.cells.astype(np.int64), len(self.words))
        return first, second

    def by_row(self) -> Iterator[tuple[int, Rows]]:
        """Every row that has pairs, with the columns of its pairs, ascending: millions take no more room than a row."""
        n = len(self.words)
        ends = np.searchsorted(self.cells, np.arange(n + 1, dtype=np.int32) * np.int32(n))
        for row in np.flatnonzero(np.diff(ends)).tolist():
            yield row, self.cells[ends[row] : ends[row + 1]].astype(np.int64) - row * n

    @cached_property
    def rows(self) -> Rows:
        """The rows of the words that take part, ascending."""
        taking_part = np.zeros(len(self.words), bool)
        for row, columns in self.by_row():
            taking_part[row] = True
            taking_part[columns] = True
        return read_only(np.flatnonzero(taking_part))

    @property
    def brushed_words(self) -> tuple[str, ...]:
        """The words that take part, in the result's order."""
        return tuple(self.words[row] for row in self.rows)

    def moved_to(self, words: tuple[str, ...]) -> Brush | None:
        """The same pairs among other words or in another order; None where none is left."""
        if words == self.words:
            return self
        new_rows = {word: row for row, word in enumerate(words)}
        moves = np.array([new_rows.get(word, -1) for word in self.words], np.int64)
        if MANY * self.n_pairs < len(words) ** 2:
            return brush_pairs(words, *(moves[ends] for ends in self.pairs))
        brushed = np.zeros((len(words), len(words)), bool)
        for row, columns in self.by_row():
            if moves[row] >= 0:
                there = moves[columns]
                there = there[there >= 0]
                brushed[np.minimum(there, moves[row]), np.maximum(there, moves[row])] = True
        return brush_cells(words, _cells(brushed))

    def joined(self, other: Brush) -> Brush:
        """The pairs of this brush and of another one of the same words."""
        if MANY * (self.n_pairs + other.n_pairs) < len(self.words) ** 2:
            return Brush(self.words, np.union1d(self.cells, other.cells))
        brushed = np.zeros((len(self.words), len(self.words)), bool)
        for brush in (self, other):
            for row, columns in brush.by_row():
                brushed[row, columns] = True
        return Brush(self.words, _cells(brushed))

    @cached_property
    def shares(self) -> tuple[Shares, ...]:
        """How much is brushed of each cell of a heatmap, and of its blocks of 2 x 2, 4 x 4, ... cells: 0 to `ALL`.

        A block with any brushed cell has 1 at least.
        """
        levels = [self._mask()]
        share = _halved(levels[0]) if len(levels[0]) > SMALLEST else None
        while share is not None:
            levels.append(np.ceil(share).astype(np.uint8))
            share = _halved(share) if len(share) > SMALLEST else None
        return tuple(read_only(level) for level in levels)

    def _mask(self) -> Shares:
        """(n, n) `ALL` for the cells of a heatmap that are brushed, on both sides of the diagonal; 0 for the others.

        A word with itself is no pair; its cell counts where all cells beside it do, so that a block has no gap.
        """
        n = len(self.words)
        mask = np.zeros((n, n), np.uint8)
        for row, columns in self.by_row():  # at once, numpy would make 64-bit numbers of all cells
            mask[row, columns] = ALL
        for start in range(0, n, BLOCK):
            rows = slice(start, start + BLOCK)
            mask[rows] |= mask[:, rows].T
        beside = np.diagonal(mask, 1)
        np.fill_diagonal(mask, np.append(beside, beside[-1:]) & np.append(beside[:1], beside))
        return mask


def brush_cells(words: tuple[str, ...], cells: Cells) -> Brush | None:
    """The pairs that stand in these cells, ascending; None where there are none."""
    return Brush(words, cells) if len(cells) else None


def brush_pairs(words: tuple[str, ...], first: Rows, second: Rows) -> Brush | None:
    """The pairs of rows first[k] and second[k]; None where none is one.

    A word with itself is no pair, nor is one with a row below zero; what comes twice counts once.
    """
    low, high = np.minimum(first, second), np.maximum(first, second)
    cells = (low * len(words) + high)[(low >= 0) & (low < high)]
    return brush_cells(words, np.unique(cells).astype(np.int32))


def brush_block(words: tuple[str, ...], rows: Iterable[int], columns: Iterable[int]) -> Brush | None:
    """All pairs of a word of some rows with a word of some columns; None where there is none."""
    n = len(words)
    in_rows, in_columns = np.zeros(n, bool), np.zeros(n, bool)
    in_rows[np.fromiter(rows, np.int64)] = True
    in_columns[np.fromiter(columns, np.int64)] = True
    cells = [np.empty(0, np.int32)]
    for row in np.flatnonzero(in_rows | in_columns).tolist():
        partners = (in_rows & in_columns[row]) | (in_columns & in_rows[row])
        cells.append((np.flatnonzero(partners[row + 1 :]) + (row * n + row + 1)).astype(np.int32))
    return brush_cells(words, np.concatenate(cells))


def _cells(brushed: NDArray[np.bool_]) -> Cells:
    """Where an (n, n) matrix is true, ascending, as places in the flattened one."""
    n = len(brushed)
    return np.concatenate([(np.flatnonzero(row) + k * n).astype(np.int32) for k, row in enumerate(brushed)])


def _halved(cells: NDArray[Any]) -> NDArray[np.float32]:
    """The means of 2 x 2 cells; an odd last row or column counts twice."""
    n = -(-len(cells) // 2)
    halved = np.empty((n, n), np.float32)
    for start in range(0, len(cells), BLOCK):  # so that little more memory is needed than for what comes out
        block = cells[start : start + BLOCK].astype(np.float32)
        block = np.pad(block, ((0, len(block) % 2), (0, block.shape[1] % 2)), mode="edge")
        rows = block[0::2] + block[1::2]
        halved[start // 2 : start // 2 + len(rows)] = (rows[:, 0::2] + rows[:, 1::2]) * np.float32(0.25)
    return halved
