"""The agreement of two spaces beyond what word length, frequency or spelling explain (partial Mantel test)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.comparison import COMPARISONS, Compared, compare, measure_input
from engine.data import FloatArray, SimilarityMatrix
from engine.errors import MeasureError
from engine.inference.families import TIES, Sided, Ways, evaluate
from engine.inference.permutation import PermutationTest, test_of, undefined, ways_for
from engine.inference.products import Centred, square
from engine.measures.ranks import mid_ranks
from engine.progress import SILENT, Progress

PartialMeasure = Literal["pearson", "spearman"]
EXPLAINED = 1e-9  # a variance that is a smaller part of what it was is rounding


@dataclass(frozen=True, eq=False)
class PartialMantel:
    """A partial correlation of two spaces' similarities and its permutation test.

    Parameters
    ----------
    test : PermutationTest
        Of the partial correlation.
    without : float or None
        The correlation with nothing taken out.
    confounds : tuple of str
        What was taken out.
    left_out : tuple of str
        Confounds that say nothing new: the same for all pairs, or explained by those before.
    """

    test: PermutationTest
    without: float | None
    confounds: tuple[str, ...]
    left_out: tuple[str, ...]


def partial_mantel(
    first: Compared,
    second: Compared,
    confounds: Mapping[str, FloatArray],
    measure: PartialMeasure = "pearson",
    permutations: int = 9_999,
    seed: int = 0,
    sided: Sided = "greater",
    stop_at: float | None = None,
    progress: Progress = SILENT,
) -> PartialMantel:
    """The correlation of what confounds leave of two triangles, and whether it is more than relabelled words show.

    Confounds are regressed out of both triangles (for Spearman, their ranks out of the ranks). Under each relabelling
    the second triangle's residuals are relabelled, and the confounds regressed out of them again (Freedman & Lane
    1983): so confounds stay with their words, and what the first triangle has to do with them is kept.

    Parameters
    ----------
    first, second : Compared
        n words each, in the same order.
    confounds : mapping of str to (n, n) array
        By name; see `engine.inference.confounds`.
    measure : {"pearson", "spearman"}, optional
    permutations, seed, sided, stop_at, progress
        As for `permutation_tests`.

    Raises
    ------
    MeasureError
        If there are fewer than 4 words, or a confound is not an n x n matrix of numbers.
    Cancelled
    """
    ways = ways_for(first, second, permutations, seed, stop_at, fewest=4)
    _check_confounds(confounds, ways.n)
    basis, used = _basis(confounds, measure)
    left_out = tuple(name for name in confounds if name not in used)
    without = compare(first, second, measure)
    u, v = (_residuals(measure_input(space, COMPARISONS[measure]), measure, basis) for space in (first, second))
    if u is None or v is None:
        reason = "The confounds explain all similarities of a space, so that nothing is left to compare."
        return PartialMantel(undefined(measure, seed, sided, reason), without, used, left_out)
    family = Residuals(measure, u, v, basis, ways)
    evaluated = evaluate([family], ways, sided, stop_at, progress)[measure]
    return PartialMantel(test_of(measure, float(u @ v), evaluated, ways, seed, sided), without, used, left_out)


class Residuals:
    """The partial correlation under relabellings of the second triangle's residuals.

    Regressing the confounds out again changes no product with the first residuals, which are at right angles to
    them, only the norm: what the orthonormal confounds explain of the relabelled residuals is lost.
    """

    tie: float

    def __init__(self, measure: str, u: FloatArray, v: FloatArray, basis: Sequence[FloatArray], ways: Ways) -> None:
        self.measures = [measure]
        self.tie = TIES[ways.dtype]
        self._ways = ways
        *first, self._second = (Centred(square(one, ways.dtype), 0.0, 1.0, ways.dtype) for one in (u, *basis, v))
        self._first = [ways.prepare(one) for one in first]

    def part(self, part: int, progress: Progress) -> list[FloatArray]:
        products, *explained = self._ways.sums(part, self._first, self._second, progress)
        left = 1 - sum((one**2 for one in explained), np.zeros(len(products)))
        return [products / np.sqrt(np.maximum(left, EXPLAINED))]

    def centre(self, measure: str) -> float | None:
        return 0.0


def _check_confounds(confounds: Mapping[str, FloatArray], n: int) -> None:
    for name, values in confounds.items():
        if values.shape != (n, n):
            size = " x ".join(map(str, values.shape))
            raise MeasureError(f"{name} is {size}, and there are {n} words.", "statistics.controls")
        if not np.isfinite(values).all():
            raise MeasureError(
                f"{name} has values that are not numbers; choose other words or leave it out.", "statistics.controls"
            )


def _deviations(pairs: FloatArray, measure: PartialMeasure) -> FloatArray:
    """A triangle or its ranks, centred."""
    values: FloatArray = mid_ranks(pairs) if measure == "spearman" else pairs.astype(np.float64)
    values -= values[0]  # makes equal values exactly 0
    values -= values.mean()
    return values


def _basis(confounds: Mapping[str, FloatArray], measure: PartialMeasure) -> tuple[list[FloatArray], tuple[str, ...]]:
    """Centred orthonormal triangles that span the confounds, and the confounds that add to it."""
    basis: list[FloatArray] = []
    used = []
    for name, values in confounds.items():
        residual = _residuals(SimilarityMatrix(values.copy()).triangle, measure, basis)
        if residual is not None:
            basis.append(residual)
            used.append(name)
    return basis, tuple(used)


def _residuals(pairs: FloatArray, measure: PartialMeasure, basis: Sequence[FloatArray]) -> FloatArray | None:
    """What an orthonormal basis leaves of a triangle or its ranks, of norm 1; None where that is nothing."""
    left = _deviations(pairs, measure)
    whole = float(left @ left)
    for one in (*basis, *basis):  # twice: once leaves the rounding of the first
        left -= (one @ left) * one
    squares = float(left @ left)
    if not squares > EXPLAINED * whole:
        return None
    left /= np.sqrt(squares)
    return left
