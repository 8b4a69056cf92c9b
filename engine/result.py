"""What an analysis found: a frozen value that views, figures and reports read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from engine.categories import Categories, CategoryMeans
from engine.data import Comparison, EmbeddingSpace, MissingWords
from engine.difference import Difference
from engine.disagreement import Disagreement
from engine.ordering import Tree
from engine.pair_index import PairIndex, shown_range
from engine.request import AnalysisRequest
from engine.words import WordList

if TYPE_CHECKING:
    from engine.inference.findings import PairStatistics, Statistics


@dataclass(frozen=True, eq=False)
class AnalysisResult:
    """What an analysis found.

    Parameters
    ----------
    request : AnalysisRequest
        What was asked.
    words : tuple of str
        The n words under study in the order asked for, which is that of every matrix.
    spaces : tuple of EmbeddingSpace
        One per space of the request, in its order.
    comparisons : tuple of Comparison
        One per pair of spaces.
    missing : tuple of MissingWords
    notes : tuple of str
        Facts that are not failures.
    statistics : Statistics or None
        What `engine.statistics` inferred from it since; None: nothing yet.
    tree : Tree or None
        How the words join, where their order is that of clusters.
    difference : Difference or None
        The first space's matrix minus the second's, if asked for.
    categories : tuple of (str or None)
        One per word; empty if no word has any.
    category_means : tuple of CategoryMeans
        Of each space in turn, all categories together first; empty if no word has any.
    """

    request: AnalysisRequest
    words: tuple[str, ...]
    spaces: tuple[EmbeddingSpace, ...]
    comparisons: tuple[Comparison, ...]
    missing: tuple[MissingWords, ...] = ()
    notes: tuple[str, ...] = ()
    statistics: Statistics | None = None
    tree: Tree | None = None
    difference: Difference | None = None
    categories: Categories = ()
    category_means: tuple[CategoryMeans, ...] = ()

    @cached_property
    def rows(self) -> dict[str, int]:
        """Word -> its row in every matrix."""
        return {word: row for row, word in enumerate(self.words)}

    def names(self, pair: Comparison | Difference) -> tuple[str, str]:
        """The names of the two spaces that something is about."""
        return self.spaces[pair.first].name, self.spaces[pair.second].name

    @property
    def inferred(self) -> list[tuple[Comparison, PairStatistics]]:
        """Every comparison with what was inferred of it; empty before anything was."""
        return list(zip(self.comparisons, self.statistics.pairs, strict=True)) if self.statistics else []

    @cached_property
    def pair_index(self) -> PairIndex:
        """The pairs of the first two spaces, found by where they lie in a scatter."""
        across, up = (space.similarities for space in self.spaces[:2])
        ranges = (shown_range(matrix, self.request.similarity) for matrix in (across, up))
        return PairIndex(across, up, *ranges)

    @cached_property
    def disagreement(self) -> Disagreement:
        """Where the first two spaces differ, pair by pair and word by word."""
        first, second = (space.similarities for space in self.spaces[:2])
        return Disagreement(first, second)

    def with_statistics(self, statistics: Statistics) -> AnalysisResult:
        """The same result, of which more is known; what was worked out of it is not lost."""
        more = replace(self, statistics=statistics)
        vars(more).update(vars(self) | vars(more))
        return more

    def listed(self, words: Iterable[str]) -> WordList:
        """A list of words, perhaps of others too, in which those under study keep their categories."""
        categories = dict(zip(self.words, self.categories, strict=False))  # of no word, if no word has one
        chosen = tuple(words)
        named = ((word, categories.get(word)) for word in chosen)
        return WordList(chosen, tuple((word, name) for word, name in named if name is not None))

    @property
    def category_names(self) -> tuple[str, ...]:
        """The categories there are, in the same order in whatever order the words are."""
        return tuple(one.category for one in self.category_means if one.space == 0 and one.category is not None)
