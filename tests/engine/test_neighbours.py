"""The nearest words, against plain numpy and gensim."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from engine.analysis import run_analysis
from engine.data import FloatArray
from engine.neighbours import MOST, SHOWN, VOCABULARY, Neighbours, find_neighbours, nearest, neighbours_shown
from engine.preprocessing import PREPROCESSINGS
from engine.progress import Cancelled
from engine.request import AnalysisRequest, NamedSource
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES
from engine.sources import base
from engine.sources.vectors import VectorsSource
from engine.step_cache import StepCache
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from tests.engine.related import SHARED, THREE, asked, costly, vectors
from tests.engine.sources.vector_files import Watcher, binary_bytes, gensim_vectors, random_vectors

WORDS = [f"word{i}" for i in range(300)]
VECTORS = random_vectors(300, 20)
SOME = WordList(tuple(WORDS[:40]))
SECOND_OPINION = {
    "cosine": lambda x, y: 1 - cdist(x, y, "cosine"),
    "pearson": lambda x, y: 1 - cdist(x, y, "correlation"),
    "dot": lambda x, y: x @ y.T,
    "euclidean": lambda x, y: -cdist(x, y),
    "cityblock": lambda x, y: -cdist(x, y, "cityblock"),
}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the vectors come in many blocks."""
    monkeypatch.setattr(base, "BLOCK", 2000)


def analysed(rows: FloatArray, words: Any = SOME, names: list[str] = WORDS, **changes: Any) -> AnalysisResult:
    """The analysis of a space with another one in which the same words have other vectors."""
    spaces = NamedSource("A", MemorySource(names, rows)), NamedSource("B", MemorySource(names, rows[::-1].copy()))
    return run_analysis(AnalysisRequest(spaces, words, **changes))


def expected(rows: FloatArray, word: str, measure: str, names: list[str] = WORDS) -> list[tuple[str, float]]:
    """All words from nearest to farthest, the word itself apart."""
    row = names.index(word)
    similarities = SECOND_OPINION[measure](rows[[row]].astype(float), rows.astype(float))[0]
    order = [j for j in np.argsort(-similarities, kind="stable").tolist() if j != row]
    return [(names[j], similarities[j]) for j in order]


def check(found: Neighbours, wanted: list[tuple[str, float]]) -> None:
    assert list(found.words) == [word for word, _ in wanted]
    np.testing.assert_allclose(found.similarities, [value for _, value in wanted], atol=1e-5)
    assert found.note == ""


@pytest.mark.parametrize("measure", SIMILARITIES)
def test_neighbours_are_those_of_plain_numpy_in_both_scopes(measure: str) -> None:
    result = analysed(VECTORS, similarity=measure)
    shown = neighbours_shown(result, WORDS[7]).spaces
    check(shown[0], expected(VECTORS[:40], WORDS[7], measure)[:MOST])
    check(shown[1], expected(VECTORS[::-1][:40], WORDS[7], measure)[:MOST])
    assert [space.pool for space in shown] == [39, 39]
    whole = find_neighbours(result, WORDS[7], VOCABULARY).spaces
    check(whole[0], expected(VECTORS, WORDS[7], measure)[:MOST])
    check(whole[1], expected(VECTORS[::-1], WORDS[7], measure)[:MOST])
    assert [space.pool for space in whole] == [299, 299]


@pytest.mark.parametrize("measure", SIMILARITIES)
def test_a_word_that_is_not_shown_has_neighbours_in_both_scopes(measure: str) -> None:
    result = analysed(VECTORS, similarity=measure)
    of_shown = [pair for pair in expected(VECTORS, WORDS[200], measure) if pair[0] in result.rows]
    shown = find_neighbours(result, WORDS[200], SHOWN)
    check(shown.spaces[0], of_shown)
    assert shown.spaces[0].pool == 40
    check(find_neighbours(result, WORDS[200], VOCABULARY).spaces[0], expected(VECTORS, WORDS[200], measure)[:MOST])


def test_neighbours_in_a_file_are_gensims(tmp_path: Path) -> None:
    names = [*WORDS[:150], "New_York", "東京", *WORDS[150:]]
    rows = random_vectors(len(names), 20)
    (tmp_path / "a.bin").write_bytes(binary_bytes([name.encode() for name in names], rows))
    (tmp_path / "b.bin").write_bytes(binary_bytes([name.encode() for name in names], rows, b"\n"))
    spaces = tuple(NamedSource(name, VectorsSource(tmp_path / f"{name}.bin")) for name in "ab")
    result = run_analysis(AnalysisRequest(spaces, SOME))
    for word in ("New_York", WORDS[3], WORDS[299]):
        theirs = gensim_vectors(names, rows).most_similar(word, topn=MOST)
        for space in find_neighbours(result, word, VOCABULARY).spaces:
            check(space, theirs)


@pytest.mark.parametrize("preprocessing", ["centred", "zscored", "all_but_the_top"])
def test_the_whole_vocabulary_is_preprocessed_as_the_words_shown_were(preprocessing: str) -> None:
    result = run_analysis(asked(preprocessing=preprocessing, components=2))
    all_rows = np.concatenate([np.full((1, 7), 1e6, np.float32), vectors(0, 7)])  # the first is the space's own word
    fitted = PREPROCESSINGS[preprocessing].fit(all_rows[1:], 2)
    names = ["own0", *SHARED]
    word = THREE[4]
    found = find_neighbours(result, word, VOCABULARY).spaces[0]
    check(found, expected(fitted.apply(all_rows), word, "cosine", names))
    values = dict(zip(found.words, found.similarities.tolist(), strict=True))
    shown = neighbours_shown(result, word).spaces[0]
    for neighbour, value in zip(shown.words, shown.similarities.tolist(), strict=True):
        assert values[neighbour] == pytest.approx(value, abs=1e-5)
    other = find_neighbours(result, "own0", SHOWN).spaces[0]
    check(other, [pair for pair in expected(fitted.apply(all_rows), "own0", "cosine", names) if pair[0] in result.rows])


@pytest.mark.parametrize("measure", SIMILARITIES)
def test_of_equally_similar_words_the_first_in_the_vocabulary_is_nearer(measure: str) -> None:
    rows = random_vectors(300, 20)
    twins = [280, 3, 150, 39, 12, 200]
    rows[twins] = rows[0] * np.float32(1.01)
    result = analysed(rows, similarity=measure, order="alphabetical")
    found = find_neighbours(result, WORDS[0], VOCABULARY).spaces[0].words
    assert [word for word in found if WORDS.index(word) in twins] == [WORDS[k] for k in sorted(twins)]
    shown = neighbours_shown(result, WORDS[0]).spaces[0].words
    assert [word for word in shown if WORDS.index(word) in twins] == [WORDS[k] for k in sorted(twins) if k < 40]


def test_a_thousand_equal_words_are_cut_at_the_first_hundred() -> None:
    rows = np.ones((300, 4), np.float32)
    result = analysed(rows, similarity="dot")
    assert find_neighbours(result, WORDS[150], VOCABULARY).spaces[0].words == tuple(WORDS[:MOST])
    assert find_neighbours(result, WORDS[5], VOCABULARY).spaces[0].words == (*WORDS[:5], *WORDS[6 : MOST + 1])


@pytest.mark.parametrize("measure", SIMILARITIES)
def test_vectors_of_zeros_or_of_what_is_no_number_are_nobodys_neighbours(measure: str) -> None:
    rows = -np.abs(random_vectors(300, 20))  # to all of them zeros would be the nearest by dot product
    rows[:40] *= -1
    rows[100], rows[101, 3], rows[102, 4], rows[103, 5] = 0, np.nan, np.inf, -np.inf
    result = analysed(np.concatenate([rows[:104], rows[1:2]]), names=WORDS[:105], similarity=measure)
    words = find_neighbours(result, WORDS[1], VOCABULARY).spaces[0].words
    assert len(words) == MOST
    assert not {WORDS[k] for k in (1, 100, 101, 102, 103)} & set(words)
    assert words[0] == WORDS[104] or measure == "dot"


@pytest.mark.parametrize("measure", SIMILARITIES)
def test_the_shown_order_decides_nothing(measure: str) -> None:
    as_found = neighbours_shown(analysed(VECTORS, similarity=measure), WORDS[9])
    clustered = neighbours_shown(analysed(VECTORS, similarity=measure, order="cluster_mean"), WORDS[9])
    for one, other in zip(as_found.spaces, clustered.spaces, strict=True):
        assert one.words == other.words


def test_of_fewer_words_than_asked_for_all_are_neighbours() -> None:
    result = analysed(VECTORS[:5], WordRule(5, 5, None), WORDS[:5])
    found = neighbours_shown(result, WORDS[2]).first(10)
    assert [len(space.words) for space in found.spaces] == [4, 4]
    assert found.shared == {WORDS[k] for k in (0, 1, 3, 4)}
    assert found.expected_shared == pytest.approx(4)
    assert find_neighbours(result, WORDS[2], VOCABULARY).first(2).spaces[0].words == found.spaces[0].words[:2]


def test_a_word_that_is_alone_has_no_neighbours() -> None:
    result = analysed(VECTORS)
    alone = replace(result.request.spaces[1], source=MemorySource([WORDS[4]], VECTORS[:1]))
    result = replace(result, request=replace(result.request, spaces=(result.request.spaces[0], alone)))
    found = find_neighbours(result, WORDS[4], VOCABULARY).spaces[1]
    assert (found.words, found.pool) == ((), 0)
    assert "nothing" not in found.note
    assert found.note == "B has no other word."


def test_unrelated_lists_share_by_chance_what_is_said() -> None:
    generator = np.random.default_rng(0)
    result = analysed(VECTORS)
    found = neighbours_shown(result, WORDS[0]).first(10)
    drawn = [len(set(generator.permutation(39)[:10]) & set(generator.permutation(39)[:10])) for _ in range(4000)]
    assert found.expected_shared == pytest.approx(10 * 10 / 39)
    assert np.mean(drawn) == pytest.approx(found.expected_shared, abs=0.1)
    assert find_neighbours(result, WORDS[0], VOCABULARY).expected_shared is None, "pools may differ"


def test_a_word_that_one_space_lacks_is_told_and_looked_up_in_the_other() -> None:
    result = run_analysis(asked())
    for scope in (SHOWN, VOCABULARY):
        first, second = find_neighbours(result, "own0", scope).spaces
        assert first.words
        assert not second.words
        assert second.note == "B does not know “own0”."


def test_a_word_without_a_usable_vector_is_told() -> None:
    rows = VECTORS.copy()
    rows[250] = 0
    found = find_neighbours(analysed(rows), WORDS[250], VOCABULARY).spaces[0]
    assert not found.words
    assert "all zeros" in found.note


def test_a_similarity_that_is_undefined_is_told() -> None:
    rows = VECTORS.copy()
    rows[250] = 0.5  # no deviation from its mean
    found = find_neighbours(analysed(rows, similarity="pearson"), WORDS[250], VOCABULARY).spaces[0]
    assert not found.words
    assert "undefined" in found.note


def test_a_model_is_never_run_for_a_whole_vocabulary() -> None:
    request = asked()
    source = costly(1, 8)
    request = replace(request, spaces=(request.spaces[0], NamedSource("B", source)))
    result, cache = run_analysis(request), StepCache()
    run_for = set(source.seen)
    first, second = find_neighbours(result, THREE[2], VOCABULARY, cache=cache).spaces
    assert first.among == VOCABULARY
    assert second.among == SHOWN
    assert second.words == neighbours_shown(result, THREE[2]).spaces[1].words
    assert second.note == "Only of the words shown: B would have to run its model for each of 61 words."
    assert source.seen == run_for
    find_neighbours(result, THREE[20], SHOWN)
    assert source.seen == run_for | {source.words.index(THREE[20])}, "for the word itself it is"


def test_a_search_is_remembered_until_something_changes() -> None:
    result, cache = analysed(VECTORS), StepCache()
    source = result.request.spaces[0].source
    assert isinstance(source, MemorySource)
    find_neighbours(result, WORDS[3], VOCABULARY, cache=cache)
    asked_for = source.counts["vectors"]
    again = find_neighbours(result, WORDS[3], VOCABULARY, cache=cache)
    assert source.counts["vectors"] == asked_for
    check(again.spaces[0], expected(VECTORS, WORDS[3], "cosine")[:MOST])
    dot = replace(result, request=replace(result.request, similarity="dot"))
    check(find_neighbours(dot, WORDS[3], VOCABULARY, cache=cache).spaces[0], expected(VECTORS, WORDS[3], "dot")[:MOST])
    source.changed[0] += 1
    find_neighbours(result, WORDS[3], VOCABULARY, cache=cache)
    assert source.counts["open"] == 3  # by the analysis, by the searches, and because the file has changed


def test_a_search_says_how_far_it_is_and_stops_between_blocks() -> None:
    result = analysed(VECTORS)
    watcher = Watcher()
    find_neighbours(result, WORDS[3], VOCABULARY, watcher)
    fractions = [fraction for message, fraction in watcher.steps if message.startswith("reading vectors, ")]
    assert len(set(fractions)) > 5
    with pytest.raises(Cancelled):
        find_neighbours(result, WORDS[3], VOCABULARY, Watcher("reading vectors, 100 of 300", Cancelled))


def test_nearest_leaves_nothing_out_whatever_the_blocks() -> None:
    generator = np.random.default_rng(1)
    for size in (1, 2, 7, 300):
        values = generator.integers(0, 9, 300).astype(np.float32)  # many ties
        blocks = ((np.arange(k, min(k + size, 300)), values[k : k + size, None] + 1) for k in range(0, 300, size))
        indices, found, pool = nearest(blocks, lambda rows: rows[:, 0], 20, left_out=5)
        order = [k for k in np.lexsort((np.arange(300), -values)).tolist() if k != 5][:20]
        assert indices.tolist() == order
        np.testing.assert_array_equal(found, values[order] + 1)
        assert pool == 299
