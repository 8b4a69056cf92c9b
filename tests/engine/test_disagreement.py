"""Where two spaces differ: pair by pair and word by word, against scipy on whole matrices."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import linregress, pearsonr, rankdata, spearmanr, zscore

from engine.analysis import run_analysis
from engine.data import FloatArray, SimilarityMatrix
from engine.difference import difference
from engine.disagreement import BLOCK, DISAGREEMENTS, Disagreement
from engine.progress import SILENT
from engine.request import AnalysisRequest
from engine.statistics import run_statistics
from tests.engine.test_difference import matrices

FLAT = SimilarityMatrix(np.full((12, 12), 0.25, np.float32))


def spaces(n: int = 30, seed: int = 0) -> Disagreement:
    """Two seeded matrices of cosines that agree a little."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 8))
    made = []
    for _ in range(2):
        vectors = common + rng.normal(size=common.shape)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        made.append(SimilarityMatrix((vectors @ vectors.T).astype(np.float32)))
    return Disagreement(made[0], made[1])


def triangles(differing: Disagreement) -> tuple[FloatArray, FloatArray]:
    above = np.triu_indices(differing.n_words, 1)
    return differing.first.values[above].astype(float), differing.second.values[above].astype(float)


def expected(kind: str, a: FloatArray, b: FloatArray) -> FloatArray:
    if kind == "residual":
        line = linregress(a, b)
        return np.asarray(b - line.intercept - line.slope * a)
    if kind == "z":
        return np.asarray(zscore(a) - zscore(b))
    if kind == "ranks":
        return np.asarray((rankdata(a) - rankdata(b)) * 100 / len(a))
    return a - b


@pytest.mark.parametrize("kind", DISAGREEMENTS)
@pytest.mark.parametrize("ties", [False, True])
def test_every_kind_is_what_scipy_finds(kind: str, ties: bool) -> None:
    differing = Disagreement(*matrices()) if ties else spaces()
    a, b = triangles(differing)
    np.testing.assert_allclose(differing.of_pairs(kind, a, b), expected(kind, a, b), atol=1e-9)
    np.testing.assert_allclose(differing.of_all(kind, SILENT), expected(kind, a, b), atol=1e-5)
    assert differing.of_pair(kind, 2, 7) == pytest.approx(differing.of_pair(kind, 7, 2), abs=0)


def test_differences_are_those_of_the_picture() -> None:
    differing = spaces()
    for kind in ("values", "ranks"):
        picture = difference(kind, (differing.first, differing.second), (0, 1), SILENT).values
        for row in range(differing.n_words):
            np.testing.assert_allclose(differing.of_word(kind, row), picture[row], atol=1e-5)


def test_swapping_the_spaces_swaps_the_sign_unless_one_is_the_yardstick() -> None:
    differing = spaces()
    swapped = Disagreement(differing.second, differing.first)
    for kind in ("z", "ranks", "values"):
        np.testing.assert_allclose(swapped.of_all(kind, SILENT), -differing.of_all(kind, SILENT), atol=1e-6)
    assert not np.allclose(swapped.of_all("residual", SILENT), -differing.of_all("residual", SILENT), atol=0.01)


def test_a_space_to_which_all_pairs_are_alike_says_nothing_of_any() -> None:
    other = matrices()[0]
    a, b = triangles(Disagreement(FLAT, other))
    z = zscore(b)
    np.testing.assert_allclose(Disagreement(FLAT, other).of_pairs("z", a, b), -z, atol=1e-6)
    np.testing.assert_allclose(Disagreement(FLAT, other).of_pairs("residual", a, b), b - b.mean(), atol=1e-6)
    np.testing.assert_allclose(Disagreement(other, FLAT).of_pairs("residual", b, a), 0, atol=1e-6)
    for kind in ("z", "residual", "ranks"):
        np.testing.assert_allclose(Disagreement(FLAT, FLAT).of_all(kind, SILENT), 0, atol=1e-6)


@pytest.mark.parametrize("n", [4, 5, 30])
def test_agreement_of_a_word_is_that_of_its_rows_without_the_diagonal(n: int) -> None:
    differing = spaces(n)
    for row, r in enumerate(differing.agreement):
        a, b = (np.delete(matrix.values[row].astype(float), row) for matrix in (differing.first, differing.second))
        assert r == pytest.approx(pearsonr(a, b).statistic, abs=1e-12)
        assert differing.rank_agreement(row) == pytest.approx(spearmanr(a, b).statistic, abs=1e-12)


def test_agreement_is_the_same_in_blocks() -> None:
    differing = spaces(int(np.sqrt(BLOCK)) + 100)
    for row, r in enumerate(differing.agreement):
        a, b = (np.delete(matrix.values[row], row) for matrix in (differing.first, differing.second))
        assert r == pytest.approx(np.corrcoef(a, b)[0, 1], abs=1e-6)


@pytest.mark.parametrize("n", [2, 3])
def test_fewer_than_three_others_agree_on_nothing(n: int) -> None:
    differing = spaces(n)
    assert differing.agreement == (None,) * n
    assert differing.rank_agreement(0) is None
    assert differing.agreement_place(0) is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_word_equally_similar_to_all_others_has_no_agreement_and_no_place(dtype: type) -> None:
    first, second = (matrix.values.astype(dtype) for matrix in matrices(decimals=3))
    for word in (0, 7):  # the first word's own row begins with the diagonal
        first[word, :] = first[:, word] = 0.1
        first[word, word] = 1
    differing = Disagreement(SimilarityMatrix(first), SimilarityMatrix(second))
    undefined = [row for row, r in enumerate(differing.agreement) if r is None]
    assert undefined == [0, 7]
    assert [differing.rank_agreement(row) for row in undefined] == [None, None]
    assert differing.agreement_place(0) is None
    places = [differing.agreement_place(row) for row in range(12) if row not in undefined]
    assert sorted(place for place in places if place) == [(k, 10) for k in range(1, 11)]
    assert np.nanargmax([np.nan if r is None else r for r in differing.agreement]) == next(
        row for row in range(12) if differing.agreement_place(row) == (1, 10)
    )


def test_identical_spaces_agree_on_every_word() -> None:
    first = matrices(decimals=3)[0]
    differing = Disagreement(first, first)
    np.testing.assert_allclose(np.array(differing.agreement, float), 1, atol=1e-12)
    assert all(r is not None and r <= 1 for r in differing.agreement)
    assert {differing.agreement_place(row) for row in range(12)} <= {(place, 12) for place in range(1, 13)}


def test_the_words_a_word_is_seen_most_differently_with() -> None:
    differing = spaces()
    found = differing.most_different("z", 4, 3)
    a, b = triangles(differing)
    z = np.zeros((30, 30))
    z[np.triu_indices(30, 1)] = expected("z", a, b)
    z += z.T
    assert [other for other, _ in found] == np.argsort(-np.abs(z[4]))[:3].tolist()
    np.testing.assert_allclose([value for _, value in found], z[4][[other for other, _ in found]], atol=1e-9)
    assert [other for other, _ in spaces(2).most_different("z", 0, 3)] == [1]


def test_what_was_worked_out_of_a_result_stays_when_more_is_known_of_it() -> None:
    result = run_analysis(AnalysisRequest())
    differing, index = result.disagreement, result.pair_index
    more = result.with_statistics(run_statistics(result.request))
    assert more.disagreement is differing
    assert more.pair_index is index
    assert result.statistics is None
    assert more.statistics is not None
