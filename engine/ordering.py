"""The order of the words: rows and columns of all matrices, and rows of every table.

A new order is one function and one entry of `ORDERS`; the panel and sessions find it there. An order changes no
number of an analysis, only where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.child import call_once
from engine.data import FloatArray, IntArray, SimilarityMatrix, read_only
from engine.progress import Progress

T = TypeVar("T")
S = TypeVar("S", bound=np.generic)

MOST_AT_ONCE = 300  # words clustered here in 0.04 s; scipy keeps Python to itself, so more are clustered elsewhere
MOST_OPTIMAL = 1000  # words; optimal leaf ordering takes 1.3 s for these, 17 s for twice as many


@dataclass(frozen=True, eq=False)
class Tree:
    """How the words of a clustered order join, from pairs of alike words up to all of them.

    Parameters
    ----------
    linkage : (n-1, 4) float64 array
        As scipy's: the two clusters joined, their distance, their number of words. Word k is row k of the result.
    space : int or None
        The space whose similarities they are; None: the mean of all spaces.
    """

    linkage: FloatArray
    space: int | None

    def __post_init__(self) -> None:
        read_only(self.linkage)

    @property
    def height(self) -> float:
        """The distance at which all words are one cluster."""
        return float(self.linkage[-1, 2])

    @property
    def shown(self) -> tuple[float, float]:
        """The distances, low and high, between which there is something to see: from just below the closest join."""
        lowest = float(self.linkage[0, 2])
        margin = 0.06 * (self.height - lowest) or 1.0
        return lowest - 2 * margin, self.height + margin / 2

    @cached_property
    def joins(self) -> FloatArray:
        """(n-1, 4, 2) the corners (distance, row) of each join's bracket, from one cluster to the other.

        A word is at distance 0 and in the middle of its row, row + 0.5; a cluster is halfway between its two parts.
        """
        n = len(self.linkage) + 1
        distance, row = np.zeros(2 * n - 1), np.arange(2 * n - 1) + 0.5
        joins = np.empty((n - 1, 4, 2))
        for k, (first, second, height, _) in enumerate(self.linkage.tolist()):
            i, j = int(first), int(second)
            joins[k] = (distance[i], row[i]), (height, row[i]), (height, row[j]), (distance[j], row[j])
            distance[n + k], row[n + k] = height, (row[i] + row[j]) / 2
        return read_only(joins)


@dataclass(frozen=True, eq=False)
class Found:
    """What an order can go by.

    Parameters
    ----------
    words : tuple of str
        As found.
    indices : (n,) int64 array
        Their positions in the first space's vocabulary.
    categories : tuple of (str or None)
        One per word; empty if no word has any.
    matrices : tuple of SimilarityMatrix
        One per space.
    """

    words: tuple[str, ...]
    indices: IntArray
    categories: tuple[str | None, ...]
    matrices: tuple[SimilarityMatrix, ...]


@dataclass(frozen=True, eq=False)
class Arrangement:
    """Which word stands where.

    Parameters
    ----------
    rows : (n,) int64 array or None
        rows[k] is the word, counted as found, that stands in row k; None: all stand as found.
    tree : Tree or None
        Of clustered orders.
    notes : tuple of str
        Facts the user should see.
    """

    rows: IntArray | None = None
    tree: Tree | None = None
    notes: tuple[str, ...] = ()

    def items(self, found: tuple[T, ...]) -> tuple[T, ...]:
        """One per word, as arranged; nothing if there is nothing."""
        return found if self.rows is None or not found else tuple(found[row] for row in self.rows.tolist())

    def vectors(self, found: NDArray[S]) -> NDArray[S]:
        """(n, ...) a row per word, as arranged."""
        return found if self.rows is None else found[self.rows]

    def cells(self, found: NDArray[S]) -> NDArray[S]:
        """(n, n) rows and columns as arranged."""
        return found if self.rows is None else found[np.ix_(self.rows, self.rows)]

    def matrix(self, found: SimilarityMatrix) -> SimilarityMatrix:
        """Rows and columns as arranged; the same matrix, with all it remembers, where they stand as found."""
        return found if self.rows is None else SimilarityMatrix(self.cells(found.values))


@dataclass(frozen=True)
class Order:
    """One entry of the table.

    Parameters
    ----------
    name : str
        As written in session files.
    label : str
        As shown to the user.
    arrange : callable
    description : str
        For the tooltip.
    """

    name: str
    label: str
    arrange: Callable[[Found, Progress], Arrangement]
    description: str


def arrange(order: str, found: Found, progress: Progress) -> Arrangement:
    """The words in an order; equal words and similarities give equal arrangements.

    Parameters
    ----------
    order : str
        A key of `ORDERS`.
    found : Found
    progress : Progress
    """
    return ORDERS[order].arrange(found, progress)


def _as_found(found: Found, progress: Progress) -> Arrangement:
    return Arrangement()


def _alphabetical(found: Found, progress: Progress) -> Arrangement:
    keys = [(word.casefold(), word) for word in found.words]
    return Arrangement(_rows(sorted(range(len(keys)), key=keys.__getitem__)))


def _by_frequency(found: Found, progress: Progress) -> Arrangement:
    return Arrangement(_rows(np.argsort(found.indices, kind="stable")))


def _by_category(found: Found, progress: Progress) -> Arrangement:
    if not found.categories:
        return Arrangement(notes=("The words have no categories, so they stand as found.",))
    places = {name: place for place, name in enumerate(dict.fromkeys(filter(None, found.categories)))}
    keys = [len(places) if name is None else places[name] for name in found.categories]
    return Arrangement(_rows(np.argsort(keys, kind="stable")))


def _clustered(space: int, found: Found, progress: Progress) -> Arrangement:
    return _arranged_by_tree(_distances(found.matrices[space]), space, len(found.words), progress)


def _clustered_by_mean(found: Found, progress: Progress) -> Arrangement:
    """Each space's distances in units of their own standard deviation, so that a wider space does not outweigh."""
    total = np.zeros(len(found.matrices[0].triangle))
    for matrix in found.matrices:
        progress.step("distances of all pairs")
        distances = _distances(matrix)
        distances /= (float(distances.std()) or 1.0) * len(found.matrices)
        total += distances
    return _arranged_by_tree(total, None, len(found.words), progress)


def _distances(matrix: SimilarityMatrix) -> FloatArray:
    """(n(n-1)/2,) how much less alike two words are than a word is to itself: 1 - cosine, the Euclidean distance..."""
    distances: FloatArray = matrix.values.diagonal().max().astype(np.float64) - matrix.triangle
    return np.maximum(distances, 0, out=distances)  # rounding can make two equal words closer than one to itself


def _arranged_by_tree(distances: FloatArray, space: int | None, n: int, progress: Progress) -> Arrangement:
    linkage = _join(distances, n, progress) if n <= MOST_AT_ONCE else call_once(_join, distances, n, progress=progress)
    from scipy.cluster.hierarchy import leaves_list

    rows = _rows(leaves_list(linkage))
    places = np.empty(n)
    places[rows] = np.arange(n)
    for part in (0, 1):
        words = linkage[:, part] < n
        linkage[words, part] = places[linkage[words, part].astype(int)]
    notes = (
        (f"Above {MOST_OPTIMAL:,} words, the branches of the clusters are not turned so that neighbours are alike.",)
        if n > MOST_OPTIMAL
        else ()
    )
    tree = Tree(linkage, space)
    _ = tree.joins  # now, because pictures must not wait for them
    return Arrangement(rows, tree, notes)


def _join(distances: FloatArray, n: int, progress: Progress) -> FloatArray:
    """Average linkage (UPGMA): the distance of two clusters is the mean of all distances across.

    The branches are turned so that neighbouring rows are as alike as the tree allows (Bar-Joseph et al. 2001,
    doi:10.1093/bioinformatics/17.suppl_1.S22).
    """
    from scipy.cluster.hierarchy import linkage, optimal_leaf_ordering

    progress.step(f"clustering {n:,} words")
    joined: FloatArray = linkage(distances, "average")
    if n <= MOST_OPTIMAL:
        progress.step(f"turning the branches of {n:,} words")
        joined = optimal_leaf_ordering(joined, distances)
    return joined


def _rows(rows: Sequence[int] | IntArray) -> IntArray:
    return read_only(np.array(rows, np.int64))


_CLUSTERS = "Hierarchical clusters (average linkage of 1 - similarity, or of the distance)"

ORDERS: dict[str, Order] = {
    order.name: order
    for order in (
        Order("as_found", "as found", _as_found, "In the order of the first space or of the list."),
        Order("alphabetical", "alphabetical", _alphabetical, "A to Z, whatever the case."),
        Order(
            "frequency",
            "by frequency",
            _by_frequency,
            "By position in the first space; most list common words first.",
        ),
        Order("category", "by category", _by_category, "Words of one category together, those without one last."),
        Order("cluster_a", "clusters of A", partial(_clustered, 0), f"{_CLUSTERS} in space A."),
        Order("cluster_b", "clusters of B", partial(_clustered, 1), f"{_CLUSTERS} in space B."),
        Order(
            "cluster_mean",
            "clusters of the mean",
            _clustered_by_mean,
            f"{_CLUSTERS}, averaged over the spaces in units of each one's standard deviation.",
        ),
    )
}
