"""Whether the agreement holds for other words, for frequent and rare ones, and under each preprocessing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.comparison import COMPARISONS
from engine.distributions import bin_edges
from engine.export.sheet import Sheet, both_names, space_label
from engine.export.style import FAINT, SMALL, TEXT, fitted
from engine.inference.findings import PairStatistics
from engine.inference.stability import FrequencyBands, RandomDraws
from engine.preprocessing import PREPROCESSINGS
from engine.result import AnalysisResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 3.2, 2.0  # inches of a panel
LEFT, BELOW, GAP = 0.6, 0.75, 0.25
NAMES, LEADING, TITLE_ROOM = 5, 0.17, 0.38  # of a legend above: names in a row, inches a row; inches for the title
COLOURS = ("#2563c9", "#c2570c", "#7a3fb5", "#4d7c0f", "#00856a", "#646b79")
STYLES = ("-", "--", ":")  # a colour with each
LEGEND: dict[str, Any] = {  # above the axes, so that it covers nothing
    "loc": "lower left",
    "bbox_to_anchor": (-0.02, 1.0),
    "borderaxespad": 0.2,
    "handlelength": 1.6,
    "labelspacing": 0.2,
    "columnspacing": 0.8,
}
BINS = 40
SHARES = ("mean similarity", "strongest dimension", "three strongest")


def draw_robustness(result: AnalysisResult) -> Figure:
    """A row per pair of spaces: over random draws of words, and by frequency."""
    found = [(comparison, pair) for comparison, pair in result.inferred if pair.draws or pair.bands]
    columns = 2 if any(pair.draws and pair.bands for _, pair in found) else 1
    above = _room_above(len(result.request.comparisons))
    across, down = LEFT + WIDTH + GAP, above + HEIGHT + BELOW
    sheet = Sheet(result, "Agreement over other words", columns * across, max(1, len(found)) * down)
    for row, (comparison, pair) in enumerate(found):
        top, left = row * down + above, LEFT
        title = both_names(result.names(comparison), " and ", WIDTH, TEXT)
        if pair.draws:
            _draw_draws(sheet.axes(left, top, WIDTH, HEIGHT), pair.draws, title)
            left += across
        if pair.bands:
            _draw_bands(sheet.axes(left, top, WIDTH, HEIGHT), pair.bands, title)
    return sheet.figure


def draw_anisotropy(result: AnalysisResult) -> Figure:
    """How unevenly each space is filled; and the agreement under each preprocessing, where that was asked for."""
    found = [(comparison, pair) for comparison, pair in result.inferred if pair.by_preprocessing]
    columns = 2 if found else 1
    above = _room_above(max(len(result.request.comparisons), NAMES * len(result.spaces)))
    across, down = LEFT + WIDTH + GAP, above + HEIGHT + BELOW
    sheet = Sheet(result, "How unevenly the spaces are filled", columns * across, max(1, len(found)) * down)
    _draw_shares(sheet.axes(LEFT, above, WIDTH, HEIGHT), result)
    for row, (comparison, pair) in enumerate(found):
        title = both_names(result.names(comparison), " and ", WIDTH, TEXT)
        _draw_preprocessings(sheet.axes(across + LEFT, row * down + above, WIDTH, HEIGHT), pair, title)
    return sheet.figure


def _room_above(names: int) -> float:
    """Inches above axes for a legend of so many names and a title."""
    return TITLE_ROOM + LEADING * -(-names // NAMES)


def _pen(k: int) -> dict[str, Any]:
    """How measure k is drawn; no two of the table alike."""
    return {"color": COLOURS[k % len(COLOURS)], "linestyle": STYLES[k // len(COLOURS) % len(STYLES)], "linewidth": 0.9}


def _draw_draws(axes: Axes, draws: RandomDraws, title: str) -> None:
    defined = {name: values[np.isfinite(values)] for name, values in draws.values.items()}
    edges = bin_edges(np.concatenate(list(defined.values())), BINS)
    for k, (name, values) in enumerate(defined.items()):
        axes.stairs(np.histogram(values, edges)[0], edges, label=COMPARISONS[name].symbol, **_pen(k))
    axes.set_xlabel(fitted(f"over {draws.method}", WIDTH, SMALL), size=SMALL)
    axes.set_ylabel("draws", size=SMALL)
    axes.locator_params(axis="y", integer=True)
    _finish(axes, title)


def _draw_bands(axes: Axes, bands: FrequencyBands, title: str) -> None:
    places = np.arange(len(bands.ranks))
    for k, (name, intervals) in enumerate(bands.intervals.items()):
        pen, shift = _pen(k), 0.5 * k / len(bands.intervals)
        values = [np.nan if one.observed is None else one.observed for one in intervals]
        axes.plot(places + shift, values, marker="o", markersize=3, label=COMPARISONS[name].symbol, **pen)
        for place, one in zip(places + shift, intervals, strict=True):
            if one.low is not None and one.high is not None:
                axes.plot([place, place], [one.low, one.high], **pen)
    axes.set_xticks(places, [f"{low:,}–{high:,}" for low, high in bands.ranks], rotation=30, ha="right", size=SMALL)
    axes.set_xlabel(f"frequency rank, {bands.words:,} words in each band", size=SMALL)
    _finish(axes, title)


def _draw_preprocessings(axes: Axes, pair: PairStatistics, title: str) -> None:
    names = list(pair.by_preprocessing)
    measures = list(next(iter(pair.by_preprocessing.values())))
    for k, measure in enumerate(measures):
        values = [pair.by_preprocessing[name][measure] for name in names]
        heights = [np.nan if value is None else value for value in values]
        label = COMPARISONS[measure].symbol
        axes.plot(range(len(names)), heights, marker="o", markersize=3, label=label, **_pen(k))
    axes.set_xticks(
        range(len(names)), [PREPROCESSINGS[name].label for name in names], rotation=20, ha="right", size=SMALL
    )
    _finish(axes, title)


def _draw_shares(axes: Axes, result: AnalysisResult) -> None:
    width = 0.8 / len(result.spaces)
    for k, space in enumerate(result.spaces):
        found = space.anisotropy
        heights = (found.mean_similarity, found.strongest, found.strongest_three)
        places = np.arange(len(heights)) + k * width
        axes.bar(places, heights, width, color=COLOURS[k % len(COLOURS)], label=space_label(space, WIDTH - 0.3, SMALL))
    axes.axhline(0, color=FAINT, linewidth=0.6)
    axes.set_xticks(np.arange(3) + 0.4 - width / 2, SHARES, size=SMALL)
    _finish(axes, "", in_a_row=1)


def _finish(axes: Axes, title: str, in_a_row: int = NAMES) -> None:
    axes.tick_params(labelsize=SMALL)
    legend = axes.legend(fontsize=SMALL, frameon=False, ncols=in_a_row, **LEGEND)
    rows = -(-len(legend.get_texts()) // in_a_row)
    axes.set_title(title, size=TEXT, loc="left", pad=72 * LEADING * rows + 4)
