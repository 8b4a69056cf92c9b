"""The bundled spaces: real vectors of 1,000 common words, so that the first window has something true to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from engine.data import FloatArray, IntArray
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import OpenSpace, Source

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sample"

SAMPLES = {
    "word2vec-google-news-1k": "word2vec GoogleNews, bundled sample of 1,000 common words",
    "all-MiniLM-L6-v2": "all-MiniLM-L6-v2, token matrix, bundled sample of 993 whole-word tokens",
}


class ArraySpace(OpenSpace):
    """A space whose vectors are in memory.

    Parameters
    ----------
    words : sequence of n str
        Each once.
    vectors : (n, d) floating array
    """

    def __init__(self, words: list[str], vectors: FloatArray) -> None:
        self.vocabulary_size, self.dimensions = vectors.shape
        self._indices = {word: index for index, word in enumerate(words)}
        self._vectors = vectors

    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        return ((index, word) for word, index in self._indices.items())

    def lookup(self, progress: Progress) -> Mapping[str, int]:
        return self._indices

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        return self._vectors[indices]


@dataclass(frozen=True)
class SampleSource(Source):
    """A bundled space.

    Parameters
    ----------
    space : str
        A key of `SAMPLES`.
    """

    space: str

    kind: ClassVar[str] = "sample"

    @property
    def description(self) -> str:
        return SAMPLES.get(self.space, self.space)

    def check(self) -> None:
        if self.space not in SAMPLES:
            names = ", ".join(SAMPLES)
            raise SourceError(f"There is no bundled space called {self.space!r}; there are {names}.", "space")

    def open(self, progress: Progress) -> OpenSpace:
        self.check()
        progress.step(f"reading the bundled space {self.space}")
        try:
            with np.load(FOLDER / f"{self.space}.npz", allow_pickle=False) as file:
                return ArraySpace(file["words"].tolist(), file["vectors"])
        except OSError as error:
            raise SourceError(f"The bundled space {self.space} cannot be read ({error}); reinstall rsascope.") from None
