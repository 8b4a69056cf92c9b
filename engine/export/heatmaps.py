"""The similarity matrices side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.analysis import AnalysisResult
from engine.colours import ColourScale, colour_levels
from engine.data import FloatArray
from engine.description import printable
from engine.export.sheet import Sheet, space_label
from engine.export.style import LABEL, LONGEST_LABEL, SMALL, TEXT, text_width
from engine.similarity import SIMILARITIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

SIDE = 3.2  # inches of a matrix
GAP, TITLE_ROOM, BAR, BAR_ROOM = 0.25, 0.25, 0.1, 0.7  # inches; BAR_ROOM: a colour bar with its numbers and label
MOST_LABELS = 26  # on one side
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000)
SHARPEST = 900  # words whose cells can be drawn sharp; of more, several share a dot and are averaged


def draw_heatmaps(result: AnalysisResult, colours: ColourScale) -> Figure:
    """One matrix per space, first word on top, under one scale or, where scales differ, each under its own."""
    levels = colour_levels(colours, [space.similarities for space in result.spaces])
    one_scale = len(set(levels)) == 1
    labels = _labels(result.words)
    margin = 0.1 + max(text_width(label, LABEL) for label in labels.values())
    columns = 2 if len(result.spaces) in (2, 4) else 3
    rows = -(-len(result.spaces) // columns)
    across, down = SIDE + (GAP if one_scale else BAR_ROOM + GAP), TITLE_ROOM + SIDE + margin + GAP
    width = margin + columns * across - (GAP if not one_scale else GAP - BAR_ROOM - 0.1)

    n = len(result.words)
    sheet = Sheet(result, f"Similarities of {n:,} words in {len(levels)} embedding spaces", width, rows * down - GAP)
    for i, space in enumerate(result.spaces):
        row, column = divmod(i, columns)
        left, top = margin + column * across, row * down + TITLE_ROOM
        axes = sheet.axes(left, top, SIDE, SIDE)
        image = _draw_matrix(axes, space.similarities.values, colours.colour_map, levels[i])
        _label(axes, labels, beside=column == 0)
        axes.set_title(space_label(space, SIDE, TEXT), size=TEXT, loc="left", pad=4)
        if not one_scale:
            _draw_bar(sheet.axes(left + SIDE + 0.1, top, BAR, SIDE), image, [space.similarities.values], result)
    if one_scale:
        values = [space.similarities.values for space in result.spaces]
        _draw_bar(sheet.axes(margin + columns * across - GAP + 0.1, TITLE_ROOM, BAR, SIDE), image, values, result)
    return sheet.figure


def _draw_matrix(axes: Axes, values: FloatArray, colour_map: str, levels: tuple[float, float]) -> AxesImage:
    low, high = levels
    interpolation = "nearest" if len(values) <= SHARPEST else "antialiased"
    return axes.imshow(values, cmap=colour_map, vmin=low, vmax=high, interpolation=interpolation)


def _label(axes: Axes, labels: dict[int, str], beside: bool) -> None:
    axes.set_xticks(list(labels), labels.values(), size=LABEL, rotation=90)
    axes.set_yticks(list(labels), labels.values() if beside else [""] * len(labels), size=LABEL)


def _labels(words: Sequence[str]) -> dict[int, str]:
    """Row -> label, of as many words as stay readable."""
    return {row: _short(printable(words[row])) for row in range(0, len(words), label_step(len(words)))}


def label_step(n: int) -> int:
    """Every how manieth of n words gets a label beside a matrix."""
    return next((step for step in STEPS if n <= step * MOST_LABELS), n)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _draw_bar(axes: Axes, image: AxesImage, shown: Sequence[FloatArray], result: AnalysisResult) -> None:
    bar = axes.figure.colorbar(image, cax=axes, extend=_beyond(image, shown), extendfrac=0.03)
    bar.outline.set_linewidth(0.6)
    bar.set_label(SIMILARITIES[result.request.similarity].label, size=SMALL)


def _beyond(image: AxesImage, shown: Sequence[FloatArray]) -> Literal["neither", "min", "max", "both"]:
    """Which ends of the bar stand for similarities beyond its numbers too."""
    low, high = image.get_clim()
    below = low is not None and min(np.min(values) for values in shown) < low
    above = high is not None and max(np.max(values) for values in shown) > high
    return "both" if below and above else "min" if below else "max" if above else "neither"
