"""Categories of words: who belongs together, and whether a space keeps them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data import FloatArray, IntArray, SimilarityMatrix

BLOCK = 256  # rows summed in float64 at once

Categories = tuple[str | None, ...]


@dataclass(frozen=True)
class CategoryMeans:
    """How alike the words of a category are to each other and to those of other categories, in one space.

    Words without a category take no part. The comparison of within- with between-category similarity follows Haxby
    et al. (2001, doi:10.1126/science.1063736).

    Parameters
    ----------
    space : int
        Position of the space in the result.
    category : str or None
        None: all categories together, every pair counted once.
    n_words : int
    within : float or None
        Mean similarity of two different words of the category; None if it has only one.
    between : float or None
        Mean similarity of a word of the category with one of another; None if there is no other.
    """

    space: int
    category: str | None
    n_words: int
    within: float | None
    between: float | None

    @property
    def selectivity(self) -> float | None:
        """Within divided by between: 1 means that the category is nothing to the space, 2 that its words are twice
        as alike. None where either is missing, and where between is not above zero: the ratio would mean nothing.
        """
        if self.within is None or self.between is None or self.between <= 0:
            return None
        return self.within / self.between


def category_names(categories: Categories) -> tuple[str, ...]:
    """The categories there are, in the order of their first words."""
    return tuple(dict.fromkeys(name for name in categories if name is not None))


def categories_of(words: Sequence[str], assigned: Sequence[tuple[str, str]]) -> Categories:
    """The category of every word, None where it has none; empty if no word has any."""
    known = dict(assigned)
    categories = tuple(known.get(word) for word in words)
    return categories if any(name is not None for name in categories) else ()


def category_means(similarities: SimilarityMatrix, categories: Categories, space: int) -> tuple[CategoryMeans, ...]:
    """The means of all categories together, then of each.

    Parameters
    ----------
    similarities : SimilarityMatrix
        (n, n)
    categories : tuple of (str or None)
        One per word.
    space : int
        What the means say of themselves.
    """
    names = category_names(categories)
    codes = np.array([-1 if name is None else names.index(name) for name in categories])
    members = np.flatnonzero(codes >= 0)
    members = members[np.argsort(codes[members], kind="stable")]
    sizes = np.bincount(codes[members], minlength=len(names))
    inside, outside = _sums(similarities.values, members, codes[members], len(names))
    pairs_inside, pairs_outside = sizes * (sizes - 1), sizes * (len(members) - sizes)
    whole = CategoryMeans(
        space,
        None,
        len(members),
        _mean(inside.sum(), pairs_inside.sum()),
        _mean(outside.sum(), pairs_outside.sum()),
    )
    return whole, *(
        CategoryMeans(
            space, name, int(sizes[k]), _mean(inside[k], pairs_inside[k]), _mean(outside[k], pairs_outside[k])
        )
        for k, name in enumerate(names)
    )


def _sums(values: FloatArray, members: IntArray, codes: IntArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Of each category, the summed similarities inside, both ways and without the diagonal, and to all others."""
    starts = np.searchsorted(codes, np.arange(count))
    inside, outside = np.zeros(count), np.zeros(count)
    for start in range(0, len(members), BLOCK):
        rows = slice(start, start + BLOCK)
        sums = np.add.reduceat(values[np.ix_(members[rows], members)].astype(np.float64), starts, axis=1)
        own = np.take_along_axis(sums, codes[rows, None], axis=1)[:, 0]
        inside += np.bincount(codes[rows], own - values[members[rows], members[rows]], count)
        outside += np.bincount(codes[rows], sums.sum(axis=1) - own, count)
    return inside, outside


def _mean(total: float, count: int) -> float | None:
    return float(total / count) if count else None
