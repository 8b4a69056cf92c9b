"""How unevenly a space is filled, against plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis import run_analysis
from engine.anisotropy import anisotropy
from engine.comparison import Compared
from engine.data import EmbeddingSpace
from engine.request import AnalysisRequest
from engine.similarity import similarity_matrix
from tests.engine.related import asked


def by_loops(space: EmbeddingSpace) -> tuple[float, float, float]:
    """Mean similarity of different words; shares of the strongest dimension and of three."""
    vectors = space.compared.vectors.astype(float)
    n, d = vectors.shape
    similarities = [
        vectors[i] @ vectors[j] / np.linalg.norm(vectors[i]) / np.linalg.norm(vectors[j])
        for i in range(n)
        for j in range(n)
        if i != j
    ]
    shares = []
    for dimension in range(d):
        parts = [row[dimension] ** 2 / sum(value**2 for value in row.tolist()) for row in vectors]
        shares.append(sum(parts) / n)
    shares.sort(reverse=True)
    return float(np.mean(similarities)), shares[0], sum(shares[:3])


@pytest.mark.parametrize("preprocessing", ["none", "centred", "zscored", "all_but_the_top"])
def test_it_is_that_of_the_words_shown_as_they_are_compared(preprocessing: str) -> None:
    for space in run_analysis(asked(preprocessing=preprocessing)).spaces:
        found = space.anisotropy
        assert (found.mean_similarity, found.strongest, found.strongest_three) == pytest.approx(
            by_loops(space), abs=1e-6
        )
        assert found.dimensions == space.dimensions


def test_the_samples_mean_similarities_are_the_published_ones() -> None:
    means = [space.anisotropy.mean_similarity for space in run_analysis(AnalysisRequest()).spaces]
    assert means == pytest.approx([0.11831, 0.05594], abs=5e-6)


def test_centring_makes_words_unlike_on_average() -> None:
    plain, centred = (run_analysis(asked(preprocessing=name)).spaces[0].anisotropy for name in ("none", "centred"))
    assert plain.mean_similarity > 0.3
    assert abs(centred.mean_similarity) < 0.2


def measured(vectors: np.ndarray) -> Compared:
    return Compared(similarity_matrix(vectors, "dot"), vectors)


def test_known_shares() -> None:
    even = anisotropy(measured(np.ones((4, 5))))
    assert (even.strongest, even.strongest_three) == pytest.approx((1 / 5, 3 / 5))
    one = anisotropy(measured(np.eye(6)[[2, 2, 2]] * [[1], [10], [100]]))
    assert (one.strongest, one.strongest_three) == pytest.approx((1, 1))
    plane = anisotropy(measured(np.array([[3.0, 4.0], [0.3, 0.4], [30.0, -40.0]])))
    assert (plane.strongest, plane.strongest_three) == pytest.approx((0.64, 1.0))


def test_a_long_vector_counts_as_much_as_a_short_one() -> None:
    vectors = np.random.default_rng(0).normal(size=(10, 8))
    longer = vectors * np.geomspace(1e-3, 1e3, 10)[:, None]
    assert anisotropy(measured(longer)).strongest == pytest.approx(anisotropy(measured(vectors)).strongest)


def test_a_vector_of_zeros_says_nothing_and_breaks_nothing() -> None:
    found = anisotropy(measured(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]])))
    assert np.isfinite([found.mean_similarity, found.strongest, found.strongest_three]).all()
