"""What one draws to pick pairs: a rectangle or lasso in the scatter, a block in a heatmap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.brush import Brush, brush_block, brush_cells
from engine.density import Limits
from engine.polygon import Corners
from engine.progress import SILENT, Progress
from engine.result import AnalysisResult


@dataclass(frozen=True)
class Rectangle:
    """The pairs whose similarities lie between these, in the first space and in the second."""

    x_range: Limits
    y_range: Limits

    def pick(self, result: AnalysisResult, progress: Progress) -> Brush | None:
        """The pairs inside; None where there are none."""
        return brush_cells(result.words, result.pair_index.in_rectangle(self.x_range, self.y_range, progress))


@dataclass(frozen=True)
class Lasso:
    """The pairs inside a polygon of the scatter; its corners are (x, y), the last is joined to the first."""

    corners: tuple[tuple[float, float], ...]

    def pick(self, result: AnalysisResult, progress: Progress) -> Brush | None:
        """The pairs inside; None where there are none."""
        corners: Corners = np.array(self.corners, np.float64)
        return brush_cells(result.words, result.pair_index.in_polygon(corners, progress))


@dataclass(frozen=True)
class Block:
    """The pairs of a word of these rows with a word of these columns."""

    rows: range
    columns: range

    def pick(self, result: AnalysisResult, progress: Progress) -> Brush | None:
        """The pairs inside; None where there are none."""
        progress.step("picking the pairs")
        return brush_block(result.words, self.rows, self.columns)


Shape = Rectangle | Lasso | Block


def pick_pairs(
    result: AnalysisResult, shape: Shape, earlier: Brush | None = None, progress: Progress = SILENT
) -> Brush | None:
    """The pairs in a shape, and those of an earlier brush of the same result; None where there are none.

    What showing them takes is made too, in the calling thread.

    Raises
    ------
    Cancelled
    """
    brush = shape.pick(result, progress)
    if earlier is not None:
        brush = brush.joined(earlier) if brush else earlier
    return prepared(brush)


def prepared(brush: Brush | None) -> Brush | None:
    """The same, after what would keep the window waiting was made in the calling thread."""
    if brush is not None:
        _ = brush.rows, brush.shares
    return brush
