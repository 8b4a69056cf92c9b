"""What a reader is told of an inference: in plain words, with B, seed, sidedness and method."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.description import three_digits
from engine.headline import (
    describe_agreement_found,
    describe_how_many,
    describe_inferred,
    describe_interval,
    describe_measure,
    describe_robustness,
    describe_test,
    p_in_words,
)
from engine.inference.bootstrap import Bootstrap
from engine.inference.families import Sided
from engine.inference.findings import PairStatistics
from engine.inference.permutation import PermutationTest
from engine.inference.stability import RandomDraws
from engine.request import NamedSource
from engine.result import AnalysisResult
from engine.statistics import run_whole
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from tests.engine.related import asked, space


def a_test(as_extreme: int, sided: Sided = "greater", **changes: Any) -> PermutationTest:
    method = "Mantel test, 999 relabellings in 10 cyclic orbits of 100, two-sided, seed 7"
    values = {"observed": 0.5, "p": (1 + as_extreme) / 1000, "permutations": 999, "null": np.zeros(999)} | changes
    return PermutationTest(
        measure="pearson",
        seed=7,
        sided=sided,
        centre=0.0,
        exact=False,
        stopped_early=False,
        method=method,
        **values,
    )


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.0001, "p < .001"), (0.001, "p = .001"), (0.0124, "p = .012"), (0.5, "p = .500"), (1.0, "p = 1.000")],
)
def test_p_has_three_digits_and_is_never_nought(p: float, words: str) -> None:
    assert p_in_words(p) == words


@pytest.mark.parametrize(
    ("test", "sentences"),
    [
        (
            a_test(0),
            "This is more than chance (p = .001). None of 999 relabellings of the words show as much agreement. ",
        ),
        (
            a_test(1),
            "This is more than chance (p = .002). 1 of 999 relabellings of the words shows as much agreement. ",
        ),
        (
            a_test(299),
            "This is no more than chance explains (p = .300). 299 of 999 relabellings of the words show as much "
            "agreement. ",
        ),
        (
            a_test(2, "two-sided"),
            "This is different from chance (p = .003). 2 of 999 relabellings of the words show an agreement as far "
            "from chance. ",
        ),
        (
            a_test(499, "two-sided"),
            "This is no more different from chance than relabelled words are (p = .500). 499 of 999 relabellings of "
            "the words show an agreement as far from chance. ",
        ),
        (
            a_test(9, corrected_p=0.06, correction="largest statistic"),
            "This is no more than chance explains (p = .060, corrected by largest statistic). 9 of 999 relabellings "
            "of the words show as much agreement (p = .010 before the correction). ",
        ),
        (
            a_test(0, permutations=5, p=1 / 6, null=np.zeros(5)),
            "So few relabellings cannot tell whether this is more than chance (p = .167). None of 5 relabellings of "
            "the words show as much agreement. ",
        ),
    ],
)
def test_a_test_in_words(test: PermutationTest, sentences: str) -> None:
    assert describe_test(test) == f"{sentences}{test.method}."


def test_an_interval_in_words() -> None:
    drawn = Bootstrap("pearson", 0.5, np.linspace(0, 1, 1001), np.empty(0), 40, 7)
    assert describe_interval(drawn.interval(0.95)) == (
        "For other words like these it lies between .025 and .975 (95 % percentile interval, 1,001 bootstrap draws of "
        "40 words, seed 7)."
    )
    assert "99.5 % percentile" in drawn.interval(0.995).method


def test_an_interval_that_cannot_be_had_says_why() -> None:
    drawn = Bootstrap("pearson", 2.0, np.linspace(0, 1, 100), np.ones(40), 40, 7)
    assert describe_interval(drawn.interval(0.95, "bca")).startswith("All draws lie on one side")


@pytest.fixture(scope="module")
def result() -> AnalysisResult:
    return run_whole(
        asked(
            "ABC",
            WordRule(3, 4, None),
            comparisons=("pearson", "spearman", "knn_overlap"),
            permutations=199,
            sided="two-sided",
            controls=("length", "frequency", "edit_distance"),
            bootstraps=100,
            correction="benjamini_hochberg",
            draws=10,
            draw_size=20,
            bands=2,
            seed=5,
        )
    )


def test_a_measure_has_a_headline_and_all_that_was_inferred_below(result: AnalysisResult) -> None:
    comparison, found = result.inferred[0]
    head, sentences = describe_measure(result, comparison, "pearson", found)
    interval, value = found.intervals["pearson"], comparison.values["pearson"]
    assert interval.low is not None
    assert interval.high is not None
    assert value is not None
    assert head == f"Pearson r = {value:.3f}  [{interval.low:.3f}, {interval.high:.3f}]".replace("0.", ".")
    told = " ".join(sentences)
    for fact in (
        "relabellings in",
        "two-sided, seed 5",
        "100 bootstrap draws of 60 words, seed 5",
        "95 % percentile interval",
        "corrected by Benjamini-Hochberg",
        "With word length, frequency rank and edit distance taken out it is",
    ):
        assert fact in told


def test_neighbours_are_told_with_their_chance_and_number(result: AnalysisResult) -> None:
    _, sentences = describe_measure(result, *_with_measure(result, "knn_overlap"))
    assert sentences[0] == ".051 would be chance, for 3 neighbours."


def test_neighbours_in_spaces_full_of_ties_are_told_with_what_relabelled_words_show() -> None:
    """Equally near words are taken in one order by both spaces, so unrelated ones share more than a formula says."""
    words = tuple(f"w{k:02}" for k in range(40))
    rng = np.random.default_rng(0)
    spaces = tuple(
        NamedSource(name, MemorySource(words, np.c_[np.ones(40), rng.integers(0, 2, (40, 2))].astype(np.float32)))
        for name in "AB"
    )
    request = asked(spaces=spaces, words=WordList(words), comparisons=("knn_overlap",), permutations=999)
    result = run_whole(request)
    null = result.inferred[0][1].tests["knn_overlap"].null
    _, sentences = describe_measure(result, *_with_measure(result, "knn_overlap"))
    assert null.mean() > 0.12
    assert sentences[0] == f"{null.mean():.3f} would be chance, for 3 neighbours.".removeprefix("0")


def test_several_tests_that_are_not_corrected_are_counted() -> None:
    warned = "2 agreements were tested, each by itself"
    two = asked(permutations=99, comparisons=("pearson", "spearman"))
    assert describe_how_many(run_whole(two)).startswith(warned)
    assert any(line.startswith(warned) for line in describe_inferred(run_whole(two)))
    assert describe_how_many(run_whole(asked(permutations=99, comparisons=("pearson",)))) == ""
    corrected = replace(two, statistics=replace(two.statistics, correction="benjamini_hochberg"))
    assert describe_how_many(run_whole(corrected)) == ""


def test_what_relabelled_words_show_is_told_where_it_is_far_from_zero() -> None:
    result = run_whole(asked("AB", WordRule(3, 4, None), comparisons=("pearson", "cosine"), permutations=199))
    comparison, found = result.inferred[0]
    told = {name: " ".join(describe_measure(result, comparison, name, found)[1]) for name in comparison.values}
    mean = found.tests["cosine"].null.mean()
    assert mean > 0.1
    assert f"Relabelled words give {three_digits(mean)} on average." in told["cosine"]
    assert "on average" not in told["pearson"]


def test_the_agreement_of_vectors_under_each_preprocessing_is_told() -> None:
    steps = {"none": {"pearson": 0.5, "cosine": 0.75}, "centred": {"pearson": 0.25, "cosine": None}}
    (line,) = describe_robustness(PairStatistics(0, 1, by_preprocessing=steps))
    assert line == "With vectors as stored: r = .500, S_c = .750; centred: r = .250, S_c = undefined."


def test_draws_without_a_value_are_told() -> None:
    values = {"pearson": np.array([0.2, np.nan, 0.4]), "cosine": np.array([0.5, 0.6, 0.7])}
    draws = RandomDraws(values, {"pearson": 1, "cosine": 0}, 5, 60, 0, "3 random draws")
    (line,) = describe_robustness(PairStatistics(0, 1, draws=draws))
    assert line == "In 3 random draws: r between .200 and .400 (1 undefined), S_c between .500 and .700."


def _with_measure(result: AnalysisResult, measure: str) -> tuple[Any, str, Any]:
    comparison, found = result.inferred[0]
    return comparison, measure, found


def test_before_anything_is_inferred_there_is_the_number_alone(result: AnalysisResult) -> None:
    head, sentences = describe_measure(result, result.comparisons[0], "pearson", None)
    assert head.startswith("Pearson r = .")
    assert "[" not in head
    assert sentences == []


def test_one_line_has_every_value_and_interval_and_p_of_the_first(result: AnalysisResult) -> None:
    comparison, found = result.inferred[0]
    line = describe_agreement_found(comparison, found)
    number = r"-?\.\d{3}"
    assert re.fullmatch(
        rf"r = {number} \[{number}, {number}\], p [=<] \.\d+, corrected; ρ = {number}, O_k = {number}", line
    )
    assert re.fullmatch(rf"r = {number}; ρ = {number}, O_k = {number}", describe_agreement_found(comparison, None))


def test_a_terminal_is_told_everything(result: AnalysisResult) -> None:
    told = "\n".join(describe_inferred(result))
    for fact in (
        "A and B, Pearson r = ",
        "B and C, k-NN overlap = ",
        "A and B: In 10 random draws of 20 of 60 shared words, 1 neighbour, seed 5: r between ",
        "A and C: From frequent to rare words r = ",
        "A and B: r − ρ = ",
        "r of A and B − r of A and C = ",
        "95 % percentile interval, 100 bootstrap draws of 60 words, seed 5; p two-sided",
    ):
        assert fact in told
    assert told.count("r of ") == 6


def test_an_undefined_measure_is_explained_once() -> None:
    first = space(0, 7)
    first.array[:] = first.array[3]
    spaces = (NamedSource("A", first), NamedSource("B", space(1, 8)))
    result = run_whole(asked(spaces=spaces, permutations=99, bootstraps=20, controls=("length",)))
    comparison, found = result.inferred[0]
    head, sentences = describe_measure(result, comparison, "pearson", found)
    assert head == "Pearson r = undefined"
    assert sentences == ["Undefined, because all similarities of a space are equal."]


def test_nothing_inferred_is_nothing_told() -> None:
    assert describe_inferred(run_whole(asked())) == []
