"""The difference of two matrices: of values and of ranks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import percentileofscore

from engine.analysis import run_analysis
from engine.data import SimilarityMatrix
from engine.difference import DIFFERENCES, difference
from engine.ordering import ORDERS
from engine.progress import SILENT, Cancelled
from engine.request import AnalysisRequest
from engine.step_cache import StepCache
from engine.words import WordRule
from tests.engine.test_ordering import CancelledAt


def matrices(n: int = 12, decimals: int = 1) -> tuple[SimilarityMatrix, SimilarityMatrix]:
    """Two seeded matrices with many ties."""
    rng = np.random.default_rng(0)
    made = []
    for _ in range(2):
        values = np.round(rng.normal(size=(n, n)), decimals).astype(np.float32)
        values = np.triu(values, 1) + np.triu(values, 1).T
        np.fill_diagonal(values, 3)
        made.append(SimilarityMatrix(values))
    return made[0], made[1]


def test_of_values_is_the_first_matrix_minus_the_second() -> None:
    first, second = matrices()
    found = difference("values", (first, second), (0, 1), SILENT)
    np.testing.assert_array_equal(found.values, first.values - second.values)
    assert (found.first, found.second, found.kind) == (0, 1, "values")


def test_of_ranks_is_that_of_the_pairs_percentiles() -> None:
    first, second = matrices()
    found = difference("ranks", (first, second), (0, 1), SILENT)
    for i, j in ((0, 1), (3, 7), (11, 2)):
        places = [percentileofscore(m.triangle, m.values[i, j], kind="mean") for m in (first, second)]
        assert found.values[i, j] == pytest.approx(places[0] - places[1], abs=1e-4)
    np.testing.assert_array_equal(found.values, found.values.T)
    assert not found.values.diagonal().any()


def test_the_diagonal_is_no_pair_and_differs_by_nothing() -> None:
    result = run_analysis(AnalysisRequest(similarity="dot", difference="values"))
    assert result.difference is not None
    assert not result.difference.values.diagonal().any()


def test_a_scale_reaches_as_far_as_nearly_all_pairs() -> None:
    result = run_analysis(AnalysisRequest(difference="values"))
    assert result.difference is not None
    size = abs(result.difference.values[np.triu_indices(100, 1)])
    assert result.difference.extent == pytest.approx(np.quantile(size, 0.99), rel=1e-6)


def test_equal_matrices_differ_by_nothing_and_still_have_a_scale() -> None:
    first, _ = matrices()
    for kind in ("values", "ranks"):
        found = difference(kind, (first, first), (0, 1), SILENT)
        assert not found.values.any()
        assert found.extent == 1


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("kind", ["values", "ranks"])
def test_the_difference_stands_in_the_order_of_the_words(order: str, kind: str) -> None:
    plain = run_analysis(AnalysisRequest(words=WordRule(limit=20), difference=kind))
    ordered = run_analysis(replace(plain.request, order=order))
    assert plain.difference is not None
    assert ordered.difference is not None
    rows = [plain.rows[word] for word in ordered.words]
    np.testing.assert_array_equal(ordered.difference.values, plain.difference.values[np.ix_(rows, rows)])


def test_there_is_none_unless_it_is_asked_for() -> None:
    assert run_analysis(AnalysisRequest()).difference is None


def test_every_kind_is_described() -> None:
    assert all(kind.label and kind.description for kind in DIFFERENCES.values())


def test_ranking_can_be_cancelled_and_is_not_repeated() -> None:
    cache = StepCache()
    with pytest.raises(Cancelled):
        run_analysis(AnalysisRequest(difference="ranks"), CancelledAt("ranking"), cache)
    first = run_analysis(AnalysisRequest(difference="ranks"), cache=cache)
    again = run_analysis(AnalysisRequest(difference="ranks", comparisons=("pearson",)), CancelledAt("ranking"), cache)
    assert again.difference is first.difference
