"""What is done to a space's vectors before similarities are taken.

A new step is one function and one entry of `PREPROCESSINGS`; the panel, sessions, headless runs and the
parametrised tests find it there. A step is fitted on many words (all that the spaces share) and then applied to the
few that are shown, so that their number does not decide what is taken away.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.data import FloatArray, read_only
from engine.errors import MeasureError

ROWS = 4096  # vectors turned to float64 at once
DIMENSIONS_PER_COMPONENT = 100  # all-but-the-top removes about d/100 components


@dataclass(frozen=True, eq=False)
class Fitted:
    """A step fitted to a space: minus `mean`, divided by `scale`, without `directions`; what is None is not done.

    Parameters
    ----------
    mean : (d,) float64 array or None
    scale : (d,) float64 array or None
    directions : (components, d) float64 array or None
        Orthonormal rows.
    """

    mean: FloatArray | None = None
    scale: FloatArray | None = None
    directions: FloatArray | None = None

    def __post_init__(self) -> None:
        for array in (self.mean, self.scale, self.directions):
            if array is not None:
                read_only(array)

    @property
    def components(self) -> int:
        """How many directions are removed."""
        return 0 if self.directions is None else len(self.directions)

    def apply(self, vectors: FloatArray) -> FloatArray:
        """The preprocessed vectors.

        Parameters
        ----------
        vectors : (n, d) floating array
            Of the space that was fitted.

        Returns
        -------
        (n, d) floating array, read-only
            Computed in float64, of the vectors' dtype but at least float32; the very same array where nothing is done.
        """
        if self.mean is None:
            return vectors
        changed = vectors - self.mean
        if self.scale is not None:
            changed /= self.scale
        if self.directions is not None:
            changed -= (changed @ self.directions.T) @ self.directions
        return read_only(changed.astype(np.result_type(vectors.dtype, np.float32), copy=False))


def as_stored(vectors: FloatArray, components: int | None = None) -> Fitted:
    """Nothing."""
    return Fitted()


def centred(vectors: FloatArray, components: int | None = None) -> Fitted:
    """Minus the mean vector."""
    return Fitted(_mean(vectors))


def zscored(vectors: FloatArray, components: int | None = None) -> Fitted:
    """Minus the mean vector, every dimension divided by its standard deviation; a constant dimension becomes 0."""
    mean = _mean(vectors)
    squares = np.zeros_like(mean)
    for block in _differences(vectors, mean):
        squares += (block**2).sum(axis=0)
    deviation = np.sqrt(squares / len(vectors))
    return Fitted(mean, np.where(deviation == 0, np.inf, deviation))


def all_but_the_top(vectors: FloatArray, components: int | None = None) -> Fitted:
    """Minus the mean vector and minus the projections on the first principal components."""
    n, d = vectors.shape
    removed = default_components(d) if components is None else components
    mean = _mean(vectors)
    covariance = np.zeros((d, d))
    for block in _differences(vectors, mean):
        covariance += block.T @ block
    variances, directions = np.linalg.eigh(covariance)
    # Without the mean n words have n - 1 components, or fewer. One must be left, or rounding is all there is.
    most = int(np.count_nonzero(variances[-(n - 1) :] > d * sys.float_info.epsilon * variances[-1])) - 1 if n > 1 else 0
    if not 1 <= removed <= most:
        way_out = f"from 1 to {most:,}" if most >= 1 else "another preprocessing"
        raise MeasureError(
            f"All-but-the-top cannot remove {removed:,} of the components of {n:,} words in {d:,} dimensions; choose "
            f"{way_out}.",
            "preprocessing" if components is None else "components",
        )
    return Fitted(mean, None, directions[:, -removed:].T.copy())


def default_components(dimensions: int) -> int:
    """How many components all-but-the-top removes unless told otherwise: a hundredth of the dimensions, at least 1."""
    return max(1, round(dimensions / DIMENSIONS_PER_COMPONENT))


def _mean(vectors: FloatArray) -> FloatArray:
    """The mean in float64, exact for a dimension in which all are equal."""
    first = vectors[0].astype(np.float64)
    total = sum(block.sum(axis=0) for block in _differences(vectors, first))
    mean: FloatArray = first + total / len(vectors)
    return mean


def _differences(vectors: FloatArray, zero: FloatArray) -> Iterator[FloatArray]:
    """Float64 differences from `zero`, some rows at a time."""
    return (vectors[start : start + ROWS] - zero for start in range(0, len(vectors), ROWS))


@dataclass(frozen=True)
class Preprocessing:
    """One entry of the table.

    Parameters
    ----------
    name : str
        As written in session files.
    label : str
        As shown to the user.
    fit : callable
        (N, d) vectors, components or None for the default -> Fitted.
    description : str
        What it does and why.
    reference : str
        Where it is defined; empty for what needs none.
    has_components : bool
        Whether the user may choose how many components are removed.
    """

    name: str
    label: str
    fit: Callable[[FloatArray, int | None], Fitted]
    description: str
    reference: str = ""
    has_components: bool = False

    @property
    def tooltip(self) -> str:
        """All of it in a few sentences."""
        return f"{self.description} {self.reference}".strip()


PREPROCESSINGS: dict[str, Preprocessing] = {
    step.name: step
    for step in (
        Preprocessing("none", "as stored", as_stored, "The vectors as the space stores them."),
        Preprocessing(
            "centred",
            "centred",
            centred,
            "Minus the mean vector of all shared words: what all words have in common no longer makes them alike.",
        ),
        Preprocessing(
            "zscored",
            "z-scored",
            zscored,
            "Minus the mean, and every dimension divided by its standard deviation over all shared words: no dimension "
            "decides alone. A dimension in which all words are equal becomes 0.",
        ),
        Preprocessing(
            "all_but_the_top",
            "all-but-the-top",
            all_but_the_top,
            "Minus the mean and the strongest D principal components of all shared words (D about a hundredth of the "
            "dimensions), which tell of frequency more than of meaning.",
            "Mu & Viswanath 2018, ICLR.",
            has_components=True,
        ),
    )
}
