"""Where two spaces differ: by how much on every pair of words, and which words they see alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.data import FloatArray, IntArray, SimilarityMatrix
from engine.difference import as_percentiles, pair_differences
from engine.measures.bins import blocks
from engine.measures.pairs import mean, pearson
from engine.measures.ranks import spearman
from engine.progress import Progress

RANKS = "ranks"
FEWEST_OTHERS = 3  # with two other words r is 1 or -1 whatever they are
BLOCK = 1 << 18  # similarities turned to float64 at once

WHY_NO_AGREEMENT = "there are fewer than three other words, or a space finds the word equally similar to all of them"


@dataclass(frozen=True)
class DisagreementKind:
    """One entry of the table.

    Parameters
    ----------
    name : str
    label : str
        As offered to the user.
    heading : str
        Where room is short.
    unit : str
        What is behind the number in a sentence: "standard deviations".
    description : str
        For the tooltip.
    """

    name: str
    label: str
    heading: str
    unit: str
    description: str


DISAGREEMENTS: dict[str, DisagreementKind] = {
    kind.name: kind
    for kind in (
        DisagreementKind(
            "z",
            "in z-scores",
            "z A − z B",
            "standard deviations",
            "z-score of the pair among all pairs of A minus that among all pairs of B: how far it lies from the line "
            "on which both spaces agree, with neither as the yardstick. Above zero: A finds it more alike.",
        ),
        DisagreementKind(
            "residual",
            "residual",
            "residual",
            "of B's similarity",
            "Similarity in B minus what the least-squares line of B on A expects from A. Above zero: B finds the pair "
            "more alike than A lets one expect.",
        ),
        DisagreementKind(
            RANKS,
            "in ranks",
            "rank A − B",
            "percentile points",
            "Percentile of the pair among all pairs of A minus that among all pairs of B; equal pairs share their "
            "middle one. Above zero: A finds it more alike.",
        ),
        DisagreementKind(
            "values", "in values", "A − B", "of similarity", "Similarity in A minus similarity in B, as they are."
        ),
    )
}


class Disagreement:
    """Two spaces' similarities of the same words against each other.

    Parameters
    ----------
    first, second : SimilarityMatrix
        (n, n), of the same words: A and B.
    """

    def __init__(self, first: SimilarityMatrix, second: SimilarityMatrix) -> None:
        self.first, self.second = first, second

    @property
    def n_words(self) -> int:
        """How many words there are."""
        return len(self.first.values)

    def of_pairs(self, kind: str, a: FloatArray, b: FloatArray) -> FloatArray:
        """By how much the spaces differ on pairs of these similarities; all kinds depend on nothing else of a pair.

        Parameters
        ----------
        kind : str
            A key of `DISAGREEMENTS`.
        a, b : (k,) floating arrays
            Similarities of the same k pairs in the first and the second space.

        Returns
        -------
        (k,) float64 array
        """
        if kind == RANKS:
            doubled = _doubled_ranks(self.first, a) - _doubled_ranks(self.second, b)
            return as_percentiles(doubled, len(self.first.triangle))
        of_a, of_b, constant = self.weights[kind]
        differences: FloatArray = of_a * a.astype(np.float64) + of_b * b.astype(np.float64) + constant
        return differences

    def of_all(self, kind: str, progress: Progress) -> FloatArray:
        """(n(n-1)/2,) float32: the same of all pairs, in the order of the triangles."""
        progress.step("differences of all pairs")
        if kind == RANKS:
            return pair_differences(kind, (self.first, self.second), progress)
        a, b = self.first.triangle, self.second.triangle
        differences = np.empty(len(a), np.float32)
        for part in blocks(len(a)):
            differences[part] = self.of_pairs(kind, a[part], b[part])
        return differences

    def of_word(self, kind: str, row: int) -> FloatArray:
        """(n,) the same of a word's pairs with all words; 0 with itself, which is no pair."""
        differences = self.of_pairs(kind, self.first.values[row], self.second.values[row])
        differences[row] = 0
        return differences

    def of_pair(self, kind: str, i: int, j: int) -> float:
        """The same of one pair."""
        return float(self.of_pairs(kind, self.first.values[i, j : j + 1], self.second.values[i, j : j + 1])[0])

    @cached_property
    def agreement(self) -> tuple[float | None, ...]:
        """Of every word: Pearson r of its similarities to all others in the first space with those in the second.

        None where it is undefined: fewer than three other words, or all of them equally similar in one space.
        """
        n = self.n_words
        if n <= FEWEST_OTHERS:
            return (None,) * n
        height = max(1, BLOCK // n)
        return tuple(r for start in range(0, n, height) for r in self._agreements(start, min(start + height, n)))

    def rank_agreement(self, row: int) -> float | None:
        """Of one word: the same of ranks, Spearman's rho."""
        if self.n_words <= FEWEST_OTHERS:
            return None
        a, b = (np.delete(matrix.values[row], row) for matrix in (self.first, self.second))
        return spearman(a, b)

    def agreement_place(self, row: int) -> tuple[int, int] | None:
        """A word's place among those with an agreement, 1 for the greatest, and how many these are; None without."""
        own = self.agreement[row]
        if own is None:
            return None
        others = [r for r in self.agreement if r is not None]
        return 1 + sum(r > own for r in others), len(others)

    def most_different(self, kind: str, row: int, count: int) -> list[tuple[int, float]]:
        """The words on whose pair with a word the spaces differ most, either way, and by how much; most first."""
        differences = self.of_word(kind, row)
        order = np.argsort(-np.abs(differences), kind="stable")
        return [(int(other), float(differences[other])) for other in order[: count + 1] if other != row][:count]

    @cached_property
    def weights(self) -> dict[str, tuple[float, float, float]]:
        """What to multiply the similarities in A and in B with, and to add, for each kind but ranks.

        A space to which all pairs are alike says nothing of any: its z-scores are 0, and it explains nothing.
        """
        a, b = self.first.triangle, self.second.triangle
        (a_mean, a_spread), (b_mean, b_spread) = _mean_and_spread(a), _mean_and_spread(b)
        slope = (pearson(a, b) or 0.0) * b_spread / a_spread if a_spread else 0.0
        a_z, b_z = (1 / spread if spread else 0.0 for spread in (a_spread, b_spread))
        return {
            "z": (a_z, -b_z, b_z * b_mean - a_z * a_mean),
            "residual": (-slope, 1.0, slope * a_mean - b_mean),
            "values": (1.0, -1.0, 0.0),
        }

    def _agreements(self, start: int, stop: int) -> list[float | None]:
        x, y = (_centred_rows(matrix, start, stop) for matrix in (self.first, self.second))
        products, xx, yy = (np.einsum("ij,ij->i", left, right) for left, right in ((x, y), (x, x), (y, y)))
        norms = np.sqrt(xx) * np.sqrt(yy)
        r = np.clip(np.divide(products, norms, out=np.zeros_like(norms), where=norms > 0), -1, 1)
        return [value if norm > 0 else None for value, norm in zip(r.tolist(), norms.tolist(), strict=True)]


def _doubled_ranks(matrix: SimilarityMatrix, values: FloatArray) -> IntArray:
    """Twice the middle ranks, less one each, that pairs of these similarities have among all pairs."""
    values = values.astype(matrix.sorted_pairs.dtype, copy=False)
    below, up_to = (np.searchsorted(matrix.sorted_pairs, values, side) for side in ("left", "right"))
    return below + up_to


def _mean_and_spread(triangle: FloatArray) -> tuple[float, float]:
    """Mean and standard deviation (of all pairs, so divided by their number)."""
    middle = mean(triangle)
    squares = sum(float(((triangle[part].astype(np.float64) - middle) ** 2).sum()) for part in blocks(len(triangle)))
    return middle, float(np.sqrt(squares / len(triangle)))


def _centred_rows(matrix: SimilarityMatrix, start: int, stop: int) -> FloatArray:
    """(stop - start, n) float64: rows less their own mean without the diagonal, which becomes 0.

    Less one of their values first, so that equal ones become exactly 0, which a mean may miss by a rounding.
    """
    rows = matrix.values[start:stop].astype(np.float64)
    here = np.arange(stop - start)
    rows -= rows[here, np.where(start + here > 0, 0, 1)][:, None]
    rows[here, start + here] = 0
    rows -= rows.sum(1, keepdims=True) / (rows.shape[1] - 1)
    rows[here, start + here] = 0
    return rows
