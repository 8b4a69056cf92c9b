"""CSV tables: the words under study and the similarities of all pairs."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

import numpy as np
from numpy.typing import NDArray

from engine.brush import Brush
from engine.comparison import COMPARISONS
from engine.data import IntArray
from engine.difference import as_percentiles, doubled_rank_differences
from engine.disagreement import Disagreement
from engine.neighbours import SCOPES, Neighbourhood
from engine.pair_positions import pair_positions
from engine.progress import SILENT, Progress
from engine.result import AnalysisResult
from engine.writing import write_atomically

if TYPE_CHECKING:
    from engine.inference.findings import PairStatistics

Differing = tuple[Disagreement, NDArray[np.int32]]

STATISTICS = (
    *("first", "second", "measure", "words", "value", "low", "high", "interval"),
    *("p", "corrected p", "correction", "mean of relabelled words", "test"),
    *("without confounds", "p without confounds", "corrected p without confounds"),
)


def save_words(path: Path, result: AnalysisResult, progress: Progress = SILENT) -> None:
    """Save `write_words` to a file, whole or not at all; ExportError if that fails."""
    progress.step(f"writing {path.name}")
    write_atomically(path, partial(write_words, result=result))


def save_categories(path: Path, result: AnalysisResult, progress: Progress = SILENT) -> None:
    """Save `write_categories` to a file, whole or not at all; ExportError if that fails."""
    progress.step(f"writing {path.name}")
    write_atomically(path, partial(write_categories, result=result))


def save_statistics(path: Path, result: AnalysisResult, progress: Progress = SILENT) -> None:
    """Save `write_statistics` to a file, whole or not at all; ExportError if that fails."""
    progress.step(f"writing {path.name}")
    write_atomically(path, partial(write_statistics, result=result))


def save_pairs(path: Path, result: AnalysisResult, progress: Progress = SILENT) -> None:
    """Save `write_pairs` to a file, whole or not at all; ExportError if that fails."""
    write_atomically(path, partial(write_pairs, result=result, progress=progress))


def save_neighbours(path: Path, found: Neighbourhood) -> None:
    """Save `write_neighbours` to a file, whole or not at all; ExportError if that fails."""
    write_atomically(path, partial(write_neighbours, found=found))


def save_brushed(path: Path, result: AnalysisResult, brush: Brush, progress: Progress = SILENT) -> None:
    """Save `write_brushed` to a file, whole or not at all; ExportError if that fails."""
    write_atomically(path, partial(write_brushed, result=result, brush=brush, progress=progress))


def write_words(file: BinaryIO, result: AnalysisResult) -> None:
    """A row per word: its row in the matrices, the word, its category, its index in each space's own vocabulary.

    Where words may be several tokens, their number follows; such a word has no index. The category is there if any word
    has one. Last, for any two spaces, how alike they see the word: r and Spearman's rho of its similarities to all
    others; left empty where that is undefined.
    """
    names, columns = ["row", "word"], [list(range(len(result.words))), list(result.words)]
    if result.categories:
        names.append("category")
        columns.append(list(result.categories))
    for space in result.spaces:
        names.append(f"index in {space.name}")
        columns.append([index if index >= 0 else None for index in space.indices.tolist()])
        if space.n_tokens is not None:
            names.append(f"tokens in {space.name}")
            columns.append(space.n_tokens.tolist())
    for first, second, differing in _disagreements(result):
        names += [f"{what} of {first} and {second}" for what in ("agreement", "rank agreement")]
        columns += [list(differing.agreement), [differing.rank_agreement(row) for row in range(len(result.words))]]
    with _csv(file) as table:
        table.writerow(_distinct((), names))
        table.writerows(zip(*columns, strict=True))


def write_categories(file: BinaryIO, result: AnalysisResult) -> None:
    """A row per space and category, all categories together first: mean similarities within and between, their ratio.

    What is undefined is left empty.
    """
    with _csv(file) as table:
        table.writerow(("space", "category", "words", "within", "between", "selectivity"))
        for one in result.category_means:
            name = "(all)" if one.category is None else one.category
            numbers = (one.within, one.between, one.selectivity)
            table.writerow((result.spaces[one.space].name, name, one.n_words, *numbers))


def write_statistics(file: BinaryIO, result: AnalysisResult) -> None:
    """A row per pair of spaces and measure: value, interval, test, partial test; what was not asked for is empty."""
    with _csv(file) as table:
        table.writerow(STATISTICS)
        for comparison, found in result.inferred:
            for name, value in comparison.values.items():
                what = (*result.names(comparison), COMPARISONS[name].label, comparison.n_words, value)
                table.writerow((*what, *_inferred(found, name)))


def _inferred(found: PairStatistics, measure: str) -> list[Any]:
    """What the headings from "low" on promise."""
    interval, test, partial_test = found.intervals.get(measure), found.tests.get(measure), found.partial.get(measure)
    ends = [interval.low, interval.high, interval.method] if interval else [None] * 3
    tested = [test.p, test.corrected_p, test.correction, test.null_mean, test.method] if test else [None] * 5
    rest = partial_test.test if partial_test else None
    return [*ends, *tested, *([rest.observed, rest.p, rest.corrected_p] if rest else [None] * 3)]


def write_neighbours(file: BinaryIO, found: Neighbourhood) -> None:
    """A row per space and neighbour, the nearest first: of which word, of how many others, how similar, if shared."""
    shared = found.shared
    with _csv(file) as table:
        table.writerow(("word", "space", "among", "of", "rank", "neighbour", "similarity", "shared"))
        for one in found.spaces:
            asked = (found.word, one.space, SCOPES[one.among], one.pool)
            for rank, (word, similarity) in enumerate(zip(one.words, one.similarities.tolist(), strict=True), 1):
                table.writerow((*asked, rank, word, similarity, "yes" if word in shared else "no"))


def write_pairs(file: BinaryIO, result: AnalysisResult, progress: Progress = SILENT) -> None:
    """A row per pair of words: both words, their similarity in each space, in full precision.

    Then, for any two spaces, by how much these differ: in z-scores, in ranks (percentiles), and the residual of the
    second on the first.
    """
    words, n = result.words, len(result.words)
    differing = _differing(result, progress)
    with _csv(file) as table:
        table.writerow(_pair_headings(result))
        for i, word in enumerate(words):
            if i % 64 == 0:
                progress.step("writing the pairs", 1 - (n - i) * (n - i - 1) / max(n * (n - 1), 1))
            numbers = _pair_numbers(result, differing, i, np.arange(i + 1, n))
            table.writerows(zip(repeat(word, n - 1 - i), words[i + 1 :], *numbers, strict=True))


def write_brushed(file: BinaryIO, result: AnalysisResult, brush: Brush, progress: Progress = SILENT) -> None:
    """The same of the pairs picked together, which are of the result's words."""
    words, written = result.words, 0
    differing = _differing(result, progress)
    with _csv(file) as table:
        table.writerow(_pair_headings(result))
        for k, (i, columns) in enumerate(brush.by_row()):
            if k % 64 == 0:
                progress.step("writing the brushed pairs", written / brush.n_pairs)
            written += len(columns)
            numbers = _pair_numbers(result, differing, i, columns)
            others = (words[j] for j in columns.tolist())
            table.writerows(zip(repeat(words[i], len(columns)), others, *numbers, strict=True))


def _disagreements(result: AnalysisResult) -> list[tuple[str, str, Disagreement]]:
    """The names of any two spaces, and where they differ."""
    pairs = [(result.spaces[one.first], result.spaces[one.second]) for one in result.comparisons]
    return [(one.name, other.name, Disagreement(one.similarities, other.similarities)) for one, other in pairs]


def _pair_headings(result: AnalysisResult) -> list[str]:
    differing = []
    for first, second, _ in _disagreements(result):
        differing += [f"z of {first} - z of {second}", f"percentile in {first} - percentile in {second}"]
        differing.append(f"residual of {second} on {first}")
    return _distinct(("word_1", "word_2"), [*(space.name for space in result.spaces), *differing])


def _differing(result: AnalysisResult, progress: Progress) -> list[Differing]:
    """Where any two spaces differ, and by how many doubled ranks: these are found for all pairs together."""
    return [(one, doubled_rank_differences((one.first, one.second), progress)) for _, _, one in _disagreements(result)]


def _pair_numbers(
    result: AnalysisResult, differing: Sequence[Differing], i: int, columns: IntArray
) -> list[list[float]]:
    """What the headings promise of the pairs of word i with some later ones: a list of numbers a heading."""
    numbers = [space.similarities.values[i, columns] for space in result.spaces]
    for one, doubled in differing:
        a, b = one.first.values[i, columns], one.second.values[i, columns]
        ranks = doubled[pair_positions(i, columns, one.n_words)]
        numbers += [one.of_pairs("z", a, b), as_percentiles(ranks, len(doubled)), one.of_pairs("residual", a, b)]
    return [column.tolist() for column in numbers]


@contextmanager
def _csv(file: BinaryIO) -> Iterator[Any]:
    # backslashreplace: a vocabulary can hold lone surrogates, which UTF-8 cannot
    text = io.TextIOWrapper(file, "utf-8", errors="backslashreplace", newline="", write_through=True)
    try:
        yield csv.writer(_Lines(text), lineterminator="\r\n")
    finally:
        text.detach()  # the file stays open for whoever opened it


class _Lines:
    """Ends rows with a newline alone; told that they end in both, csv quotes either of them in a word."""

    def __init__(self, file: TextIO) -> None:
        self._write = file.write

    def write(self, row: str) -> None:
        self._write(row[:-2] + "\n")


def _distinct(fixed: Sequence[str], names: Sequence[str]) -> list[str]:
    """The fixed headings and the names, numbered where they would repeat another."""
    headings = list(fixed)
    for name in names:
        headings.append(_free(name, headings))
    return headings


def _free(name: str, taken: Collection[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free
