"""What preprocessing is fitted on: all words that the spaces share, not the few that are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import pool as pools
from engine.analysis import run_analysis
from engine.errors import MeasureError
from engine.pool import find_pool
from engine.progress import SILENT
from engine.request import NamedSource
from engine.statistics import run_whole
from engine.words import WordList
from tests.engine.memory import MemorySource
from tests.engine.related import RULE, SHARED, THREE, asked, costly, space, vectors

COMPONENTS = 2


def recipe(name: str, fitted_on: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """The preprocessing as the literature has it, in plain numpy."""
    mean = fitted_on.mean(axis=0)
    if name == "none":
        return shown
    if name == "centred":
        return shown - mean
    if name == "zscored":
        return (shown - mean) / fitted_on.std(axis=0)
    directions = np.linalg.svd(fitted_on - mean)[2][:COMPONENTS]
    return shown - mean - (shown - mean) @ directions.T @ directions


def r_of(name: str, rows: list[int], fitted_on: list[int]) -> float:
    triangles = []
    for k in range(2):
        all_vectors = vectors(k, 7 + k).astype(float)
        x = recipe(name, all_vectors[fitted_on], all_vectors[rows])
        x = x / np.linalg.norm(x, axis=1)[:, None]
        triangles.append((x @ x.T)[np.triu_indices(len(x), 1)])
    return float(np.corrcoef(*triangles)[0, 1])


SHOWN = [SHARED.index(word) for word in THREE[:12]]
ALL = list(range(len(SHARED)))


@pytest.mark.parametrize("name", ["none", "centred", "zscored", "all_but_the_top"])
def test_preprocessing_is_fitted_on_all_shared_words(name: str) -> None:
    result = run_analysis(asked(preprocessing=name, components=COMPONENTS))
    assert result.words == THREE[:12]
    assert result.comparisons[0].values["pearson"] == pytest.approx(r_of(name, SHOWN, ALL), abs=1e-5)
    if name != "none":
        assert abs(r_of(name, SHOWN, SHOWN) - r_of(name, SHOWN, ALL)) > 1e-3, "fitted on the shown words it is another"
        assert any("fitted on all 60 words that the spaces share" in note for note in result.notes)


def test_the_agreement_under_each_preprocessing_is_that_of_an_analysis_with_it() -> None:
    request = asked(preprocessings=True, components=COMPONENTS, comparisons=("pearson", "cka_debiased"))
    found = run_whole(request).statistics
    assert found is not None
    assert found.pool == "all 60 words that the spaces share"
    table = found.pairs[0].by_preprocessing
    assert list(table) == ["none", "centred", "zscored", "all_but_the_top"]
    for name, values in table.items():
        assert values["pearson"] == pytest.approx(r_of(name, SHOWN, ALL), abs=1e-5)
        assert values == pytest.approx(run_analysis(replace(request, preprocessing=name)).comparisons[0].values)


def test_the_sample_has_the_published_r_without_preprocessing_and_others_with_it() -> None:
    from engine.request import AnalysisRequest, StatisticsRequest

    found = run_whole(AnalysisRequest(statistics=StatisticsRequest(preprocessings=True))).statistics
    assert found is not None
    assert found.pairs[0].by_preprocessing["none"]["pearson"] == pytest.approx(0.52702, abs=5e-6)
    assert len({round(values["pearson"] or 0, 4) for values in found.pairs[0].by_preprocessing.values()}) == 4


def test_words_without_a_usable_vector_are_not_in_the_pool() -> None:
    first, second = space(0, 7), space(1, 8)
    first.array[3] = 0
    second.array[5, 2] = np.nan
    found = find_pool({"A": first.open(SILENT), "B": second.open(SILENT)}, SILENT)
    assert set(SHARED) - set(found.words) == {SHARED[2], SHARED[4]}
    assert found.description == "all 58 words that the spaces share"
    for one, source in zip(range(2), (first, second), strict=True):
        np.testing.assert_array_equal(found.vectors[one], source.array[found.indices[one]])


def test_very_many_words_are_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "ANY_WORD", replace(pools.ANY_WORD, limit=20))
    monkeypatch.setattr(pools, "MOST_WORDS", 20)
    found = find_pool({"A": space(0, 7).open(SILENT), "B": space(1, 8).open(SILENT)}, SILENT)
    assert found.words == SHARED[:20]
    assert found.description == "the first 20 words that the spaces share"


def test_a_space_that_runs_a_model_is_asked_for_the_words_under_study_alone() -> None:
    second = costly(1, 8)
    spaces = (NamedSource("A", space(0, 7)), NamedSource("B", second))
    everything = {"draws": 3, "draw_size": 6, "bands": 2, "bootstraps": 20, "preprocessings": True}
    result = run_whole(asked(spaces=spaces, preprocessing="centred", **everything))
    assert second.seen == set(result.spaces[1].indices.tolist())
    assert len(second.seen) == 12
    assert result.statistics is not None
    assert result.statistics.pool == "the words under study"
    assert any("fitted on the words under study" in note for note in result.notes)
    assert result.comparisons[0].values["pearson"] == pytest.approx(r_of("centred", SHOWN, SHOWN), abs=1e-5)


def test_too_many_components_say_how_many_there_can_be() -> None:
    with pytest.raises(MeasureError, match="choose from 1 to 6") as error:
        run_analysis(asked(preprocessing="all_but_the_top", components=7))
    assert error.value.concerns == "components"


def test_a_pool_smaller_than_the_default_number_of_components_concerns_the_preprocessing() -> None:
    words = ("sun", "moon", "star")
    rng = np.random.default_rng(0)
    spaces = tuple(NamedSource(name, MemorySource(words, rng.normal(size=(3, 400)))) for name in "AB")
    with pytest.raises(MeasureError, match="cannot remove 4") as error:
        run_analysis(asked(spaces=spaces, words=WordList(words), preprocessing="all_but_the_top"))
    assert error.value.concerns == "preprocessing"


def test_a_limit_of_the_rule_does_not_limit_the_pool() -> None:
    values = [
        run_analysis(asked(words=replace(RULE, limit=limit), preprocessing="centred")).spaces[0] for limit in (12, 20)
    ]
    np.testing.assert_array_equal(values[0].compared.vectors, values[1].compared.vectors[:12])
