"""Going through all vectors of a space, a block at a time: the same vectors as asked for one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.data import FloatArray
from engine.errors import SourceError
from engine.progress import SILENT, Cancelled
from engine.sources import SampleSource, base, converted_file
from engine.sources.base import OpenSpace
from engine.sources.huggingface import HuggingFaceSource
from engine.sources.table import TableSource
from engine.sources.vector_space import VectorSpace
from tests.engine.sources.small_models import write_model
from tests.engine.sources.vector_files import Watcher, binary_bytes, opened_bytes, random_vectors

WORDS = ["moon", "star", "New_York", "東京", "Moon", *(f"w{i}" for i in range(95))]
VECTORS = random_vectors(len(WORDS), 6)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven vectors of six values."""
    monkeypatch.setattr(base, "BLOCK", 7 * 6 * 4)


def text(words: list[str], header: bool) -> bytes:
    lines = [f"{len(words)} 6"] * header
    lines += [f"{word} {' '.join(map(repr, row))}" for word, row in zip(words, VECTORS.tolist(), strict=False)]
    return "\n".join(lines).encode()


def binary(folder: Path) -> OpenSpace:
    return opened_bytes(folder, binary_bytes([word.encode() for word in WORDS], VECTORS))


def binary_with_newlines(folder: Path) -> OpenSpace:
    return opened_bytes(folder, binary_bytes([word.encode() for word in WORDS], VECTORS, b"\n"))


def word2vec_text(folder: Path) -> OpenSpace:
    return opened_bytes(folder, text(WORDS, header=True))


def glove(folder: Path) -> OpenSpace:
    return opened_bytes(folder, text(WORDS, header=False))


def converted(folder: Path) -> OpenSpace:
    path = folder / "copy"
    with path.open("wb") as file:
        converted_file.write_converted(file, WORDS, VECTORS, SILENT, "writing")
    found = converted_file.open_converted(path, "copy")
    assert found is not None
    return VectorSpace(found)


def table(folder: Path) -> OpenSpace:
    np.savez(folder / "table.npz", words=np.array(WORDS), vectors=VECTORS)
    return TableSource(folder / "table.npz").open(SILENT)


def packed_table(folder: Path) -> OpenSpace:
    np.savez_compressed(folder / "table.npz", words=np.array(WORDS), vectors=VECTORS)
    return TableSource(folder / "table.npz").open(SILENT)


def csv(folder: Path) -> OpenSpace:
    rows = (f"{word},{','.join(map(repr, row))}\n" for word, row in zip(WORDS, VECTORS.tolist(), strict=True))
    (folder / "table.csv").write_text("".join(rows), "utf-8")
    return TableSource(folder / "table.csv").open(SILENT)


def tokens(folder: Path) -> OpenSpace:
    return HuggingFaceSource(str(write_model(folder / "model")), token_form="either").open(SILENT)


def sample(folder: Path) -> OpenSpace:
    return SampleSource("all-MiniLM-L6-v2").open(SILENT)


SPACES = (binary, binary_with_newlines, word2vec_text, glove, converted, table, packed_table, csv, tokens, sample)


def gone_through(space: OpenSpace) -> tuple[list[int], FloatArray]:
    blocks = [(indices.copy(), rows.copy()) for indices, rows in space.blocks(SILENT)]
    assert len(blocks) > 1
    return np.concatenate([indices for indices, _ in blocks]).tolist(), np.concatenate([rows for _, rows in blocks])


@pytest.mark.parametrize("make", SPACES)
def test_blocks_are_all_vectors_in_the_order_of_the_vocabulary(
    make: Callable[[Path], OpenSpace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = make(tmp_path)
    if make is tokens:
        monkeypatch.setattr(base, "BLOCK", 8)
    expected = sorted(space.lookup(SILENT).values())
    indices, rows = gone_through(space)
    assert indices == expected
    np.testing.assert_array_equal(rows, space.vectors(np.array(expected), SILENT))
    assert rows.dtype == np.float32


@pytest.mark.parametrize("make", SPACES)
def test_words_are_found_back_by_their_indices(make: Callable[[Path], OpenSpace], tmp_path: Path) -> None:
    space = make(tmp_path)
    words = list(space.lookup(SILENT))[::-1]
    assert space.words_at(space.find(words, SILENT), SILENT) == words


def test_words_that_match_nothing_are_in_no_block(tmp_path: Path) -> None:
    words = [b"moon", b"\xff", b"star", b"moon", b"comet", b"sun", b"sea", b"sky"]
    space = opened_bytes(tmp_path, binary_bytes(words, VECTORS[:8]))
    indices, rows = gone_through(space)
    assert indices == [0, 2, 4, 5, 6, 7]
    np.testing.assert_array_equal(rows, VECTORS[indices])


@pytest.mark.parametrize("make", SPACES)
def test_going_through_is_cancelled_between_blocks(make: Callable[[Path], OpenSpace], tmp_path: Path) -> None:
    space = make(tmp_path)
    space.lookup(SILENT)
    watcher = Watcher("reading vectors", Cancelled)
    with pytest.raises(Cancelled):
        list(space.blocks(watcher))
    if make is binary:
        assert watcher.steps == [("reading vectors of vectors, 0 of 100", 0.0)]


@pytest.mark.parametrize("make", [binary, word2vec_text, converted])
def test_a_file_that_has_changed_meanwhile_is_told(make: Callable[[Path], OpenSpace], tmp_path: Path) -> None:
    space = make(tmp_path)
    space.lookup(SILENT)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    blocks = space.blocks(SILENT)
    next(blocks)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"has changed|cut off|damaged|not 6"):
        list(blocks)


def test_a_line_without_numbers_is_named(tmp_path: Path) -> None:
    space = opened_bytes(tmp_path, text(WORDS, header=True).replace(repr(float(VECTORS[40, 3])).encode(), b"oops"))
    with pytest.raises(SourceError, match=r"Line 42 of vectors has 'oops' where a number belongs"):
        list(space.blocks(SILENT))
