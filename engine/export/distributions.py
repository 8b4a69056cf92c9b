"""Null and bootstrap distributions: a histogram a measure, with the observed value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.comparison import COMPARISONS
from engine.distributions import Distribution, bootstrap_distributions, histogram, null_distributions
from engine.export.sheet import Sheet, both_names
from engine.export.style import FAINT, INK, SMALL, TEXT, fitted
from engine.result import AnalysisResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 2.6, 1.7  # inches of a panel
LEFT, ABOVE, BELOW, GAP = 0.45, 0.45, 0.5, 0.2
COLUMNS = 3
BAR, OBSERVED = "#9aa3b2", "#00856a"


def draw_null(result: AnalysisResult) -> Figure:
    """What the measures are under relabellings, beside what they are."""
    return _draw(result, "Agreement of relabelled words, and the agreement found", null_distributions(result))


def draw_bootstrap(result: AnalysisResult) -> Figure:
    """What the measures are for draws of the words, as intervals are made of them."""
    return _draw(result, "Agreement of drawn words, and its interval", bootstrap_distributions(result))


def _draw(result: AnalysisResult, title: str, distributions: Sequence[Distribution]) -> Figure:
    columns = min(COLUMNS, max(1, len(distributions)))
    rows = -(-max(1, len(distributions)) // columns)
    across, down = LEFT + WIDTH + GAP, ABOVE + HEIGHT + BELOW
    sheet = Sheet(result, title, columns * across, rows * down)
    for i, distribution in enumerate(distributions):
        row, column = divmod(i, columns)
        _panel(sheet.axes(column * across + LEFT, row * down + ABOVE, WIDTH, HEIGHT), distribution)
    return sheet.figure


def _panel(axes: Axes, distribution: Distribution) -> None:
    counts, edges = histogram(distribution)
    axes.stairs(counts, edges, fill=True, color=BAR)
    if distribution.ends:
        axes.axvspan(*distribution.ends, color=OBSERVED, alpha=0.12, linewidth=0)
    axes.axvline(distribution.observed, color=OBSERVED, linewidth=1.5)
    axes.set_xlabel(fitted(COMPARISONS[distribution.measure].label, WIDTH, TEXT))
    axes.set_ylabel(distribution.unit, size=SMALL)
    axes.tick_params(labelsize=SMALL)
    axes.locator_params(axis="x", nbins=4)
    axes.set_title(both_names(distribution.spaces, " and ", WIDTH, SMALL), size=SMALL, color=FAINT, loc="left", pad=16)
    axes.text(0, 1.03, fitted(distribution.caption, WIDTH, TEXT), size=TEXT, color=INK, transform=axes.transAxes)
