"""Models of the Hugging Face hub on this computer: where one is, and which of its files a choice needs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from engine.errors import SourceError
from engine.sources.token_matrix import INDEX, OTHER_WEIGHTS, WEIGHTS, token_matrix_name
from engine.sources.tokens import READERS

EMBEDDING = "embedding"  # the layer that needs the token matrix only
CONFIG = "config.json"
BESIDE_TOKENIZER = ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")
OLDER_TOKENIZERS = ("merges.txt", "sentencepiece.bpe.model")
SAFETENSORS = ".safetensors"


def storage_folder(model: str) -> Path:
    """Where the hub's cache keeps a model; it need not be there."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE).expanduser() / f"models--{model.replace('/', '--')}"


def find_snapshot(model: str) -> Path | None:
    """The folder of a cached model: the main revision, else the latest that was got; None if there is none."""
    cached = storage_folder(model)
    try:
        main = cached / "snapshots" / (cached / "refs" / "main").read_text("utf-8").strip()
    except (OSError, ValueError):
        main = cached / "snapshots" / "-"
    if main.is_dir():
        return main
    others = [path for path in cached.glob("snapshots/*") if path.is_dir()]
    return max(others, key=lambda path: path.stat().st_mtime, default=None)


def lacking(folder: Path, layer: str | int) -> str:
    """What a model's folder lacks of what a layer needs, in words; empty if nothing."""
    try:
        names = {path.name for path in folder.iterdir() if path.is_file()}  # no link to what was deleted
        if not names & READERS.keys():
            return "its tokenizer"
        weights = weight_files(names, layer, lambda index: (folder / index).read_bytes())
    except (OSError, SourceError):  # opening it says what is wrong
        return ""
    if not weights or not names.issuperset(weights):
        return "its weights" if layer == EMBEDDING else "the weights of its layers"
    needs_config = layer != EMBEDDING or not any(name.endswith(SAFETENSORS) for name in weights)
    return CONFIG if needs_config and CONFIG not in names else ""


def weight_files(names: Iterable[str], layer: str | int, read: Callable[[str], bytes]) -> tuple[str, ...]:
    """The names of the weight files that a layer needs, the indices of sharded ones first; none if there are none.

    Parameters
    ----------
    names : the files there are
    layer : str or int
    read : function of an index's name to its content
    """
    names = set(names)
    if WEIGHTS in names:
        return (WEIGHTS,)
    if INDEX in names:
        shards = _weight_map(read(INDEX), INDEX)
        token_matrix = token_matrix_name(shards) if layer == EMBEDDING else None
        return (INDEX, shards[token_matrix]) if token_matrix else (INDEX, *sorted(set(shards.values())))
    if others := sorted(name for name in names if name.endswith(SAFETENSORS)):
        return tuple(others)
    whole, index = OTHER_WEIGHTS
    if whole in names:
        return (whole,)
    return (index, *sorted(set(_weight_map(read(index), index).values()))) if index in names else ()


def _weight_map(content: bytes, name: str) -> Mapping[str, str]:
    """Name of every tensor -> the file it is in."""
    try:
        shards: dict[str, str] = json.loads(content)["weight_map"]
        if shards and all(isinstance(shard, str) and shard == os.path.basename(shard) for shard in shards.values()):
            return shards
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise SourceError(f"The model's {name} is damaged; choose another model.")


def tokenizer_files(names: Iterable[str]) -> tuple[str, ...]:
    """The names of the files that a tokenizer is read from; none if it is of a kind that is not known."""
    names = set(names)
    if not names & READERS.keys():
        return ()
    first = next(iter(READERS))  # has all in one file
    own = (first,) if first in names else (*READERS, *OLDER_TOKENIZERS)
    return tuple(name for name in (*own, *BESIDE_TOKENIZER, CONFIG) if name in names)
