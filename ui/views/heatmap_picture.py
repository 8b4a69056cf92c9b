"""The picture of one similarity matrix, with its title, word labels, marks and colour bar."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

import pyqtgraph as pg

from engine.brush import Brush
from engine.data import EmbeddingSpace
from engine.description import describe_space
from engine.similarity import SIMILARITIES
from ui.views.bar_axis import BarAxis
from ui.views.brush_box import CellBox
from ui.views.brush_veil import BRIGHT, BrushVeil
from ui.views.marks import CellFrame, Cross, ElidedTitle
from ui.views.matrix_image import MatrixImage
from ui.views.word_axis import WordAxis

FEWEST_CELLS_SHOWN = 4


def colour_bar(images: list[pg.ImageItem], interactive: bool = True) -> pg.ColorBarItem:
    """A bar that shows, and where it is interactive sets, the levels of these images."""
    bar = pg.ColorBarItem(width=12, rounding=0.01, interactive=interactive, colorMapMenu=False)
    bar.axis = BarAxis()
    bar.setAxisItems({"right": bar.axis})
    bar.axis.unlinkFromView()  # it shows levels, not where the view is
    bar.setImageItem(images)
    if interactive:
        bar.setToolTip("Drag the handles to change the similarities at the ends of the colours")
    return bar


class Heatmap:
    """The picture of one matrix with its title, marks and colour bar; laid out by `HeatmapsView`."""

    veil_grey: ClassVar[int] = BRIGHT

    def __init__(self) -> None:
        self.title = ElidedTitle()
        self.box = CellBox(lockAspect=True, invertY=True, enableMenu=False)
        self.image = MatrixImage()
        self.box.addItem(self.image)
        self.veil = BrushVeil(self.box, self.veil_grey)
        self.cross = Cross(self.box)
        self.frame, self.mirrored = CellFrame(), CellFrame(faint=True)
        for item in (self.mirrored, self.frame):
            self.box.addItem(item, ignoreBounds=True)
        self.columns = WordAxis("bottom")
        self.columns.linkToView(self.box)

    @cached_property
    def bar(self) -> pg.ColorBarItem:
        """The bar of this picture alone; made when first needed."""
        return colour_bar([self.image], interactive=False)

    @property
    def has_bar(self) -> bool:
        """Whether its bar was needed already."""
        return "bar" in self.__dict__

    def fit_text(self) -> None:
        """Take the room that texts need at their present size."""
        self.title.fit_text()
        self.columns.fit_text()
        if self.has_bar:
            self.bar.axis.fit_text()

    def show_space(self, space: EmbeddingSpace, measure: str, words: tuple[str, ...]) -> None:
        """Draw a space's matrix; colours stay as they are until set."""
        matrix = space.similarities
        self.image.setImage(matrix.values, autoLevels=False, coarser=matrix.pyramid)
        self.show_words(words)
        self.title.short = describe_space(space)
        self.title.text = f"{describe_space(space)} · {SIMILARITIES[measure].label}"

    def show_words(self, words: tuple[str, ...]) -> None:
        """Label the columns, and pan and zoom as far as is useful."""
        n = len(words)
        self.columns.set_words(words)
        self.box.setLimits(
            xMin=-n,
            xMax=2 * n,
            yMin=-n,
            yMax=2 * n,
            minXRange=min(FEWEST_CELLS_SHOWN, n),
            minYRange=min(FEWEST_CELLS_SHOWN, n),
        )

    def show_brush(self, brush: Brush | None) -> None:
        """Mark the brushed cells and columns, or nothing."""
        self.veil.show_brush(brush)
        self.columns.set_brushed(() if brush is None else brush.rows.tolist())

    def show_cell(self, row: int, column: int) -> None:
        """Mark a cell, and its mirror image across the diagonal."""
        self.frame.show_cell(row, column)
        self.mirrored.show_cell(column, row)
        self.mirrored.setVisible(row != column)

    def hide_cell(self) -> None:
        """Mark nothing."""
        self.frame.hide()
        self.mirrored.hide()
