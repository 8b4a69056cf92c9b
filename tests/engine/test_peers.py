"""The same numbers as other people's programs, where they have the measure."""

from __future__ import annotations

import numpy as np
import pytest
import rsatoolbox.rdm
import skbio.stats.distance as skbio

from engine.comparison import Compared, compare
from engine.similarity import similarity_matrix

RNG = np.random.default_rng(9)
X = RNG.normal(size=(30, 8))
Y = X + RNG.normal(size=(30, 8))


def spaces(decimals: int) -> tuple[Compared, Compared]:
    """Two spaces; few decimals make ties."""
    first, second = (Compared(similarity_matrix(one.round(decimals), "euclidean"), one) for one in (X, Y))
    return first, second


@pytest.mark.parametrize("decimals", [9, 0])
@pytest.mark.parametrize(
    ("measure", "theirs"),
    [
        ("pearson", "corr"),
        ("cosine", "cosine"),
        ("spearman", "spearman"),
        ("rho_a", "rho-a"),
        ("kendall_tau_a", "tau-a"),
        ("kendall_tau_b", "tau-b"),
    ],
)
def test_rsatoolbox(measure: str, theirs: str, decimals: int) -> None:
    pair = spaces(decimals)
    rdms = [rsatoolbox.rdm.RDMs(-space.similarities.triangle[None]) for space in pair]
    assert compare(*pair, measure) == pytest.approx(rsatoolbox.rdm.compare(*rdms, method=theirs).item(), abs=1e-12)


@pytest.mark.parametrize("decimals", [9, 0])
@pytest.mark.parametrize(
    ("measure", "theirs"), [("pearson", "pearson"), ("spearman", "spearman"), ("kendall_tau_b", "kendalltau")]
)
def test_scikit_bio(measure: str, theirs: str, decimals: int) -> None:
    pair = spaces(decimals)
    matrices = [skbio.DistanceMatrix(np.abs(space.similarities.values)) for space in pair]
    statistic = skbio.mantel(*matrices, method=theirs, permutations=0)[0]
    assert compare(*pair, measure) == pytest.approx(statistic, abs=1e-12)
