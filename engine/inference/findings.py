"""What was inferred from an analysis."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.inference.bootstrap import Bootstrap, Interval
from engine.inference.differences import Difference
from engine.inference.partial import PartialMantel
from engine.inference.permutation import PermutationTest
from engine.inference.stability import FrequencyBands, RandomDraws


@dataclass(frozen=True, eq=False)
class PairStatistics:
    """What is inferred of one pair of spaces; empty where nothing was asked for.

    Parameters
    ----------
    first, second : int
        Positions of the two spaces in the result.
    tests : dict of str to PermutationTest
        By measure.
    partial : dict of str to PartialMantel
        By measure: with the confounds taken out.
    bootstraps : dict of str to Bootstrap
    intervals : dict of str to Interval
        Of these bootstraps.
    differences : tuple of Difference
        Between any two of the measures that are on one scale.
    draws : RandomDraws or None
    bands : FrequencyBands or None
    by_preprocessing : dict of str to dict of str to float or None
        Preprocessing -> measure -> value.
    """

    first: int
    second: int
    tests: dict[str, PermutationTest] = field(default_factory=dict)
    partial: dict[str, PartialMantel] = field(default_factory=dict)
    bootstraps: dict[str, Bootstrap] = field(default_factory=dict)
    intervals: dict[str, Interval] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    draws: RandomDraws | None = None
    bands: FrequencyBands | None = None
    by_preprocessing: dict[str, dict[str, float | None]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Between:
    """Whether two pairs of spaces agree differently, by one measure.

    Parameters
    ----------
    first, second : int
        Positions of the two comparisons in the result.
    difference : Difference
        The agreement of the first less that of the second.
    """

    first: int
    second: int
    difference: Difference


@dataclass(frozen=True, eq=False)
class Statistics:
    """All that was inferred from an analysis.

    Parameters
    ----------
    pairs : tuple of PairStatistics
        One per comparison of the result, in its order.
    between : tuple of Between
        Of three spaces or more: any two pairs of spaces, by the first measure.
    pool : str
        Which words draws, bands and preprocessings are about.
    """

    pairs: tuple[PairStatistics, ...]
    between: tuple[Between, ...] = ()
    pool: str = ""
