"""numpy's .npz archives with the arrays `words` and `vectors`.

Sizes are compared with what the file can hold before anything is allocated, and nothing is ever unpickled. Vectors that
are not compressed stay in the file; only the rows asked for are read.
"""

from __future__ import annotations

import io
import math
import os
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np

from engine.data import FloatArray, IntArray
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import unreadable
from engine.sources.table_space import TableSpace
from engine.sources.vector_space import LONGEST_WORD, ROWS_PER_REPORT

PART = 1 << 20  # bytes read at once
LONGEST_HEADER = 10_000  # bytes that describe an array, as numpy has it
LARGE = 1 << 26  # bytes of an array whose compression is looked at
MOST_COMPRESSED = 100  # times that vectors shrink at most; what shrinks more is made to fill the memory
LOCAL_HEADER = struct.Struct("<26xHH")  # of a file in a zip archive: the lengths of its name and extra field
ENCRYPTED = 1  # flag of a file in a zip archive
READERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
DAMAGE = (  # what zipfile, zlib and numpy raise on damaged files
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    OverflowError,
    RecursionError,
    NotImplementedError,
    RuntimeError,
)
HOW = "save it as numpy.savez(file, words=words, vectors=vectors)"


@dataclass(frozen=True)
class StoredArray:
    """An array in the archive, as its header describes it.

    Parameters
    ----------
    info : ZipInfo
    dtype : numpy dtype
    shape : tuple of int
    by_column : bool
        Whether the first index varies fastest.
    start : int
        Position of the first value in the array's own file.
    """

    info: zipfile.ZipInfo
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    by_column: bool
    start: int


def open_npz(file: IO[bytes], path: Path, progress: Progress) -> TableSpace:
    """The space in an archive.

    Raises
    ------
    SourceError
        If it is damaged, or has no `words` and `vectors` that fit each other.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _open(archive, file, path, progress)
    except DAMAGE as error:
        reason = str(error).split("\n")[0][:100]
        raise SourceError(f"{path.name} is cut off or damaged ({reason}); get it again.") from None


def _open(archive: zipfile.ZipFile, file: IO[bytes], path: Path, progress: Progress) -> TableSpace:
    size = os.fstat(file.fileno()).st_size
    words, vectors = (_described(archive, key, path.name, size) for key in ("words", "vectors"))
    if words.dtype.kind not in "US" or len(words.shape) != 1:
        raise SourceError(f"The words of {path.name} are no list of texts (dtype={words.dtype}, {words.shape}); {HOW}.")
    if vectors.dtype.kind not in "fiu" or vectors.dtype.itemsize > 8 or len(vectors.shape) != 2:
        raise SourceError(
            f"The vectors of {path.name} are no matrix of numbers (dtype={vectors.dtype}, {vectors.shape}); {HOW}."
        )
    if len({words.shape[0], vectors.shape[0]}) > 1 or not min(vectors.shape):
        raise SourceError(
            f"{path.name} has {words.shape[0]:,} words and {vectors.shape[0]:,} vectors of "
            f"{vectors.shape[1]:,} values; {HOW}."
        )
    if words.dtype.itemsize > 4 * LONGEST_WORD:
        raise SourceError(f"{path.name} has words of {words.dtype.itemsize:,} bytes, so it is damaged; get it again.")
    return TableSpace(
        path.name,
        _words(archive, words, path.name, progress),
        vectors.shape[1],
        _reader(archive, vectors, file, path, progress),
    )


def _reader(
    archive: zipfile.ZipFile, vectors: StoredArray, file: IO[bytes], path: Path, progress: Progress
) -> Callable[[IntArray, Progress], FloatArray]:
    """What reads rows: from the file, or from memory where the file does not hold them one after the other."""
    if vectors.info.compress_type == zipfile.ZIP_STORED and not vectors.by_column:
        size, _ = signature = _signature(file)
        return partial(_read_rows, path, signature, vectors, _position(file, vectors, size))
    matrix = _loaded(archive, vectors, path.name, progress)
    return lambda indices, _: matrix[indices]


def _described(archive: zipfile.ZipFile, key: str, name: str, size: int) -> StoredArray:
    """An array's description, after its size was compared with what the file can hold."""
    if f"{key}.npy" not in archive.namelist():
        there = ", ".join(entry.removesuffix(".npy")[:40] for entry in archive.namelist()[:10]) or "nothing"
        raise SourceError(f"{name} has no array called {key!r} (there is {there}); {HOW}.")
    info = archive.getinfo(f"{key}.npy")
    if info.flag_bits & ENCRYPTED or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SourceError(f"The array {key!r} of {name} is encrypted or packed in an unusual way; {HOW}.")
    packed = min(info.compress_size, size)
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != packed:
        raise zipfile.BadZipFile(f"{key} is not as long as promised")
    if info.file_size > max(LARGE, MOST_COMPRESSED * packed):
        raise SourceError(
            f"The array {key!r} of {name} would unpack to {info.file_size / 1e9:,.1f} GB, over {MOST_COMPRESSED} times "
            f"its size in the file; if you trust it, {HOW}."
        )
    with archive.open(info) as member:
        head = io.BytesIO(member.read(LONGEST_HEADER + 20))
    version = np.lib.format.read_magic(head)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of files written by Python 2
        shape, by_column, dtype = READERS[version](head, max_header_size=LONGEST_HEADER)
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize > info.file_size - head.tell():
        raise SourceError(f"The array {key!r} of {name} promises a shape {shape} that it cannot hold; get it again.")
    return StoredArray(info, dtype, shape, by_column and len(shape) > 1, head.tell())


def _words(archive: zipfile.ZipFile, words: StoredArray, name: str, progress: Progress) -> Iterator[str | None]:
    read, (count,) = 0, words.shape
    for values in _values(archive, words):
        progress.step(f"reading words of {name}, {read:,} of {count:,}", read / count)
        yield from values.tolist() if words.dtype.kind == "U" else map(_decoded, values.tolist())
        read += len(values)


def _decoded(word: bytes) -> str | None:
    try:
        return word.decode()
    except UnicodeDecodeError:
        return None


def _loaded(archive: zipfile.ZipFile, vectors: StoredArray, name: str, progress: Progress) -> FloatArray:
    """The whole matrix in memory, since it cannot be reached in places."""
    flat, read = np.empty(math.prod(vectors.shape), _in_memory(vectors.dtype)), 0
    for values in _values(archive, vectors):
        progress.step(f"reading vectors of {name}, {read / len(flat):.0%}", read / len(flat))
        flat[read : read + len(values)] = values
        read += len(values)
    return flat.reshape(vectors.shape, order="F" if vectors.by_column else "C")


def _values(archive: zipfile.ZipFile, array: StoredArray) -> Iterator[np.ndarray[Any, Any]]:
    """All values in the order of the file, some at a time."""
    left, some = math.prod(array.shape), max(1, PART // max(1, array.dtype.itemsize))
    with archive.open(array.info) as member:
        member.read(array.start)
        while left:
            data = member.read(min(some, left) * array.dtype.itemsize)
            yield np.frombuffer(data, array.dtype, min(some, left)) if data else np.zeros(min(some, left), array.dtype)
            left -= min(some, left)


def _position(file: IO[bytes], array: StoredArray, size: int) -> int:
    """Where in the whole file the values of an array begin that is not compressed."""
    file.seek(array.info.header_offset)
    name, extra = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
    begin = array.info.header_offset + LOCAL_HEADER.size + name + extra
    if begin + array.info.file_size > size:
        raise zipfile.BadZipFile("the vectors end beyond it")
    return int(begin + array.start)


def _read_rows(
    path: Path, signature: tuple[int, int], vectors: StoredArray, start: int, indices: IntArray, progress: Progress
) -> FloatArray:
    """The rows of a matrix that stays in its file."""
    length = vectors.shape[1] * vectors.dtype.itemsize
    rows = np.empty((len(indices), vectors.shape[1]), _in_memory(vectors.dtype))
    try:
        with path.open("rb") as file:
            for done, k in enumerate(np.argsort(indices)):  # in the file's order: disks like that
                if done % ROWS_PER_REPORT == 0:
                    progress.step(f"reading vectors of {path.name}, {done:,} of {len(rows):,}", done / len(rows))
                file.seek(start + int(indices[k]) * length)
                data = file.read(length)
                if len(data) < length:
                    break
                rows[k] = np.frombuffer(data, vectors.dtype)
            if _signature(file) != signature:
                raise SourceError(f"{path.name} has changed since it was opened; run the analysis again.")
    except OSError as error:
        raise unreadable(path, error) from None
    return rows


def _in_memory(dtype: np.dtype[Any]) -> type[np.float32] | type[np.float64]:
    """The kind of float that holds every value of a dtype; of 64-bit integers the nearest value."""
    return np.float32 if dtype.itemsize <= (4 if dtype.kind == "f" else 2) else np.float64


def _signature(file: IO[bytes]) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns
