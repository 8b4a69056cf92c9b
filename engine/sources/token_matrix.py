"""A model's input token matrix: one row per token id, read from the model's weight files.

From safetensors single rows are read, without torch; other weight files are left to transformers, which loads all.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.child import call_once
from engine.data import FloatArray, IntArray
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import file_stamp, unreadable

TOKEN_MATRICES = (  # ends of the names that architectures give their token matrix, the commonest first
    "wte.weight",
    "embed_tokens.weight",
    "word_embeddings.weight",
    "embed_in.weight",
    "shared.weight",
    "tok_embeddings.weight",
    "token_embedding.weight",
    "token_embeddings.weight",
    "word_embedding.weight",
    "tokens_embed.weight",
    "embeddings.weight",
)
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
OTHER_WEIGHTS = ("pytorch_model.bin", "pytorch_model.bin.index.json")
LFS_POINTER = b"version "
LONGEST_HEADER = 100_000_000  # bytes, as the safetensors library has it


class TokenMatrix(Protocol):
    """A (tokens, d) matrix of which rows can be had."""

    @property
    def shape(self) -> tuple[int, int]:
        """Tokens and dimensions."""

    def rows(self, indices: IntArray) -> FloatArray:
        """(n, d) 32- or 64-bit rows."""


@dataclass(frozen=True)
class StoredMatrix:
    """A matrix in a safetensors file, which stays there.

    Parameters
    ----------
    path : Path
    dtype : str
        A key of `DTYPES`.
    shape : (int, int)
    start : int
        Position of the first value in the file.
    stamp : size and time of the file when `start` was found
    """

    path: Path
    dtype: str
    shape: tuple[int, int]
    start: int
    stamp: tuple[int, int] | None

    def rows(self, indices: IntArray) -> FloatArray:
        if file_stamp(self.path) != self.stamp:
            raise SourceError(f"{self.path.name} has changed since it was opened; run the analysis again.")
        try:
            rows = self._stored(indices)
        except OSError as error:
            raise unreadable(self.path, error) from None
        if self.dtype == "BF16":  # the upper half of a 32-bit float
            return (rows.astype(np.uint32) << 16).view(np.float32)
        return rows.astype(np.float64 if self.dtype == "F64" else np.float32, copy=False)

    def _stored(self, indices: IntArray) -> NDArray[Any]:
        """The rows as the file has them; not mapped, for of a mapped file far more is kept in memory than is read."""
        rows = np.empty((len(indices), self.shape[1]), DTYPES[self.dtype])
        starts = np.flatnonzero(np.diff(indices, prepend=-2) != 1)  # of rows that follow each other
        with self.path.open("rb", buffering=0) as file:
            for begin, end in pairwise([*starts, len(indices)]):
                file.seek(self.start + int(indices[begin]) * rows.strides[0])
                if file.readinto(rows[begin:end].data) != rows[begin:end].nbytes:
                    raise _damaged(self.path)
        return rows


@dataclass(frozen=True, eq=False)
class LoadedMatrix:
    """A matrix in memory."""

    values: FloatArray

    @property
    def shape(self) -> tuple[int, int]:
        """Tokens and dimensions."""
        return self.values.shape[0], self.values.shape[1]

    def rows(self, indices: IntArray) -> FloatArray:
        """(n, d) rows."""
        return self.values[indices]


def open_token_matrix(folder: Path, progress: Progress) -> TokenMatrix:
    """The input token matrix of the model in a folder.

    Raises
    ------
    SourceError
        If there is none or it cannot be read.
    """
    files = _tensor_files(folder)
    if name := token_matrix_name(files):
        return _stored_matrix(files[name], name)
    if files or any((folder / name).is_file() for name in OTHER_WEIGHTS):
        return LoadedMatrix(call_once(load_with_transformers, folder, progress=progress))
    raise SourceError(
        f"The folder {folder} has no weights ({WEIGHTS} or {OTHER_WEIGHTS[0]}); choose a folder with a whole model."
    )


def _tensor_files(folder: Path) -> dict[str, Path]:
    """Name of every tensor in the folder's safetensors files -> the file it is in."""
    whole, index = folder / WEIGHTS, folder / INDEX
    if not whole.is_file() and index.is_file():
        try:
            shards: dict[str, str] = json.loads(index.read_bytes())["weight_map"]
            return {name: folder / Path(shard).name for name, shard in shards.items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _damaged(index) from None
    paths = [whole] if whole.is_file() else sorted(folder.glob("*.safetensors"))
    return {name: path for path in paths for name in _header(path)[0]}


def token_matrix_name(names: Iterable[str]) -> str | None:
    """The tensor that is the token matrix: the commonest ending, the outermost of several, an encoder's before a
    decoder's; None if there is none.
    """
    for end in TOKEN_MATRICES:
        if found := [name for name in names if name == end or name.endswith("." + end)]:
            return min(found, key=lambda name: (name.count("."), "decoder" in name, name))
    return None


def _stored_matrix(path: Path, name: str) -> StoredMatrix:
    stamp = file_stamp(path)
    tensors, start = _header(path)
    try:
        dtype, shape, (begin, end) = (tensors[name][key] for key in ("dtype", "shape", "data_offsets"))
        if dtype not in DTYPES or len(shape) != 2:
            raise SourceError(
                f"{path} stores its token matrix {name} as {dtype} {shape}; choose a version with two-dimensional "
                f"{', '.join(DTYPES)} weights."
            )
        if not all(isinstance(number, int) for number in (begin, end, *shape)):
            raise _damaged(path)
        if min(begin, *shape) < 0 or not end > begin:
            raise _damaged(path)
        if end - begin != math.prod(shape) * np.dtype(DTYPES[dtype]).itemsize:
            raise _damaged(path)
    except (KeyError, TypeError, ValueError):
        raise _damaged(path) from None
    return StoredMatrix(path, dtype, (shape[0], shape[1]), start + begin, stamp)


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """What a safetensors file says of its tensors, and where their data begin."""
    try:
        with path.open("rb") as file:
            size, first = os.fstat(file.fileno()).st_size, file.read(8)
            length = int.from_bytes(first, "little")
            if first == LFS_POINTER:
                raise SourceError(f"{path} is only a Git LFS pointer to the weights; fetch them with `git lfs pull`.")
            if len(first) < 8 or length > min(size - 8, LONGEST_HEADER):
                raise _damaged(path)
            tensors = json.loads(file.read(length))
        tensors.pop("__metadata__", None)
        if max((tensor["data_offsets"][1] for tensor in tensors.values()), default=0) > size - 8 - length:
            raise _damaged(path)
    except OSError as error:
        raise unreadable(path, error) from None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise _damaged(path) from None
    return tensors, 8 + length


def _damaged(path: Path) -> SourceError:
    return SourceError(f"{path} is cut off or damaged; get it again.")


def load_with_transformers(folder: Path, progress: Progress) -> FloatArray:
    """The (tokens, d) matrix, by loading the model whole. To be called in a child process."""
    progress.step(f"loading the weights of {folder.name} with transformers")
    os.environ["HF_HUB_OFFLINE"] = "1"  # read at import
    try:
        from transformers import AutoModel
        from transformers.utils.logging import disable_progress_bar
    except ImportError:
        raise SourceError(
            f"The weights in {folder} are not in safetensors, and others need transformers and torch; install these."
        ) from None
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model, report = AutoModel.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, weights_only=True, output_loading_info=True
        )
        matrix = model.get_input_embeddings().weight
    except Exception as error:  # anything from deep within: unknown architecture, refused pickle, cut off file
        reason = str(error).strip().split("\n")[0][:200]
        raise SourceError(
            f"transformers cannot load the weights in {folder} ({reason}); choose a folder with {WEIGHTS}."
        ) from None
    names = {name for name, parameter in model.named_parameters() if parameter is matrix}
    if names & set(report["missing_keys"]):  # transformers made them up
        raise SourceError(f"The weights in {folder} contain no token matrix; choose a folder with a whole model.")
    values: FloatArray = matrix.detach().float().numpy()
    return values
