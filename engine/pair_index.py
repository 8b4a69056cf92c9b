"""The pairs of words as points in a plane, found by where they lie: which are in a range, which is nearest."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.data import Cells, FloatArray, SimilarityMatrix
from engine.density import Counts, Limits, pair_density
from engine.polygon import Corners, inside
from engine.progress import SILENT, Progress

# A pair's key, from its highest bits: which column of the plane, how high in it, and where in the matrix.
COLUMNS, HEIGHTS, CELLS = 10, 15, 38  # bits, of 64, with one to spare
FIRST_REACH = 0.5  # pixels; the search for the nearest pair begins within these, and doubles them
EXTREME = 0.0005  # the share of pairs at either end that may lie in the outermost column or at the outermost height
PORTION = 1 << 17  # pairs looked at at once: a column can hold them all
RECIPE_RANGE = (-0.2, 1.0)

Keys = NDArray[np.uint64]
Heights = Limits | tuple[FloatArray, FloatArray]  # of a whole range, or of each of its columns
Holds = Callable[[FloatArray, FloatArray], NDArray[np.bool_]]  # which of the points x, y belong to a shape


class PairIndex:
    """All pairs of two matrices, sorted by where they lie: 8 bytes a pair, however many, wherever they are.

    The plane is cut into 1,024 columns, the pairs of a column are sorted by height, so whatever lies in a range is some
    pieces of one sorted array.

    Parameters
    ----------
    across, up : SimilarityMatrix
        (n, n), of the same words: a pair lies at its similarity in the one and its similarity in the other.
    x_range, y_range : (low, high)
        Hold all pairs.
    """

    def __init__(self, across: SimilarityMatrix, up: SimilarityMatrix, x_range: Limits, y_range: Limits) -> None:
        self._x, self._y = across, up
        self.x_range, self.y_range = x_range, y_range
        self._columns, self._heights = _bulk(across), _bulk(up)
        self._keys = self._sorted_keys()

    @property
    def n_pairs(self) -> int:
        """How many pairs there are."""
        return len(self._keys)

    @cached_property
    def overview(self) -> Counts:
        """How many pairs lie in each of 256 x 256 cells of the ranges; row 0 is the lowest."""
        return pair_density(self._x, self._y, self.x_range, self.y_range)

    def count(self, x_range: Limits, y_range: Limits) -> int:
        """How many pairs lie in a range, or in the same columns and heights as its edges: a little too many."""
        first, last = self._pieces(x_range, y_range)
        return int((last - first).sum())

    def cells(self, x_range: Limits, y_range: Heights) -> Cells:
        """Where in the flattened matrices the pairs stand that `count` counts; heights may be those of each column."""
        pieces = [self._cells(*piece) for piece in zip(*self._pieces(x_range, y_range), strict=True)]
        return np.concatenate(pieces)

    def places(self, cells: Cells) -> tuple[FloatArray, FloatArray]:
        """The coordinates of the pairs that stand in these cells."""
        at = np.divmod(cells, len(self._x.values))
        return self._x.values[at].astype(np.float64), self._y.values[at].astype(np.float64)

    def in_rectangle(self, x_range: Limits, y_range: Limits, progress: Progress = SILENT) -> Cells:
        """The cells, ascending, of the pairs in a rectangle: of these and no others; its edges belong to it."""
        (left, right), (bottom, top) = x_range, y_range
        return self._exactly(
            x_range, y_range, lambda x, y: (x >= left) & (x <= right) & (y >= bottom) & (y <= top), progress
        )

    def in_polygon(self, corners: Corners, progress: Progress = SILENT) -> Cells:
        """The cells, ascending, of the pairs inside a polygon, as `engine.polygon` has it.

        Parameters
        ----------
        corners : (k, 2) array
            x and y of each corner; the last is joined to the first.
        """
        (left, bottom), (right, top) = corners.min(axis=0), corners.max(axis=0)
        return self._exactly((left, right), (bottom, top), lambda x, y: inside(corners, x, y), progress)

    def nearest(self, x: float, y: float, pixel: tuple[float, float], reach: float) -> tuple[int, int] | None:
        """The pair (i, j), i < j, whose point is nearest to a place; the first of several; None if none is near.

        Parameters
        ----------
        x, y : float
            The place.
        pixel : (float, float)
            Width and height of a pixel: distances are those seen.
        reach : float
            Pixels; what is further away is not near.
        """
        width, height = pixel
        radius = FIRST_REACH
        while True:
            cells = self.cells((x - radius * width, x + radius * width), (y - radius * height, y + radius * height))
            if len(cells):
                across, up = self.places(cells)
                distances = ((across - x) / width) ** 2 + ((up - y) / height) ** 2
                nearest = distances.min()
                # Whoever lies outside the square is further away than its half side, but for a rounding.
                if nearest < (radius * (1 - 1e-9)) ** 2 or radius > reach:
                    i, j = divmod(int(cells[distances == nearest].min()), len(self._x.values))
                    return (i, j) if nearest <= reach**2 else None
            if radius > reach:
                return None
            radius *= 2

    def towards(
        self, x: float, y: float, step: tuple[int, int], pixel: tuple[float, float], least: float
    ) -> tuple[int, int] | None:
        """The pair (i, j), i < j, nearest to a place among those in one direction from it; None if there is none.

        Parameters
        ----------
        x, y : float
            The place.
        step : (int, int)
            The direction: (1, 0) right, (-1, 0) left, (0, 1) up, (0, -1) down. Within 45 degrees of it a pair is in it.
        pixel : (float, float)
            Width and height of a pixel: distances are those seen.
        least : float
            Pixels that a pair must be ahead, more than 0.
        """
        width, height = pixel
        furthest = max(_length(self.x_range) / width, _length(self.y_range) / height)
        radius = 2 * least
        while True:
            cells = self._cone(x, y, step, (radius * width, radius * height))
            across, up = self.places(cells)
            right, above = (across - x) / width, (up - y) / height
            ahead, aside = right * step[0] + above * step[1], abs(right * step[1] + above * step[0])
            there = (ahead >= least) & (aside <= ahead)
            if there.any():
                distances, cells = np.hypot(right[there], above[there]), cells[there]
                nearest = distances.min()
                # Whoever lies outside the square is further away than its half side, but for a rounding.
                if nearest < radius * (1 - 1e-9) or radius > furthest:
                    return self._pair(cells[distances == nearest])
            if radius > furthest:
                return None
            radius *= 2

    def extreme(self, upwards: bool, highest: bool) -> tuple[int, int]:
        """The pair (i, j), i < j, that lies furthest left, or right if `highest`; of `upwards`, lowest or highest."""
        value = float((self._y if upwards else self._x).sorted_pairs[-1 if highest else 0])
        cells = self.cells(self.x_range if upwards else (value, value), (value, value) if upwards else self.y_range)
        return self._pair(cells[self.places(cells)[int(upwards)] == value])

    def _pair(self, cells: Cells) -> tuple[int, int]:
        i, j = divmod(int(cells.min()), len(self._x.values))
        return i, j

    def _cone(self, x: float, y: float, step: tuple[int, int], reach: tuple[float, float]) -> Cells:
        """The pairs within reach in a direction, with some more at its edges: only so much of each column."""
        across, up = reach
        ends = (x - across, x + across) if step[0] == 0 else (x, x + across) if step[0] > 0 else (x - across, x)
        left, right = (int(end) for end in _step(np.array(ends, self._x.values.dtype), self._columns, COLUMNS))
        edges = np.linspace(*self._columns, (1 << COLUMNS) + 1)[left : right + 2]
        edges[0], edges[-1] = min(edges[0], ends[0]), max(edges[-1], ends[1])  # an outermost column has all beyond it
        first, last = edges[:-1] - (edges[1] - edges[0]) * 1e-3, edges[1:] + (edges[1] - edges[0]) * 1e-3
        if step[0]:
            aside = np.minimum(np.maximum(abs(first - x), abs(last - x)), across) / across * up
            return self.cells(ends, (y - aside, y + aside))
        ahead = np.maximum(np.maximum(first - x, x - last), 0) / across * up
        ahead, end = np.minimum(ahead, up), np.full_like(ahead, up)
        return self.cells(ends, (y + ahead, y + end) if step[1] > 0 else (y - end, y - ahead))

    def _sorted_keys(self) -> Keys:
        n = len(self._x.values)
        keys = np.empty(n * (n - 1) // 2, np.uint64)
        start = 0
        for i in range(n - 1):
            end = start + n - 1 - i
            row = keys[start:end]
            row[:] = _step(self._x.values[i, i + 1 :], self._columns, COLUMNS)
            row <<= np.uint64(HEIGHTS)
            row |= _step(self._y.values[i, i + 1 :], self._heights, HEIGHTS)
            row <<= np.uint64(CELLS)
            row |= np.arange(i * n + i + 1, (i + 1) * n, dtype=np.uint64)
            start = end
        keys.sort()
        return keys

    def _pieces(self, x_range: Limits, y_range: Heights) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Where in the keys the pairs of a range begin and end, one piece a column; heights may be those of each."""
        left, right = (int(step) for step in _step(np.array(x_range, self._x.values.dtype), self._columns, COLUMNS))
        bottom, top = _step(np.array(y_range, self._y.values.dtype), self._heights, HEIGHTS)
        columns = np.arange(left, right + 1, dtype=np.uint64) << np.uint64(HEIGHTS)
        first = np.searchsorted(self._keys, (columns + bottom) << np.uint64(CELLS))
        last = np.searchsorted(self._keys, (columns + top + np.uint64(1)) << np.uint64(CELLS))
        return first, last

    def _cells(self, first: int, last: int) -> Cells:
        """Where in the flattened matrices the pairs of a piece of the keys stand."""
        return (self._keys[first:last] & np.uint64((1 << CELLS) - 1)).astype(np.int32)

    def _exactly(self, x_range: Limits, y_range: Limits, holds: Holds, progress: Progress) -> Cells:
        """The cells of the pairs of a range that lie where `holds` says, looked at column by column."""
        kept, n_kept = np.empty(self.count(x_range, y_range), np.int32), 0
        for first, last in zip(*self._pieces(x_range, y_range), strict=True):
            for start in range(first, last, PORTION):
                progress.step("picking the pairs")
                cells = self._cells(start, min(start + PORTION, last))
                cells = cells[holds(*self.places(cells))]
                kept[n_kept : n_kept + len(cells)] = cells
                n_kept += len(cells)
        kept.resize(n_kept, refcheck=False)  # in place: millions of pairs are not held twice
        kept.sort()
        return kept


def _bulk(matrix: SimilarityMatrix) -> Limits:
    """Limits of nearly all similarities: cut between them, a few extreme pairs do not leave the rest in one step."""
    last = len(matrix.sorted_pairs) - 1
    low, high = (float(matrix.sorted_pairs[round(share * last)]) for share in (EXTREME, 1 - EXTREME))
    return (low, high) if high > low else (low - 1.0, low + 1.0)


def _length(limits: Limits) -> float:
    return limits[1] - limits[0]


def _step(values: FloatArray, limits: Limits, bits: int) -> NDArray[np.uint64]:
    """The values in 2^bits steps from the lower to the upper limit, never decreasing; beyond, the first or last."""
    low, high = limits
    scaled = values - low
    scaled *= (1 << bits) / (high - low)
    return np.clip(scaled, 0, (1 << bits) - 1, out=scaled).astype(np.uint64)


def shown_range(matrix: SimilarityMatrix, similarity: str) -> Limits:
    """The notebook's -0.2 to 1 for measures that end at 1, widened to the pairs; for others the pairs' own range."""
    low, high = float(matrix.sorted_pairs[0]), float(matrix.sorted_pairs[-1])
    if similarity in ("cosine", "pearson"):
        return min(low, RECIPE_RANGE[0]), max(high, RECIPE_RANGE[1])
    margin = 0.0 if high > low else 1.0
    return low - margin, high + margin
