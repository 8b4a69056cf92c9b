"""Hidden layers of words that a model was run on before, in the cache folder: one database per model.

A row is believed only if its sum is right, and the sum covers the model's identity and all that the row stands for.
A database that is damaged or somebody else's is removed and begun anew; one that is in use or cannot be written to is
done without.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from engine import cache
from engine.data import FloatArray

FORMAT = 2
WAIT = 10.0  # seconds for another process that writes
TABLE = """create table if not exists vectors (
    context text, bare integer, pooling text, layer integer, word text, n_tokens integer, vector blob, sum blob,
    primary key (context, bare, pooling, layer, word)
)"""
FIND = """select n_tokens, vector, sum from vectors
    where context = ? and bare = ? and pooling = ? and layer = ? and word = ?"""
STORE = "insert or replace into vectors values (?, ?, ?, ?, ?, ?, ?, ?)"
NOT_DAMAGE = ("BUSY", "LOCKED", "FULL", "READONLY", "CANTOPEN", "IOERR", "PERM", "NOMEM", "INTERRUPT")

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """What a vector is of, apart from the layer.

    Parameters
    ----------
    context : str
        The text that the word was in, with {word} in its place.
    pooling : str
    word : str
    bare : bool, optional
        Whether there was no space before the word, not even one that the tokenizer puts there.
    """

    context: str
    pooling: str
    word: str
    bare: bool = False


@dataclass(frozen=True, eq=False)
class LayerVector:
    """A (d,) float32 vector, and how many tokens it is made of."""

    vector: FloatArray
    n_tokens: int


@dataclass(frozen=True)
class LayerCache:
    """The database of one model.

    Parameters
    ----------
    folder : Path
        Of the model.
    stamp : object
        Of its files; its repr counts.
    dimensions : int
        Length of a vector.
    """

    folder: Path
    stamp: object
    dimensions: int

    @property
    def path(self) -> Path:
        """Where it is, if it is there."""
        return cache.entry(self.folder, (FORMAT, self.stamp), "layers")

    def read(self, places: Iterable[Place], layer: int) -> dict[Place, LayerVector]:
        """The vectors that are there, of those asked for."""

        def found(connection: sqlite3.Connection) -> dict[Place, LayerVector]:
            rows = {place: self._row(connection, place, layer) for place in places}
            return {place: row for place, row in rows.items() if row is not None}

        return (self._with_database(found) if self.path.is_file() else None) or {}

    def write(self, places: Sequence[Place], n_tokens: Sequence[int], layers: FloatArray) -> None:
        """Keep the (n, layers, d) vectors of n words, if the cache can be written to."""
        rows = [
            self._values(place, layer, n, vector.tobytes())
            for place, n, vectors in zip(places, n_tokens, layers.astype("<f4", copy=False), strict=True)
            for layer, vector in enumerate(vectors)
        ]
        with suppress(OSError):
            cache.prepare(self.path)
            self._with_database(lambda connection: connection.executemany(STORE, rows))

    def _row(self, connection: sqlite3.Connection, place: Place, layer: int) -> LayerVector | None:
        row = connection.execute(FIND, self._key(place, layer)).fetchone()
        if row is None or not isinstance(row[1], bytes) or len(row[1]) != 4 * self.dimensions:
            return None
        n_tokens, vector, _ = row
        if row != self._values(place, layer, n_tokens, vector)[-3:]:
            return None
        return LayerVector(np.frombuffer(vector, "<f4").astype(np.float32), n_tokens)

    def _values(self, place: Place, layer: int, n_tokens: int, vector: bytes) -> tuple[object, ...]:
        """A row of the table."""
        of = repr((os.path.abspath(self.folder), FORMAT, self.stamp, place, layer, n_tokens))
        digest = hashlib.blake2b(of.encode("utf-8", "surrogateescape"), digest_size=16)
        digest.update(vector)
        return *self._key(place, layer), n_tokens, vector, digest.digest()

    def _key(self, place: Place, layer: int) -> tuple[object, ...]:
        return place.context, place.bare, place.pooling, layer, place.word

    def _with_database(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `work` returns; None if the database cannot be used."""
        for _ in range(2):
            try:
                with closing(sqlite3.connect(self.path, timeout=WAIT)) as connection, connection:
                    connection.execute(TABLE)
                    return work(connection)
            except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where sqlite quotes damage it met
                if getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").startswith(NOT_DAMAGE):
                    return None
            with suppress(OSError):
                self.path.unlink()
        return None
