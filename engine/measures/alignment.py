"""Agreement of two spaces' vectors: the same words in rows, any number of dimensions in either.

All see the vectors through their products with each other alone, XX' and YY', so no rotation changes them.
"""

from __future__ import annotations

import numpy as np

from engine.data import FloatArray
from engine.measures.distances import centred
from engine.measures.kernels import ROUNDING, unbiased_agreement

MANY = 4096  # words from which on products are worth taking in single precision
ROWS = 2560  # vectors whose products are taken at once


def cka(x: FloatArray, y: FloatArray) -> float | None:
    """Linear CKA, |Y'X|^2 / (|X'X| |Y'Y|) in Frobenius norms, X and Y centred; None where all vectors are equal.

    Of many words in single precision, products are taken in single precision by blocks of rows and added up in double.
    """
    x, y = _centred_as_stored(x), _centred_as_stored(y)
    norms = np.sqrt(shared_square(x, x) * shared_square(y, y))
    return float(shared_square(x, y) / norms) if norms else None


def cka_debiased(x: FloatArray, y: FloatArray) -> float | None:
    """CKA with the unbiased estimate of HSIC, about 0 for unrelated spaces of any size; may be negative.

    H(K, L) = [tr(K0 L0) + (1'K0 1)(1'L0 1) / ((n-1)(n-2)) - 2/(n-2) 1'K0 L0 1] / (n(n-3)), where K = XX' and L = YY'
    lose their diagonals; H(K, L) / sqrt(H(K, K) H(L, L)). Needs n >= 4. No n x n matrix is made where n is large.
    """
    x, y = centred(x), centred(y)
    lengths = [np.einsum("ij,ij->i", one, one) for one in (x, y)]
    sums = [one @ one.sum(axis=0) - squares for one, squares in zip((x, y), lengths, strict=True)]
    whole = [shared_square(*both) for both in ((x, y), (x, x), (y, y))]
    products = [
        one - float(lengths[i] @ lengths[j]) for one, (i, j) in zip(whole, ((0, 1), (0, 0), (1, 1)), strict=True)
    ]
    return unbiased_agreement(products, sums, [ROUNDING * len(x) * own for own in whole[1:]])


def procrustes(x: FloatArray, y: FloatArray) -> float | None:
    """Orthogonal Procrustes distance, sqrt(2 - 2 |X'Y|_*), X and Y centred and of norm 1; 0 means equal."""
    overlap = _nuclear_overlap(x, y)
    return None if overlap is None else float(np.sqrt(2 - 2 * overlap))


def procrustes_angle(x: FloatArray, y: FloatArray) -> float | None:
    """Angle after the best rotation, arccos |X'Y|_*, in radians; 0 means equal."""
    overlap = _nuclear_overlap(x, y)
    return None if overlap is None else float(np.arccos(overlap))


def _nuclear_overlap(x: FloatArray, y: FloatArray) -> float | None:
    """|X'Y|_*, the sum of the singular values, of X and Y centred and of norm 1."""
    x, y = _narrow(centred(x)), _narrow(centred(y))
    norms = float(np.linalg.norm(x) * np.linalg.norm(y))
    return min(1.0, float(np.linalg.svd(x.T @ y, compute_uv=False).sum()) / norms) if norms else None


def _narrow(x: FloatArray) -> FloatArray:
    """A matrix with the same products XX' and at most as many columns as rows."""
    if len(x) >= x.shape[1]:
        return x
    triangular: FloatArray = np.linalg.qr(x.T).R.T
    return triangular


def shared_square(x: FloatArray, y: FloatArray) -> float:
    """|X'Y|^2 = tr(XX' YY'), by whichever products are smaller: d x d or n x n."""
    if len(x) < min(x.shape[1], y.shape[1]):
        return float(np.vdot(x @ x.T, y @ y.T))
    products = np.zeros((x.shape[1], y.shape[1]))
    for start in range(0, len(x), ROWS):
        products += x[start : start + ROWS].T @ y[start : start + ROWS]
    return float(np.vdot(products, products))


def many_in_single(x: FloatArray) -> bool:
    """Whether there are so many vectors in single precision that their products may be taken in it."""
    return x.dtype == np.float32 and len(x) >= max(MANY, x.shape[1])


def _centred_as_stored(x: FloatArray) -> FloatArray:
    """The vectors minus their mean: single precision stays as it is where there are many, all else becomes float64."""
    if not many_in_single(x):
        return centred(x)
    difference: FloatArray = x - x[0]
    difference -= difference.mean(axis=0, dtype=np.float64).astype(np.float32)
    return difference
