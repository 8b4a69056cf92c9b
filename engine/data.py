"""The nouns of an analysis. All frozen, all arrays read-only, so that they can cross threads without a lock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pyramid import pyramid

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.int64]
Cells = NDArray[np.int32]  # places in a flattened n x n matrix; of 46,340 words at most, whose matrix takes 9 GB

SMALLEST, LARGEST = 1e-18, 1e15  # a vector's largest value; beyond, squares and their sums leave single precision


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, which from now on refuses to be written to."""
    array.setflags(write=False)
    return array


def is_usable(vectors: FloatArray) -> NDArray[np.bool_]:
    """(n,) whether each of (n, d) vectors has numbers only, the largest of a size to compute with."""
    largest = np.abs(vectors).max(axis=1, initial=0).astype(np.float64)
    return np.asarray((largest >= SMALLEST) & (largest <= LARGEST))  # not so where there is a NaN


@dataclass(frozen=True, eq=False)
class SimilarityMatrix:
    """First-order similarities of n words in one space (the literature's RSM).

    Parameters
    ----------
    values : (n, n) floating array
        Symmetric; larger means more alike.
    """

    values: FloatArray

    def __post_init__(self) -> None:
        read_only(self.values)

    @cached_property
    def triangle(self) -> FloatArray:
        """(n(n-1)/2,) the similarities of all pairs: the strict upper triangle, row by row."""
        n = len(self.values)
        triangle = np.empty(n * (n - 1) // 2, self.values.dtype)
        start = 0
        for i in range(n - 1):  # row slices: np.triu_indices needs 40 times the time and 16 bytes a pair
            triangle[start : start + n - 1 - i] = self.values[i, i + 1 :]
            start += n - 1 - i
        return read_only(triangle)

    def forget_triangle(self) -> None:
        """Free the memory of `triangle`, which is made anew when it is asked for: 50 MB for 5,000 words."""
        self.__dict__.pop("triangle", None)

    @cached_property
    def extremes(self) -> tuple[float, float]:
        """The least and the greatest similarity of all pairs; not numbers where some are none."""
        return float(self.triangle.min()), float(self.triangle.max())

    @cached_property
    def sorted_pairs(self) -> FloatArray:
        """(n(n-1)/2,) the similarities of all pairs from least to most alike: ranks without looking at every pair."""
        return read_only(np.sort(self.triangle))

    @cached_property
    def spread(self) -> tuple[float, float]:
        """The 1st and 99th percentile of the pairs: a range that a few extreme pairs do not widen."""
        return self._quantile(0.01), self._quantile(0.99)

    @cached_property
    def pyramid(self) -> tuple[FloatArray, ...]:
        """Coarser copies for pictures in which a cell is smaller than a pixel, as `engine.pyramid` makes them.

        On their diagonals are the words' similarities to themselves, which must be seen however widely others vary.
        """
        low, high = self.spread
        levels = pyramid(self.values, outstanding=high - low)
        for k, level in enumerate(levels, 1):
            np.fill_diagonal(level, np.maximum.reduceat(self.values.diagonal(), range(0, len(self.values), 2**k)))
        return tuple(map(read_only, levels))

    def rank(self, i: int, j: int) -> int:
        """The place of pair (i, j) when all pairs are sorted from most to least alike; ties share the best place."""
        return 1 + len(self.sorted_pairs) - int(np.searchsorted(self.sorted_pairs, self.values[i, j], "right"))

    def percentile(self, i: int, j: int) -> float:
        """The percentage of pairs less alike than pair (i, j), and half of those just as alike, 0 to 100."""
        below, at_most = (
            int(np.searchsorted(self.sorted_pairs, self.values[i, j], side)) for side in ("left", "right")
        )
        return 50.0 * (below + at_most) / len(self.sorted_pairs)

    def _quantile(self, share: float) -> float:
        place = share * (len(self.sorted_pairs) - 1)
        return float(np.quantile(self.sorted_pairs[int(place) : int(place) + 2], place % 1))


@dataclass(frozen=True, eq=False)
class Compared:
    """What the measures see of one space.

    Parameters
    ----------
    similarities : SimilarityMatrix
        (n, n).
    vectors : (n, d) floating array
        The preprocessed vectors it was made of.
    """

    similarities: SimilarityMatrix
    vectors: FloatArray

    def __post_init__(self) -> None:
        read_only(self.vectors)


@dataclass(frozen=True)
class Anisotropy:
    """How unevenly a space is filled.

    Parameters
    ----------
    mean_similarity : float
        Mean of all pairs' similarities.
    strongest : float
        Share of the vectors' squared length, each vector taken as long as any other, that lies in the one dimension
        with the most of it; 1/d where all dimensions have as much.
    strongest_three : float
        The share of the three strongest dimensions.
    dimensions : int
    """

    mean_similarity: float
    strongest: float
    strongest_three: float
    dimensions: int


@dataclass(frozen=True, eq=False)
class EmbeddingSpace:
    """One space as it enters an analysis: the chosen words' vectors and their similarities.

    Parameters
    ----------
    name : str
        As the user calls it.
    description : str
        Where the vectors come from, with layer and token form: "gpt2, token matrix, tokens without leading space".
    vocabulary_size : int
        Words or tokens the whole space has.
    indices : (n,) int64 array
        Position of every word in the space's own vocabulary; -1 for a word of several tokens, which has none.
    vectors : (n, d) floating array
        The words' vectors as stored, before preprocessing.
    compared : Compared
        The preprocessed vectors and their (n, n) similarities.
    anisotropy : Anisotropy
        Of these.
    notes : tuple of str
        Facts about this space that the user should see.
    n_tokens : (n,) int64 array or None
        Tokens that each word's vector is made of; None where every word is one entry of the vocabulary.
    numbers : (d,) int64 array or None
        Which of the space's dimensions these are, if not all.
    """

    name: str
    description: str
    vocabulary_size: int
    indices: IntArray
    vectors: FloatArray
    compared: Compared
    anisotropy: Anisotropy
    notes: tuple[str, ...] = ()
    n_tokens: IntArray | None = None
    numbers: IntArray | None = None

    def __post_init__(self) -> None:
        read_only(self.indices)
        read_only(self.vectors)
        if self.n_tokens is not None:
            read_only(self.n_tokens)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.vectors.shape[1])

    @property
    def dimension_numbers(self) -> IntArray:
        """(d,) the number of each dimension in the space as it is stored, from 0."""
        return np.arange(self.dimensions) if self.numbers is None else self.numbers

    @property
    def similarities(self) -> SimilarityMatrix:
        """(n, n) of the preprocessed vectors."""
        return self.compared.similarities


@dataclass(frozen=True)
class Comparison:
    """The second-order measures of one pair of spaces.

    Parameters
    ----------
    first, second : int
        Positions of the two spaces in the result.
    n_words : int
        Words both matrices have.
    values : dict of str to float or None
        Measure name -> number; None where the measure is undefined on these matrices.
    """

    first: int
    second: int
    n_words: int
    values: dict[str, float | None]

    @property
    def n_pairs(self) -> int:
        """Number of word pairs, n(n-1)/2."""
        return self.n_words * (self.n_words - 1) // 2


@dataclass(frozen=True)
class Explanation:
    """Why a space lacks a word.

    Parameters
    ----------
    word : str
    why : str
        As a remark in brackets: "there as 'apple'".
    instead : str or None
        Another spelling that all spaces have.
    """

    word: str
    why: str
    instead: str | None = None


@dataclass(frozen=True)
class MissingWords:
    """Words that were considered and cannot take part, because of one space.

    Parameters
    ----------
    space : str
        Name of the space.
    reason : str
        Why, as the end of a sentence: "not in the vocabulary".
    words : tuple of str
        The words, or the first of them.
    count : int
        How many there are in all.
    explained : tuple of Explanation
        Of the words that there is more to say about.
    """

    space: str
    reason: str
    words: tuple[str, ...]
    count: int
    explained: tuple[Explanation, ...] = ()

    @cached_property
    def why(self) -> dict[str, str]:
        """Word -> why it is missing, of the words that there is more to say about."""
        return {one.word: one.why for one in self.explained}


@dataclass(frozen=True)
class PairReport:
    """What one space says about one pair of words.

    Parameters
    ----------
    similarity : float
    rank : int
        1 is the most similar of all pairs.
    percentile : float
        Percentage of pairs less alike, and half of those just as alike.
    n_pairs : int
    """

    similarity: float
    rank: int
    percentile: float
    n_pairs: int


def report_pair(similarities: SimilarityMatrix, i: int, j: int) -> PairReport:
    """The similarity of words i and j and its rank among all pairs; i and j differ."""
    return PairReport(
        float(similarities.values[i, j]),
        similarities.rank(i, j),
        similarities.percentile(i, j),
        len(similarities.triangle),
    )
