"""When a permutation test may stop: the relabellings so far leave no doubt on which side of a level p will be."""

from __future__ import annotations

RISK = 1e-4  # that one look takes the wrong side
DEPENDENCE = 1.5  # the variance of the share is 0.7 to 1.3 times that of independent relabellings (docs/methods.md)


def is_clear(as_extreme: int, relabellings: int, level: float) -> bool:
    """Whether a confidence interval for p (Clopper & Pearson's, at 1 - `RISK`) leaves out the level.

    Parameters
    ----------
    as_extreme : int
        How many of the relabellings were at least as extreme as the words as they are.
    relabellings : int
        So far, besides the words as they are.
    level : float
        The level that p is compared with, 0.05 for instance.
    """
    from scipy.special import betainc

    hits, all_of_them = as_extreme / DEPENDENCE, relabellings / DEPENDENCE
    # P(this few | p = level) and P(this many | p = level) of a binomial, for numbers that need not be whole
    this_few = 1 - betainc(hits + 1, all_of_them - hits, level) if hits < all_of_them else 1.0
    this_many = betainc(hits, all_of_them - hits + 1, level) if hits else 1.0
    return bool(min(this_few, this_many) < RISK / 2)
