"""All words that the spaces share, more than are shown: what preprocessing is fitted on, and draws are taken of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.data import FloatArray, IntArray, is_usable, read_only
from engine.dimensions import read_vectors
from engine.progress import Progress
from engine.sources.base import OpenSpace
from engine.words import WordList, WordRule, find_shared_words

MOST_WORDS = 50_000  # 200 MB of word2vec and GPT-2; the first ones are the frequent ones
ANY_WORD = WordRule(min_length=1, max_length=1 << 30, limit=MOST_WORDS)


@dataclass(frozen=True, eq=False)
class Pool:
    """Words that all spaces share, in the first space's order, and their vectors.

    Parameters
    ----------
    words : tuple of N str
    indices : tuple of (N,) int64 arrays
        One per space.
    vectors : tuple of (N, d) floating arrays
        As stored, one array per space.
    description : str
        Which words these are: "all 10,765 words that the spaces share".
    """

    words: tuple[str, ...]
    indices: tuple[IntArray, ...]
    vectors: tuple[FloatArray, ...]
    description: str

    def __post_init__(self) -> None:
        for array in (*self.indices, *self.vectors):
            read_only(array)

    def only(self, keep: Sequence[bool]) -> Pool:
        """The pool without some of its words."""
        chosen = np.flatnonzero(keep)
        return Pool(
            tuple(self.words[k] for k in chosen),
            tuple(indices[chosen] for indices in self.indices),
            tuple(vectors[chosen] for vectors in self.vectors),
            f"{len(chosen):,} of {self.description}",
        )


def find_pool(spaces: Mapping[str, OpenSpace], progress: Progress, words: WordRule | WordList = ANY_WORD) -> Pool:
    """The words that all spaces have, of a rule the first `MOST_WORDS`; those without usable vectors apart.

    Parameters
    ----------
    spaces : mapping of name to OpenSpace
    words : WordRule or WordList, optional
        What they are taken of; a rule's own limit and draw do not matter.
    """
    if isinstance(words, WordRule):
        words = replace(words, limit=MOST_WORDS, pick="first")
    shared = find_shared_words(spaces, words, 0, progress)
    vectors = read_vectors(list(spaces.values()), shared.indices, progress)
    usable = np.all([is_usable(rows) for rows in vectors], axis=0)
    kept = int(usable.sum())
    complete = len(shared.words) < MOST_WORDS
    return Pool(
        tuple(word for word, keep in zip(shared.words, usable, strict=True) if keep),
        tuple(indices[usable] for indices in shared.indices),
        tuple(rows[usable] for rows in vectors),
        f"{'all' if complete else 'the first'} {kept:,} words that the spaces share",
    )
