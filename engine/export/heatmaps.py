"""The similarity matrices side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.colours import ColourScale, colour_levels
from engine.export.panel import BAR, BAR_ROOM, GAP, SIDE, TITLE_ROOM, Legend, Panels, colour_map_of
from engine.export.sheet import Sheet, space_label
from engine.export.style import TEXT
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_heatmaps(result: AnalysisResult, colours: ColourScale) -> Figure:
    """One matrix per space, first word on top, under one scale or, where scales differ, each under its own."""
    levels = colour_levels(colours, [space.similarities for space in result.spaces])
    one_scale = len(set(levels)) == 1
    panels = Panels(result)
    columns = 2 if len(result.spaces) in (2, 4) else 3
    rows = -(-len(result.spaces) // columns)
    across, down = SIDE + (GAP if one_scale else BAR_ROOM + GAP), TITLE_ROOM + SIDE + panels.below + GAP
    width = panels.beside + columns * across - (GAP if not one_scale else GAP - BAR_ROOM - 0.1)
    legend = Legend(result, width)

    n = len(result.words)
    title = f"Similarities of {n:,} words in {len(levels)} embedding spaces"
    sheet = Sheet(result, title, width, rows * down - GAP + legend.height)
    colour_map = colour_map_of(colours.colour_map)
    label = SIMILARITIES[result.request.similarity].label
    panels.draw_tree(sheet, 0, TITLE_ROOM)
    for i, space in enumerate(result.spaces):
        row, column = divmod(i, columns)
        left, top = panels.beside + column * across, row * down + TITLE_ROOM
        values = space.similarities.values
        image = panels.draw(sheet, left, top, values, colour_map, levels[i], first=column == 0)
        image.axes.set_title(space_label(space, SIDE, TEXT), size=TEXT, loc="left", pad=4)
        if not one_scale:
            panels.draw_bar(sheet.axes(left + SIDE + 0.1, top, BAR, SIDE), image, [values], label)
    if one_scale:
        shown = [space.similarities.values for space in result.spaces]
        axes = sheet.axes(panels.beside + columns * across - GAP + 0.1, TITLE_ROOM, BAR, SIDE)
        panels.draw_bar(axes, image, shown, label)
    legend.draw(sheet, 0, rows * down - GAP, width)
    return sheet.figure
