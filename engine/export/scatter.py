"""Every pair of words as a point: its similarity in one space against that in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.data import Comparison, FloatArray
from engine.density import pair_density
from engine.description import describe_values
from engine.export.sheet import Sheet, space_label
from engine.export.style import FAINT, LINE, SMALL, TEXT, fitted
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE, LONE_SIDE = 3.0, 4.2  # inches of a panel; of the only one
LEFT, BELOW, ABOVE, GAP, BAR_ROOM = 0.6, 0.5, 0.25, 0.2, 0.65  # inches around it
MOST_POINTS = 20_000  # more would make a file of many megabytes, and a blot
BINS = 120
POINT = "#3f4757"

Limits = tuple[float, float]


def draw_scatter(result: AnalysisResult) -> Figure:
    """A panel per pair of spaces; points, or of many pairs their density."""
    dense = result.comparisons[0].n_pairs > MOST_POINTS
    count = len(result.comparisons)
    side = LONE_SIDE if count == 1 else SIDE
    columns = min(count, 3)
    across, down = LEFT + side + (BAR_ROOM if dense else GAP), ABOVE + side + BELOW
    title = f"{'Density of all pairs' if dense else 'All pairs'} of words, one space against another"
    sheet = Sheet(result, title, columns * across, -(-count // columns) * down)
    for i, comparison in enumerate(result.comparisons):
        row, column = divmod(i, columns)
        left, top = column * across + LEFT, row * down + ABOVE
        axes = sheet.axes(left, top, side, side)
        limits = scatter_limits(result, comparison)
        _frame(axes, result, comparison, limits, side)
        if dense:
            _draw_density(axes, sheet.axes(left + side + 0.1, top, 0.1, side), result, comparison, limits)
        else:
            x, y = _triangles(result, comparison)
            axes.plot(x, y, "o", markersize=2, markeredgewidth=0, color=POINT, alpha=0.5)
    return sheet.figure


def _triangles(result: AnalysisResult, comparison: Comparison) -> tuple[FloatArray, FloatArray]:
    first, second = result.spaces[comparison.first], result.spaces[comparison.second]
    return first.similarities.triangle, second.similarities.triangle


def scatter_limits(result: AnalysisResult, comparison: Comparison) -> tuple[Limits, Limits]:
    """Equal axes from -0.2 to 1, widened to hold all pairs; of unbounded similarities, each axis its own."""
    x, y = ((float(pairs.min()), float(pairs.max())) for pairs in _triangles(result, comparison))
    low, high = min(x[0], y[0]), max(x[1], y[1])
    if low < -1.001 or high > 1.001:
        return _roomy(*x), _roomy(*y)
    margin = 0.02
    both = (low - margin if low < -0.2 else -0.2, high + margin if high > 1 - margin else 1.0)
    return both, both


def _roomy(low: float, high: float) -> Limits:
    margin = 0.03 * (high - low) or max(abs(high), 1.0) * 0.03
    return low - margin, high + margin


def _frame(
    axes: Axes, result: AnalysisResult, comparison: Comparison, limits: tuple[Limits, Limits], side: float
) -> None:
    first, second = result.spaces[comparison.first], result.spaces[comparison.second]
    what = f"{SIMILARITIES[result.request.similarity].label} in "
    axes.set_xlim(limits[0])
    axes.set_ylim(limits[1])
    axes.set_xlabel(space_label(first, side, TEXT, what))
    axes.set_ylabel(space_label(second, side, TEXT, what))
    axes.axvline(0, color=LINE, linewidth=0.8, zorder=0)
    axes.axhline(0, color=LINE, linewidth=0.8, zorder=0)
    axes.set_title(_values(comparison, side), size=TEXT, loc="left", pad=4)


def _values(comparison: Comparison, side: float) -> str:
    """As many of the measures as there is room for, and how many pairs these are of."""
    values = list(filter(None, describe_values(comparison).split(", ")))
    told = f"{comparison.n_pairs:,} pairs"
    while values and fitted(whole := ", ".join((*values, told)), side, TEXT) != whole:
        values.pop()
    return fitted(", ".join((*values, told)), side, TEXT)


def _draw_density(
    axes: Axes, beside: Axes, result: AnalysisResult, comparison: Comparison, limits: tuple[Limits, Limits]
) -> None:
    from matplotlib.colors import LogNorm
    from matplotlib.ticker import StrMethodFormatter

    first, second = result.spaces[comparison.first], result.spaces[comparison.second]
    counts = pair_density(first.similarities, second.similarities, *limits, bins=BINS)
    image = axes.imshow(
        np.ma.masked_equal(counts, 0),
        extent=(*limits[0], *limits[1]),
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap="cividis_r",
        norm=LogNorm(1, max(int(counts.max()), 2)),
        zorder=1,
    )
    bar = axes.figure.colorbar(image, cax=beside, format=StrMethodFormatter("{x:,.0f}"))
    bar.outline.set(linewidth=0.6, edgecolor=FAINT)
    bar.set_label(f"pairs per cell of a {BINS} x {BINS} grid", size=SMALL)
