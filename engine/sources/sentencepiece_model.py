"""Tokenizers of which a folder has nothing but SentencePiece's own model, read with its library."""

from __future__ import annotations

import json
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import SourceError

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

FILES = ("tokenizer.model", "spiece.model")
# Models that number their tokens as SentencePiece does. Others (XLM-RoBERTa, CamemBERT, mBART, Pegasus) shift the
# numbers, which cannot be seen: every word would silently get another word's vector.
NUMBERED_ALIKE = ("albert", "gemma", "gemma2", "llama", "mistral", "mixtral", "mt5", "t5", "umt5", "xlnet")


def read_sentencepiece(path: Path) -> SentencePieceProcessor:
    """A SentencePiece model whose numbers are the rows of its model's token matrix.

    Raises
    ------
    SourceError
        If the model beside it is not known to number its tokens alike.
    ValueError
        If it is damaged.
    """
    from sentencepiece import SentencePieceProcessor

    try:
        model_type = json.loads((path.parent / "config.json").read_bytes())["model_type"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        model_type = "a model without config.json"
    if model_type not in NUMBERED_ALIKE:
        raise SourceError(
            f"{path} does not say how {model_type} numbers its tokens; put the model's tokenizer.json beside it."
        )
    content = path.read_bytes()
    try:
        processor = SentencePieceProcessor(model_proto=content)
    except RuntimeError as error:
        raise ValueError(error) from None
    if not content or not processor.get_piece_size():
        raise ValueError("no pieces")
    return processor


def pieces(processor: SentencePieceProcessor) -> dict[str, int]:
    """Piece -> its id, as written: with a mark for a space."""
    return {processor.id_to_piece(k): k for k in range(processor.get_piece_size())}


def not_writing(processor: SentencePieceProcessor) -> Set[int]:
    """The ids that stand for no text: control symbols, the unknown one, those not used."""
    kinds = (processor.is_control, processor.is_unknown, processor.is_unused)
    return {k for k in range(processor.get_piece_size()) if any(is_kind(k) for is_kind in kinds)}
