"""Some dimensions of a space instead of all, so that a space can be compared with itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engine.data import FloatArray, IntArray, read_only
from engine.errors import SourceError, concerning
from engine.progress import Progress
from engine.sources.base import OpenSpace


@dataclass(frozen=True)
class Dimensions:
    """Which dimensions of a space's vectors are taken; they are counted from 0.

    Parameters
    ----------
    kind : str
        A key of `DIMENSIONS`.
    seed : int
        Of a random half; its other half has the same.
    first, last : int
        Of a range, both inclusive.
    """

    kind: str = "all"
    seed: int = 0
    first: int = 0
    last: int = 0

    @property
    def label(self) -> str:
        """What they are called: "even dimensions", "dimensions 0 to 99"; empty for all."""
        if self.kind == "range" and self.first == self.last:
            return f"dimension {self.first}"
        return DIMENSIONS[self.kind].label.format(self)

    def numbers(self, d: int, who: str = "The space") -> IntArray:
        """Which of `d` dimensions are taken, in rising order; `who` has them, for the message.

        Raises
        ------
        SourceError
            If there are none, or a range ends beyond the last.
        """
        numbers = DIMENSIONS[self.kind].numbers(self, d)
        if not len(numbers) or numbers[-1] >= d:
            there = f"{d:,} dimension{'s' * (d > 1)}, 0 to {d - 1:,}"
            raise SourceError(f"{who} has {there}, too few for {self.label}; choose others.", "dimensions")
        return read_only(numbers)


@dataclass(frozen=True)
class DimensionKind:
    """One way of taking dimensions.

    Parameters
    ----------
    name : str
    choice : str
        What a menu calls it.
    label : str
        What the dimensions are called, with the fields of `Dimensions` in braces.
    numbers : function of Dimensions and d to the numbers taken
    settings : tuple of str
        The fields of `Dimensions` that it needs.
    """

    name: str
    choice: str
    label: str
    numbers: Callable[[Dimensions, int], IntArray]
    settings: tuple[str, ...] = ()


def _shuffled(dimensions: Dimensions, d: int) -> IntArray:
    return np.random.default_rng(dimensions.seed).permutation(d)


DIMENSIONS: dict[str, DimensionKind] = {
    kind.name: kind
    for kind in (
        DimensionKind("all", "all dimensions", "", lambda _, d: np.arange(d)),
        DimensionKind("even", "even dimensions", "even dimensions", lambda _, d: np.arange(0, d, 2)),
        DimensionKind("odd", "odd dimensions", "odd dimensions", lambda _, d: np.arange(1, d, 2)),
        DimensionKind("first half", "first half", "first half", lambda _, d: np.arange(d // 2)),
        DimensionKind("second half", "second half", "second half", lambda _, d: np.arange(d // 2, d)),
        DimensionKind(
            "random half",
            "random half",
            "random half {0.seed}",
            lambda one, d: np.sort(_shuffled(one, d)[: d // 2]),
            ("seed",),
        ),
        DimensionKind(
            "other random half",
            "other random half",
            "other half {0.seed}",
            lambda one, d: np.sort(_shuffled(one, d)[d // 2 :]),
            ("seed",),
        ),
        DimensionKind(
            "range",
            "range",
            "dimensions {0.first} to {0.last}",
            lambda one, d: np.arange(one.first, min(one.last, d) + 1),  # one too many tells that the range is too long
            ("first", "last"),
        ),
    )
}
ALL_DIMENSIONS = Dimensions()


class Subspace(OpenSpace):
    """A space with some of its dimensions.

    Parameters
    ----------
    whole : OpenSpace
    numbers : (d,) int64 array
        Which dimensions, in rising order.
    """

    def __init__(self, whole: OpenSpace, numbers: IntArray) -> None:
        self.dimensions, self.vocabulary_size = len(numbers), whole.vocabulary_size
        self.is_costly, self.takes_any_word, self.several = whole.is_costly, whole.takes_any_word, whole.several
        self.numbers = numbers
        self._whole = whole

    @property
    def whole(self) -> OpenSpace:
        return self._whole

    @property
    def notes(self) -> tuple[str, ...]:  # type: ignore[override]
        """Those of the whole space, and which dimensions are taken."""
        first, last = ", ".join(map(str, self.numbers[:3])), self.numbers[-1]
        taken = f"{self.dimensions:,} of {self._whole.dimensions:,} dimensions: {first}, … {last}."
        return (*self._whole.notes, taken)

    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        return self._whole.words(progress)

    def lookup(self, progress: Progress) -> Mapping[str, int]:
        return self._whole.lookup(progress)

    def find(self, words: Sequence[str], progress: Progress) -> IntArray:
        return self._whole.find(words, progress)

    def why_missing(self, words: Sequence[str]) -> list[str]:
        return self._whole.why_missing(words)

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        return self._whole.vectors(indices, progress)[:, self.numbers]

    def blocks(self, progress: Progress) -> Iterator[tuple[IntArray, FloatArray]]:
        for indices, vectors in self._whole.blocks(progress):
            yield indices, vectors[:, self.numbers]

    def words_at(self, indices: IntArray, progress: Progress) -> list[str]:
        return self._whole.words_at(indices, progress)

    def n_tokens(self, indices: IntArray) -> IntArray | None:
        return self._whole.n_tokens(indices)


def taken(name: str, dimensions: Dimensions, whole: OpenSpace) -> OpenSpace:
    """The space, called so, with these of its dimensions.

    Raises
    ------
    SourceError
        If it has none of them.
    """
    return whole if dimensions == ALL_DIMENSIONS else Subspace(whole, dimensions.numbers(whole.dimensions, repr(name)))


def read_vectors(spaces: Sequence[OpenSpace], indices: Sequence[IntArray], progress: Progress) -> list[FloatArray]:
    """The (n, d) vectors of some words in every space; parts of one space are read together, once.

    Parameters
    ----------
    spaces : sequence of OpenSpace
    indices : sequence of (n,) int64 arrays
        One per space.
    """
    read: dict[int, tuple[IntArray, FloatArray]] = {}
    vectors = []
    for i, (space, rows) in enumerate(zip(spaces, indices, strict=True)):
        whole = id(space.whole)
        if whole not in read or not np.array_equal(read[whole][0], rows):
            with concerning(f"spaces[{i}]"):
                read[whole] = rows, space.whole.vectors(rows, progress)
        found = read[whole][1]
        vectors.append(found[:, space.numbers] if isinstance(space, Subspace) else found)
    return vectors


def notes_on_parts(names: Sequence[str], spaces: Sequence[OpenSpace]) -> list[str]:
    """What it means that two of the spaces are parts of one.

    Parameters
    ----------
    names : sequence of str
        One per space.
    spaces : sequence of OpenSpace
    """
    notes = []
    for (first, one), (second, other) in combinations(zip(names, spaces, strict=True), 2):
        if one.whole is not other.whole:
            continue
        common = len(np.intersect1d(_numbers(one), _numbers(other)))
        if common:
            notes.append(
                f"{first} and {second} have {common:,} dimension{'s' * (common > 1)} of one space in common and agree "
                "by construction."
            )
        else:
            notes.append(
                f"{first} and {second} are different dimensions of one space: their agreement is a reliability "
                "diagnostic of that space, not a ceiling for its agreement with others."
            )
    return notes


def _numbers(space: OpenSpace) -> IntArray:
    return space.numbers if isinstance(space, Subspace) else np.arange(space.dimensions)
