"""The permutation test of two spaces' agreement (Mantel): words of one space relabelled, rows and columns together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.comparison import COMPARISONS, Compared, Options, compare
from engine.data import FloatArray, read_only
from engine.errors import MeasureError
from engine.inference.families import Direct, Evaluated, Family, Products, Sided, Ways, evaluate, extremeness
from engine.inference.products import PRODUCTS
from engine.inference.relabellings import relabellings
from engine.inference.seeds import generator
from engine.progress import SILENT, Progress

FEWEST_WORDS = 3


@dataclass(frozen=True, eq=False)
class PermutationTest:
    """Whether an agreement is more than relabelled words show.

    Parameters
    ----------
    measure : str
        A key of `COMPARISONS`.
    observed : float or None
        The measure of the words as they are; None where it is undefined.
    p : float or None
        (1 + how many of `null` are at least as extreme as `observed`) / (1 + `permutations`); never 0.
    permutations : int
        B, how many relabellings were evaluated besides the words as they are.
    seed : int
    sided : {"greater", "two-sided"}
        "greater": as extreme means at least as much agreement (of a dissimilarity: as small). "two-sided": at
        least as far from `centre`, on either side.
    centre : float
        The mean over all relabellings: known for Pearson, Spearman, rho-a (0) and cosine, otherwise the mean of those
        evaluated, the words as they are among them.
    exact : bool
        Whether these were all relabellings there are.
    stopped_early : bool
        Whether the test ended before the relabellings asked for, because the p-value was clear.
    null : (B,) float64 array
        The measure under each relabelling.
    method : str
        All of this in words.
    corrected_p : float or None
        p corrected for several tests, where asked for.
    correction : str
        By which method.
    reason : str
        Why there is no value, where there is none.
    """

    measure: str
    observed: float | None
    p: float | None
    permutations: int
    seed: int
    sided: Sided
    centre: float
    exact: bool
    stopped_early: bool
    null: FloatArray
    method: str
    corrected_p: float | None = None
    correction: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        read_only(self.null)

    @property
    def null_mean(self) -> float | None:
        """What relabelled words show on average; None where there are none."""
        return float(self.null.mean()) if len(self.null) else None

    def extremeness(self, values: FloatArray) -> FloatArray:
        """How extreme values are, in the test's sense: larger is more so."""
        return extremeness(values, self.sided, self.centre, COMPARISONS[self.measure].dissimilarity)


def permutation_tests(
    first: Compared,
    second: Compared,
    measures: Iterable[str],
    options: Options = Options(),
    permutations: int = 9_999,
    seed: int = 0,
    sided: Sided = "greater",
    stop_at: float | None = None,
    progress: Progress = SILENT,
) -> dict[str, PermutationTest]:
    """The permutation test of each measure; all see the same relabellings.

    Parameters
    ----------
    first, second : Compared
        n words each, in the same order.
    measures : iterable of str
        Keys of `COMPARISONS`.
    options : Options, optional
    permutations : int, optional
        B; rounded up to whole orbits, and all n! - 1 up to 7 words.
    seed : int, optional
    sided : {"greater", "two-sided"}, optional
    stop_at : float, optional
        Stop as soon as it is clear for every measure on which side of this level p ends up.
    progress : Progress, optional

    Returns
    -------
    dict of str to PermutationTest

    Raises
    ------
    MeasureError
        If there are fewer than 3 words, other words in either space, or values that are not numbers.
    Cancelled
    """
    ways = ways_for(first, second, permutations, seed, stop_at)
    observed = {name: compare(first, second, name, options, progress) for name in dict.fromkeys(measures)}
    defined = [name for name, value in observed.items() if value is not None]
    evaluated = evaluate(_families(defined, first, second, options, ways), ways, sided, stop_at, progress)
    return {
        name: test_of(name, value, evaluated[name], ways, seed, sided)
        if value is not None
        else undefined(name, seed, sided, why_undefined(name))
        for name, value in observed.items()
    }


def ways_for(
    first: Compared, second: Compared, permutations: int, seed: int, stop_at: float | None, fewest: int = FEWEST_WORDS
) -> Ways:
    """The relabellings of a test that asks for so many."""
    check_words(first, second, fewest, "a permutation test")
    if permutations < 1:
        raise MeasureError(f"A permutation test needs 1 permutation or more, not {permutations:,}.", "permutations")
    return relabellings(len(first.vectors), permutations + 1, generator(seed, "permutation"), stop_at is not None)


def check_words(first: Compared, second: Compared, fewest: int, what: str) -> None:
    """Raise `MeasureError` unless both spaces have the same number of words, at least as many as `what` needs."""
    n = len(first.vectors)
    if len(second.vectors) != n:
        raise MeasureError(f"The spaces have {n:,} and {len(second.vectors):,} words; they must be the same words.")
    if n < fewest:
        raise MeasureError(f"There are {n} words, and {what} needs {fewest} or more; choose more words.", "words")


def test_of(
    measure: str, observed: float, evaluated: Evaluated, ways: Ways, seed: int, sided: Sided
) -> PermutationTest:
    """What the values under relabellings say of the observed one, the first of them."""
    stopped = len(evaluated.values) < len(ways)
    return PermutationTest(
        measure=measure,
        observed=observed,
        p=evaluated.as_extreme / len(evaluated.values),
        permutations=len(evaluated.values) - 1,
        seed=seed,
        sided=sided,
        centre=evaluated.centre,
        exact=ways.exact,
        stopped_early=stopped,
        null=evaluated.values[1:].copy(),
        method=in_words(ways, len(evaluated.values), sided, seed),
    )


def undefined(measure: str, seed: int, sided: Sided, reason: str) -> PermutationTest:
    """A test of a measure that has no value."""
    return PermutationTest(
        measure, None, None, 0, seed, sided, 0.0, False, False, np.empty(0), "not tested", reason=reason
    )


def why_undefined(measure: str) -> str:
    """A sentence that says why a measure has no value."""
    return f"{COMPARISONS[measure].label} is undefined, because {COMPARISONS[measure].why_undefined}."


def in_words(ways: Ways, evaluated: int, sided: Sided, seed: int) -> str:
    """How a test was done: "Mantel test, 9,999 relabellings in 100 cyclic orbits of 100, two-sided, seed 0"."""
    side = "one-sided (greater)" if sided == "greater" else "two-sided"
    if ways.exact:
        return f"exact Mantel test, all {evaluated:,} relabellings, {side}"
    orbits = evaluated // ways.n
    in_orbits = f"{evaluated - 1:,} relabellings in {orbits:,} cyclic orbits of {ways.n:,}"
    early = f", stopped early of {len(ways) - 1:,} because p was clear" if evaluated < len(ways) else ""
    return f"Mantel test, {in_orbits}{early}, {side}, seed {seed}"


def _families(measures: list[str], first: Compared, second: Compared, options: Options, ways: Ways) -> list[Family]:
    """The measures by the way they are evaluated."""
    families: list[Family] = []
    for kind in dict.fromkeys(PRODUCTS.values()):
        together = [name for name in measures if PRODUCTS.get(name) == kind]
        if together:
            families.append(Products(together, kind, first, second, ways))
    return families + [Direct(name, first, second, options, ways) for name in measures if name not in PRODUCTS]
