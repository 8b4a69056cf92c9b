"""A space as a table that other programs and this one read: the words under study and their vectors."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.data import EmbeddingSpace
from engine.errors import ExportError
from engine.writing import write_atomically


def save_space(path: Path, space: EmbeddingSpace, words: Sequence[str]) -> None:
    """Save a space's vectors as stored, one row per word, whole or not at all; `TableSource` reads exactly them back.

    Parameters
    ----------
    path : Path
        Its ending is a key of `TABLES`.
    space : EmbeddingSpace
    words : sequence of n str
        The result's words, in the order of the space's rows.

    Raises
    ------
    ExportError
        If the ending is another one, the format cannot hold a word, or the file cannot be written.
    """
    table = TABLES.get(path.suffix.lower())
    if table is None:
        raise ExportError(f"{path.name} has none of the endings {', '.join(TABLES)}; choose one of them.")
    write_atomically(path, lambda file: table(file, space, words))


def write_npz(file: BinaryIO, space: EmbeddingSpace, words: Sequence[str]) -> None:
    """The arrays `words` (n) and `vectors` (n x d)."""
    for word in words:
        if word.endswith("\0"):  # which numpy takes for padding
            raise ExportError(f"The word {word!r} ends in a null character, which .npz cannot hold; choose .csv.")
    np.savez(file, allow_pickle=False, words=np.array(words, str), vectors=space.vectors)


def write_text(file: BinaryIO, space: EmbeddingSpace, words: Sequence[str], separator: str) -> None:
    """A row of headings, then each word in quotes with its numbers, which read back as they are."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise ExportError(f"The word {word!r} is not valid Unicode, so text cannot hold it; choose .npz.") from None
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    try:
        table = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        table.writerow(["word", *(f"d{number}" for number in space.dimension_numbers)])  # no numbers: no row
        for word, vector in zip(words, space.vectors, strict=True):
            table.writerow([word, *vector.tolist()])
    finally:
        text.detach()  # the file stays open for whoever opened it


TABLES: dict[str, Callable[[BinaryIO, EmbeddingSpace, Sequence[str]], None]] = {
    ".npz": write_npz,
    ".csv": partial(write_text, separator=","),
    ".tsv": partial(write_text, separator="\t"),
}
