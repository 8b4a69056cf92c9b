"""The CSV tables say what the matrices say."""

from __future__ import annotations

import csv
import errno
import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import linregress, pearsonr, rankdata, spearmanr, zscore

from engine.brush import brush_pairs
from engine.errors import ExportError
from engine.export.tables import save_brushed, save_pairs, save_words, write_pairs, write_words
from engine.progress import Cancelled
from tests.engine.export.made import UNRULY, made_result, sample_result
from tests.engine.recipe import MINILM, WORD2VEC, notebook_recipe, read_sample

AGREEMENT = [f"{kind} of word2vec (sample) and MiniLM (sample)" for kind in ("agreement", "rank agreement")]


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    return heading, rows


def test_the_words_with_their_place_in_both_files(tmp_path: Path) -> None:
    save_words(tmp_path / "words.csv", sample_result())
    heading, rows = read(tmp_path / "words.csv")
    assert heading == ["row", "word", "index in word2vec (sample)", "index in MiniLM (sample)", *AGREEMENT]
    vocabularies = [read_sample(name)[0] for name in (WORD2VEC, MINILM)]
    expected = [
        [str(row), word, *(str(vocabulary.index(word)) for vocabulary in vocabularies)]
        for row, word in enumerate(notebook_recipe().words)
    ]
    assert [row[:4] for row in rows] == expected


def test_how_alike_the_spaces_see_each_word(tmp_path: Path) -> None:
    save_words(tmp_path / "words.csv", sample_result())
    _, rows = read(tmp_path / "words.csv")
    recipe = notebook_recipe()
    for k, row in enumerate(rows):
        a, b = (np.delete(matrix[k], k) for matrix in (recipe.S_A, recipe.S_B))
        assert float(row[4]) == pytest.approx(pearsonr(a, b).statistic, abs=1e-6)
        assert float(row[5]) == pytest.approx(spearmanr(a, b).statistic, abs=1e-4)  # rounding can tie or untie ranks


def test_what_is_undefined_is_left_empty() -> None:
    file = BytesIO()
    write_words(file, made_result(("sun", "moon", "star")))
    assert [row[-2:] for row in csv.reader(file.getvalue().decode().splitlines()[1:])] == [["", ""]] * 3


def test_all_pairs_in_full_precision(tmp_path: Path) -> None:
    save_pairs(tmp_path / "pairs.csv", sample_result())
    heading, rows = read(tmp_path / "pairs.csv")
    assert heading == [
        "word_1",
        "word_2",
        "word2vec (sample)",
        "MiniLM (sample)",
        "z of word2vec (sample) - z of MiniLM (sample)",
        "percentile in word2vec (sample) - percentile in MiniLM (sample)",
        "residual of MiniLM (sample) on word2vec (sample)",
    ]
    recipe = notebook_recipe()
    above = np.triu_indices(100, 1)
    assert [row[:2] for row in rows] == [[recipe.words[i], recipe.words[j]] for i, j in zip(*above, strict=True)]
    numbers = np.array([row[2:] for row in rows], float)
    np.testing.assert_allclose(numbers[:, :2], np.column_stack([recipe.pairs_a, recipe.pairs_b]), atol=1e-6)
    np.testing.assert_array_equal(
        numbers[:, 0], sample_result().spaces[0].similarities.values[above].astype(float), "every digit is there"
    )


def test_by_how_much_the_spaces_differ_on_all_pairs(tmp_path: Path) -> None:
    save_pairs(tmp_path / "pairs.csv", sample_result())
    _, rows = read(tmp_path / "pairs.csv")
    numbers = np.array([row[2:] for row in rows], float)
    a, b = numbers[:, 0], numbers[:, 1]
    np.testing.assert_allclose(numbers[:, 2], zscore(a) - zscore(b), atol=1e-9)
    percentiles = [(rankdata(values) - 0.5) * 100 / len(values) for values in (a, b)]
    np.testing.assert_allclose(numbers[:, 3], percentiles[0] - percentiles[1], atol=1e-5)
    line = linregress(a, b)
    np.testing.assert_allclose(numbers[:, 4], b - line.intercept - line.slope * a, atol=1e-9)


def test_any_two_of_three_spaces_are_set_against_each_other() -> None:
    file = BytesIO()
    write_pairs(file, made_result(("sun", "moon", "star", "sea"), ("one", "two", "three")))
    heading, *rows = csv.reader(file.getvalue().decode().splitlines())
    assert heading[5::3] == [f"z of {a} - z of {b}" for a, b in (("one", "two"), ("one", "three"), ("two", "three"))]
    numbers = np.array([row[2:] for row in rows], float)
    z = zscore(numbers[:, :3], axis=0)
    expected = np.column_stack([z[:, 0] - z[:, 1], z[:, 0] - z[:, 2], z[:, 1] - z[:, 2]])
    np.testing.assert_allclose(numbers[:, 3::3], expected, atol=1e-9)


def test_brushed_pairs_are_the_same_rows_of_the_pairs(tmp_path: Path) -> None:
    result = sample_result()
    save_pairs(tmp_path / "pairs.csv", result)
    numbers = np.random.default_rng(0)
    brush = brush_pairs(result.words, *numbers.integers(0, 100, (2, 300)))
    assert brush is not None
    save_brushed(tmp_path / "brushed.csv", result, brush)
    heading, rows = read(tmp_path / "brushed.csv")
    all_heading, all_rows = read(tmp_path / "pairs.csv")
    brushed = {(result.words[i], result.words[j]) for i, j in zip(*brush.pairs, strict=True)}
    assert heading == all_heading
    assert rows == [row for row in all_rows if (row[0], row[1]) in brushed]


def test_unruly_words_come_back_as_they_are(tmp_path: Path) -> None:
    save_words(tmp_path / "words.csv", made_result(UNRULY))
    _, rows = read(tmp_path / "words.csv")
    whole = [word.replace("\ud800", "\\ud800") for word in UNRULY]  # UTF-8 has no half characters
    assert [row[1] for row in rows] == whole


def test_headings_are_distinct() -> None:
    file = BytesIO()
    write_pairs(file, made_result(("sun", "moon", "star"), ("word_1", "word_1 (2)", "three")))
    heading = file.getvalue().decode().splitlines()[0]
    assert heading.startswith("word_1,word_2,word_1 (2),word_1 (2) (2),three,")
    assert len(set(heading.split(","))) == len(heading.split(",")) == 5 + 3 * 3


def cancel_late(message: str, fraction: float | None = None) -> None:
    if fraction and fraction > 0.5:
        raise Cancelled


class CancelledLate:
    step = staticmethod(cancel_late)


def test_a_cancelled_table_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        save_pairs(tmp_path / "pairs.csv", sample_result(), CancelledLate())
    assert list(tmp_path.iterdir()) == []


class Full(BytesIO):
    """A file on a disk with room for so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, content: bytes) -> int:
        if self.tell() + len(content) > self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(content)


@pytest.mark.parametrize("write", [write_words, write_pairs])
def test_a_full_disk_is_the_disks_error(write: object) -> None:
    assert callable(write)
    with pytest.raises(OSError, match="No space"):
        write(Full(1000), sample_result())


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="is a file"):
        save_words(tmp_path / "file" / "words.csv", sample_result())
