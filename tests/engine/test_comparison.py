"""Second-order measures, against published numbers and scipy, and what they say where they are undefined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.comparison import COMPARISONS, Compared, Options, compare
from engine.data import SimilarityMatrix
from engine.errors import MeasureError
from engine.similarity import similarity_matrix
from tests.engine.recipe import MINILM, WORD2VEC, notebook_recipe, read_sample

every_measure = pytest.mark.parametrize("measure", COMPARISONS)
OF_VECTORS = [name for name, measure in COMPARISONS.items() if measure.takes == "vectors"]
OF_PAIRS = [name for name, measure in COMPARISONS.items() if measure.takes == "pairs"]

PUBLISHED = {
    "pearson": 0.4936161881,
    "cosine": 0.4933405940,
    "spearman": 0.4817347875,
    "rho_a": 0.4817347875,
    "kendall_tau_a": 0.3319384183,
    "kendall_tau_b": 0.3319384183,
    "cka": 0.5576132566,
    "rv": 0.5576132566,
    "cka_debiased": 0.5134564895,
    "procrustes": 0.7262846403,
    "procrustes_angle": 0.7432764761,
    "knn_jaccard": 0.1701247746,
    "knn_overlap": 0.279,
    "distance_correlation": 0.5020825833,
}


def of_vectors(vectors: np.ndarray, similarity: str = "cosine") -> Compared:
    return Compared(similarity_matrix(vectors, similarity), vectors)


def seeded_spaces() -> tuple[Compared, Compared]:
    rng = np.random.RandomState(1337)
    x = rng.randn(100, 10)
    y = rng.randn(100, 10) + x
    return of_vectors(x), of_vectors(y)


def of_matrix(values: np.ndarray) -> Compared:
    """Similarities alone, beside vectors that say nothing."""
    return Compared(SimilarityMatrix(values), np.eye(len(values)))


def of_triangle(pairs: np.ndarray | list[float]) -> Compared:
    pairs = np.asarray(pairs)
    n = int((1 + np.sqrt(1 + 8 * len(pairs))) / 2)
    values = np.zeros((n, n), pairs.dtype)
    values[np.triu_indices(n, 1)] = pairs
    return of_matrix(values + values.T + np.eye(n, dtype=pairs.dtype))


X_3 = of_matrix(np.array([[0.0, 1, 2], [1, 0, 3], [2, 3, 0]]))
Y_3 = of_matrix(np.array([[0.0, 2, 7], [2, 0, 6], [7, 6, 0]]))
Z_3 = of_matrix(np.array([[0, 0.5, 0.25], [0.5, 0, 0.1], [0.25, 0.1, 0]]))


def test_means_of_the_seeded_triangles() -> None:
    x, y = seeded_spaces()
    assert x.similarities.triangle.mean() == pytest.approx(-0.0051795718, abs=5e-11)
    assert y.similarities.triangle.mean() == pytest.approx(0.0034599006, abs=5e-11)


@pytest.mark.parametrize(("measure", "expected"), PUBLISHED.items())
def test_measures_of_the_seeded_spaces(measure: str, expected: float) -> None:
    assert compare(*seeded_spaces(), measure) == pytest.approx(expected, abs=5e-11)


def test_chance_of_the_seeded_neighbours() -> None:
    chance = COMPARISONS["knn_overlap"].chance
    assert chance is not None
    assert chance(100, Options(10)) == pytest.approx(0.101, abs=5e-4)


@pytest.mark.parametrize(
    ("measure", "expected"), [("pearson", 0.7559289460), ("spearman", 0.5), ("kendall_tau_a", 0.3333333333)]
)
def test_measures_of_a_textbook_pair_of_matrices(measure: str, expected: float) -> None:
    assert compare(X_3, Y_3, measure) == pytest.approx(expected, abs=5e-11)


def test_pearson_of_a_textbook_pair_that_disagrees() -> None:
    by_hand = -0.4 / np.sqrt(2 * 0.245 / 3)  # sums of products and squares about the means 2 and .85/3
    assert compare(X_3, Z_3, "pearson") == pytest.approx(by_hand, abs=5e-11)
    assert by_hand == pytest.approx(-0.989743319, abs=5e-10)


@pytest.mark.parametrize(("measure", "expected"), [("pearson", 0.52702), ("cosine", 0.74271), ("spearman", 0.42780)])
def test_measures_of_the_bundled_sample(measure: str, expected: float) -> None:
    recipe = notebook_recipe()
    spaces = [of_vectors(vectors) for vectors in (recipe.E_A, recipe.E_B)]
    assert compare(*spaces, measure) == pytest.approx(expected, abs=5e-6)
    assert [space.similarities.triangle.mean() for space in spaces] == pytest.approx([0.11831, 0.05594], abs=5e-6)
    assert {len(read_sample(name)[1][0]) for name in (WORD2VEC, MINILM)} == {300, 384}


def test_tied_pairs_get_what_scipy_gives_them() -> None:
    rng = np.random.default_rng(4)
    u, v = rng.integers(0, 5, 45).astype(float), rng.integers(0, 4, 45).astype(float)
    x, y = of_triangle(u), of_triangle(v)
    assert compare(x, y, "spearman") == pytest.approx(stats.spearmanr(u, v).statistic)
    assert compare(x, y, "kendall_tau_b") == pytest.approx(stats.kendalltau(u, v).statistic)


def test_tau_a_and_rho_a_count_ties_as_broken_at_random() -> None:
    rng = np.random.default_rng(4)
    u, v = rng.integers(0, 5, 45).astype(float), rng.integers(0, 4, 45).astype(float)
    signs = [np.sign(np.subtract.outer(w, w)) for w in (u, v)]
    assert compare(of_triangle(u), of_triangle(v), "kendall_tau_a") == pytest.approx(
        np.mean(signs[0] * signs[1]) * 45 / 44
    )
    broken = [
        stats.spearmanr(u + 1e-6 * rng.permutation(45), v + 1e-6 * rng.permutation(45)).statistic for _ in range(4000)
    ]
    error = np.std(broken) / np.sqrt(len(broken))
    assert compare(of_triangle(u), of_triangle(v), "rho_a") == pytest.approx(np.mean(broken), abs=4 * error)


@every_measure
def test_a_space_agrees_with_itself_completely(measure: str) -> None:
    x, _ = seeded_spaces()
    expected = 0 if COMPARISONS[measure].dissimilarity else 1
    assert compare(x, x, measure) == pytest.approx(expected, abs=1e-7)


@every_measure
def test_the_order_of_the_two_spaces_does_not_matter(measure: str) -> None:
    x, y = seeded_spaces()
    assert compare(x, y, measure) == pytest.approx(compare(y, x, measure))


@every_measure
@given(order=st.permutations(range(100)))
def test_the_order_of_the_words_does_not_matter(measure: str, order: list[int]) -> None:
    x, y = seeded_spaces()
    reordered = (
        Compared(SimilarityMatrix(one.similarities.values[np.ix_(order, order)]), one.vectors[order]) for one in (x, y)
    )
    assert compare(*reordered, measure) == pytest.approx(compare(x, y, measure))


@every_measure
def test_the_diagonal_does_not_matter(measure: str) -> None:
    x, y = seeded_spaces()
    values = x.similarities.values.copy()
    np.fill_diagonal(values, 0.3)
    changed = Compared(SimilarityMatrix(values), x.vectors)
    assert compare(changed, y, measure) == pytest.approx(compare(x, y, measure))


@every_measure
@pytest.mark.parametrize("constant", [0.0, 0.1, -7000.3])
def test_a_space_in_which_all_is_equal_agrees_with_nothing(measure: str, constant: float) -> None:
    rng = np.random.default_rng(0)
    other = Compared(of_triangle(rng.normal(scale=1e4, size=105)).similarities, rng.normal(size=(15, 4)))
    level = Compared(of_triangle([constant] * 105).similarities, np.full((15, 6), constant))
    expected = {"kendall_tau_a": 0, "rho_a": 0}.get(measure)
    if measure == "cosine" and constant:
        return  # its own test
    assert compare(level, other, measure) == expected
    assert compare(other, level, measure) == expected
    assert compare(level, level, measure) == expected


@pytest.mark.parametrize("measure", ["pearson", "spearman", "kendall_tau_b", "knn_overlap"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_similarities_equal_but_for_rounding_agree_with_nothing(measure: str, dtype: type) -> None:
    rotation = stats.ortho_group.rvs(30, random_state=0).astype(dtype)  # rows at right angles: every cosine is 0
    other = of_vectors(np.random.default_rng(0).normal(size=(30, 5)))
    assert np.ptp((rotation @ rotation.T)[0, 1:]) > 0
    assert np.ptp(of_vectors(rotation).similarities.triangle) == 0
    assert compare(of_vectors(rotation), other, measure) is None


def test_cosine_is_undefined_for_zeros_only() -> None:
    other = of_triangle(np.arange(1.0, 11))
    assert compare(of_triangle(np.zeros(10)), other, "cosine") is None
    assert compare(of_triangle(np.full(10, 0.5)), other, "cosine") == pytest.approx(
        np.arange(1.0, 11).sum() / np.sqrt(10 * (np.arange(1.0, 11) ** 2).sum())
    )


@every_measure
def test_tiny_numbers_count_as_much_as_large_ones(measure: str) -> None:
    rng = np.random.default_rng(0)
    x, y = (of_vectors(rng.normal(size=(14, 4)), "dot") for _ in range(2))
    tiny = Compared(SimilarityMatrix(x.similarities.values * 1e-12), x.vectors * 1e-12)
    assert compare(tiny, y, measure) == pytest.approx(compare(x, y, measure))


@every_measure
def test_single_precision_is_added_up_in_double_precision(measure: str) -> None:
    single = [of_vectors(one) for one in np.random.default_rng(1).normal(0.5, 1, (2, 900, 6)).astype(np.float32)]
    double = [
        Compared(SimilarityMatrix(one.similarities.values.astype(np.float64)), one.vectors.astype(np.float64))
        for one in single
    ]
    assert compare(*single, measure) == pytest.approx(compare(*double, measure), rel=1e-14)


@every_measure
def test_values_that_are_not_numbers_are_an_error(measure: str) -> None:
    x, y = seeded_spaces()
    values, vectors = x.similarities.values.copy(), x.vectors.copy()
    values[3, 4] = values[4, 3] = np.nan
    vectors[3, 4] = np.inf
    with pytest.raises(MeasureError, match="not numbers") as error:
        compare(Compared(SimilarityMatrix(values), vectors), y, measure)
    assert error.value.concerns == "comparisons"


@pytest.mark.parametrize("measure", ["cka_debiased", "distance_correlation"])
def test_unbiased_measures_need_four_words(measure: str) -> None:
    x, y = (of_vectors(one) for one in np.random.default_rng(1).normal(size=(2, 3, 5)))
    with pytest.raises(MeasureError, match="needs 4 words or more, and there are 3") as error:
        compare(x, y, measure)
    assert error.value.concerns == "comparisons"
    x, y = (of_vectors(one) for one in np.random.default_rng(1).normal(size=(2, 4, 5)))
    assert -1 <= compare(x, y, measure) <= 1


@pytest.mark.parametrize("measure", ["knn_overlap", "knn_jaccard"])
@pytest.mark.parametrize("k", [0, 12, 20])
def test_more_neighbours_than_words_are_an_error(measure: str, k: int) -> None:
    x, y = (of_vectors(one) for one in np.random.default_rng(1).normal(size=(2, 12, 5)))
    with pytest.raises(MeasureError, match=f"^{k} nearest .* 12 words has 11 others; choose from 1 to 11") as error:
        compare(x, y, measure, Options(k))
    assert error.value.concerns == "neighbours"
    assert compare(x, y, measure, Options(11)) == 1


@every_measure
def test_no_measure_changes_its_input(measure: str) -> None:
    x, y = seeded_spaces()
    entry = COMPARISONS[measure]
    inputs = {
        "pairs": [one.similarities.triangle for one in (x, y)],
        "matrices": [one.similarities.values for one in (x, y)],
        "vectors": [one.vectors for one in (x, y)],
    }[entry.takes]
    assert not any(array.flags.writeable for array in inputs)
    assert entry.compute(*inputs, Options()) == compare(x, y, measure)


@every_measure
def test_every_entry_says_what_it_is(measure: str) -> None:
    entry = COMPARISONS[measure]
    assert entry.name == measure
    assert all((entry.label, entry.symbol, entry.reference, entry.why_undefined))
    for part in (entry.description, entry.reference, *entry.invariances):
        assert part in entry.tooltip
