"""Kendall's tau of two triangles: how many more pairs of entries agree than disagree.

Counting them exactly means sorting by one triangle and then counting inversions of the other. Where there are many
entries, most pairs are counted in a grid instead. The pairs that it cannot tell, in the same row or column, are one
in 512; their balance is estimated from random ones of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data import FloatArray
from engine.measures.bins import BINS, SAMPLED, Steps, blocks, middles, sample, steps_for

FEWEST_GRIDDED = 2_000_000  # below that many entries the exact way is as fast
SIDE = 1024  # cells along each side of the grid, of about equally many entries in each row and column
DRAWN = 1 << 19  # entries among which pairs of the same row or column are looked for
PASSED = 1 << 20  # entries that pass through the grid at once
GATHERED = 1 << 15  # entries whose places are looked up at once: they stay in the cache
LARGEST_ERROR = 2.5e-6  # standard error of the estimate, at most; four of them are 1e-5


def tau_a(u: FloatArray, v: FloatArray) -> float:
    """(C - D) / (m (m - 1) / 2), concordant less discordant; 0 where a triangle is constant.

    Exact below two million pairs, within 1e-5 above.
    """
    return _balance(u, v, untied(u), untied(v))


def tau_b(u: FloatArray, v: FloatArray) -> float | None:
    """(C - D) over the root of what is untied in either triangle; None where a triangle is constant.

    Exact below two million pairs, within 1e-5 above.
    """
    u_untied, v_untied = untied(u), untied(v)
    norms = float(np.sqrt(u_untied) * np.sqrt(v_untied))
    return max(-1.0, min(1.0, _balance(u, v, u_untied, v_untied) / norms)) if norms else None


def _balance(u: FloatArray, v: FloatArray, u_untied: float, v_untied: float) -> float:
    """tau-a."""
    if not (u_untied and v_untied):
        return 0.0
    gridded = gridded_tau(u, v) if len(u) >= FEWEST_GRIDDED else None
    if gridded is not None:
        return gridded
    from scipy.stats import kendalltau

    tau_b = float(kendalltau(u, v, method="asymptotic").statistic)
    return tau_b * float(np.sqrt(u_untied) * np.sqrt(v_untied))


def gridded_tau(u: FloatArray, v: FloatArray) -> float | None:
    """tau-a within 1e-5 (four standard errors); None where too many values are too close for the grid."""
    rows, columns = _places_for(u), _places_for(v)
    counts = _grid(u, v, rows, columns)
    drawn = np.random.default_rng(0).integers(len(u), size=DRAWN)
    x, y = u.take(drawn), v.take(drawn)
    row, column = rows.of(x), columns.of(y)
    in_rows, error_in_rows = _balance_within(row, counts.sum(axis=1), x, y)
    in_columns, error_in_columns = _balance_within(column, counts.sum(axis=0), x, y, counted=row)
    pairs = len(u) * (len(u) - 1.0) / 2
    if np.hypot(error_in_rows, error_in_columns) > LARGEST_ERROR * pairs:
        return None
    return max(-1.0, min(1.0, (_concordance(counts) + in_rows + in_columns) / pairs))


def _balance_within(
    places: NDArray[np.int32],
    members: FloatArray,
    x: FloatArray,
    y: FloatArray,
    counted: NDArray[np.int32] | None = None,
) -> tuple[float, float]:
    """C - D of all pairs of entries in the same place, and the standard error of it, at most.

    Parameters
    ----------
    places : (k,) int32 array
        Rows (or columns) of entries drawn at random.
    members : (SIDE,) float64 array
        How many entries of all are in each.
    x, y : (k,) floating arrays
        Values of the entries drawn.
    counted : (k,) int32 array, optional
        Pairs with the same number here are counted elsewhere.
    """
    order = np.argsort(places.astype(np.uint16), kind="stable")
    places, x, y = places[order], x[order], y[order]
    elsewhere = np.arange(len(order)) if counted is None else counted[order]
    sums, drawn = np.zeros(SIDE), np.zeros(SIDE)
    for step in (1, 2):  # neighbours in this order are random pairs
        same = places[step:] == places[:-step]
        agree = np.sign(x[step:] - x[:-step]) * np.sign(y[step:] - y[:-step])
        agree *= same & (elsewhere[step:] != elsewhere[:-step])
        sums += np.bincount(places[step:], agree, SIDE)
        drawn += np.bincount(places[step:], same, SIDE)
    pairs = members * (members - 1.0) / 2
    drawn = np.maximum(drawn, 1)
    return float(pairs @ (sums / drawn)), float(np.sqrt((pairs**2 / drawn).sum()))


@dataclass(frozen=True, eq=False)
class Places:
    """Which row (or column) of the grid each value lies in, from low to high.

    Parameters
    ----------
    steps : Steps
    by_step : (BINS,) int32 array
    """

    steps: Steps
    by_step: NDArray[np.int32]

    def of(self, values: FloatArray) -> NDArray[np.int32]:
        return self.by_step.take(self.steps.of(values))


def _places_for(values: FloatArray) -> Places:
    """Places of about equally many values, by a sample of them."""
    drawn = sample(values)
    steps = steps_for(drawn)
    ranks = middles(np.bincount(steps.of(drawn), minlength=BINS))
    return Places(steps, np.clip(ranks / SAMPLED * SIDE, 0, SIDE - 1).astype(np.int32))


def _grid(u: FloatArray, v: FloatArray, rows: Places, columns: Places) -> FloatArray:
    """(SIDE, SIDE) how many entries lie in each cell, whole numbers; rows are those of u, columns those of v."""
    counts = np.zeros(SIDE * SIDE)
    cells = np.empty(PASSED, np.intp)
    for many in blocks(len(u), PASSED):  # each passes through the whole grid once
        for part in blocks(len(u[many]), GATHERED):
            x, y = u[many][part], v[many][part]
            np.add(rows.of(x) * SIDE, columns.of(y), out=cells[part][: len(x)])
        counts += np.bincount(cells[: len(u[many])], minlength=SIDE * SIDE)
    return counts.reshape(SIDE, SIDE)


def _concordance(counts: FloatArray) -> float:
    """C - D of entries in different rows and different columns: below to the left count for, above to the left against.

    Where `left` is how many entries of a row are further left, those below to the left are its sum over the rows
    before, and those above to the left the rest of its sum over all other rows.
    """
    left = np.cumsum(counts, axis=1) - counts
    below_or_beside, products = np.zeros(SIDE), 0.0
    for row, others in zip(counts, left, strict=True):
        below_or_beside += others
        products += float(row @ below_or_beside)
    beside, anywhere = float(np.vdot(counts, left)), float(counts.sum(axis=0) @ left.sum(axis=0))
    return 2 * products - beside - anywhere


def untied(values: FloatArray) -> float:
    """The share of all pairs of entries that differ, 0 to 1.

    Of millions of entries only some are looked at first; where none of these are tied, the ties of all do not matter
    for the digits that the grid gives.
    """
    if len(values) >= FEWEST_GRIDDED and _untied(sample(values)) > 1 - 1e-6:
        return 1.0
    return _untied(np.sort(values))


def _untied(ordered: FloatArray) -> float:
    ends = np.flatnonzero(ordered[1:] != ordered[:-1])
    counts = np.diff(ends, prepend=-1, append=len(ordered) - 1).astype(np.float64)
    m = len(ordered)
    return 1.0 - float((counts * (counts - 1)).sum()) / (m * (m - 1.0))
