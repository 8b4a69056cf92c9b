"""Some dimensions of a space: which they are, that they decide all numbers, and that a space is read once for both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis import run_analysis
from engine.description import describe_analysis, describe_space
from engine.dimensions import DIMENSIONS, Dimensions
from engine.errors import EngineError, SourceError
from engine.progress import SILENT
from engine.request import AnalysisRequest, NamedSource
from engine.statistics import run_whole
from engine.step_cache import StepCache
from tests.engine.memory import MemorySource
from tests.engine.related import RULE, SHARED, THREE, asked, costly, space, vectors

SOURCE = space(0, 10)
ALL_ROWS = vectors(0, 10).astype(float)
SHOWN = [SHARED.index(word) for word in THREE[:12]]


def itself(first: Dimensions, second: Dimensions, source: MemorySource = SOURCE, **changes: Any) -> AnalysisRequest:
    return asked(spaces=(NamedSource("one", source, first), NamedSource("one", source, second)), **changes)


def r_of(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson's r of two sets of vectors' cosine similarities, in plain numpy."""
    triangles = []
    for x in (first, second):
        x = x / np.linalg.norm(x, axis=1)[:, None]
        triangles.append((x @ x.T)[np.triu_indices(len(x), 1)])
    return float(np.corrcoef(*triangles)[0, 1])


@pytest.mark.parametrize(
    ("dimensions", "expected"),
    [
        (Dimensions(), range(7)),
        (Dimensions("even"), [0, 2, 4, 6]),
        (Dimensions("odd"), [1, 3, 5]),
        (Dimensions("first half"), [0, 1, 2]),
        (Dimensions("second half"), [3, 4, 5, 6]),
        (Dimensions("range", first=2, last=5), [2, 3, 4, 5]),
        (Dimensions("range", first=6, last=6), [6]),
    ],
)
def test_which_dimensions_are_taken(dimensions: Dimensions, expected: list[int]) -> None:
    assert dimensions.numbers(7).tolist() == list(expected)


@given(st.integers(2, 400), st.integers(0, 99))
def test_a_random_half_and_its_other_half_are_all_dimensions_once(d: int, seed: int) -> None:
    one, other = (Dimensions(kind, seed).numbers(d) for kind in ("random half", "other random half"))
    assert sorted([*one, *other]) == list(range(d))
    assert len(one) == d // 2
    assert (np.diff(one) > 0).all()
    np.testing.assert_array_equal(one, Dimensions("random half", seed).numbers(d))


def test_random_halves_are_random() -> None:
    halves = {tuple(Dimensions("random half", seed).numbers(20)) for seed in range(20)}
    assert len(halves) == 20
    assert set().union(*halves) == set(range(20))


@pytest.mark.parametrize(
    ("dimensions", "d"),
    [
        (Dimensions("odd"), 1),
        (Dimensions("first half"), 1),
        (Dimensions("range", first=3, last=7), 7),
        (Dimensions("range", first=9, last=9), 7),
    ],
)
def test_dimensions_that_are_not_there_are_an_error(dimensions: Dimensions, d: int) -> None:
    with pytest.raises(SourceError, match=f"0 to {d - 1}"):
        dimensions.numbers(d)


def test_what_is_wrong_with_them_concerns_them() -> None:
    with pytest.raises(SourceError, match=r"^'one' has 10 dimensions, 0 to 9, too few for dimensions 8 to 10") as error:
        run_analysis(itself(Dimensions("even"), Dimensions("range", first=8, last=10)))
    assert error.value.concerns == "spaces[1].dimensions"


@pytest.mark.parametrize("kind", list(DIMENSIONS))
@pytest.mark.parametrize("preprocessing", ["none", "centred"])
def test_only_they_are_compared(kind: str, preprocessing: str) -> None:
    dimensions = Dimensions(kind, seed=4, first=3, last=8)
    other = NamedSource("B", space(1, 8))
    request = asked(spaces=(NamedSource("A", SOURCE, dimensions), other), preprocessing=preprocessing)
    result = run_analysis(request)
    rows, others = ALL_ROWS[:, dimensions.numbers(10)], vectors(1, 8).astype(float)
    if preprocessing == "centred":
        rows, others = rows - rows.mean(axis=0), others - others.mean(axis=0)
    assert result.comparisons[0].values["pearson"] == pytest.approx(r_of(rows[SHOWN], others[SHOWN]), abs=1e-5)
    np.testing.assert_allclose(result.spaces[0].vectors, ALL_ROWS[SHOWN][:, dimensions.numbers(10)], rtol=1e-6)
    assert result.spaces[0].dimension_numbers.tolist() == dimensions.numbers(10).tolist()


def test_a_space_compared_with_itself_is_read_once() -> None:
    source = space(0, 10)
    result = run_whole(itself(Dimensions("even"), Dimensions("odd"), source, preprocessing="centred", bands=2))
    assert source.counts == {"open": 1, "vectors": 2}, "the words under study, and all shared words"
    assert result.words == THREE[:12]
    plain = run_analysis(itself(Dimensions("even"), Dimensions("odd"), source))
    r = r_of(ALL_ROWS[SHOWN, ::2], ALL_ROWS[SHOWN, 1::2])
    assert plain.comparisons[0].values["pearson"] == pytest.approx(r, abs=1e-5)


def test_other_dimensions_are_not_taken_for_those_of_an_earlier_analysis() -> None:
    cache = StepCache()
    for first, second in (("all", "odd"), ("even", "odd"), ("first half", "second half")):
        request = itself(Dimensions(first), Dimensions(second), preprocessing="centred")
        values = [run_analysis(request, SILENT, one).comparisons[0].values for one in (cache, StepCache())]
        assert values[0] == values[1]


def test_a_space_that_runs_a_model_keeps_its_ways() -> None:
    result = run_analysis(itself(Dimensions("even"), Dimensions("odd"), costly(0, 10, tokens=3)))
    assert [int(one.n_tokens.max()) for one in result.spaces if one.n_tokens is not None] == [3, 3]


def test_names_captions_and_notes_tell_the_dimensions() -> None:
    result = run_analysis(itself(Dimensions("even"), Dimensions("odd")))
    assert [one.name for one in result.spaces] == ["one, even dimensions", "one, odd dimensions"]
    assert describe_space(result.spaces[0]) == "one, even dimensions, 5 d"
    assert "both spaces know" in describe_analysis(result)
    assert result.spaces[1].notes == ("5 of 10 dimensions: 1, 3, 5, … 9.",)
    [note] = [note for note in result.notes if "reliability" in note]
    assert "reliability diagnostic" in note
    assert "not a ceiling" in note


def test_parts_that_overlap_are_told_to() -> None:
    result = run_analysis(itself(Dimensions("even"), Dimensions("first half")))
    assert any("have 3 dimensions of one space in common" in note for note in result.notes)
    result = run_analysis(itself(Dimensions(), Dimensions("odd")))
    assert any("have 5 dimensions of one space in common" in note for note in result.notes)
    result = run_analysis(itself(Dimensions("first half"), Dimensions("range", first=4, last=9)))
    assert any("have 1 dimension of one space in common" in note for note in result.notes)
    request = itself(Dimensions(), Dimensions())
    twice = replace(request, spaces=(request.spaces[0], replace(request.spaces[1], name="copy")))
    assert any("have 10 dimensions of one space in common" in note for note in run_analysis(twice).notes)
    assert run_analysis(asked()).notes == ()


def test_the_same_dimensions_twice_need_another_name() -> None:
    request = itself(Dimensions("even"), Dimensions("even"))
    with pytest.raises(EngineError, match="'one, even dimensions'"):
        run_analysis(request)
    spaces = (request.spaces[0], replace(request.spaces[1], name="other"))
    assert run_analysis(replace(request, spaces=spaces)).comparisons[0].values["pearson"] == pytest.approx(1)


def test_a_vector_that_is_zero_in_these_dimensions_is_left_out_and_named() -> None:
    array = np.array(SOURCE.array)
    array[SOURCE.words.index(THREE[0]), ::2] = 0
    source = MemorySource(SOURCE.words, array)
    result = run_analysis(itself(Dimensions("even"), Dimensions("odd"), source))
    [missing] = [one for one in result.missing if one.words == THREE[:1]]
    assert (missing.space, missing.reason) == ("one, even dimensions", "the vector is all zeros")
    assert len(result.words) == RULE.limit - 1
