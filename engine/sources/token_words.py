"""Which words a model's space has, and which tokens each of them is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from engine.child import Child
from engine.data import IntArray
from engine.progress import Progress
from engine.sources.base import OpenSpace
from engine.sources.pieces import cut
from engine.sources.tokens import Vocabulary

ONLY_SPACED = "a token with leading space only"  # why a word is missing
ONLY_BARE = "a token without leading space only"
SEVERAL = "not one token"
FEWEST_CUT, MOST_CUT = 64, 4096  # words cut into tokens at once


class TokenWords(ABC):
    """The words of a space made of tokens. `words`, `lookup` and `find` are as in `OpenSpace`.

    Attributes
    ----------
    n_lacking : int
        Words of the vocabulary that have no vector, because no row has their token's id.
    takes_any : bool
        Whether words that are no token are cut into several.
    """

    n_lacking: int
    takes_any: bool = False

    @abstractmethod
    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        """(index, word) of the words that are one token."""

    @abstractmethod
    def lookup(self, progress: Progress) -> Mapping[str, int]:
        """Word -> index, for the words of `words`."""

    @abstractmethod
    def find(self, words: Sequence[str], progress: Progress) -> IntArray:
        """(n,) the index of each word, -1 where there is none."""

    def why_missing(self, words: Sequence[str]) -> list[str]:
        """As in `OpenSpace`."""
        return [""] * len(words)

    @abstractmethod
    def word(self, index: int) -> str:
        """The word of an index; if several have the same tokens, the first that was asked for."""

    @abstractmethod
    def tokens(self, index: int) -> Sequence[int]:
        """The ids of an index's tokens, one or more."""


class SpaceOfTokens(OpenSpace):
    """A space whose words are made of tokens, wherever their vectors come from."""

    def __init__(self, words: TokenWords) -> None:
        self.takes_any_word = words.takes_any
        self._words = words

    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        return self._words.words(progress)

    def lookup(self, progress: Progress) -> Mapping[str, int]:
        return self._words.lookup(progress)

    def find(self, words: Sequence[str], progress: Progress) -> IntArray:
        return self._words.find(words, progress)

    def why_missing(self, words: Sequence[str]) -> list[str]:
        return self._words.why_missing(words)


class WholeTokens(TokenWords):
    """The words that are one token each. A word's index is the token's id.

    Parameters
    ----------
    vocabulary : Vocabulary
    token_form : str
        A key of `TOKEN_FORMS`.
    rows : int
        Ids from here on have no vector.
    """

    def __init__(self, vocabulary: Vocabulary, token_form: str, rows: int) -> None:
        words = vocabulary.words(token_form)
        self._indices = {word: token_id for word, token_id in words.items() if token_id < rows}
        self.n_lacking = len(words) - len(self._indices)
        self._vocabulary, self._form = vocabulary, token_form

    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        return ((index, word) for word, index in self._indices.items())

    def lookup(self, progress: Progress) -> Mapping[str, int]:
        return self._indices

    def find(self, words: Sequence[str], progress: Progress) -> IntArray:
        return np.fromiter((self._indices.get(word, -1) for word in words), np.int64, len(words))

    def why_missing(self, words: Sequence[str]) -> list[str]:
        texts = self._texts
        spaced = self._vocabulary.marks_spaces and self._form == "bare"
        bare = self._vocabulary.marks_spaces and self._form == "leading-space"
        return [
            ONLY_SPACED if spaced and f" {word}" in texts else ONLY_BARE if bare and word in texts else SEVERAL
            for word in words
        ]

    def word(self, index: int) -> str:
        return self._words[index]

    def tokens(self, index: int) -> Sequence[int]:
        return (index,)

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(self._vocabulary.texts.values())

    @cached_property
    def _words(self) -> dict[int, str]:
        return {index: word for word, index in self._indices.items()}


class Pieces(TokenWords):
    """Any word, cut into tokens by the model's tokenizer as it is after a space.

    A word of one token has that token's id for its index; words of several get numbers from `rows` on, in the order in
    which they are asked for.

    Parameters
    ----------
    folder : Path
        With the tokenizer's files.
    vocabulary : Vocabulary
        Of the same files; its whole-word tokens are the words that walking gives.
    rows : int
        Ids from here on have no vector.
    child : Child
        Where words are cut: loading a tokenizer would stall the window.
    """

    takes_any = True

    def __init__(self, folder: Path, vocabulary: Vocabulary, rows: int, child: Child) -> None:
        self._folder, self._rows, self._child = folder, rows, child
        self._walked = WholeTokens(vocabulary, "pieces", rows)
        self.n_lacking = self._walked.n_lacking
        self._several: dict[tuple[int, ...], int] = {}
        self._tokens: list[tuple[int, ...]] = []
        self._words: dict[int, str] = {}
        self._found: dict[str, int] = {}
        self._whole: dict[str, int] = {}

    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        whole = (word for _, word in self._walked.words(progress))
        size = FEWEST_CUT
        while batch := list(islice(whole, size)):
            indices = self.find(batch, progress).tolist()
            yield from ((index, word) for index, word in zip(indices, batch, strict=True) if index >= 0)
            size = min(2 * size, MOST_CUT)

    def lookup(self, progress: Progress) -> Mapping[str, int]:
        if not self._whole:
            self._whole = {word: index for index, word in self.words(progress)}
        return self._whole

    def find(self, words: Sequence[str], progress: Progress) -> IntArray:
        new = [word for word in dict.fromkeys(words) if word not in self._found]
        for start in range(0, len(new), MOST_CUT):
            batch = new[start : start + MOST_CUT]
            for word, tokens in zip(batch, self._child.call(cut, self._folder, batch, progress=progress), strict=True):
                self._found[word] = self._index(word, tuple(tokens))
        return np.fromiter((self._found[word] for word in words), np.int64, len(words))

    def word(self, index: int) -> str:
        return self._words[index]

    def tokens(self, index: int) -> Sequence[int]:
        return self._tokens[index - self._rows] if index >= self._rows else (index,)

    def _index(self, word: str, tokens: tuple[int, ...]) -> int:
        if not tokens or max(tokens) >= self._rows:
            return -1
        if len(tokens) == 1:
            index = tokens[0]
        else:
            index = self._several.setdefault(tokens, self._rows + len(self._several))
            if index == self._rows + len(self._tokens):
                self._tokens.append(tokens)
        self._words.setdefault(index, word)
        return index
