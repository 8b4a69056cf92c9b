"""Which points lie inside a polygon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.data import FloatArray

Corners = NDArray[np.float64]


def inside(corners: Corners, x: FloatArray, y: FloatArray) -> NDArray[np.bool_]:
    """(m,) whether each point lies inside: a line from it upwards crosses the outline an odd number of times.

    Only the edges above or below some of the points are looked at, so points that lie close together are fast.

    Parameters
    ----------
    corners : (k, 2) float64 array
        x and y of each corner; the last is joined to the first. The outline may cross itself.
    x, y : (m,) floating arrays
    """
    odd = np.zeros(len(x), bool)
    if not len(x):
        return odd
    starts, ends = corners, np.roll(corners, -1, axis=0)
    left, right = np.minimum(starts[:, 0], ends[:, 0]), np.maximum(starts[:, 0], ends[:, 0])
    for k in np.flatnonzero((left <= x.max()) & (right > x.min())):
        (x0, y0), (x1, y1) = sorted((tuple(starts[k]), tuple(ends[k])))
        beside = (x0 <= x) & (x < x1)  # half open: a corner belongs to one of its two edges
        odd ^= beside & ((x - x0) * (y1 - y0) > (y - y0) * (x1 - x0))
    return odd
