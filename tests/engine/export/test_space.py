"""A space exported as a table is read back exactly."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.anisotropy import anisotropy
from engine.data import Compared, EmbeddingSpace, SimilarityMatrix
from engine.errors import ExportError
from engine.export.space import save_space
from engine.progress import SILENT
from engine.sources.table import TableSource
from tests.engine.export.made import UNRULY, made_result, sample_result

WORDS = [word for word in UNRULY if word != "half\ud800"] + ["1984", "nan", "word", "0", ",", "\t", "a b", "\ufeff"]


def space_of(vectors: np.ndarray) -> EmbeddingSpace:
    n = len(vectors)
    compared = Compared(SimilarityMatrix(np.eye(n)), vectors)
    return EmbeddingSpace("one", "made", n, np.arange(n), vectors, compared, anisotropy(compared))


@pytest.mark.parametrize("ending", [".npz", ".csv", ".tsv", ".CSV"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("dimensions", [1, 2, 7])
def test_it_reads_back_bit_for_bit(dimensions: int, dtype: type, ending: str, tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(len(WORDS), dimensions)).astype(dtype)
    vectors[0, 0], vectors[1, 0] = np.finfo(dtype).tiny, -0.0
    path = tmp_path / f"space{ending}"
    save_space(path, space_of(vectors), WORDS)
    space = TableSource(path).open(SILENT)
    assert list(space.words(SILENT)) == list(enumerate(WORDS))
    rows = space.vectors(np.arange(len(WORDS)), SILENT)
    assert rows.dtype == dtype
    assert rows.tobytes() == vectors.tobytes()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", [".csv", ".tsv"])
@pytest.mark.parametrize("chosen", [(5,), (0, 2), (1, 3, 5), (100, 101)])
def test_chosen_dimensions_read_back_as_they_are(chosen: tuple[int, ...], ending: str, tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(len(WORDS), len(chosen)))
    save_space(tmp_path / f"a{ending}", replace(space_of(vectors), numbers=np.array(chosen)), WORDS)
    space = TableSource(tmp_path / f"a{ending}").open(SILENT)
    assert [word for _, word in space.words(SILENT)] == WORDS
    np.testing.assert_array_equal(space.vectors(np.arange(len(WORDS)), SILENT), vectors)


def test_a_results_space_opens_in_numpy_and_csv(tmp_path: Path) -> None:
    result = sample_result()
    save_space(tmp_path / "a.npz", result.spaces[0], result.words)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        assert file["words"].tolist() == list(result.words)
        np.testing.assert_array_equal(file["vectors"], result.spaces[0].vectors)
    save_space(tmp_path / "a.csv", result.spaces[0], result.words)
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as text:
        headings, *rows = csv.reader(text)
    assert headings[:3] == ["word", "d0", "d1"]
    assert [row[0] for row in rows] == list(result.words)


def test_what_a_format_cannot_hold_is_said_before_anything_is_written(tmp_path: Path) -> None:
    half = made_result(["moon", "star", "half\ud800", "end\0"])
    for name, word in (("a.csv", "half"), ("a.npz", "end"), ("a.txt", "none of the endings .npz, .csv, .tsv")):
        with pytest.raises(ExportError, match=word):
            save_space(tmp_path / name, half.spaces[0], half.words)
    assert not list(tmp_path.iterdir())
