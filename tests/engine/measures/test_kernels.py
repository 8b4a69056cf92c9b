"""Distances, kernels and vectors block by block, against the formulas written out with whole matrices."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.spatial import procrustes as scipy_procrustes
from scipy.spatial.distance import cdist, pdist

from engine.measures import alignment, distances, kernels
from engine.measures.distances import Distances
from engine.progress import Cancelled

RNG = np.random.default_rng(6)
X = RNG.normal(3, 1, (40, 7))
Y = np.hstack([X[:, :3] + RNG.normal(size=(40, 3)), RNG.normal(size=(40, 60))])
N = 40
H = np.eye(N) - 1 / N


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "CELLS", 300)


def doubly_centred(k: np.ndarray, other: np.ndarray) -> float:
    return float(np.trace(k @ H @ other @ H))


def u_centred(matrix: np.ndarray) -> np.ndarray:
    rows = matrix.sum(axis=1, keepdims=True)
    centred = matrix - rows / (N - 2) - rows.T / (N - 2) + matrix.sum() / ((N - 1) * (N - 2))
    np.fill_diagonal(centred, 0)
    return centred


def ratio(product: object, k: np.ndarray, other: np.ndarray) -> float:
    return product(k, other) / np.sqrt(product(k, k) * product(other, other))  # type: ignore[operator]


def test_distances_are_those_of_scipy_even_of_near_vectors() -> None:
    near = np.vstack([X, X + 1e-9, X]) + 1e3
    rows = slice(10, 30)
    expected = cdist(near, near)[rows, 5:]
    np.testing.assert_allclose(Distances(near).plain(rows, 5), expected, rtol=1e-8, atol=1e-12)
    assert np.array_equal(Distances(near).plain(rows, 5) == 0, expected == 0)


def test_linear_cka_with_whole_matrices() -> None:
    assert alignment.cka(X, Y) == pytest.approx(ratio(doubly_centred, X @ X.T, Y @ Y.T))
    wide = np.tile(Y, (1, 2))
    assert alignment.cka(X, wide) == pytest.approx(alignment.cka(X, Y))


def test_debiased_cka_with_whole_matrices() -> None:
    centred = [u_centred(matrix - np.diag(np.diag(matrix))) for matrix in (X @ X.T, Y @ Y.T)]
    assert alignment.cka_debiased(X, Y) == pytest.approx(ratio(lambda a, b: (a * b).sum(), *centred))


def test_unrelated_spaces_of_many_dimensions() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 100, 768))
    assert alignment.cka(x, y) == pytest.approx(0.884, abs=0.002)
    assert abs(alignment.cka_debiased(x, y)) < 0.02


def test_gaussian_cka_with_whole_matrices() -> None:
    grams = [np.exp(-(cdist(one, one) ** 2) / (2 * np.median(pdist(one) ** 2))) for one in (X, Y)]
    assert kernels.cka_rbf(X, Y) == pytest.approx(ratio(doubly_centred, *grams), abs=1e-7)


def test_distance_correlation_with_whole_matrices() -> None:
    centred = [u_centred(cdist(one, one)) for one in (X, Y)]
    assert kernels.distance_correlation(X, Y) == pytest.approx(ratio(lambda a, b: (a * b).sum(), *centred))


def test_plain_distance_correlation_of_the_published_spaces() -> None:
    rng = np.random.RandomState(1337)
    x = rng.randn(100, 10)
    y = rng.randn(100, 10) + x
    plain = kernels.biased_agreement(*kernels.sums(Distances(x).plain, Distances(y).plain, 100))
    assert np.sqrt(plain) == pytest.approx(0.7992461851, abs=5e-11)


def test_procrustes_with_the_rotation_itself() -> None:
    x, y = (one - one.mean(axis=0) for one in (X, Y))
    x, y = np.pad(x / np.linalg.norm(x), ((0, 0), (0, 56))), y / np.linalg.norm(y)
    rotation, overlap = orthogonal_procrustes(x, y)
    assert alignment.procrustes(X, Y) == pytest.approx(np.linalg.norm(x @ rotation - y))
    assert alignment.procrustes_angle(X, Y) == pytest.approx(np.arccos(overlap))
    assert np.sin(alignment.procrustes_angle(X, Y)) ** 2 == pytest.approx(scipy_procrustes(y, x)[2])


class Impatient:
    """A progress that is cancelled at its third step."""

    def __init__(self) -> None:
        self.fractions: list[float | None] = []

    def step(self, message: str, fraction: float | None = None) -> None:
        self.fractions.append(fraction)
        if len(self.fractions) == 3:
            raise Cancelled


@pytest.mark.parametrize("measure", [kernels.cka_rbf, kernels.distance_correlation])
def test_long_ones_say_how_far_they_are_and_stop_when_cancelled(measure: object) -> None:
    progress = Impatient()
    with pytest.raises(Cancelled):
        measure(X, Y, progress)  # type: ignore[operator]
    assert progress.fractions[0] == 0
    assert progress.fractions[1] < progress.fractions[2] < 1


def test_many_words_in_single_precision_are_as_good_as_in_double() -> None:
    rng = np.random.default_rng(0)
    common = rng.normal(size=(5000, 10))
    x, y = ((common @ rng.normal(size=(10, d)) + rng.normal(3, 4, (5000, d))).astype(np.float32) for d in (30, 60))
    assert alignment.cka(x, y) == pytest.approx(alignment.cka(x.astype(float), y.astype(float)), abs=1e-8)
    level = np.full((5000, 3), 0.1, np.float32)
    assert alignment.cka(level, x) is None
