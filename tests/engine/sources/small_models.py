"""Writes the smallest folders that are models: a few tokens, a matrix, nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from engine.data import FloatArray
from engine.progress import SILENT
from engine.sources.base import OpenSpace
from engine.sources.huggingface import HuggingFaceSource

TOKENS = ["<|endoftext|>", "moon", "Ġmoon", "star", "Ġcomet"]


def matrix(n: int = len(TOKENS), dimensions: int = 3) -> FloatArray:
    """(n, d) float32, all different."""
    return np.arange(n * dimensions, dtype=np.float32).reshape(n, dimensions)


def write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def write_tokens(folder: Path, tokens: Sequence[str] = TOKENS) -> Path:
    """The folder with a byte-level vocabulary."""
    folder.mkdir(exist_ok=True)
    write_json(folder / "vocab.json", {token: token_id for token_id, token in enumerate(tokens)})
    return folder


def write_model(folder: Path, tensors: Mapping[str, FloatArray] | None = None) -> Path:
    """The folder with a byte-level vocabulary and tensors, by default a token matrix for it."""
    write_tokens(folder)
    save_file(dict(tensors or {"wte.weight": matrix()}), folder / "model.safetensors")
    return folder


def opened(folder: Path | str, token_form: str = "bare") -> OpenSpace:
    return HuggingFaceSource(str(folder), token_form=token_form).open(SILENT)


def all_rows(space: OpenSpace) -> FloatArray:
    """The rows of all the space's words, in its order."""
    return space.vectors(np.array(list(space.lookup(SILENT).values()), np.int64), SILENT)
