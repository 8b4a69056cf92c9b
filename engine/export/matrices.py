"""matrices.npz: all arrays of a result, for numpy and for reproduce.py."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from engine.progress import SILENT, Progress
from engine.result import AnalysisResult
from engine.writing import write_atomically

ABOUT = """\
words: the n words, the order of all rows and columns
spaces: the names of the spaces; the numbers in the keys below count along them, from 0
similarities_0, similarities_1, ...: n x n, the similarity of every two words in that space
vectors_0, vectors_1, ...: n x dimensions, the words' vectors as stored, before preprocessing
dimensions_0, dimensions_1, ...: which of the space's dimensions these are, counted from 0
indices_0, indices_1, ...: n, the words' positions in that space's own vocabulary
linkage: where the words stand in clusters, how they join, as scipy.cluster.hierarchy has it; word k is row k
"""


def save_matrices(path: Path, result: AnalysisResult, progress: Progress = SILENT) -> None:
    """Save `write_matrices` to a file, whole or not at all; ExportError if that fails."""
    progress.step(f"writing {path.name}")
    write_atomically(path, partial(write_matrices, result=result))


def write_matrices(file: BinaryIO, result: AnalysisResult) -> None:
    """The words, and of each space its similarity matrix, vectors and indices; the key `about` explains the keys."""
    arrays: dict[str, Any] = {"about": np.array(ABOUT), "words": np.array(result.words)}
    arrays["spaces"] = np.array([space.name for space in result.spaces])
    for i, space in enumerate(result.spaces):
        arrays[f"similarities_{i}"] = space.similarities.values
        arrays[f"vectors_{i}"] = space.vectors
        arrays[f"dimensions_{i}"] = space.dimension_numbers
        arrays[f"indices_{i}"] = space.indices
    if result.tree is not None:
        arrays["linkage"] = result.tree.linkage
    np.savez(file, allow_pickle=False, **arrays)
