"""How unevenly a space is filled: words that all point one way are alike whatever they mean."""

from __future__ import annotations

import numpy as np

from engine.data import Anisotropy, Compared, FloatArray


def anisotropy(space: Compared) -> Anisotropy:
    """How unevenly the preprocessed vectors of a space are spread over its dimensions (Timkey & van Schijndel 2021)."""
    shares = np.sort(_shares(space.vectors))[::-1]
    return Anisotropy(
        float(space.similarities.triangle.mean(dtype=np.float64)),
        float(shares[0]),
        float(shares[:3].sum()),
        len(shares),
    )


def _shares(vectors: FloatArray) -> FloatArray:
    """(d,) share of each dimension in the squared length of vectors of equal length; those of length 0 say nothing."""
    squares = vectors.astype(np.float64) ** 2
    lengths = squares.sum(axis=1, keepdims=True)
    shares: FloatArray = np.divide(squares, lengths, out=np.zeros_like(squares), where=lengths > 0).mean(axis=0)
    return shares
