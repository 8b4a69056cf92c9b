"""Whatever a model's files say: tokens and rows are read, or there is one clear error. 20,000 inputs in all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.progress import SILENT
from engine.sources.token_matrix import open_token_matrix
from engine.sources.tokens import TOKEN_FORMS, read_vocabulary
from tests.engine.fuzzing import CHANGES, EDITS, Changes, Edits, changed, edited, often

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.usefixtures("little_memory")]

NAME = "wte.weight"
TENSORS = {
    "__metadata__": {"format": "pt"},
    "wpe.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
    NAME: {"dtype": "F32", "shape": [5, 3], "data_offsets": [24, 84]},
}
DATA = np.arange(21, dtype="<f4").tobytes()
ADDED = [{"id": 5, "content": "<s>", "special": True}, {"id": 6, "content": "sun", "special": False}]
TOKENIZERS: dict[str, tuple[str, Any]] = {
    "BPE": (
        "tokenizer.json",
        {
            "model": {
                "type": "BPE",
                "vocab": {"moon": 0, "\u0120moon": 1, "\u0120": 2, "\u00c3\u00a9": 3},
                "merges": [],
            },
            "added_tokens": ADDED,
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
            "decoder": {"type": "ByteLevel"},
        },
    ),
    "WordPiece": (
        "tokenizer.json",
        {
            "model": {
                "type": "WordPiece",
                "vocab": {"[CLS]": 0, "moon": 1, "##s": 2},
                "continuing_subword_prefix": "##",
            },
            "added_tokens": [{"id": 0, "content": "[CLS]", "special": True}],
            "decoder": {"type": "WordPiece", "prefix": "##"},
        },
    ),
    "Unigram": (
        "tokenizer.json",
        {
            "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["\u2581moon", -1.5], ["s", -2]]},
            "added_tokens": ADDED,
            "decoder": {"type": "Metaspace", "replacement": "\u2581"},
        },
    ),
    "vocab.json": ("vocab.json", {"moon": 0, "\u0120moon": 1, "<|endoftext|>": 2}),
}


def stored(header: bytes, length: int | None = None) -> bytes:
    return (len(header) if length is None else length).to_bytes(8, "little") + header + DATA


def has_no_token_matrix(content: bytes) -> bool:
    """Whether it is a whole file without one: that is a case for transformers, which is not meant here."""
    try:
        tensors = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    except (ValueError, OverflowError, RecursionError):
        return False
    return isinstance(tensors, dict) and NAME not in tensors


def matrix_or_refusal(folder: Path, content: bytes) -> None:
    if has_no_token_matrix(content):
        return
    (folder / "model.safetensors").write_bytes(content)
    try:
        matrix = open_token_matrix(folder, SILENT)
        count, dimensions = matrix.shape
        indices = np.unique(np.array([0, count - 1], np.int64))
        rows = matrix.rows(indices)
    except EngineError as error:
        if "model.safetensors" not in str(error):
            raise
        return
    assert rows.shape == (len(indices), dimensions)
    assert rows.dtype in (np.float32, np.float64)


@often(5_000)
@given(edits=EDITS)
def test_damaged_safetensors(folder: Path, edits: Edits) -> None:
    matrix_or_refusal(folder, edited(stored(json.dumps(TENSORS).encode()), edits))


@often(5_000)
@given(changes=CHANGES, length=st.one_of(st.none(), st.none(), st.integers(0, 2**64 - 1)))
def test_lying_safetensors(folder: Path, changes: Changes, length: int | None) -> None:
    matrix_or_refusal(folder, stored(json.dumps(changed(TENSORS, changes)).encode(), length))


def vocabulary_or_refusal(folder: Path, name: str, content: bytes) -> None:
    place = folder / name.replace(".", "-")
    place.mkdir(exist_ok=True)
    (place / name).write_bytes(content)
    try:
        vocabulary = read_vocabulary(place)
    except EngineError as error:
        if name not in str(error):
            raise
        return
    for form in TOKEN_FORMS:
        words = vocabulary.words(form)
        assert all(isinstance(word, str) and word for word in words)
        assert all(type(token_id) is int and token_id >= 0 for token_id in words.values())


@pytest.mark.parametrize("kind", TOKENIZERS)
@often(1_250)
@given(edits=EDITS)
def test_damaged_tokenizers(folder: Path, kind: str, edits: Edits) -> None:
    name, values = TOKENIZERS[kind]
    vocabulary_or_refusal(folder, name, edited(json.dumps(values, ensure_ascii=False).encode(), edits))


@pytest.mark.parametrize("kind", TOKENIZERS)
@often(1_250)
@given(changes=CHANGES)
def test_odd_tokenizers(folder: Path, kind: str, changes: Changes) -> None:
    name, values = TOKENIZERS[kind]
    vocabulary_or_refusal(folder, name, json.dumps(changed(values, changes)).encode())
