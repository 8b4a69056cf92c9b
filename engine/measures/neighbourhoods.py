"""Agreement of two similarity matrices about who the k nearest neighbours of each word are.

Ties break the same way always: of equally similar words, those that come first in the matrix are the neighbours.
"""

from __future__ import annotations

from math import exp, lgamma

import numpy as np
from numpy.typing import NDArray

from engine.data import FloatArray
from engine.errors import MeasureError
from engine.measures.distances import row_blocks
from engine.progress import SILENT, Progress


def overlap(s: FloatArray, t: FloatArray, k: int, progress: Progress = SILENT) -> float | None:
    """Mean share of a word's k nearest neighbours that both matrices agree on; None where one is constant."""
    shared = shared_neighbours(s, t, k, progress)
    return None if shared is None else float(shared.mean() / k)


def jaccard(s: FloatArray, t: FloatArray, k: int, progress: Progress = SILENT) -> float | None:
    """Mean of |N & M| / |N | M| over words, N and M their k nearest neighbours; None where a matrix is constant."""
    shared = shared_neighbours(s, t, k, progress)
    return None if shared is None else float((shared / (2 * k - shared)).mean())


def chance_overlap(n: int, k: int) -> float:
    """Expected overlap of unrelated matrices of n words."""
    return k / (n - 1)


def chance_jaccard(n: int, k: int) -> float:
    """Expected Jaccard of unrelated matrices of n words: of two draws of k of the n - 1 others, i of them shared."""
    shared = range(max(0, 2 * k - (n - 1)), k + 1)
    ways = [_log_choose(k, i) + _log_choose(n - 1 - k, k - i) - _log_choose(n - 1, k) for i in shared]
    return sum(exp(way) * i / (2 * k - i) for way, i in zip(ways, shared, strict=True))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def shared_neighbours(s: FloatArray, t: FloatArray, k: int, progress: Progress = SILENT) -> NDArray[np.int64] | None:
    """(n,) how many of the k nearest neighbours of each word are the same in two (n, n) similarity matrices.

    None where all words are equally similar in one of them: then nobody is nearest.

    Raises
    ------
    MeasureError
        If no word has k others.
    """
    n = len(s)
    if not 1 <= k < n:
        raise MeasureError(
            f"{k:,} nearest neighbours of a word are asked for, and each of the {n:,} words has {n - 1:,} others; "
            f"choose from 1 to {n - 1:,} neighbours, or more words.",
            "neighbours",
        )
    if _constant(s) or _constant(t):
        return None
    counts = np.empty(n, np.int64)
    for rows in row_blocks(n):
        progress.step(f"neighbours, {rows.start:,} of {n:,} words", rows.start / n)
        counts[rows] = np.count_nonzero(_nearest(s, rows, k) & _nearest(t, rows, k), axis=1)
    return counts


def _constant(similarities: FloatArray) -> bool:
    value = similarities[0, 1]
    return all(bool((row[i + 1 :] == value).all()) for i, row in enumerate(similarities))


def _nearest(similarities: FloatArray, rows: slice, k: int) -> NDArray[np.bool_]:
    """(rows, n) who is among the k nearest neighbours of each word."""
    block = similarities[rows].copy()
    block[np.arange(len(block)), np.arange(rows.start, rows.stop)] = -np.inf  # no word is its own neighbour
    last = np.partition(block, -k, axis=1)[:, -k, None]
    nearest: NDArray[np.bool_] = block >= last
    crowded = np.flatnonzero(np.count_nonzero(nearest, axis=1) > k)
    if len(crowded):
        tied = block[crowded] == last[crowded]
        room = k - np.count_nonzero(nearest[crowded] & ~tied, axis=1)
        nearest[crowded] &= ~tied | (np.cumsum(tied, axis=1) <= room[:, None])
    return nearest
