"""A measure's values under relabellings, part by part: the words as they are come first in part 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from engine.comparison import COMPARISONS, Compared, Options, measure_input
from engine.data import FloatArray, IntArray, SimilarityMatrix
from engine.errors import MeasureError
from engine.inference.early import is_clear
from engine.inference.products import Kind, centred, scale_and_offset
from engine.inference.relabellings import AllRelabellings, CyclicOrbits
from engine.progress import Progress

Sided = Literal["greater", "two-sided"]
Ways = AllRelabellings | CyclicOrbits
TIES: dict[type[np.floating], float] = {np.float64: 1e-9, np.float32: 1e-5}  # in standard deviations of the null
LEVEL = 1e-12  # by how much values differ by rounding alone where no relabelling changes anything; all are about 1


class Family(Protocol):
    """What evaluates some measures under the same relabellings."""

    @property
    def measures(self) -> Sequence[str]:
        """What it evaluates."""

    @property
    def tie(self) -> float:
        """What rounding can do, in standard deviations of the null distribution."""

    def part(self, part: int, progress: Progress) -> list[FloatArray]:
        """The values under the relabellings of one part, an array for each measure."""

    def centre(self, measure: str) -> float | None:
        """The mean over all relabellings, where it is known."""


class Products:
    """Measures that are sums of products: all from one sum per relabelling, through orbits."""

    def __init__(self, measures: Sequence[str], kind: Kind, first: Compared, second: Compared, ways: Ways) -> None:
        self.measures = measures
        self.tie = TIES[ways.dtype]
        self._ways = ways
        a, self._second = centred(first, kind, ways.dtype), centred(second, kind, ways.dtype)
        self._first = ways.prepare(a)
        self._scales = {measure: scale_and_offset(measure, a, self._second) for measure in measures}

    def part(self, part: int, progress: Progress) -> list[FloatArray]:
        (sums,) = self._ways.sums(part, [self._first], self._second, progress)
        return [scale * sums + offset for scale, offset in self._scales.values()]

    def centre(self, measure: str) -> float | None:
        return self._scales[measure][1]


class Direct:
    """Any measure, evaluated anew under each relabelling."""

    def __init__(self, measure: str, first: Compared, second: Compared, options: Options, ways: Ways) -> None:
        self.measures = [measure]
        self.tie = TIES[np.float64]
        self._entry = COMPARISONS[measure]
        self._first = measure_input(first, self._entry)
        self._second = second
        self._options, self._ways = options, ways

    def part(self, part: int, progress: Progress) -> list[FloatArray]:
        values: list[float] = []
        before, total = part * len(self._ways) // self._ways.parts, len(self._ways)
        for relabelling in self._ways.each(part):
            done = before + len(values)
            progress.step(f"permutation test of {self._entry.label}, {done:,} of {total:,}", done / total)
            value = self._entry.compute(self._first, self._relabelled(relabelling), self._options)
            if value is None:  # a space alone decides that, so another order of its words changed it by rounding
                raise MeasureError(
                    f"{self._entry.label} cannot be tested: whether it is defined for these words is a matter of "
                    "rounding; choose another measure.",
                    "comparisons",
                )
            values.append(value)
        return [np.array(values)]

    def centre(self, measure: str) -> float | None:
        return None

    def _relabelled(self, relabelling: IntArray) -> FloatArray:
        if self._entry.takes == "vectors":
            return self._second.vectors[relabelling]
        matrix = SimilarityMatrix(self._second.similarities.values[np.ix_(relabelling, relabelling)])
        return matrix.triangle if self._entry.takes == "pairs" else matrix.values


@dataclass(frozen=True, eq=False)
class Evaluated:
    """A measure's values under relabellings, the words as they are first.

    Parameters
    ----------
    values : (B + 1,) float64 array
    centre : float
        The mean over all relabellings, or of these where it is not known.
    as_extreme : int
        How many are at least as extreme as the first, which is one of them.
    """

    values: FloatArray
    centre: float
    as_extreme: int


def evaluate(
    families: Sequence[Family], ways: Ways, sided: Sided, stop_at: float | None, progress: Progress
) -> dict[str, Evaluated]:
    """All measures under the same relabellings, part by part until the end, or until every p is clear of `stop_at`."""
    parts: dict[str, list[FloatArray]] = {measure: [] for family in families for measure in family.measures}
    evaluated: dict[str, Evaluated] = {}
    for part in range(ways.parts):
        progress.step(f"permutation test, {part * len(ways) // ways.parts:,} of {len(ways):,}", part / ways.parts)
        for family in families:
            for measure, values in zip(family.measures, family.part(part, progress), strict=True):
                parts[measure].append(values)
        if part + 1 == ways.parts or stop_at is not None:
            evaluated = {
                measure: _evaluated(np.concatenate(parts[measure]), family, measure, sided)
                for family in families
                for measure in family.measures
            }
        if stop_at is not None and all(
            is_clear(one.as_extreme - 1, len(one.values) - 1, stop_at) for one in evaluated.values()
        ):
            break
    return evaluated


def extremeness(values: FloatArray, sided: Sided, centre: float, dissimilarity: bool) -> FloatArray:
    """How extreme values of a measure are: larger is more so."""
    if sided == "two-sided":
        distances: FloatArray = np.abs(values - centre)
        return distances
    return -values if dissimilarity else values


def _evaluated(values: FloatArray, family: Family, measure: str, sided: Sided) -> Evaluated:
    known = family.centre(measure)
    centre = float(values.mean()) if known is None else known
    extreme = extremeness(values, sided, centre, COMPARISONS[measure].dissimilarity)
    tie = family.tie * (abs(values[0] - centre) + values.std()) + LEVEL
    return Evaluated(values, centre, int(np.count_nonzero(extreme >= extreme[0] - tie)))
