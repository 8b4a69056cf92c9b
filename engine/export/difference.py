"""The first space's similarity matrix minus the second's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.colours import DIVERGING
from engine.description import describe_space
from engine.difference import DIFFERENCES, Difference, difference
from engine.export.panel import BAR, BAR_ROOM, SIDE, TITLE_ROOM, Legend, Panels, colour_map_of
from engine.export.sheet import Sheet, both_names
from engine.export.style import TEXT
from engine.progress import SILENT
from engine.result import AnalysisResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_difference(result: AnalysisResult) -> Figure:
    """The difference that was asked for; if none was, that of the values."""
    minus = shown_difference(result)
    panels = Panels(result)
    width = panels.beside + SIDE + 0.1 + BAR_ROOM
    legend = Legend(result, width)
    first, second = (describe_space(result.spaces[space]) for space in (minus.first, minus.second))
    title = f"{first} minus {second}: similarities of {len(result.words):,} words"
    height = TITLE_ROOM + SIDE + panels.below
    sheet = Sheet(result, title, width, height + legend.height)
    panels.draw_tree(sheet, 0, TITLE_ROOM)
    colours = colour_map_of(DIVERGING)
    levels = (-minus.extent, minus.extent)
    image = panels.draw(sheet, panels.beside, TITLE_ROOM, minus.values, colours, levels, first=True)
    image.axes.set_title(both_names(result.names(minus), " − ", SIDE, TEXT), size=TEXT, loc="left", pad=4)
    bar = sheet.axes(panels.beside + SIDE + 0.1, TITLE_ROOM, BAR, SIDE)
    panels.draw_bar(bar, image, [minus.values], DIFFERENCES[minus.kind].unit)
    legend.draw(sheet, 0, height, width)
    return sheet.figure


def shown_difference(result: AnalysisResult) -> Difference:
    """The result's difference; if it has none, that of the values of its first two spaces."""
    if result.difference is not None:
        return result.difference
    first, second = (space.similarities for space in result.spaces[:2])
    return difference("values", (first, second), (0, 1), SILENT)
