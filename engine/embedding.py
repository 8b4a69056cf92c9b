"""From shared words to stacked vectors, without the words that some space has no usable vector for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np

from engine.data import FloatArray, IntArray, MissingWords, is_usable, read_only
from engine.dimensions import read_vectors
from engine.errors import WordsError
from engine.missing import hint
from engine.progress import Progress
from engine.request import AnalysisRequest
from engine.sources import OpenSpace
from engine.words import SharedWords

MOST_WORDS = isqrt(np.iinfo(np.int32).max)  # whose n x n cells are counted in 32 bits; a matrix of them takes 9 GB
FEWEST_WORDS = 3  # two words are one pair, and one pair correlates with nothing


@dataclass(frozen=True, eq=False)
class Embedded:
    """The words under study and their vectors, one row a word.

    Parameters
    ----------
    words : tuple of n str
    indices : tuple of (n,) int64 arrays
        One per space: positions in its vocabulary.
    vectors : tuple of (n, d) floating arrays
        One per space, as stored.
    n_tokens : tuple of (n,) int64 arrays or None
        One per space: tokens that each vector is made of.
    missing : tuple of MissingWords
    """

    words: tuple[str, ...]
    indices: tuple[IntArray, ...]
    vectors: tuple[FloatArray, ...]
    n_tokens: tuple[IntArray | None, ...]
    missing: tuple[MissingWords, ...]


def embed(request: AnalysisRequest, opened: Sequence[OpenSpace], shared: SharedWords, progress: Progress) -> Embedded:
    """The shared words' vectors, without the words that some space has no usable vector for."""
    if len(shared.words) > MOST_WORDS:
        raise WordsError(
            f"{len(shared.words):,} words are more than the {MOST_WORDS:,} that can be compared at once; choose fewer.",
            "words",
        )
    vectors = read_vectors(opened, shared.indices, progress)
    missing = list(shared.missing)
    usable = np.ones(len(shared.words), bool)
    for space, rows in zip(request.spaces, vectors, strict=True):
        finite, zero = np.isfinite(rows).all(axis=1), ~rows.any(axis=1)
        for reason, bad in {
            "the vector has values that are not numbers": ~finite,
            "the vector is all zeros": zero,
            "the vector's values are too large or too small": finite & ~zero & ~is_usable(rows),
        }.items():
            if bad.any():
                words = tuple(shared.words[k] for k in np.flatnonzero(bad))
                missing.append(MissingWords(space.full_name, reason, words, len(words)))
                usable &= ~bad
    _check_enough(int(usable.sum()), missing, missing[len(shared.missing) :])
    indices = tuple(read_only(indices[usable]) for indices in shared.indices)
    n_tokens = tuple(one.n_tokens(kept) for one, kept in zip(opened, indices, strict=True))
    return Embedded(
        tuple(word for word, keep in zip(shared.words, usable, strict=True) if keep),
        tuple(_entries(kept, n) for kept, n in zip(indices, n_tokens, strict=True)),
        tuple(read_only(rows[usable]) for rows in vectors),
        n_tokens,
        tuple(missing),
    )


def _entries(indices: IntArray, n_tokens: IntArray | None) -> IntArray:
    """The indices, but -1 for words of several tokens, which are no entry of the vocabulary."""
    return indices if n_tokens is None else read_only(np.where(n_tokens > 1, -1, indices))


def _check_enough(n_words: int, missing: Sequence[MissingWords], unusable: Sequence[MissingWords]) -> None:
    if n_words < FEWEST_WORDS:
        why = "".join(
            f" In {one.space!r} {one.reason}, for {one.count:,} word{'s' * (one.count != 1)}." for one in unusable
        )
        raise WordsError(
            f"The spaces share {n_words} usable word{'s' * (n_words != 1)} of those asked for; an analysis needs at "
            f"least {FEWEST_WORDS}. Ask for more words or choose other spaces.{why}{hint(missing)}",
            "words",
        )
