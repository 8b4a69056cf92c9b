"""A model's token matrix as a space of words."""

from __future__ import annotations

import numpy as np

from engine.data import FloatArray, IntArray
from engine.progress import Progress
from engine.sources.pooling import Pooling
from engine.sources.token_matrix import TokenMatrix
from engine.sources.token_words import SpaceOfTokens, TokenWords, WholeTokens


class TokenSpace(SpaceOfTokens):
    """Words and the rows of their tokens in the token matrix.

    Parameters
    ----------
    words : TokenWords
    vocabulary_size : int
        Tokens of any kind.
    matrix : TokenMatrix
    pooling : Pooling
        For words of several tokens.
    """

    def __init__(self, words: TokenWords, vocabulary_size: int, matrix: TokenMatrix, pooling: Pooling) -> None:
        super().__init__(words)
        self.vocabulary_size = vocabulary_size
        self.dimensions = matrix.shape[1]
        self.several = pooling.several
        self._matrix, self._pooling = matrix, pooling
        if words.n_lacking:
            self.notes = (f"Added tokens that have no row in the token matrix and match nothing: {words.n_lacking:,}.",)

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        tokens = [self._words.tokens(index) for index in indices.tolist()]
        ids = np.array([token_id for one in tokens for token_id in one], np.int64)
        progress.step(f"reading {len(ids):,} rows of the token matrix")
        rows = self._matrix.rows(ids)
        if len(rows) == len(tokens):
            return rows
        ends = np.cumsum([len(one) for one in tokens])
        return np.stack([self._pooling.apply(part) for part in np.split(rows, ends[:-1])])

    def n_tokens(self, indices: IntArray) -> IntArray | None:
        if isinstance(self._words, WholeTokens):
            return None
        return np.array([len(self._words.tokens(index)) for index in indices.tolist()], np.int64)
