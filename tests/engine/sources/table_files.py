"""Tables in files, written for tests and opened."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np

from engine.progress import SILENT
from engine.sources.base import OpenSpace
from engine.sources.table import TableSource
from tests.engine.sources.vector_files import random_vectors, read_all

WORDS = ["moon", "New York", "東京", "a,b", 'say "hi"', "two\nlines", "\u00e9t\u00e9"]
VECTORS = random_vectors(7, 5)


def opened(path: Path) -> OpenSpace:
    return TableSource(path).open(SILENT)


def opened_text(folder: Path, text: str | bytes, name: str = "table.csv") -> OpenSpace:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return opened(path)


def opened_npz(folder: Path, *, compressed: bool = False, **arrays: Any) -> OpenSpace:
    path = folder / "table.npz"
    (np.savez_compressed if compressed else np.savez)(path, **arrays)
    return opened(path)


def rows_of(space: OpenSpace) -> dict[str, list[float]]:
    lookup, rows = read_all(space)
    return dict(zip(lookup, rows.tolist(), strict=True))


def pandas_like(words: list[str], vectors: Any, *, separator: str = ",", index: bool = False) -> str:
    file = io.StringIO()
    table = csv.writer(file, delimiter=separator)
    table.writerow([*[""] * index, "word", *range(vectors.shape[1])])
    for i, (word, vector) in enumerate(zip(words, vectors.tolist(), strict=True)):
        table.writerow([*[i] * index, word, *vector])
    return file.getvalue()
