"""Whatever bytes a table has: it reads as numpy or csv reads it, or there is one clear error. 11,000 inputs in all."""

from __future__ import annotations

import csv
import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import FloatArray
from engine.errors import SourceError
from engine.progress import SILENT
from engine.sources.table import TableSource
from tests.engine.fuzzing import EDITS, Edits, edited, often
from tests.engine.sources.vector_files import random_vectors

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.usefixtures("little_memory")]

WORDS = np.array(["moon", "New York", "\u00e9toile", "moon", ""])


def npz_bytes(save: Any, words: Any, vectors: Any) -> bytes:
    file = io.BytesIO()
    save(file, words=words, vectors=vectors)
    return file.getvalue()


ARCHIVES = (
    npz_bytes(np.savez, WORDS, random_vectors(5, 3)),
    npz_bytes(np.savez_compressed, WORDS, random_vectors(5, 3).astype(">f8")),
    npz_bytes(np.savez, np.char.encode(WORDS, "utf-8"), np.asfortranarray(random_vectors(5, 3).astype(np.float16))),
    npz_bytes(np.savez_compressed, WORDS, np.arange(15).reshape(5, 3)),
)
TEXTS = (
    b'word,0,1,2\nmoon,1,2,3\n"red star",0.5,-1e3,.25\n"two\nlines",4,5,6\nmoon,1,1,1\n',
    b",word,a,b\n0,moon,1.5,2\n1,star,3,4\n",
    b"moon\t0.1\t0.2\r\n\xff\t1\t2\r\n\t3\t4",
    b'\xef\xbb\xbfmoon;1;2\n";";3;4\n',
)


def read_or_refuse(folder: Path, content: bytes) -> tuple[dict[str, int], FloatArray] | None:
    """The words and their rows; None if the table was refused with a message that names it."""
    path = folder / "some.table"
    path.write_bytes(content)
    try:
        space = TableSource(path).open(SILENT)
        lookup = dict(space.lookup(SILENT))
        indices = np.array(list(lookup.values()), np.int64)
        rows = space.vectors(indices, SILENT)
    except SourceError as error:
        if "some.table" not in str(error) or "more memory" in str(error):
            raise
        return None
    assert list(space.words(SILENT)) == [(index, word) for word, index in lookup.items()]
    assert all(lookup)
    assert indices.tolist() == sorted(set(indices.tolist()))
    assert rows.shape == (len(lookup), space.dimensions)
    return lookup, rows


def numpys_reading(content: bytes) -> tuple[Any, Any] | None:
    try:
        with warnings.catch_warnings(), np.load(io.BytesIO(content), allow_pickle=False) as file:
            warnings.simplefilter("ignore")
            return file["words"], file["vectors"]
    except Exception:
        return None


@pytest.mark.parametrize("archive", ARCHIVES, ids=["plain", "compressed", "bytes", "integers"])
@often(1_250)
@given(edits=EDITS)
def test_archives(folder: Path, archive: bytes, edits: Edits) -> None:
    content = edited(archive, edits)
    reading, reference = read_or_refuse(folder, content), numpys_reading(content)
    if reading is None or reference is None:
        return
    words, vectors = reference
    expected: dict[str, int] = {}
    for index, word in enumerate(words.tolist()):
        text = word.decode(errors="surrogateescape") if isinstance(word, bytes) else word
        if text and (text.isascii() or min(text) < "\udc80"):
            expected.setdefault(text, index)
    assert reading[0].items() <= expected.items()
    np.testing.assert_array_equal(reading[1], vectors[list(reading[0].values())])


@pytest.mark.parametrize("text", TEXTS, ids=["headings", "index", "tabs", "semicolons"])
@often(1_250)
@given(edits=EDITS)
def test_damaged_texts(folder: Path, text: bytes, edits: Edits) -> None:
    reading = read_or_refuse(folder, edited(text, edits))
    assert reading is None or np.isfinite(reading[1]).all()


@often(1_000)
@given(data=st.data())
def test_whole_texts(folder: Path, data: st.DataObject) -> None:
    characters = st.characters(exclude_categories=["Cs"])
    words = data.draw(st.lists(st.text(characters, min_size=1, max_size=5), min_size=1, max_size=5, unique=True))
    dimensions = data.draw(st.integers(1, 4))
    row = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=dimensions, max_size=dimensions)
    rows = data.draw(st.lists(row, min_size=len(words), max_size=len(words)))
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=data.draw(st.sampled_from(",;\t")), quoting=csv.QUOTE_ALL)
    table.writerow(["word", *(f"x{i}" for i in range(dimensions))])
    table.writerows([word, *row] for word, row in zip(words, rows, strict=True))
    reading = read_or_refuse(folder, text.getvalue().encode())
    assert reading is not None
    assert list(reading[0]) == words
    np.testing.assert_array_equal(reading[1], np.array(rows))
