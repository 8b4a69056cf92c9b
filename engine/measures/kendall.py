"""Kendall's tau of two triangles: how many more pairs of pairs agree than disagree."""

from __future__ import annotations

import numpy as np

from engine.data import FloatArray


def tau_a(u: FloatArray, v: FloatArray) -> float:
    """(C - D) / (m (m - 1) / 2), concordant less discordant; 0 where a triangle is constant."""
    tau = tau_b(u, v)
    return 0.0 if tau is None else tau * float(np.sqrt(untied(u)) * np.sqrt(untied(v)))


def tau_b(u: FloatArray, v: FloatArray) -> float | None:
    """(C - D) over the root of what is untied in either triangle; None where a triangle is constant."""
    from scipy.stats import kendalltau

    if not (untied(u) and untied(v)):
        return None
    return float(kendalltau(u, v, method="asymptotic").statistic)


def untied(values: FloatArray) -> float:
    """The share of all pairs of entries that differ, 0 to 1."""
    counts = np.unique(values, return_counts=True)[1].astype(float)
    m = len(values)
    return 1.0 - float((counts * (counts - 1)).sum()) / (m * (m - 1.0))
