"""Models that have nothing but SentencePiece's own file, against what SentencePiece itself writes and cuts."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.data import FloatArray
from engine.errors import SourceError
from engine.progress import SILENT
from engine.sources.hub_files import lacking, tokenizer_files
from engine.sources.tokens import read_vocabulary
from tests.engine.sources.made_tokenizers import SENTENCES, UNSEEN, WORDS
from tests.engine.sources.small_models import opened, write_json

KINDS = {
    "unigram, as T5": {"model_type": "unigram"},
    "bytes for what is unknown, as Llama": {"model_type": "bpe", "byte_fallback": True},
    "no space before a text, as Gemma": {
        "model_type": "bpe",
        "add_dummy_prefix": False,
        "remove_extra_whitespaces": False,
        "byte_fallback": True,
    },
}


def trained(**options: Any) -> Any:
    from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

    model = io.BytesIO()
    options = {"vocab_size": 330, "hard_vocab_limit": False, "minloglevel": 2, **options}
    SentencePieceTrainer.train(sentence_iterator=iter(SENTENCES), model_writer=model, **options)
    return SentencePieceProcessor(model_proto=model.getvalue())


def write(folder: Path, processor: Any, name: str = "tokenizer.model", model_type: str = "llama") -> FloatArray:
    (folder / name).write_bytes(processor.serialized_model_proto())
    write_json(folder / "config.json", {"model_type": model_type})
    values = np.random.default_rng(0).normal(size=(processor.get_piece_size() + 9, 4)).astype(np.float32)
    save_file({"shared.weight": values}, folder / "model.safetensors")
    return values


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_the_pieces_that_sentencepiece_writes(kind: str, tmp_path: Path) -> None:
    processor = trained(**KINDS[kind])
    write(tmp_path, processor)
    vocabulary = read_vocabulary(tmp_path)
    written = {k: processor.id_to_piece(k).replace("▁", " ") for k in range(processor.get_piece_size())}
    special = {k for k in written if processor.is_control(k) or processor.is_unknown(k) or processor.is_byte(k)}
    assert vocabulary.texts == {k: text for k, text in written.items() if k not in special}
    after_space = vocabulary.words("leading-space")
    assert {"moon", "star"} <= after_space.keys()
    assert all(processor.encode(f"so {word}")[-1] == token for word, token in after_space.items() if word in WORDS)


@pytest.mark.parametrize("kind", KINDS)
def test_any_word_is_cut_as_behind_another_word(kind: str, tmp_path: Path) -> None:
    processor = trained(**KINDS[kind])
    values = write(tmp_path, processor, "spiece.model", "t5")
    space = opened(tmp_path, "pieces")
    words = [*WORDS, *UNSEEN, "🙂"]
    head = processor.encode("so")
    blank = processor.piece_to_id("▁")
    indices = space.find(words, SILENT)
    for word, index in zip(words, indices, strict=True):
        ids = processor.encode(f"so {word}")
        assert ids[: len(head)] == head
        own = [k for k in ids[len(head) :] if k != blank]
        assert (index < 0) == (processor.unk_id() in own), word
        if index >= 0:
            found = space.vectors(np.array([index]), SILENT)[0]
            np.testing.assert_allclose(found, values[own].mean(axis=0), rtol=1e-5, atol=1e-6)


def test_a_model_that_may_shift_its_numbers_is_refused_with_the_way_out(tmp_path: Path) -> None:
    processor = trained()
    write(tmp_path, processor, model_type="xlm-roberta")
    with pytest.raises(SourceError, match=r"how xlm-roberta numbers its tokens; put the model's tokenizer\.json"):
        read_vocabulary(tmp_path)
    (tmp_path / "config.json").unlink()
    with pytest.raises(SourceError, match=r"a model without config\.json"):
        read_vocabulary(tmp_path)


@pytest.mark.parametrize("content", [b"", b"x" * 100, None])
def test_a_damaged_file_is_one_clear_error(content: bytes | None, tmp_path: Path) -> None:
    processor = trained()
    write(tmp_path, processor)
    whole = processor.serialized_model_proto()
    (tmp_path / "tokenizer.model").write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(SourceError, match=r"tokenizer\.model is not a tokenizer's file or is damaged; get it again"):
        read_vocabulary(tmp_path)


def test_tokens_that_the_model_adds_are_no_words(tmp_path: Path) -> None:
    processor = trained()
    write(tmp_path, processor, "spiece.model", "t5")
    n = processor.get_piece_size()
    write_json(tmp_path / "added_tokens.json", {"<extra_id_0>": n, "moonbase": n + 1})
    write_json(tmp_path / "special_tokens_map.json", {"additional_special_tokens": ["<extra_id_0>"]})
    texts = read_vocabulary(tmp_path).texts
    assert n not in texts
    assert texts[n + 1] == "moonbase"


def test_the_file_is_a_whole_tokenizer_of_a_model_to_be_fetched(tmp_path: Path) -> None:
    write(tmp_path, trained(), "spiece.model", "mt5")
    assert lacking(tmp_path, "embedding") == ""
    names = ["spiece.model", "config.json", "model.safetensors", "README.md"]
    assert tokenizer_files(names) == ("spiece.model", "config.json")
