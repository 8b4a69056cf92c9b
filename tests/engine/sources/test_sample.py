"""The bundled spaces."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from engine.errors import SourceError
from engine.progress import SILENT
from engine.sources.sample import FOLDER, SAMPLES, SampleSource
from tests.engine.recipe import read_sample


@pytest.mark.parametrize("space", SAMPLES)
def test_a_bundled_space_has_the_files_words_and_rows(space: str) -> None:
    words, vectors = read_sample(space)
    opened = SampleSource(space).open(SILENT)
    assert list(opened.words(SILENT)) == list(enumerate(words))
    assert dict(opened.lookup(SILENT)) == {word: index for index, word in enumerate(words)}
    indices = np.array([5, 0, len(words) - 1])
    np.testing.assert_array_equal(opened.vectors(indices, SILENT), vectors[indices])
    assert (opened.vocabulary_size, opened.dimensions) == vectors.shape


def test_the_files_are_those_that_were_made() -> None:
    sums = dict(line.split()[::-1] for line in (FOLDER / "SHA256SUMS").read_text("utf-8").splitlines())
    assert sums == {
        f"{space}.npz": hashlib.sha256((FOLDER / f"{space}.npz").read_bytes()).hexdigest() for space in SAMPLES
    }


def test_an_unknown_name_lists_the_spaces_there_are() -> None:
    source = SampleSource("word2vec")
    for refuse in (source.check, lambda: source.open(SILENT)):
        with pytest.raises(
            SourceError, match="no bundled space called 'word2vec'; there are word2vec-google"
        ) as caught:
            refuse()
        assert caught.value.concerns == "space"
