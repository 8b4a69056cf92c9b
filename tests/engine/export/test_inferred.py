"""What was inferred, in result.json and as figures: all that was asked for, and nothing else."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from engine.export.figures import FIGURES, figures_of
from engine.export.inferred import inferred
from engine.export.report import report
from engine.export.robustness import draw_robustness
from engine.export.run import export_run
from engine.progress import SILENT
from engine.request import SAMPLE_SPACES, AnalysisRequest, NamedSource, StatisticsRequest
from engine.session import Session, json_text, parse_session
from engine.sources import SampleSource
from engine.statistics import run_whole
from engine.words import WordRule
from tests.engine.export.made import inferred_sample_result, sample_result

FEW = WordRule(limit=20)
THREE = (*SAMPLE_SPACES, NamedSource("third", SampleSource("word2vec-google-news-1k")))


def written(request: AnalysisRequest) -> dict[str, Any]:
    """What result.json says of a request."""
    values: dict[str, Any] = json.loads(json_text(report(run_whole(request), Session(request))))
    return values


def test_p_values_and_intervals_are_by_measure() -> None:
    asked = StatisticsRequest(permutations=99, sided="two-sided", bootstraps=50, correction="max_statistic")
    request = AnalysisRequest(THREE, FEW, statistics=asked, seed=3)
    values = written(request)
    found = run_whole(request)
    for comparison, (_, pair) in zip(values["comparisons"], found.inferred, strict=True):
        assert comparison["p_values"] == {name: test.p for name, test in pair.tests.items()}
        assert comparison["confidence_intervals"] == {name: [one.low, one.high] for name, one in pair.intervals.items()}
        for name, test in pair.tests.items():
            told = comparison["permutation_tests"][name]
            facts = ("observed", "p", "corrected_p", "correction", "permutations", "sided", "seed", "exact", "method")
            assert {key: told[key] for key in facts} == {key: getattr(test, key) for key in facts}
            assert told["sided"] == "two-sided"
            assert told["seed"] == 3
        assert comparison["bootstrap"]["pearson"]["draws"] == 50
        assert comparison["bootstrap"]["pearson"]["level"] == 0.95
        assert comparison["differences"][0]["measure"] == "pearson - cosine"
    assert found.statistics is not None
    assert [(one["first"], one["second"], one["observed"]) for one in values["between"]] == [
        ([THREE[i].name, THREE[j].name], [THREE[k].name, THREE[m].name], one.difference.interval.observed)
        for (i, j), (k, m), one in zip(
            [(0, 1), (0, 1), (0, 2)], [(0, 2), (1, 2), (1, 2)], found.statistics.between, strict=True
        )
    ]


def test_its_session_infers_the_same_again(tmp_path: Path) -> None:
    request = AnalysisRequest(words=FEW, statistics=StatisticsRequest(permutations=99, bootstraps=30, bands=2), seed=8)
    values = written(request)
    again = parse_session(values["session"], tmp_path).request
    assert again == request
    assert written(again) == values


@pytest.mark.parametrize(
    ("asked", "keys", "figures"),
    [
        (StatisticsRequest(), set(), set()),
        (StatisticsRequest(permutations=99), {"p_values", "permutation_tests"}, {"null"}),
        (
            StatisticsRequest(permutations=99, controls=("edit_distance",)),
            {"p_values", "permutation_tests", "partial"},
            {"null"},
        ),
        (StatisticsRequest(bootstraps=30), {"confidence_intervals", "bootstrap", "differences"}, {"bootstrap"}),
        (StatisticsRequest(draws=2, draw_size=20), {"random_draws"}, {"robustness"}),
        (StatisticsRequest(bands=2), {"frequency_bands"}, {"robustness"}),
        (StatisticsRequest(preprocessings=True), {"by_preprocessing"}, {"anisotropy"}),
    ],
)
def test_what_is_asked_for_is_written_and_nothing_else(
    asked: StatisticsRequest, keys: set[str], figures: set[str], tmp_path: Path
) -> None:
    request = AnalysisRequest(words=FEW, statistics=asked)
    result = run_whole(request)
    export_run(tmp_path / "run", result, Session(request), ("svg",))
    values = json.loads((tmp_path / "run" / "result.json").read_text("utf-8"))
    always = {"first", "second", "n_words", "n_pairs", "values"}
    assert set(values["comparisons"][0]) == always | keys
    drawn = {"heatmaps", "scatter", "profile"} | figures
    assert {path.stem for path in (tmp_path / "run").glob("*.svg")} == drawn == set(figures_of(result))
    assert ("pool" in values) == bool({"random_draws", "frequency_bands", "by_preprocessing"} & keys)


def test_a_full_result_has_every_figure() -> None:
    assert set(figures_of(inferred_sample_result())) == FIGURES.keys() - {"difference"}
    assert figures_of(sample_result()) == ["heatmaps", "scatter", "profile"]


def test_every_draw_and_band_is_there() -> None:
    (_, pair) = inferred_sample_result().inferred[0]
    values = inferred(pair)
    assert pair.draws is not None
    assert values["random_draws"]["values"]["pearson"] == pair.draws.values["pearson"].tolist()
    assert values["random_draws"]["method"] == "10 random draws of 50 of 130 shared words, seed 0"
    assert len(values["frequency_bands"]["intervals"]["pearson"]) == len(values["frequency_bands"]["ranks"]) == 3
    assert list(values["by_preprocessing"]) == ["none", "centred", "zscored", "all_but_the_top"]
    assert values["partial"]["pearson"]["confounds"] == ("edit_distance",)


def test_draws_are_counted_in_whole_numbers() -> None:
    request = AnalysisRequest(statistics=StatisticsRequest(draws=5, draw_size=30))
    figure = draw_robustness(run_whole(request, SILENT))
    (counted,) = [axes for axes in figure.axes if axes.get_ylabel() == "draws"]
    assert all(tick == round(tick) for tick in counted.get_yticks())


def test_a_table_has_the_values_intervals_and_p_of_every_measure(tmp_path: Path) -> None:
    asked = StatisticsRequest(permutations=99, bootstraps=50, correction="max_statistic", controls=("length",))
    request = AnalysisRequest(THREE, FEW, comparisons=("pearson", "cka"), statistics=asked)
    result = run_whole(request)
    export_run(tmp_path, result, Session(request), ())
    with (tmp_path / "statistics.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 2
    assert {(row["first"], row["second"]) for row in rows} == {result.names(one) for one in result.comparisons}
    for row, (measure, k) in zip(rows, ((name, k) for k in range(3) for name in request.comparisons), strict=True):
        comparison, found = result.inferred[k]
        test, interval = found.tests[measure], found.intervals[measure]
        numbers = (comparison.values[measure], interval.low, interval.high, test.p, test.corrected_p, test.null.mean())
        columns = ("value", "low", "high", "p", "corrected p", "mean of relabelled words")
        assert [float(row[column]) for column in columns] == list(numbers)
        assert (row["words"], row["test"], row["interval"]) == ("20", test.method, interval.method)
    partial = result.inferred[0][1].partial["pearson"].test
    assert float(rows[0]["without confounds"]) == partial.observed
    assert float(rows[0]["p without confounds"]) == partial.p
    export_run(tmp_path, sample_result(), Session(), ())
    assert not (tmp_path / "statistics.csv").exists(), "where nothing was inferred there is none"
