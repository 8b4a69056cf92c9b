"""What two words may have in common besides meaning, as n x n matrices: larger means less alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.data import FloatArray
from engine.progress import SILENT, Progress


def length_differences(words: Sequence[str]) -> FloatArray:
    """(n, n) how many characters one word has more than the other."""
    return _distances(np.array([len(word) for word in words]))


def rank_differences(ranks: Sequence[int]) -> FloatArray:
    """(n, n) by how much the logarithms of two words' frequency ranks differ; ranks count from 1.

    Frequency falls with rank as a power (Zipf), so equal differences of log rank are equal ratios of frequency.
    """
    return _distances(np.log(np.asarray(ranks, float)))


def edit_distances(words: Sequence[str], progress: Progress = SILENT) -> FloatArray:
    """(n, n) Levenshtein distances: the fewest characters to insert, delete or replace.

    One word against all others at once: the usual table of prefixes, each cell an array over the others.
    """
    n, longest = len(words), max(map(len, words))
    lengths = np.array([len(word) for word in words])
    letters = np.zeros((longest, n), np.uint32)  # 0 beyond the end: cells there are never read
    for i, word in enumerate(words):
        letters[: len(word), i] = [ord(character) for character in word]
    distances = np.empty((n, n), np.float32)
    start = np.repeat(np.arange(longest + 1, dtype=np.int16)[:, None], n, axis=1)  # from nothing to each prefix
    for i, word in enumerate(words):
        if i % 50 == 0:
            progress.step(f"edit distances, {i:,} of {n:,} words", i / n)
        row = start
        for character in word:
            replaced = row[:-1] + (letters != ord(character))
            row = np.minimum(row + 1, np.concatenate([row[:1] + 1, replaced]))  # all but insertions
            for j in range(1, longest + 1):
                np.minimum(row[j], row[j - 1] + 1, out=row[j])
        distances[i] = row[lengths, np.arange(n)]
    return distances


def _distances(values: FloatArray) -> FloatArray:
    distances: FloatArray = np.abs(values[:, None] - values[None, :]).astype(np.float32)
    return distances
