"""One matrix in a figure: picture, labels and colour bar, categories along the edges, clusters beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.colours import DIFFERENCE_COLOURS, DIVERGING, category_colours, category_legend
from engine.data import FloatArray
from engine.description import isolated, shortened, spelt_out
from engine.export.sheet import Sheet
from engine.export.style import FAINT, LABEL, LONGEST_LABEL, SMALL, fitted, text_width
from engine.result import AnalysisResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.image import AxesImage

SIDE = 3.2  # inches of a matrix
GAP, TITLE_ROOM, BAR, BAR_ROOM = 0.25, 0.25, 0.1, 0.7  # inches; BAR_ROOM: a colour bar with its numbers and label
TREE, STRIP, STRIP_ROOM = 0.5, 0.06, 0.08  # inches
MOST_LABELS = 26  # on one side
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000)
SHARPEST = 900  # words whose cells can be drawn sharp; of more, several share a dot and are averaged
MOST_LINES = 1000  # brackets of a tree that are lines in the file; more are a picture
LINE, SQUARE, WIDEST_ENTRY = 0.17, 0.09, 1.6  # inches of the legend


class Panels:
    """Draws the matrices of a result, all alike.

    Parameters
    ----------
    result : AnalysisResult

    Attributes
    ----------
    beside : float
        Inches left of the first matrix: clusters, labels, categories.
    below : float
        Inches below each matrix.
    """

    def __init__(self, result: AnalysisResult) -> None:
        self._result = result
        self._labels = _labels(result.words)
        self._strip = STRIP_ROOM if result.categories else 0.0
        self._tree = TREE if result.tree is not None else 0.0
        margin = 0.1 + max(text_width(label, LABEL) for label in self._labels.values()) + self._strip
        self.beside, self.below = margin + self._tree, margin

    def draw(
        self,
        sheet: Sheet,
        left: float,
        top: float,
        values: FloatArray,
        colours: str | Colormap,
        levels: tuple[float, float],
        first: bool,
    ) -> AxesImage:
        """A matrix, first word on top; the first of a row of them has the words beside it."""
        axes = sheet.axes(left, top, SIDE, SIDE)
        interpolation = "nearest" if len(values) <= SHARPEST else "antialiased"
        image = axes.imshow(values, cmap=colours, vmin=levels[0], vmax=levels[1], interpolation=interpolation)
        axes.set_xticks(list(self._labels), self._labels.values(), size=LABEL, rotation=90)
        axes.set_yticks(list(self._labels), self._labels.values() if first else [""] * len(self._labels), size=LABEL)
        if self._strip:
            axes.tick_params(length=0, pad=self._strip * 72 + 2)
            self._draw_strips(sheet, left, top, first)
        return image

    def _draw_strips(self, sheet: Sheet, left: float, top: float, first: bool) -> None:
        from matplotlib.colors import to_rgba

        colours = category_colours(self._result.category_names)
        pixels = np.array([to_rgba(colours[name]) if name else (0, 0, 0, 0) for name in self._result.categories])
        below = sheet.axes(left, top + SIDE + STRIP_ROOM - STRIP, SIDE, STRIP)
        below.imshow(pixels[None], aspect="auto", interpolation="nearest")
        below.set_axis_off()
        if first:
            beside = sheet.axes(left - STRIP_ROOM, top, STRIP, SIDE)
            beside.imshow(pixels[:, None], aspect="auto", interpolation="nearest")
            beside.set_axis_off()

    def draw_tree(self, sheet: Sheet, left: float, top: float) -> None:
        """The clusters, if the words stand in such; the root is at the left."""
        from matplotlib.collections import LineCollection

        tree = self._result.tree
        if tree is None:
            return
        axes = sheet.axes(left, top, self._tree - 0.05, SIDE)
        lines = LineCollection(list(tree.joins), linewidths=0.5, colors=FAINT, capstyle="projecting")
        lines.set_rasterized(len(tree.joins) > MOST_LINES)
        axes.add_collection(lines)
        low, high = tree.shown
        axes.set_xlim(high, low)
        axes.set_ylim(len(self._result.words), 0)
        axes.set_axis_off()

    def draw_bar(self, axes: Axes, image: AxesImage, shown: Sequence[FloatArray], label: str) -> None:
        """A colour bar that points on where similarities lie beyond its numbers."""
        bar = axes.figure.colorbar(image, cax=axes, extend=_beyond(image, shown), extendfrac=0.03)
        bar.outline.set_linewidth(0.6)
        bar.set_label(label, size=SMALL)


def colour_map_of(name: str) -> str | Colormap:
    """What matplotlib takes for a key of `COLOUR_MAPS`."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(name, DIFFERENCE_COLOURS) if name == DIVERGING else name


class Legend:
    """What the colours of the categories mean; takes no room where there are none.

    Attributes
    ----------
    height : float
        Inches.
    """

    def __init__(self, result: AnalysisResult, width: float) -> None:
        names = result.category_names
        self._entries: list[tuple[float, float, str, str]] = []
        left, top = 0.0, 0.0
        for name, colour in category_legend(names):
            text = isolated(fitted(spelt_out(name), WIDEST_ENTRY, SMALL))
            needed = SQUARE + 0.05 + text_width(text, SMALL) + 0.15
            if left and left + needed > width:
                left, top = 0.0, top + LINE
            self._entries.append((left, top, text, colour))
            left += needed
        self.height = top + LINE + 0.05 if names else 0.0

    def draw(self, sheet: Sheet, left: float, top: float, width: float) -> None:
        """A square and a name for each category."""
        if not self._entries:
            return
        from matplotlib.patches import Rectangle

        axes = sheet.axes(left, top, width, self.height)
        axes.set(xlim=(0, width), ylim=(self.height, 0))
        axes.set_axis_off()
        for x, y, text, colour in self._entries:
            axes.add_patch(Rectangle((x, y + (LINE - SQUARE) / 2), SQUARE, SQUARE, facecolor=colour))
            axes.text(x + SQUARE + 0.05, y + LINE / 2, text, size=SMALL, va="center_baseline")


def _labels(words: Sequence[str]) -> dict[int, str]:
    """Row -> label, of as many words as stay readable."""
    return {row: shortened(words[row], LONGEST_LABEL) for row in range(0, len(words), _label_step(len(words)))}


def _label_step(n: int) -> int:
    """Every how manieth of n words gets a label beside a matrix."""
    return next((step for step in STEPS if n <= step * MOST_LABELS), n)


def _beyond(image: AxesImage, shown: Sequence[FloatArray]) -> Literal["neither", "min", "max", "both"]:
    """Which ends of the bar stand for similarities beyond its numbers too."""
    low, high = image.get_clim()
    below = low is not None and min(np.min(values) for values in shown) < low
    above = high is not None and max(np.max(values) for values in shown) > high
    return "both" if below and above else "min" if below else "max" if above else "neither"
