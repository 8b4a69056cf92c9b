"""The words of a file with millions of them, in a few arrays instead of a dict of objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.data import IntArray

BLOCK = 1 << 16  # words handled at once: their text stays in the processor's cache
RUN, FEW = 64, 200  # every how many words a place is kept; up to how many words are sought from there
HASH_BITS = np.uint64(32)  # a key is a word's hash, then its index
INDEX_MASK = np.uint64(0xFFFFFFFF)
MOST_WORDS = 1 << 32
PIECE = 16  # bytes hashed at once, as two numbers
PIECE_MASKS = np.frombuffer(b"".join((n * b"\xff").ljust(PIECE, b"\0") for n in range(PIECE + 1)), f"V{PIECE}")


@dataclass(frozen=True, eq=False)
class WordIndex(Mapping[str, int]):
    """Word -> index of every usable word, in the file's order; and where each word's vector begins.

    Parameters
    ----------
    text : (t,) uint8 array
        All words as stored, with one separator after each.
    separator : bytes
        A byte that no word contains.
    lengths : (n,) uint16 array
        Bytes of every word.
    steps : (n,) or (1,) uint32 array
        Bytes from the beginning of the vector before to a word's own vector, the word itself apart; one if all equal.
    origin : int
        The position in the file that the steps count from.
    hashed : (m,) uint64 array
        Hash << 32 | index of the usable words, sorted.
    undecodable, repeated, empty : int64 arrays
        Indices of words that are not UTF-8, repeat an earlier one, or are empty: they match nothing.
    """

    text: NDArray[np.uint8]
    separator: bytes
    lengths: NDArray[np.uint16]
    steps: NDArray[np.uint32]
    origin: int
    hashed: NDArray[np.uint64]
    undecodable: IntArray
    repeated: IntArray
    empty: IntArray

    def __len__(self) -> int:
        return len(self.hashed)

    def __iter__(self) -> Iterator[str]:
        return (word for _, word in self.entries())

    def __getitem__(self, word: str) -> int:
        index = int(self.find([word])[0])
        if index < 0:
            raise KeyError(word)
        return index

    def entries(self, first: int = 0) -> Iterator[tuple[int, str]]:
        """(index, word) of the usable words from index `first` on."""
        passed_over = {*self.undecodable.tolist(), *self.repeated.tolist(), *self.empty.tolist()}
        for start in range(first, len(self.lengths), BLOCK):
            stop = min(start + BLOCK, len(self.lengths))
            begin, end = self._begin(np.array([start, stop])).tolist()
            stored = self.text[begin:end].tobytes().split(self.separator)
            for index, raw in zip(range(start, stop), stored, strict=False):  # after the last separator is nothing
                if index not in passed_over:
                    yield index, raw.decode()

    def find(self, words: Sequence[str]) -> IntArray:
        """(n,) the index of each word, -1 where there is none."""
        wanted = [word.encode("utf-8", "surrogatepass") for word in words]
        hashes = hash_words(b"".join(wanted), np.fromiter(map(len, wanted), np.int64, len(wanted)))
        found = np.full(len(wanted), -1, np.int64)
        open_, places = np.arange(len(wanted)), self.hashed.searchsorted(hashes)
        while len(open_):  # once, but for different words of one hash
            open_ = open_[places[open_] < len(self.hashed)]
            keys = self.hashed[places[open_]]
            alike = (keys ^ hashes[open_]) < len(self.lengths)
            open_, indices = open_[alike], (keys[alike] & INDEX_MASK).astype(np.int64)
            same = np.fromiter(
                (raw == wanted[k] for raw, k in zip(self.stored(indices), open_.tolist(), strict=True)),
                bool,
                len(open_),
            )
            found[open_[same]] = indices[same]
            open_ = open_[~same]
            places[open_] += 1
        return found

    def words_at(self, indices: IntArray) -> list[str]:
        """The usable words of these indices."""
        return [raw.decode() for raw in self.stored(indices)]

    def stored(self, indices: IntArray) -> Iterator[bytes]:
        """The words of these indices as the file has them."""
        text = self.text.data
        for start, stop in zip(self._begin(indices).tolist(), self._begin(indices + 1).tolist(), strict=True):
            yield bytes(text[start : stop - 1])

    def positions(self, indices: IntArray) -> IntArray:
        """Where in the file the vectors of these words begin."""
        words_before = self._begin(indices + 1) - indices - 1  # one separator a word is no part of the words
        if len(self.steps) == 1:
            return np.asarray(self.origin + words_before + (indices + 1) * int(self.steps[0]), np.int64)
        return np.asarray(self.origin + words_before + self._steps_before[indices], np.int64)

    @property
    def is_consistent(self) -> bool:
        """Whether the parts agree with each other on how many words there are, and how long."""
        return int(self._marks[-1]) == len(self.text) and len(self.steps) in (1, len(self.lengths))

    def _begin(self, indices: IntArray) -> IntArray:
        """Where words begin in the text; at index n, where the text ends."""
        if len(indices) > FEW or "_starts" in self.__dict__:
            return self._starts[indices]
        runs = np.minimum(indices // RUN, len(self._marks) - 2)
        before = [self.lengths[run * RUN : index].sum(dtype=np.int64) for run, index in zip(runs, indices, strict=True)]
        return np.asarray(self._marks[runs] + np.array(before, np.int64) + indices - runs * RUN, np.int64)

    @cached_property
    def _marks(self) -> IntArray:
        """(n / RUN + 1,) where every RUN-th word begins in the text; at the end, where the text ends.

        A few words need no more, and it takes a third of the time of `_starts`.
        """
        n = len(self.lengths)
        runs = np.arange(0, n, RUN)
        ends = np.cumsum(np.add.reduceat(self.lengths, runs, dtype=np.int64)) + np.append(runs[1:], n)
        return np.concatenate([[0], ends])

    @cached_property
    def _starts(self) -> IntArray:
        """(n + 1,) where each word begins in the text; at the end, where the text ends."""
        starts = np.empty(len(self.lengths) + 1, np.int64)
        starts[0] = 0
        starts[1:] = self.lengths
        starts[1:] += 1
        return np.cumsum(starts, out=starts)  # in place: four times faster than converting while summing

    @cached_property
    def _steps_before(self) -> IntArray:
        return np.cumsum(self.steps, dtype=np.int64)


def hash_words(text: bytes, lengths: IntArray, gap: int = 0) -> NDArray[np.uint64]:
    """(n,) 32-bit hashes of the words that stand in `text` one after the other, `gap` bytes apart; each << 32.

    The same for the same bytes in every process and on every machine, unlike Python's own, so that it can be saved.
    """
    hashes = np.empty(len(lengths), np.uint64)
    starts = np.cumsum(lengths + gap) - lengths - gap
    padded = text + bytes(PIECE)
    pieces = np.ndarray(len(text) + 1, PIECE_MASKS.dtype, padded, strides=(1,))  # what begins at each byte
    for k in range(0, len(lengths), BLOCK):
        hashes[k : k + BLOCK] = _hash_block(pieces, starts[k : k + BLOCK], lengths[k : k + BLOCK])
    hashes <<= HASH_BITS
    return hashes


def _hash_block(pieces: NDArray[np.void], starts: IntArray, lengths: IntArray) -> NDArray[np.uint64]:
    """A piece of every word at a time, mixed as MurmurHash mixes; the longer the word, the more rounds."""
    hashes = lengths.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    longer: IntArray | slice = slice(None)
    while len(lengths):
        both = pieces[starts].view("<u8") & PIECE_MASKS[np.minimum(lengths, PIECE)].view("<u8")
        mixed = hashes[longer]
        for half in (both[0::2], both[1::2]):
            mixed = (mixed ^ half) * np.uint64(0xFF51AFD7ED558CCD)
            mixed ^= mixed >> HASH_BITS
        hashes[longer] = mixed
        rest = np.flatnonzero(lengths > PIECE)
        longer = rest if isinstance(longer, slice) else longer[rest]
        starts, lengths = starts[rest] + PIECE, lengths[rest] - PIECE
    return hashes
