"""Running a model on words with torch. To be called in a child process: importing torch stalls every thread."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.data import FloatArray
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.pieces import adds_space, is_blank, space_mark
from engine.sources.pooling import DEVICES, POOLINGS, WORD

TEXT_PARTS = ("language_model", "text_model")


@dataclass(frozen=True)
class Model:
    """A model to run.

    Parameters
    ----------
    folder : Path
    name : str
        For messages.
    device : str
        One of `DEVICES`.
    layers : int
        Hidden layers it should have, apart from the embedding output.
    """

    folder: Path
    name: str
    device: str
    layers: int


def load(model: Model, progress: Progress) -> None:
    """Load the model, so that `run` begins at once.

    Raises
    ------
    SourceError
        If the model cannot be loaded or the device is not there.
    """
    progress.step(f"loading {model.name} with transformers")
    _loaded(model)


def run(
    model: Model, context: str, bare: bool, pooling: str, words: Sequence[str], progress: Progress
) -> tuple[list[int], FloatArray]:
    """How many tokens each word has in its text, and the (n, layers + 1, d) float32 vectors of all layers.

    Parameters
    ----------
    model : Model
    context : str
        The text, with {word} once.
    bare : bool
        Whether there must be no space before the word, not even one that the tokenizer puts there.
    pooling : str
        A key of `POOLINGS`.
    words : sequence of n str
        Run together, those with equally many tokens: some models heed what others would be filled up with. The vector
        of a word without a token of its own is NaN.

    Raises
    ------
    SourceError
    """
    network, tokenizer = _loaded(model)
    vectors: FloatArray = np.empty(0, np.float32)
    try:
        texts, start = _texts(model, tokenizer, context, bare, words)
        inputs, own = _encoded(tokenizer, texts, start, words)
        for alike in _equally_long(inputs["input_ids"]):
            states = _hidden_states(model, network, {key: [rows[i] for i in alike] for key, rows in inputs.items()})
            if not len(vectors):
                vectors = np.full((len(words), len(states), states.shape[-1]), np.nan, np.float32)
            for k, i in enumerate(alike):
                if own[i]:
                    vectors[i] = POOLINGS[pooling].apply(states[:, k, own[i]]).cpu().numpy()
    except SourceError:
        raise
    except Exception as error:  # anything from deep within: a text too long, memory, an architecture of its own
        raise SourceError(
            f"{model.name} cannot be run on {context!r} ({_reason(error)}); choose another template or model."
        ) from None
    layers = vectors.shape[1] - 1
    if layers != model.layers:
        raise SourceError(
            f"{model.name} gives {layers} hidden layers, but its config.json says {model.layers}; put the files of one "
            "model there."
        )
    return [len(places) for places in own], vectors


def _equally_long(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """The indices of rows of each length."""
    found: dict[int, list[int]] = {}
    for i, row in enumerate(rows):
        found.setdefault(len(row), []).append(i)
    return list(found.values())


def _hidden_states(model: Model, network: Any, inputs: dict[str, list[list[int]]]) -> Any:
    """(layers + 1, n, tokens, d)."""
    import torch

    with torch.inference_mode():
        output = network(**{key: torch.tensor(rows, device=model.device) for key, rows in inputs.items()})
    lengths = {states.shape[-1] for states in output.hidden_states}
    if len(lengths) > 1:
        raise SourceError(
            f"The hidden layers of {model.name} have {' and '.join(map(str, sorted(lengths)))} dimensions, but only "
            "models whose layers have as many can be run; choose another model, or this one's token matrix."
        )
    return torch.stack(output.hidden_states)


def _texts(model: Model, tokenizer: Any, context: str, bare: bool, words: Sequence[str]) -> tuple[list[str], int]:
    """The text of every word, and where in it the word begins."""
    before, after = context.split(WORD)
    if adds_space(tokenizer.tokenize("a"), space_mark(tokenizer.backend_tokenizer)):
        if bare:
            raise SourceError(
                f"The tokenizer of {model.name} puts a space before every text, so that words cannot be run without "
                "one; choose the token form leading-space, either or pieces.",
                "token_form",
            )
        before = before.removeprefix(" ")
    return [before + word + after for word in words], len(before)


def _encoded(
    tokenizer: Any, texts: list[str], start: int, words: Sequence[str]
) -> tuple[dict[str, list[list[int]]], list[list[int]]]:
    """The model's inputs, a row a text, and the places of each word's own tokens."""
    encoded = tokenizer(texts, return_attention_mask=True, return_offsets_mapping=True)
    inputs = {key: encoded[key] for key in ("input_ids", "token_type_ids", "attention_mask") if key in encoded}
    special = set(tokenizer.all_special_ids)
    own = [
        [
            place
            for place, ((begin, end), token_id) in enumerate(zip(offsets, ids, strict=True))
            if begin < start + len(word) and end > start and token_id not in special
        ]
        for offsets, ids, word in zip(encoded["offset_mapping"], encoded["input_ids"], words, strict=True)
    ]
    tokens, mark = map(tokenizer.convert_ids_to_tokens, encoded["input_ids"]), space_mark(tokenizer.backend_tokenizer)
    return inputs, [[k for k in places if not is_blank(row[k], mark)] for places, row in zip(own, tokens, strict=True)]


@lru_cache(maxsize=1)
def _loaded(model: Model) -> tuple[Any, Any]:
    """The part of the model that is run, and its tokenizer."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # read at import; transformers asks the network about some local models too
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    _check_device(model.device)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    how = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(model.folder, **how)
        whole, report = AutoModel.from_pretrained(
            model.folder, dtype=torch.float32, weights_only=True, output_loading_info=True, **how
        )
    except Exception as error:  # anything from deep within: unknown architecture, refused pickle, cut off file
        raise SourceError(
            f"transformers cannot load the model in {model.folder} ({_reason(error)}); choose a folder with a whole "
            "model of a kind that transformers knows."
        ) from None
    if not tokenizer.is_fast or len(tokenizer) < 2:
        raise SourceError(
            f"The tokenizer in {model.folder} does not tell which tokens belong to a word; choose a model with a "
            "tokenizer.json."
        )
    part = _part(whole)
    _check_complete(model, whole, part, report["missing_keys"])
    part.config.output_hidden_states, part.config.use_cache = True, False
    return part.to(model.device).eval(), tokenizer


def _part(whole: Any) -> Any:
    """What runs words: an encoder, where there is one beside a decoder; of a model for images too, what is for text."""
    # An encoder saved without its decoder says that it is no encoder-decoder, but is loaded with one.
    if whole.config.is_encoder_decoder or (hasattr(whole, "encoder") and hasattr(whole, "decoder")):
        return whole.get_encoder()
    return next((getattr(whole, name) for name in TEXT_PARTS if hasattr(whole, name)), whole)


def _check_device(device: str) -> None:
    import torch

    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there.get(device):
        names = ", ".join(name for name in DEVICES if there[name])
        raise SourceError(f"The device {device} is not there; this computer has {names}.", "device")


def _check_complete(model: Model, whole: Any, part: Any, missing: Sequence[str]) -> None:
    """Nothing, if the weights of all that is run were in the files; transformers makes up those that are not."""
    run = {id(parameter) for parameter in part.parameters()}
    named = dict(whole.named_parameters())
    # Positions that are computed are missing in every file of such models; the names are the whole model's.
    computed = [pattern.removeprefix("model.") for pattern in whole._keys_to_ignore_on_load_missing or ()]
    made_up = sorted(
        name
        for name in missing
        if id(named.get(name)) in run and "pooler" not in name and not any(re.search(one, name) for one in computed)
    )
    if made_up:
        raise SourceError(
            f"The weights in {model.folder} lack {len(made_up):,} of the model's matrices ({made_up[0]}); choose a "
            "folder with a whole model."
        )


def _reason(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200] or type(error).__name__
