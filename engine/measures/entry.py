"""What an entry of the table of second-order measures is, and what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from engine.data import FloatArray
from engine.measures.invariances import in_words, range_in_words
from engine.progress import SILENT, Progress


@dataclass(frozen=True)
class Options:
    """What some measures let the user choose.

    Parameters
    ----------
    neighbours : int
        k, how many nearest neighbours of a word the k-NN measures look at.
    """

    neighbours: int = 10

    def among(self, n: int, of: int) -> Options:
        """For n words what these are for `of` words: as many neighbours as keep their share of all other words.

        All others of the n only if they were all others before: where nobody is left out, everybody agrees.
        """
        most = n - 1 - (self.neighbours < of - 1)
        return replace(self, neighbours=max(1, min(most, round(self.neighbours * (n - 1) / (of - 1)))))


class Compute(Protocol):
    """How an entry is called: two inputs of the kind it takes -> number, or None where it is undefined."""

    def __call__(
        self, first: FloatArray, second: FloatArray, options: Options, progress: Progress = SILENT, /
    ) -> float | None: ...


@dataclass(frozen=True)
class ComparisonMeasure:
    """One entry of the table.

    Parameters
    ----------
    name : str
        As written in session files.
    label : str
        As shown to the user: "Pearson r".
    symbol : str
        As shown where room is short: "r".
    takes : {"pairs", "matrices", "vectors"}
        Two (m,) triangles, two (n, n) similarity matrices, or two (n, d) arrays of vectors (d may differ).
    compute : callable
        Two inputs of that kind, options, progress -> number; None where it is undefined. Sums are float64.
    range : (low, high)
        Between which its values lie.
    invariances : frozenset of str
        Changes of either input that leave it as it is, by the names of `engine.measures.invariances`: those of
        similarities for "pairs" and "matrices", those of vectors for "vectors". What is not declared changes it.
    reference : str
        Where it is defined.
    description : str
        Formula and what to know about it.
    why_undefined : str
        When it has no value, as the end of a sentence.
    dissimilarity : bool
        Whether smaller means more alike.
    fewest_words : int
        With fewer it has no value.
    chance : callable, optional
        n, options -> the value to expect of unrelated matrices, where it depends on n and options alone and is not 0.
    """

    name: str
    label: str
    symbol: str
    takes: Literal["pairs", "matrices", "vectors"]
    compute: Compute
    range: tuple[float, float]
    invariances: frozenset[str]
    reference: str
    description: str
    why_undefined: str
    dissimilarity: bool = False
    fewest_words: int = 3
    chance: Callable[[int, Options], float] | None = None

    @property
    def tooltip(self) -> str:
        """All of it in a few sentences."""
        return f"{self.description} Range: {range_in_words(self.range)}. {in_words(self.invariances)} {self.reference}"
