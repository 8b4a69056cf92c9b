"""Agreement of two triangles of similarities, added up in float64 whatever their precision."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.data import FloatArray

BLOCK = 1 << 13  # pairs taken at once: they stay in the cache, and too few for BLAS to start threads


def pearson(u: FloatArray, v: FloatArray) -> float | None:
    """Pearson r of two triangles; None where one is constant."""
    return _cosine_about(u, v, mean(u), mean(v))


def cosine(u: FloatArray, v: FloatArray) -> float | None:
    """Cosine of two triangles, u'v / (|u||v|): of similarities, as they are, not of distances."""
    return _cosine_about(u, v, 0.0, 0.0)


def mean(u: FloatArray) -> float:
    """The mean in float64; of equal values exactly their value, which a plain sum may miss by a rounding."""
    if u.dtype == np.float32:
        return float(u.mean(dtype=np.float64))  # exact for up to 2^29 equal values
    first = float(u[0])
    return first + sum(float(block.sum()) for block in _blocks(u, first)) / len(u)


def norm_about(u: FloatArray, zero: float) -> float:
    """The norm of a triangle's differences from a number, in float64."""
    return float(np.sqrt(sum(float(block @ block) for block in _blocks(u, zero))))


def _cosine_about(u: FloatArray, v: FloatArray, u_zero: float, v_zero: float) -> float | None:
    """Cosine of the triangles' differences from their zeros."""
    products = uu = vv = 0.0
    for x, y in zip(_blocks(u, u_zero), _blocks(v, v_zero), strict=True):
        products += float(x @ y)
        uu += float(x @ x)
        vv += float(y @ y)
    norms = float(np.sqrt(uu) * np.sqrt(vv))
    return max(-1.0, min(1.0, products / norms)) if norms else None


def _blocks(triangle: FloatArray, zero: float) -> Iterator[FloatArray]:
    """The differences from a number in float64, one stretch of pairs after the other."""
    for start in range(0, len(triangle), BLOCK):
        yield np.subtract(triangle[start : start + BLOCK], zero, dtype=np.float64)
