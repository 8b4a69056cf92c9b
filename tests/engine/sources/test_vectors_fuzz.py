"""Whatever bytes a file has: it is read as its format says, or there is one clear error. 22,500 inputs in all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SourceError
from engine.progress import SILENT
from engine.sources.base import OpenSpace
from engine.sources.converted_file import open_converted, write_converted
from engine.sources.index_builder import IndexBuilder, Stretch
from engine.sources.saved_index import HEADER, SavedIndex
from engine.sources.vector_space import VectorSpace
from tests.engine.fuzzing import EDITS, Edits, edited, often
from tests.engine.sources.vector_files import binary_bytes, opened, random_vectors

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.usefixtures("little_memory")]

BINARY = binary_bytes([b"moon", "\u00e9toile".encode(), b"moon", b"", b"\xff", b"New_York"], random_vectors(6, 3))
TEXTS = (
    b"4 3\nmoon 1 2 3\nred star 0.5 -1e3 .25\nmoon 4 5 6\n\xff 7 8 9\n",
    b"moon 0.1 0.2 0.3 \r\nstar 1 2 3\r\n. . . 1.5 2.5 3.5",
)


def read_or_refuse(folder: Path, content: bytes) -> OpenSpace | None:
    """The space, if it is one through and through; None if it was refused with a message that names it."""
    path = folder / "vectors"
    path.write_bytes(content)
    try:
        space = opened(path)
        streamed = list(space.words(SILENT))
        indices = space.find([word for _, word in streamed], SILENT)
        rows = space.vectors(indices, SILENT)
    except SourceError as error:
        if "vectors" not in str(error):
            raise
        return None
    assert [index for index, _ in streamed] == indices.tolist() == sorted(set(indices.tolist()))
    assert [word for _, word in streamed] == list(space.lookup(SILENT))
    assert all(word for _, word in streamed)
    assert rows.shape == (len(indices), space.dimensions)
    assert len(indices) <= space.vocabulary_size
    return space


def straight_reading(content: bytes) -> dict[bytes, bytes]:
    """word2vec's binary format, read as its definition says."""
    header, _, rest = content.partition(b"\n")
    count, dimensions = map(int, header.split())
    rows: dict[bytes, bytes] = {}
    for _ in range(count):
        word, space, rest = rest.partition(b" ")
        assert space
        assert len(rest) >= 4 * dimensions
        rows.setdefault(word.lstrip(b"\n"), rest[: 4 * dimensions])
        rest = rest[4 * dimensions :]
    return rows


@often(5_000)
@given(edits=EDITS)
def test_binary_files(folder: Path, edits: Edits) -> None:
    content = BINARY[:4] + edited(BINARY[4:], edits)
    space = read_or_refuse(folder, content)
    if space is None or type(space._file).__name__ != "BinaryFile":  # type: ignore[attr-defined]
        return
    expected = straight_reading(content)
    for word, index in space.lookup(SILENT).items():
        assert space.vectors(np.array([index]), SILENT).tobytes() == expected[word.encode()]


@often(5_000)
@given(which=st.sampled_from(TEXTS), edits=EDITS, start=st.binary(max_size=8))
def test_texts(folder: Path, which: bytes, edits: Edits, start: bytes) -> None:
    read_or_refuse(folder, start + edited(which, edits))


@pytest.fixture(scope="module")
def saved(folder: Path) -> Iterator[tuple[SavedIndex, bytes]]:
    """A place for an index, and what a whole one looks like."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
            patch.setenv(variable, str(folder))
        yield _saved(folder)


def _saved(folder: Path) -> tuple[SavedIndex, bytes]:
    place = SavedIndex(folder / "subject", 1)
    builder = IndexBuilder(b" ", 7, 6)
    stored = "moon star moon \u00e9toile ".encode() + b" \xff "
    builder.add(Stretch(stored, 6, np.array([1, 13, 13, 14, 13, 13])))
    assert place.save(builder.finish())
    return place, place.path.read_bytes()


@often(10_000)
@given(edits=EDITS)
def test_saved_indices(saved: tuple[SavedIndex, bytes], edits: Edits) -> None:
    place, whole = saved
    content = edited(whole, edits)
    place.path.write_bytes(content)
    index = place.read()
    if content == whole:
        assert index is not None
        assert dict(index) == {"moon": 0, "star": 1, "\u00e9toile": 3}
    else:
        assert index is None, f"believed after {edits} of {len(whole)} bytes, {HEADER.size} of them header"


@often(2_500)
@given(edits=EDITS)
def test_converted_files(folder: Path, edits: Edits) -> None:
    path = folder / "converted"
    with path.open("wb") as written:
        write_converted(written, ["moon", "New York", "\u00e9toile", "", "moon"], random_vectors(5, 3), SILENT, "")
    path.write_bytes(edited(path.read_bytes(), edits))
    file = open_converted(path, "some.kv")
    if file is None:
        return
    space = VectorSpace(file)
    try:
        indices = space.find(list(space.lookup(SILENT)), SILENT)
        rows = space.vectors(indices, SILENT)
    except SourceError as error:
        if "some.kv" not in str(error):
            raise
    else:
        assert rows.shape == (len(indices), 3)
