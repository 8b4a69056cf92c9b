"""Where two spaces differ: one similarity matrix minus another, of values or of ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data import FloatArray, SimilarityMatrix, read_only
from engine.measures.bins import blocks
from engine.measures.ranks import doubled_mid_ranks
from engine.progress import Progress
from engine.pyramid import pyramid

NO_DIFFERENCE = "none"


@dataclass(frozen=True)
class DifferenceKind:
    """One entry of the table.

    Parameters
    ----------
    name : str
        As written in session files.
    label : str
        As offered to the user.
    unit : str
        What the numbers are: "difference of percentiles".
    description : str
        For the tooltip.
    """

    name: str
    label: str
    unit: str
    description: str


DIFFERENCES: dict[str, DifferenceKind] = {
    kind.name: kind
    for kind in (
        DifferenceKind(NO_DIFFERENCE, "not shown", "", "The two matrices only."),
        DifferenceKind("values", "of values", "difference of similarities", "Similarity in A minus similarity in B."),
        DifferenceKind(
            "ranks",
            "of ranks",
            "difference of percentiles",
            "The percentile of the pair among all pairs of A minus that among all pairs of B; equal pairs share their "
            "middle one. It does not matter if one space holds all words to be more alike.",
        ),
    )
}


@dataclass(frozen=True, eq=False)
class Difference:
    """One space's matrix minus another's.

    Parameters
    ----------
    kind : str
        A key of `DIFFERENCES`, not "none".
    first, second : int
        Positions of the spaces in the result; first minus second.
    values : (n, n) float32 array
        Symmetric, zero on the diagonal, which is no pair. Of ranks: percentiles, -100 to 100.
    extent : float
        The 99th percentile of the pairs' absolute values, above zero: how far a colour scale should reach.
    """

    kind: str
    first: int
    second: int
    values: FloatArray
    extent: float

    def __post_init__(self) -> None:
        read_only(self.values)

    @cached_property
    def pyramid(self) -> tuple[FloatArray, ...]:
        """Coarser copies for pictures in which a cell is smaller than a pixel, as `engine.pyramid` makes them."""
        return tuple(read_only(level) for level in pyramid(self.values, outstanding=2 * self.extent))


def difference(
    kind: str, matrices: tuple[SimilarityMatrix, SimilarityMatrix], places: tuple[int, int], progress: Progress
) -> Difference:
    """The first matrix minus the second.

    Parameters
    ----------
    kind : str
        "values" or "ranks".
    matrices : two SimilarityMatrix
        (n, n), of the same words.
    places : (int, int)
        Positions of the two spaces in the result.
    progress : Progress
    """
    pairs = pair_differences(kind, matrices, progress)
    values = _square(pairs, len(matrices[0].values))
    size = np.abs(pairs, out=pairs)
    extent = float(np.quantile(size, 0.99)) or float(size.max()) or 1.0
    return Difference(kind, *places, values, extent)


def pair_differences(kind: str, matrices: tuple[SimilarityMatrix, SimilarityMatrix], progress: Progress) -> FloatArray:
    """(n(n-1)/2,) float32: the first matrix minus the second for every pair, in the order of their triangles."""
    first, second = (matrix.triangle for matrix in matrices)
    if kind != "ranks":
        return (first - second).astype(np.float32)
    doubled = doubled_rank_differences(matrices, progress)
    percentiles = np.empty(len(first), np.float32)
    for part in blocks(len(first)):
        percentiles[part] = as_percentiles(doubled[part], len(first))
    return percentiles


def doubled_rank_differences(
    matrices: tuple[SimilarityMatrix, SimilarityMatrix], progress: Progress
) -> NDArray[np.int32]:
    """(n(n-1)/2,) twice the middle rank of every pair in the first matrix minus that in the second: whole numbers."""
    ranks = []
    for matrix in matrices:
        progress.step(f"ranking {len(matrix.triangle):,} pairs")
        ranks.append(doubled_mid_ranks(matrix.triangle).view(np.int32))
    ranks[0] -= ranks[1]
    return ranks[0]


def as_percentiles(doubled: NDArray[np.integer[Any]], n_pairs: int) -> FloatArray:
    """Differences of doubled ranks among so many pairs as percentage points."""
    return doubled * (50 / n_pairs)


def _square(pairs: FloatArray, n: int) -> FloatArray:
    """(n, n) symmetric, from the strict upper triangle row by row."""
    values = np.zeros((n, n), pairs.dtype)
    start = 0
    for i in range(n - 1):
        row = pairs[start : start + n - 1 - i]
        values[i, i + 1 :] = row
        values[i + 1 :, i] = row
        start += len(row)
    return values
