"""Writes files of vectors for the tests and reads spaces back; gensim reads the same files as the reference."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors

from engine.data import FloatArray
from engine.progress import SILENT
from engine.sources.base import OpenSpace
from engine.sources.vectors import VectorsSource


class Watcher:
    """A progress that remembers what it was told, and may cancel at a message."""

    def __init__(self, cancel_at: str = "", exception: type[Exception] | None = None) -> None:
        self.steps: list[tuple[str, float | None]] = []
        self._cancel_at, self._exception = cancel_at, exception

    def step(self, message: str, fraction: float | None = None) -> None:
        self.steps.append((message, fraction))
        if self._exception and message.startswith(self._cancel_at):
            raise self._exception


def random_vectors(n: int, dimensions: int) -> FloatArray:
    """(n, d) float32, seeded."""
    return np.random.default_rng(n + dimensions).normal(size=(n, dimensions)).astype(np.float32)


def gensim_vectors(words: Sequence[str], vectors: FloatArray) -> KeyedVectors:
    """gensim's own object for these words."""
    keyed = KeyedVectors(vectors.shape[1])
    keyed.add_vectors(list(words), vectors)
    return keyed


def binary_bytes(words: Sequence[bytes], vectors: FloatArray, after: bytes = b"") -> bytes:
    """word2vec's binary format, with `after` behind every vector."""
    header = b"%d %d\n" % vectors.shape
    return header + b"".join(
        word + b" " + row.astype("<f4").tobytes() + after for word, row in zip(words, vectors, strict=True)
    )


def packed(path: Path) -> Path:
    """The same file in gzip."""
    target = path.with_name(path.name + ".gz")
    target.write_bytes(gzip.compress(path.read_bytes(), 1))
    return target


def opened(path: Path) -> OpenSpace:
    return VectorsSource(path).open(SILENT)


def opened_bytes(folder: Path, content: bytes) -> OpenSpace:
    path = folder / "vectors"
    path.write_bytes(content)
    return opened(path)


def read_all(space: OpenSpace) -> tuple[dict[str, int], FloatArray]:
    """The lookup, and the rows of all its words in its order."""
    words = list(space.lookup(SILENT))
    indices = space.find(words, SILENT)
    return dict(zip(words, indices.tolist(), strict=True)), space.vectors(indices, SILENT)
