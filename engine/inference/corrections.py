"""p-values corrected for several tests at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.errors import MeasureError
from engine.inference.families import LEVEL
from engine.inference.permutation import PermutationTest


def benjamini_hochberg(tests: Sequence[PermutationTest]) -> list[PermutationTest]:
    """The tests with p-values that bound the share of false ones among those called significant (Benjamini & Hochberg).

    Valid for independent tests and those that depend positively, as measures of the same spaces do. Tests without a
    value stay as they are and do not count.
    """
    from scipy.stats import false_discovery_control

    p_values = [test.p for test in tests if test.p is not None]
    corrected = iter(false_discovery_control(p_values) if p_values else ())
    return [
        test if test.p is None else replace(test, corrected_p=float(next(corrected)), correction="Benjamini-Hochberg")
        for test in tests
    ]


def max_statistic(tests: Sequence[PermutationTest]) -> list[PermutationTest]:
    """The tests with p-values that bound the chance of any false one (the largest statistic, Westfall & Young).

    Each measure counts in standard deviations of its own null distribution, so that none dominates. The chance that the
    largest of all is as extreme under a relabelling is found from the relabellings themselves, so it is
    right however much the tests depend on each other. Tests without a value stay as they are and do not count.

    Raises
    ------
    MeasureError
        If the tests were not made with the same relabellings: the same words, number, seed and sidedness.
    """
    defined = [test for test in tests if test.p is not None]
    if len({(test.method, test.permutations, test.seed, test.sided) for test in defined}) > 1:
        raise MeasureError(
            "Only tests with the same relabellings can be corrected by their largest statistic; test them with the "
            "same words, number of permutations, seed and sidedness, or correct them by Benjamini-Hochberg."
        )
    if not defined:
        return list(tests)
    scores = np.stack([_scores(test) for test in defined])
    largest = scores.max(axis=0)
    corrected = iter([float(np.count_nonzero(largest >= row[0] - 1e-5)) / len(row) for row in scores])
    return [
        test if test.p is None else replace(test, corrected_p=next(corrected), correction="largest statistic")
        for test in tests
    ]


def _scores(test: PermutationTest) -> np.ndarray:
    """Extremeness in standard deviations, the words as they are first."""
    extreme = test.extremeness(np.concatenate([[test.observed], test.null]))
    spread = extreme.std()
    scores: np.ndarray = (extreme - extreme.mean()) / spread if spread > LEVEL else np.zeros(len(extreme))
    return scores
