"""Where the pairs of two large matrices lie, counted in a grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.data import FloatArray, SimilarityMatrix

CHUNK = 1 << 18  # pairs counted at once: small enough for the cache, large enough for numpy


def pair_density(
    across: SimilarityMatrix,
    up: SimilarityMatrix,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    bins: int = 256,
) -> NDArray[np.int64]:
    """How many pairs fall into each cell of a grid.

    Parameters
    ----------
    across, up : SimilarityMatrix
        (n, n), of the same words.
    x_range, y_range : (low, high)
        Outer edges of the grid; pairs outside are not counted.
    bins : int
        Cells along each side.

    Returns
    -------
    (bins, bins) int64 array
        Row 0 is the lowest of `y_range`, column 0 the lowest of `x_range`.
    """
    counts = np.zeros(bins * bins, np.int64)
    for start in range(0, len(across.triangle), CHUNK):
        columns = _bin(across.triangle[start : start + CHUNK], x_range, bins)
        rows = _bin(up.triangle[start : start + CHUNK], y_range, bins)
        inside = (columns >= 0) & (columns < bins) & (rows >= 0) & (rows < bins)
        counts += np.bincount((rows * bins + columns)[inside], minlength=bins * bins)
    return counts.reshape(bins, bins)


def _bin(values: FloatArray, limits: tuple[float, float], bins: int) -> NDArray[np.int64]:
    low, high = limits
    scaled: FloatArray = np.floor((values - low) * (bins / (high - low)))
    return scaled.astype(np.int64)
