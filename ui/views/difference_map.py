"""The picture of one similarity matrix minus another."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

import pyqtgraph as pg

from engine.colours import DIVERGING
from engine.description import describe_difference
from engine.difference import Difference
from engine.result import AnalysisResult
from ui.colour_maps import colour_map_of
from ui.views.brush_veil import GREY
from ui.views.heatmap_picture import Heatmap, colour_bar


class DifferenceMap(Heatmap):
    """Blue where the first space finds a pair more alike, orange where the second does, white where they agree."""

    veil_grey: ClassVar[int] = GREY

    @cached_property
    def bar(self) -> pg.ColorBarItem:
        """The bar of differences; made when first needed."""
        bar = colour_bar([self.image], interactive=False)
        bar.setColorMap(colour_map_of(DIVERGING))
        return bar

    def show_difference(self, result: AnalysisResult, minus: Difference) -> None:
        """Draw a difference, zero in the middle of the colours."""
        self.image.setImage(minus.values, autoLevels=False, coarser=minus.pyramid)
        self.bar.setLevels((-minus.extent, minus.extent))
        self.show_words(result.words)
        self.title.short = f"A − B · {minus.kind}"
        self.title.text = f"{describe_difference(result, minus)} · {minus.kind}"
