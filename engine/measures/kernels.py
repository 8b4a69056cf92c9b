"""Agreement of two n x n matrices of distances or kernels that are computed by blocks of rows and never held."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np

from engine.data import FloatArray
from engine.measures.distances import Distances, row_blocks
from engine.progress import SILENT, Progress

Rows = Callable[[slice], FloatArray]  # some rows of an n x n matrix
ROUNDING = 16 * sys.float_info.epsilon  # by what share a sum may be off, for each word


def distance_correlation(x: FloatArray, y: FloatArray, progress: Progress = SILENT) -> float | None:
    """Bias-corrected square of the distance correlation: Euclidean distances, U-centred; may be negative.

    Needs n >= 4; None where all vectors are equal. O(n) memory.
    """
    first, second = Distances(x), Distances(y)
    return unbiased_agreement(*sums(first.plain, second.plain, len(x), progress))


def cka_rbf(x: FloatArray, y: FloatArray, progress: Progress = SILENT) -> float | None:
    """CKA of Gaussian kernels exp(-|a - b|^2 / (2 s^2)), s^2 the median of a space's squared distances.

    None where half of all pairs or more are of equal vectors, because s is 0 then.
    """
    first, second = (gaussian_kernel(Distances(one), progress) for one in (x, y))
    if first is None or second is None:
        return None
    return biased_agreement(*sums(first, second, len(x), progress))


def gaussian_kernel(distances: Distances, progress: Progress = SILENT) -> Rows | None:
    """The kernel of `cka_rbf`; None where its width is 0."""
    squared_width = median_square(distances, progress)
    if not squared_width:
        return None

    def rows(block: slice) -> FloatArray:
        values = distances.squared(block)
        values /= -2 * squared_width
        return np.exp(values, out=values)

    return rows


def median_square(distances: Distances, progress: Progress = SILENT) -> float:
    """The median of the squared distances of all pairs of different rows."""
    n = len(distances)
    pairs, start = np.empty(n * (n - 1) // 2), 0
    for block in row_blocks(n):
        progress.step(f"distances, {block.start:,} of {n:,} words", block.start / n)
        squares = distances.squared(block, block.start)
        for i, row in enumerate(squares):
            pairs[start : start + len(row) - i - 1] = row[i + 1 :]
            start += len(row) - i - 1
    return float(np.median(pairs, overwrite_input=True))


def sums(first: Rows, second: Rows, n: int, progress: Progress = SILENT) -> tuple[list[float], list[FloatArray]]:
    """What the agreements need: the sums of K L, K K, L L over all cells, and the sums of either's rows."""
    products = [0.0, 0.0, 0.0]
    row_sums: list[FloatArray] = [np.empty(n), np.empty(n)]
    for block in row_blocks(n):
        progress.step(f"comparing distances, {block.start:,} of {n:,} words", block.start / n)
        k, l = first(block), second(block)  # noqa: E741  as in the formulas
        for i, pair in enumerate(((k, l), (k, k), (l, l))):
            products[i] += float(np.vdot(*pair))
        row_sums[0][block], row_sums[1][block] = k.sum(axis=1), l.sum(axis=1)
    return products, row_sums


def biased_agreement(products: Sequence[float], row_sums: Sequence[FloatArray]) -> float | None:
    """<K, L> / sqrt(<K, K> <L, L>) of the double-centred matrices, from `sums`; None where one is constant."""
    n = len(row_sums[0])
    return _ratio(
        products,
        row_sums,
        lambda product, a, b: product - 2 / n * float(a @ b) + float(a.sum()) * float(b.sum()) / n**2,
    )


def unbiased_agreement(
    products: Sequence[float], row_sums: Sequence[FloatArray], rounding: Sequence[float] = (0.0, 0.0)
) -> float | None:
    """The same of the U-centred matrices, whose diagonals are 0: unrelated spaces give about 0; n >= 4.

    `rounding` is how far the sums of K K and L L may be off, where that is more than their own size tells.
    """
    n = len(row_sums[0])
    return _ratio(
        products,
        row_sums,
        lambda product, a, b: (
            product - 2 / (n - 2) * float(a @ b) + float(a.sum()) * float(b.sum()) / ((n - 1) * (n - 2))
        ),
        rounding,
    )


def _ratio(
    products: Sequence[float],
    row_sums: Sequence[FloatArray],
    centred: Callable[[float, FloatArray, FloatArray], float],
    rounding: Sequence[float] = (0.0, 0.0),
) -> float | None:
    """The centred product of K and L over the root of those of K and of L; None where rounding is all that is left."""
    a, b = row_sums
    shared, first, second = (
        centred(product, *sums) for product, sums in zip(products, ((a, b), (a, a), (b, b)), strict=True)
    )
    floors = (ROUNDING * len(a) * own + more for own, more in zip(products[1:], rounding, strict=True))
    if any(own <= floor for own, floor in zip((first, second), floors, strict=True)):
        return None
    return max(-1.0, min(1.0, shared / float(np.sqrt(first) * np.sqrt(second))))
