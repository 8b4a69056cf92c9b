"""From shared words to stacked vectors, without the words that some space has no usable vector for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data import FloatArray, IntArray, MissingWords, read_only
from engine.errors import WordsError, concerning
from engine.progress import Progress
from engine.request import AnalysisRequest
from engine.sources import OpenSpace
from engine.words import SharedWords

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
    missing : tuple of MissingWords
    """

    words: tuple[str, ...]
    indices: tuple[IntArray, ...]
    vectors: tuple[FloatArray, ...]
    missing: tuple[MissingWords, ...]


def embed(request: AnalysisRequest, opened: Sequence[OpenSpace], shared: SharedWords, progress: Progress) -> Embedded:
    """The shared words' vectors, without the words that some space has no usable vector for."""
    vectors = []
    for i, one in enumerate(opened):
        with concerning(f"spaces[{i}]"):
            vectors.append(one.vectors(shared.indices[i], progress))
    missing = list(shared.missing)
    usable = np.ones(len(shared.words), bool)
    for space, rows in zip(request.spaces, vectors, strict=True):
        finite = np.isfinite(rows).all(axis=1)
        for reason, bad in {
            "the vector has values that are not numbers": ~finite,
            "the vector is all zeros": finite & ~rows.any(axis=1),
        }.items():
            if bad.any():
                words = tuple(shared.words[k] for k in np.flatnonzero(bad))
                missing.append(MissingWords(space.name, reason, words, len(words)))
                usable &= ~bad
    _check_enough(request, int(usable.sum()))
    return Embedded(
        tuple(word for word, keep in zip(shared.words, usable, strict=True) if keep),
        tuple(read_only(indices[usable]) for indices in shared.indices),
        tuple(read_only(rows[usable]) for rows in vectors),
        tuple(missing),
    )


def _check_enough(request: AnalysisRequest, n_words: int) -> None:
    if n_words < FEWEST_WORDS:
        raise WordsError(
            f"The spaces share {n_words} usable word{'s' * (n_words != 1)} of those asked for; an analysis needs at "
            f"least {FEWEST_WORDS}. Widen the word rule or choose other spaces.",
            "words",
        )
