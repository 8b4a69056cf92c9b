"""How sure one can be of an agreement between two spaces: tests, intervals, confounds, stability.

Pairs of words that share a word depend on each other. So nothing here treats pairs as independent: words are relabelled
(`permutation_tests`, `partial_mantel`) or drawn anew (`bootstraps`, `random_draws`).
"""

from __future__ import annotations

from engine.inference.bootstrap import Bootstrap, Interval, bootstrap_intervals, bootstraps
from engine.inference.confounds import edit_distances, length_differences, rank_differences
from engine.inference.corrections import benjamini_hochberg, max_statistic
from engine.inference.differences import Difference, benjamini_hochberg_of_differences, difference
from engine.inference.partial import PartialMantel, partial_mantel
from engine.inference.permutation import PermutationTest, permutation_tests
from engine.inference.stability import FrequencyBands, RandomDraws, frequency_bands, random_draws

__all__ = [
    "Bootstrap",
    "Difference",
    "FrequencyBands",
    "Interval",
    "PartialMantel",
    "PermutationTest",
    "RandomDraws",
    "benjamini_hochberg",
    "benjamini_hochberg_of_differences",
    "bootstrap_intervals",
    "bootstraps",
    "difference",
    "edit_distances",
    "frequency_bands",
    "length_differences",
    "max_statistic",
    "partial_mantel",
    "permutation_tests",
    "random_draws",
    "rank_differences",
]
