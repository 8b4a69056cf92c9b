"""One word's vectors: its value on every dimension of each space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.description import printable
from engine.errors import ExportError
from engine.export.sheet import Sheet, space_label
from engine.export.style import LINE, SPACE_HUES, TEXT
from engine.result import AnalysisResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 6.4, 1.4  # inches of a panel
LEFT, ABOVE, BELOW, GAP = 0.6, 0.25, 0.25, 0.1
FEW_DIMENSIONS = 60  # values that stand far enough apart to be marked one by one


def draw_profile(result: AnalysisResult, word: str | None) -> Figure:
    """A panel per space, one above the other; of the first word, if none is named."""
    row = profile_row(result, word)
    down = ABOVE + HEIGHT + BELOW + GAP
    title = f"“{printable(result.words[row])}”: value on every dimension"
    sheet = Sheet(result, title, LEFT + WIDTH, len(result.spaces) * down + 0.1)
    for i, space in enumerate(result.spaces):
        axes = sheet.axes(LEFT, i * down + ABOVE, WIDTH, HEIGHT)
        axes.axhline(0, color=LINE, linewidth=0.8, zorder=0)
        dots = "." if space.dimensions <= FEW_DIMENSIONS else None
        hue = SPACE_HUES[i % len(SPACE_HUES)]
        axes.plot(space.dimension_numbers, space.vectors[row], color=hue, linewidth=0.6, marker=dots, markersize=3)
        axes.set_xlim(space.dimension_numbers[0] - 1, space.dimension_numbers[-1] + 1)
        axes.set_title(space_label(space, WIDTH, TEXT), size=TEXT, loc="left", pad=4)
        axes.set_ylabel("value")
    axes.set_xlabel("dimension")
    return sheet.figure


def profile_row(result: AnalysisResult, word: str | None) -> int:
    """The row of the word whose profile is drawn: the first, if none is named; ExportError if it is not there."""
    if word is None:
        return 0
    if word not in result.rows:
        raise ExportError(f"{word!r} is not among the words analysed; choose one of them for the profile.")
    return result.rows[word]
