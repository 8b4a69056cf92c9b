"""Makes the index of a file's words from the words in their order, thousands at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.data import IntArray
from engine.sources.word_index import BLOCK, INDEX_MASK, WordIndex, hash_words

PORTION = 1 << 19  # bytes of text taken in at once: they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Stretch:
    """Some words of a file that follow each other.

    Parameters
    ----------
    words : bytes
        The words as stored, with a separator after each.
    count : int
        How many they are; none is longer than 65,535 bytes.
    steps : int or (n,) int64 array
        Bytes from the beginning of the vector before to the beginning of each word's own, the word itself apart; one
        number if all are equal.
    """

    words: bytes
    count: int
    steps: int | IntArray


class IndexBuilder:
    """Makes a `WordIndex` from the words of a file in their order.

    Parameters
    ----------
    separator : bytes
        A byte that no word contains.
    origin : int
        As in `WordIndex`.
    count : int
        How many words there will be.
    """

    def __init__(self, separator: bytes, origin: int, count: int) -> None:
        self._separator, self._origin = separator, origin
        self._text, self._read = bytearray(), 0
        self._lengths, self._keys = np.empty(count, np.uint16), np.empty(count, np.uint64)
        self._pending: list[Stretch] = []
        self._pending_size = 0
        self._steps: list[tuple[int, int | NDArray[np.uint32]]] = []
        self._undecodable: list[int] = []

    def add(self, stretch: Stretch) -> None:
        """Nothing; takes the next words."""
        self._pending.append(stretch)
        self._pending_size += len(stretch.words)
        if self._pending_size >= PORTION:
            self._digest()

    def finish(self) -> WordIndex:
        """The index of all words that were added, which are one or more."""
        self._digest()
        self._keys.sort()
        index = WordIndex(
            np.frombuffer(self._text, np.uint8),
            self._separator,
            self._lengths,
            self._all_steps(),
            self._origin,
            self._keys,
            np.array(self._undecodable, np.int64),
            np.array([], np.int64),
            np.flatnonzero(self._lengths == 0),
        )
        return _without_unusable(index)

    def _digest(self) -> None:
        """Take in what is pending, in a few array operations for thousands of words."""
        if not self._pending:
            return
        text = b"".join(stretch.words for stretch in self._pending)
        ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord(self._separator))
        lengths = np.diff(ends, prepend=-1) - 1
        first, last = self._read, self._read + len(lengths)
        self._lengths[first:last] = lengths
        keys = hash_words(text, lengths, gap=1)
        np.bitwise_or(keys, np.arange(first, last, dtype=np.uint64), out=self._keys[first:last])
        if not _decodes(text):
            words = enumerate(text.split(self._separator), first)
            self._undecodable += [index for index, word in words if not _decodes(word)]
        self._text += text
        self._read = last
        for stretch in self._pending:
            steps = stretch.steps if isinstance(stretch.steps, int) else stretch.steps.astype(np.uint32)
            self._steps.append((stretch.count, steps))
        self._pending.clear()
        self._pending_size = 0

    def _all_steps(self) -> NDArray[np.uint32]:
        first = self._steps[0][1]
        if all(isinstance(steps, int) and steps == first for _, steps in self._steps):
            return np.array([first], np.uint32)
        return np.concatenate([np.broadcast_to(np.asarray(steps, np.uint32), n) for n, steps in self._steps])


def _without_unusable(index: WordIndex) -> WordIndex:
    """The index whose keys are those of usable words alone."""
    repeated = _repeated(index)
    unusable = np.concatenate([index.undecodable, repeated, index.empty])
    if not len(unusable):
        return index
    usable = ~np.isin(index.hashed & INDEX_MASK, unusable.astype(np.uint64))
    return replace(index, hashed=index.hashed[usable], repeated=repeated)


def _repeated(index: WordIndex) -> IntArray:
    """Indices of words that an earlier one equals; only words of one hash need a look."""
    twins = _twins(index.hashed)
    candidates = (index.hashed[np.union1d(twins, twins + 1)] & INDEX_MASK).astype(np.int64)
    candidates = np.sort(candidates[~np.isin(candidates, np.concatenate([index.undecodable, index.empty]))])
    seen: set[bytes] = set()
    repeated = []
    for k, raw in zip(candidates.tolist(), index.stored(candidates), strict=True):
        if raw in seen:
            repeated.append(k)
        seen.add(raw)
    return np.array(repeated, np.int64)


def _twins(keys: NDArray[np.uint64]) -> IntArray:
    """Places in the sorted keys whose next one has the same hash; in blocks, which need no memory of that size."""
    blocks = (keys[k : k + BLOCK + 1] for k in range(0, len(keys), BLOCK))
    found = [np.flatnonzero((some[1:] ^ some[:-1]) <= INDEX_MASK) + n * BLOCK for n, some in enumerate(blocks)]
    return np.concatenate(found)


def _decodes(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
