"""The whole analysis: the notebook's numbers, words that cannot take part, errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from engine.analysis import run_analysis
from engine.comparison import COMPARISONS
from engine.errors import EngineError, MeasureError, WordsError
from engine.request import SAMPLE_SPACES, AnalysisRequest, NamedSource
from engine.result import AnalysisResult
from engine.sources import SampleSource
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from tests.engine.planets import ALL_MEASURES, WORDS, memory, request_for
from tests.engine.recipe import MINILM, WORD2VEC, notebook_recipe, read_sample


@pytest.fixture(scope="module")
def reference() -> AnalysisResult:
    return run_analysis(AnalysisRequest(comparisons=ALL_MEASURES))


class TestNotebookRecipe:
    def test_same_words_in_the_same_order(self, reference: AnalysisResult) -> None:
        assert list(reference.words) == notebook_recipe().words
        assert len(reference.words) == 100

    def test_same_vectors(self, reference: AnalysisResult) -> None:
        recipe = notebook_recipe()
        for space, expected in zip(reference.spaces, (recipe.E_A, recipe.E_B), strict=True):
            assert np.array_equal(space.vectors, expected)

    def test_same_matrices(self, reference: AnalysisResult) -> None:
        recipe = notebook_recipe()
        for space, expected in zip(reference.spaces, (recipe.S_A, recipe.S_B), strict=True):
            np.testing.assert_allclose(space.similarities.values, expected, atol=1e-6)

    def test_same_measures(self, reference: AnalysisResult) -> None:
        recipe = notebook_recipe()
        rho = stats.spearmanr(recipe.pairs_a, recipe.pairs_b).statistic
        [comparison] = reference.comparisons
        assert comparison.n_pairs == 4950
        assert comparison.values == pytest.approx(
            {"pearson": recipe.r, "cosine": recipe.S_c, "spearman": rho}, abs=1e-6
        )

    def test_published_measures(self, reference: AnalysisResult) -> None:
        [comparison] = reference.comparisons
        expected = {"pearson": 0.52702, "cosine": 0.74271, "spearman": 0.42780}
        assert comparison.values == pytest.approx(expected, abs=5e-6)

    def test_published_means(self, reference: AnalysisResult) -> None:
        means = [space.similarities.triangle.mean() for space in reference.spaces]
        assert means == pytest.approx([0.11831, 0.05594], abs=5e-6)

    def test_spaces_say_what_they_are(self, reference: AnalysisResult) -> None:
        first, second = reference.spaces
        assert (first.vocabulary_size, first.dimensions) == (1000, 300)
        assert (second.vocabulary_size, second.dimensions) == (993, 384)
        for space, file in zip(reference.spaces, (WORD2VEC, MINILM), strict=True):
            known = read_sample(file)[0]
            assert [known[i] for i in space.indices] == list(reference.words)
            assert "sample" in space.description

    @pytest.mark.parametrize(("length", "limit"), [(6, 10), (4, 100), (3, 25)])
    def test_other_lengths_and_limits(self, length: int, limit: int) -> None:
        recipe = notebook_recipe(length, limit)
        result = run_analysis(AnalysisRequest(words=WordRule(length, length, limit)))
        assert list(result.words) == recipe.words
        assert result.comparisons[0].values == pytest.approx({"pearson": recipe.r, "cosine": recipe.S_c}, abs=1e-5)


def test_equal_requests_give_equal_results() -> None:
    request = AnalysisRequest(words=WordRule(limit=30, pick="random"), seed=3)
    first, second = run_analysis(request), run_analysis(replace(request))
    assert first.words == second.words
    assert first.comparisons == second.comparisons


def test_the_seed_decides_a_random_draw() -> None:
    request = AnalysisRequest(words=WordRule(limit=30, pick="random"))
    assert run_analysis(request).words != run_analysis(replace(request, seed=1)).words


def test_rows_lead_from_words_to_matrix_rows(reference: AnalysisResult) -> None:
    assert [reference.rows[word] for word in reference.words] == list(range(100))


def test_three_spaces_are_compared_pairwise() -> None:
    third = NamedSource("again", SampleSource(WORD2VEC))
    result = run_analysis(AnalysisRequest((*SAMPLE_SPACES, third)))
    assert [(one.first, one.second) for one in result.comparisons] == [(0, 1), (0, 2), (1, 2)]
    assert result.comparisons[1].values["pearson"] == pytest.approx(1)
    assert result.comparisons[0].values == pytest.approx(result.comparisons[2].values)


def test_the_order_of_the_spaces_changes_no_measure() -> None:
    first, second = memory(seed=1), memory(seed=2, dimensions=9)
    [there] = run_analysis(request_for(first, second)).comparisons
    [back] = run_analysis(request_for(second, first)).comparisons
    assert there.values == pytest.approx(back.values)


class TestUnusableVectors:
    def test_zero_and_not_a_number_vectors_are_left_out_and_said(self) -> None:
        first, second = memory(seed=1), memory(seed=2)
        first.array[1] = 0
        second.array[2, 3] = np.nan
        result = run_analysis(request_for(first, second))
        assert result.words == ("Venus", "Saturn", "Pluto")
        assert [(one.space, one.reason, one.words, one.count) for one in result.missing] == [
            ("A", "the vector is all zeros", ("Mars",), 1),
            ("B", "the vector has values that are not numbers", ("Earth",), 1),
        ]
        assert any("2 shared words were left out" in note for note in result.notes)
        for space, source in zip(result.spaces, (first, second), strict=True):
            assert np.array_equal(space.vectors, source.array[[0, 3, 4]])
            assert space.indices.tolist() == [0, 3, 4]

    @pytest.mark.parametrize(("dtype", "factor"), [(np.float32, 1e20), (np.float32, 1e-22), (np.float64, 1e200)])
    def test_vectors_too_large_or_small_to_compute_with_are_left_out_and_said(self, dtype: type, factor: float) -> None:
        second = memory(seed=2)
        first = replace(memory(seed=1), array=memory(seed=1).array.astype(dtype))
        first.array[1] *= dtype(factor)
        result = run_analysis(request_for(first, second))
        assert [(one.reason, one.words) for one in result.missing] == [
            ("the vector's values are too large or too small", ("Mars",))
        ]
        assert np.diagonal(result.spaces[0].similarities.values) == pytest.approx(np.ones(4))

    def test_infinite_values_are_not_numbers_either(self) -> None:
        first = memory(seed=1)
        first.array[0, 0] = np.inf
        assert run_analysis(request_for(first, memory())).words == WORDS[1:]

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            (0.0, "is all zeros"),
            (np.nan, "has values that are not numbers"),
            (1e300, "'s values are too large or too s"),
        ],
    )
    def test_a_space_without_usable_vectors_is_named_with_the_reason(self, value: float, reason: str) -> None:
        first, second = memory(seed=1), replace(memory(seed=2), array=np.full((5, 6), value))
        with pytest.raises(WordsError, match=rf"In 'B' the vector ?{reason}.*, for 5 words\.$"):
            run_analysis(request_for(first, second))

    def test_a_word_lacking_in_both_ways_is_left_out_once(self) -> None:
        first, second = memory(seed=1), memory(seed=2)
        first.array[0] = second.array[0] = 0
        result = run_analysis(request_for(first, second))
        assert result.words == WORDS[1:]
        assert any("1 shared words were left out" in note for note in result.notes)


class TestErrors:
    @pytest.mark.parametrize("n_words", [1, 2])
    def test_fewer_than_three_words_are_too_few(self, n_words: int) -> None:
        with pytest.raises(WordsError, match=rf"share {n_words} usable words? of") as error:
            run_analysis(request_for(memory(), memory(), words=WordList(WORDS[:n_words])))
        assert error.value.concerns == "words"

    def test_three_words_are_enough(self) -> None:
        result = run_analysis(request_for(memory(seed=1), memory(seed=2), words=WordList(WORDS[:3])))
        assert result.comparisons[0].n_pairs == 3

    def test_an_unknown_sample_names_its_place_in_the_request(self) -> None:
        spaces = (SAMPLE_SPACES[0], NamedSource("B", SampleSource("word2vec")))
        with pytest.raises(EngineError, match=rf"'word2vec'.*{WORD2VEC}") as error:
            run_analysis(AnalysisRequest(spaces))
        assert error.value.concerns == "spaces[1].space"

    def test_two_spaces_of_one_name_are_named(self) -> None:
        spaces = (NamedSource("twin", memory()), NamedSource("twin", memory()))
        with pytest.raises(EngineError, match="'twin'") as error:
            run_analysis(AnalysisRequest(spaces))
        assert error.value.concerns == "spaces"

    @pytest.mark.parametrize("spaces", [(), SAMPLE_SPACES[:1]])
    def test_a_comparison_needs_two_spaces(self, spaces: tuple[NamedSource, ...]) -> None:
        with pytest.raises(EngineError, match="two spaces") as error:
            run_analysis(AnalysisRequest(spaces))
        assert error.value.concerns == "spaces"

    def test_a_measure_that_a_vector_does_not_allow_names_word_and_space(self) -> None:
        second = memory(seed=2)
        second.array[3] = 0.5  # no variance over dimensions
        with pytest.raises(MeasureError, match="over dimensions in B is undefined for 'Saturn';") as error:
            run_analysis(request_for(memory(), second, similarity="pearson"))
        assert error.value.concerns == "similarity"

    def test_numbers_beyond_the_precision_are_left_out_not_an_infinity(self) -> None:
        second = memory(seed=2)
        second.array[:2] = 6e37 * np.array([[1], [-1]], np.float32)
        result = run_analysis(request_for(memory(), second, similarity="cityblock"))
        assert [(one.space, one.words) for one in result.missing] == [("B", ("Venus", "Mars"))]
        assert all(np.isfinite(space.similarities.values).all() for space in result.spaces)


@pytest.mark.parametrize("measure", ["pearson", "spearman"])
def test_equal_similarities_leave_a_measure_undefined_and_say_so(measure: str) -> None:
    identity = MemorySource(WORDS, np.eye(5, dtype=np.float32))
    result = run_analysis(request_for(memory(), identity, comparisons=(measure,)))
    assert result.comparisons[0].values == {measure: None}
    assert any("undefined" in note for note in result.notes)


@pytest.mark.parametrize("measure", COMPARISONS)
def test_spaces_with_different_dimensions_are_compared(measure: str) -> None:
    words = tuple(f"word {i}" for i in range(12))  # more than the nearest neighbours that are looked at
    first, second = memory(words, dimensions=3, seed=1), memory(words, dimensions=50, seed=2)
    result = run_analysis(request_for(first, second, comparisons=(measure,)))
    low, high = COMPARISONS[measure].range
    assert low <= result.comparisons[0].values[measure] <= high
