"""What is inferred of an analysis: which words, which tests together, and the same numbers each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.analysis import run_analysis
from engine.comparison import COMPARISONS, Options
from engine.errors import EngineError
from engine.inference.findings import PairStatistics
from engine.progress import SILENT, Cancelled
from engine.request import AnalysisRequest, NamedSource, StatisticsRequest
from engine.result import AnalysisResult
from engine.statistics import run_statistics, run_whole
from engine.step_cache import StepCache
from engine.words import WordList, WordRule
from tests.engine.inferring import EVERYTHING, pair_of, texts
from tests.engine.memory import MemorySource
from tests.engine.related import RULE, SHARED, THREE, asked, costly, space

ANY_LENGTH = WordRule(3, 4, 24)


def test_nothing_is_inferred_unasked() -> None:
    assert run_whole(AnalysisRequest()).statistics is None
    assert not StatisticsRequest(controls=("length",), correction="max_statistic", draw_size=20).is_asked_for


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        ({"permutations": 99}, {"tests"}),
        ({"permutations": 99, "controls": ("edit_distance",)}, {"tests", "partial"}),
        ({"bootstraps": 50}, {"bootstraps", "intervals", "differences"}),
        ({"draws": 3, "draw_size": 6}, {"draws"}),
        ({"bands": 2}, {"bands"}),
        ({"preprocessings": True}, {"by_preprocessing"}),
        ({**EVERYTHING, "comparisons": ()}, set()),
        (EVERYTHING, set(PairStatistics.__dataclass_fields__) - {"first", "second"}),
    ],
)
def test_what_is_asked_for_is_there_and_nothing_else(changes: dict[str, Any], there: set[str]) -> None:
    found = vars(pair_of(asked(**changes)))
    assert {name for name, value in found.items() if name not in ("first", "second") and value} == there


def test_tests_and_intervals_are_of_the_analysis_own_values() -> None:
    request = asked(permutations=99, bootstraps=50, comparisons=("pearson", "spearman", "cka_debiased", "knn_overlap"))
    result = run_whole(request)
    (comparison, pair) = result.inferred[0]
    for name, value in comparison.values.items():
        assert pair.tests[name].observed == pair.intervals[name].observed == value
        ends = np.quantile(pair.bootstraps[name].defined, (0.025, 0.975))
        assert (pair.intervals[name].low, pair.intervals[name].high) == pytest.approx(ends)
        as_extreme = np.count_nonzero(pair.tests[name].null >= value - 1e-6)
        assert pair.tests[name].p == (1 + as_extreme) / (1 + pair.tests[name].permutations)


def test_the_bootstrap_draws_words_and_drops_pairs_of_a_word_with_itself() -> None:
    """The interval against one from draws of our own, as many as make both ends sure."""
    result = run_whole(asked(bootstraps=2_000, words=ANY_LENGTH))
    (_, pair) = result.inferred[0]
    a, b = (np.asarray(one.similarities.values, float) for one in result.spaces)
    rng = np.random.default_rng(5)
    values = []
    for _ in range(2_000):
        rows = rng.integers(0, len(a), len(a))
        i, j = np.triu_indices(len(rows), 1)
        i, j = rows[i], rows[j]
        values.append(np.corrcoef(a[i, j][i != j], b[i, j][i != j])[0, 1])
    expected = np.quantile(values, (0.025, 0.975))
    assert (pair.intervals["pearson"].low, pair.intervals["pearson"].high) == pytest.approx(expected, abs=0.025)


def alike_where(accepted: Callable[[str], bool]) -> tuple[NamedSource, NamedSource]:
    """Two spaces in which the accepted words have equal vectors, and no others."""
    first, second = space(0, 9), space(1, 9)
    for row, word in enumerate(first.words):
        if accepted(word):
            second.array[row] = first.array[row]
    return NamedSource("A", first), NamedSource("B", second)


def test_neighbours_of_fewer_words_are_as_large_a_share_of_them() -> None:
    assert Options(10).among(15, 120) == Options(1)
    assert Options(10).among(50, 100) == Options(5)
    assert Options(99).among(50, 100) == Options(49)  # all others
    assert Options(98).among(50, 100) == Options(48)
    request = asked(draws=40, draw_size=8, bands=2, neighbours=8, comparisons=("knn_overlap",))
    found = pair_of(request)  # 8 of 11 others; a draw has 7 others, a band 14
    assert found.draws is not None
    assert found.bands is not None
    values = [*found.draws.values["knn_overlap"], *(one.observed for one in found.bands.intervals["knn_overlap"])]
    assert np.mean(values) == pytest.approx(run_whole(request).comparisons[0].values["knn_overlap"], abs=0.1)


@pytest.mark.parametrize("words", [RULE, WordList(THREE)])
def test_random_draws_are_of_the_rules_words_and_no_others(words: WordRule | WordList) -> None:
    draws = pair_of(asked(spaces=alike_where(lambda word: len(word) == 3), words=words, draws=20, draw_size=8)).draws
    assert draws is not None
    assert (draws.words, draws.shared) == (8, len(THREE))
    assert draws.values["pearson"] == pytest.approx(np.ones(20))
    assert draws.method == "20 random draws of 8 of 30 shared words, seed 0"


def test_random_draws_are_smaller_where_the_rule_has_fewer_words() -> None:
    draws = pair_of(asked(draws=2, draw_size=500)).draws
    assert draws is not None
    assert draws.words == draws.shared == 30
    assert draws.method == "2 random draws of all 30 shared words, thus equal, seed 0"


def test_random_draws_that_share_most_of_their_words_say_so() -> None:
    draws = pair_of(asked(draws=2, draw_size=20)).draws
    assert draws is not None
    assert draws.method == "2 random draws of 20 of 30 shared words, any two with 10 or more in common, seed 0"


def test_bands_are_of_the_rules_words_by_their_place_in_the_first_space() -> None:
    request = asked(spaces=alike_where(lambda word: len(word) == 3), bands=3, bootstraps=20)
    bands = pair_of(request).bands
    assert bands is not None
    places = [space(0, 9).words.index(word) + 1 for word in THREE]
    assert bands.ranks == tuple((part[0], part[-1]) for part in (places[:10], places[10:20], places[20:]))
    assert bands.words == 10
    assert [one.observed for one in bands.intervals["pearson"]] == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("most", [50_000, 10])
def test_draws_and_bands_are_of_the_ranks_of_the_rule(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Also where these lie beyond the words that preprocessing is fitted on."""
    monkeypatch.setattr("engine.pool.MOST_WORDS", most)
    words = replace(RULE, min_rank=31, max_rank=60)
    ranked = space(0, 9).words[30:60]
    within = set(ranked) & set(THREE)
    spaces = alike_where(lambda word: word in within)
    pair = pair_of(asked(spaces=spaces, words=words, draws=5, draw_size=6, bands=2, bootstraps=40))
    assert pair.draws is not None
    assert pair.bands is not None
    assert pair.draws.shared == min(len(within), most)
    assert pair.draws.values["pearson"] == pytest.approx(np.ones(5))
    assert 31 <= pair.bands.ranks[0][0] <= pair.bands.ranks[-1][-1] <= 60
    assert [one.observed for one in pair.bands.intervals["pearson"]] == pytest.approx([1, 1])


def test_bands_and_draws_are_preprocessed_as_the_analysis_is() -> None:
    """A band that holds the very words under study has the analysis' own r."""
    request = asked(words=WordRule(3, 3, None), preprocessing="centred", bands=1, draws=1, draw_size=30)
    result = run_whole(request)
    pair = result.inferred[0][1]
    assert pair.bands is not None
    assert pair.draws is not None
    r = result.comparisons[0].values["pearson"]
    assert pair.bands.intervals["pearson"][0].observed == pytest.approx(r, abs=1e-6)
    assert pair.draws.values["pearson"][0] == pytest.approx(r, abs=1e-6)


@pytest.mark.parametrize("order", [1, -1])
def test_words_of_several_tokens_have_no_rank(order: int) -> None:
    """They are in no band and count as rarest, wherever the list has them."""
    spaces = (NamedSource("A", costly(0, 7, tokens=2)), NamedSource("B", space(1, 8)))
    result = run_whole(asked(spaces=spaces, words=WordList(SHARED[::order]), bands=2))
    indices = result.spaces[0].indices
    left_out = np.count_nonzero(indices < 0)
    assert left_out == len(SHARED) / 2
    bands = result.inferred[0][1].bands
    assert bands is not None
    ranks = np.sort(indices[indices >= 0] + 1)
    assert bands.ranks == tuple((part[0], part[-1]) for part in np.array_split(ranks, 2))
    assert bands.method.endswith(f", {left_out} of several tokens left out")
    partial = run_whole(replace(result.request, statistics=StatisticsRequest(permutations=99, controls=("frequency",))))
    confound = np.log(np.where(indices < 0, indices.max() + 2, indices + 1))
    observed = partial.inferred[0][1].partial["pearson"].test.observed
    assert observed == pytest.approx(partial_r(result, confound), abs=1e-6)


@pytest.mark.parametrize("correction", ["benjamini_hochberg", "max_statistic"])
def test_tests_to_be_corrected_do_not_stop_early(correction: str) -> None:
    """Stopped clear of 5 %, p would be too large to survive its correction."""
    request = asked("AB", permutations=4_999, adaptive=True, words=ANY_LENGTH)
    alone = pair_of(request).tests["pearson"]
    assert alone.stopped_early
    together = pair_of(replace(request, statistics=replace(request.statistics, correction=correction))).tests["pearson"]
    assert not together.stopped_early
    assert together.permutations >= 4_999


def test_bands_need_words_with_a_rank() -> None:
    spaces = (NamedSource("A", costly(0, 7, tokens=2)), NamedSource("B", space(1, 8)))
    with pytest.raises(EngineError, match="12 of 12 words are several tokens in A and have no rank there; 2 frequency"):
        run_whole(asked(spaces=spaces, bands=2))


def partial_r(result: AnalysisResult, confound: np.ndarray) -> float:
    """Pearson of what a confound's differences leave of two triangles, by least squares."""
    above = np.triu_indices(len(confound), 1)
    z = np.abs(confound[:, None] - confound[None, :])[above]
    design = np.stack([np.ones_like(z), z], axis=1)
    left = []
    for one in result.spaces:
        values = one.similarities.values[above].astype(float)
        left.append(values - design @ np.linalg.lstsq(design, values, rcond=None)[0])
    return float(np.corrcoef(*left)[0, 1])


def test_confounds_are_those_of_the_words() -> None:
    result = run_whole(asked(words=ANY_LENGTH, permutations=99, controls=("frequency",)))
    ranks = result.spaces[0].indices + 1
    partial = result.inferred[0][1].partial["pearson"]
    assert partial.test.observed == pytest.approx(partial_r(result, np.log(ranks)), abs=1e-6)
    assert partial.without == pytest.approx(result.comparisons[0].values["pearson"])
    lengths = run_whole(asked(words=ANY_LENGTH, permutations=99, controls=("length",)))
    expected = partial_r(lengths, np.array([len(word) for word in lengths.words]))
    assert lengths.inferred[0][1].partial["pearson"].test.observed == pytest.approx(expected, abs=1e-6)


def test_a_confound_that_is_equal_for_all_words_is_left_out() -> None:
    partial = pair_of(asked(permutations=99, controls=("length", "edit_distance"))).partial["pearson"]
    assert (partial.confounds, partial.left_out) == (("edit_distance",), ("length",))


def test_every_measure_can_be_asked_everything_and_is_json() -> None:
    result = run_whole(asked(comparisons=tuple(COMPARISONS), **EVERYTHING | {"interval": "bca"}))
    assert texts(result)
    pair = result.inferred[0][1]
    assert set(pair.tests) == set(pair.intervals) == set(COMPARISONS)
    for name in COMPARISONS:
        assert pair.tests[name].p is not None
        assert pair.intervals[name].low is not None or pair.intervals[name].reason


def test_equal_requests_have_equal_numbers_and_another_seed_has_others() -> None:
    request = asked("ABC", **EVERYTHING)
    assert texts(run_whole(request)) == texts(run_whole(request))
    assert texts(run_whole(request)) != texts(run_whole(replace(request, seed=1)))


def test_statistics_after_an_analysis_are_those_of_both_at_once() -> None:
    request, cache = asked(**EVERYTHING), StepCache()
    result = run_analysis(request, SILENT, cache)
    assert texts(replace(result, statistics=run_statistics(request, SILENT, cache))) == texts(run_whole(request))


def test_statistics_open_and_read_nothing_again_but_the_pool() -> None:
    first, second = space(0, 7), space(1, 8)
    request = asked(spaces=(NamedSource("A", first), NamedSource("B", second)), **EVERYTHING)
    cache = StepCache()
    for _ in range(2):
        run_analysis(request, SILENT, cache)
        run_statistics(request, SILENT, cache)
    assert [source.counts for source in (first, second)] == [{"open": 1, "vectors": 2}] * 2


@pytest.mark.parametrize("measure", ["pearson", "cka_debiased", "knn_overlap"])
def test_an_undefined_measure_has_a_reason_and_no_number(measure: str) -> None:
    first = space(0, 7)
    first.array[:] = first.array[3]
    request = asked(spaces=(NamedSource("A", first), NamedSource("B", space(1, 8))), comparisons=(measure,))
    request = replace(request, statistics=StatisticsRequest(**EVERYTHING))
    result = run_whole(request)
    pair = result.inferred[0][1]
    assert result.comparisons[0].values[measure] is None
    assert (pair.tests[measure].p, pair.intervals[measure].low) == (None, None)
    assert "is undefined, because all" in pair.tests[measure].reason
    assert "is undefined, because all" in pair.intervals[measure].reason
    assert pair.draws is not None
    assert pair.draws.undefined[measure] == 5
    assert texts(result)


@pytest.mark.parametrize(
    ("changes", "concerns"),
    [
        ({"words": WordRule(3, 3, 3), "bootstraps": 20}, "words"),
        ({"words": WordRule(3, 3, 3), "permutations": 99, "controls": ("length",)}, "words"),
        ({"bands": 31}, "statistics.bands"),
        ({"words": WordList(THREE[:3]), "draws": 3}, "words"),
        ({"draws": 3, "draw_size": 4, "neighbours": 99, "comparisons": ("knn_overlap",)}, "neighbours"),
        ({"preprocessings": True, "components": 99}, "components"),
    ],
)
def test_what_cannot_be_inferred_is_an_error_that_names_its_part(changes: dict[str, Any], concerns: str) -> None:
    with pytest.raises(EngineError) as error:
        run_whole(asked(**changes))
    assert error.value.concerns == concerns


def test_three_words_can_be_tested() -> None:
    test = pair_of(asked(words=WordRule(3, 3, 3), permutations=999, neighbours=1)).tests["pearson"]
    assert test.exact
    assert test.permutations == 5
    assert test.p is not None
    assert test.p * 6 == pytest.approx(round(test.p * 6))


class Recorder:
    """Remembers what was reported; stops at a step."""

    def __init__(self, stop_at: int = -1) -> None:
        self.stop_at = stop_at
        self.messages: list[str] = []

    def step(self, message: str, fraction: float | None = None) -> None:
        assert fraction is None or 0 <= fraction <= 1
        if len(self.messages) == self.stop_at:
            raise Cancelled
        self.messages.append(message)


def test_each_part_reports_its_progress_and_can_be_cancelled_at_any_step() -> None:
    request, whole = asked(**EVERYTHING), Recorder()
    run_whole(request, whole)
    parts = ("permutation test", "edit distances", "bootstrap", "random words", "frequency bands", "agreement with")
    for part in parts:
        assert any(message.startswith(part) for message in whole.messages), part
    cache = StepCache()
    for step in range(0, len(whole.messages), 7):
        with pytest.raises(Cancelled):
            run_whole(request, Recorder(step))
    with pytest.raises(Cancelled):
        run_statistics(request, Recorder(len(whole.messages) // 2), cache)
    after = replace(run_analysis(request, SILENT, cache), statistics=run_statistics(request, SILENT, cache))
    assert texts(after) == texts(run_whole(request)), "a cancelled run leaves nothing wrong behind"


def test_words_outside_all_spaces_do_not_matter() -> None:
    first = space(0, 7)
    extra = MemorySource((*first.words, "alone"), np.concatenate([first.array, first.array[:1]]))
    spaces = (NamedSource("A", extra), NamedSource("B", space(1, 8)))
    assert texts(run_whole(asked(**EVERYTHING))) == texts(run_whole(asked(spaces=spaces, **EVERYTHING)))
    assert len(SHARED) == 60


def test_the_order_the_words_are_shown_in_changes_no_number() -> None:
    request = asked(permutations=99, bootstraps=50)
    as_found, shown = run_statistics(request), run_statistics(replace(request, order="alphabetical"))
    assert as_found.pairs[0].tests["pearson"].null.tolist() == shown.pairs[0].tests["pearson"].null.tolist()
    assert as_found.pairs[0].intervals == shown.pairs[0].intervals


def test_another_order_infers_nothing_anew() -> None:
    request, cache = AnalysisRequest(statistics=StatisticsRequest(permutations=99)), StepCache()
    first = run_statistics(request, SILENT, cache)
    assert run_statistics(replace(request, order="alphabetical"), SILENT, cache) is first
    assert run_statistics(replace(request, seed=1), SILENT, cache) is not first
