"""The notebook recipe in plain numpy, as one would type it: a second opinion that shares no code."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
WORD2VEC, MINILM = "word2vec-google-news-1k", "all-MiniLM-L6-v2"


class Recipe(NamedTuple):
    words: list[str]
    E_A: np.ndarray
    E_B: np.ndarray
    S_A: np.ndarray
    S_B: np.ndarray
    pairs_a: np.ndarray
    pairs_b: np.ndarray
    r: float
    S_c: float


def read_sample(name: str) -> tuple[list[str], np.ndarray]:
    """The words and vectors of a bundled file."""
    with np.load(SAMPLE / f"{name}.npz", allow_pickle=False) as file:
        return file["words"].tolist(), file["vectors"]


def notebook_recipe(length: int = 6, limit: int = 100) -> Recipe:
    """Both bundled spaces through the four steps of the notebook."""
    vocab_A, vectors_A = read_sample(WORD2VEC)
    vocab_B, vectors_B = read_sample(MINILM)

    words = [word for word in vocab_A if len(word) == length and word in vocab_B][:limit]
    E_A = np.stack([vectors_A[vocab_A.index(word)] for word in words])
    E_B = np.stack([vectors_B[vocab_B.index(word)] for word in words])

    norm_A = E_A / np.sqrt((E_A**2).sum(axis=1))[:, None]
    norm_B = E_B / np.sqrt((E_B**2).sum(axis=1))[:, None]
    S_A, S_B = norm_A @ norm_A.T, norm_B @ norm_B.T

    above = np.triu_indices(len(words), k=1)
    a, b = S_A[above].astype(float), S_B[above].astype(float)
    r = np.corrcoef(a, b)[0, 1]
    S_c = (a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())
    return Recipe(words, E_A, E_B, S_A, S_B, a, b, float(r), float(S_c))
