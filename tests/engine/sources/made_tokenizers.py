"""Tokenizers of every common kind, trained on a few sentences with the tokenizers library."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

SENTENCES = [
    "the moon and the star saw the moonlight of the comet",
    "I saw the comet today and the starlight too",
    "so the café is new, the naïve moonwalker said",
    "moon star comet light walker today new so the of and I saw said",
] * 20
WORDS = sorted({word for sentence in SENTENCES for word in sentence.replace(",", "").split()})
UNSEEN = ["moonstar", "lightwalker", "sodatoday", "Moon", "nightmares"]


def byte_level(adds_space: bool = False) -> Any:
    """As GPT-2, Llama 3 and Qwen have it; with `adds_space` as some RoBERTa have it."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=adds_space)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=340, special_tokens=["<s>", "</s>", "<pad>"], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = processors.Sequence(
        [processors.ByteLevel(trim_offsets=True), _between(tokenizer, "<s>", "</s>")]
    )
    return tokenizer


def byte_level_adding_a_space() -> Any:
    return byte_level(adds_space=True)


def sentencepiece_bpe() -> Any:
    """As Llama 2 and Mistral have it: spaces replaced before, bytes for what is unknown, a space before every text."""
    from tokenizers import decoders, normalizers

    tokenizer = _bpe_with_byte_fallback()
    tokenizer.pre_tokenizer = None
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.post_processor = _between(tokenizer, "<s>", "")
    return tokenizer


def sentencepiece_bpe_without_prefix() -> Any:
    """As Gemma has it: no space before a text."""
    from tokenizers import decoders, normalizers

    tokenizer = _bpe_with_byte_fallback()
    tokenizer.pre_tokenizer = None
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    return tokenizer


def unigram() -> Any:
    """As T5 and XLM-RoBERTa have it."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=70, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = _between(tokenizer, "", "</s>")
    return tokenizer


def wordpiece() -> Any:
    """As BERT has it."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    trainer = trainers.WordPieceTrainer(vocab_size=80, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = _between(tokenizer, "[CLS]", "[SEP]")
    return tokenizer


def end_of_word() -> Any:
    """As the first GPT has it."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.BPEDecoder(suffix="</w>")
    trainer = trainers.BpeTrainer(
        vocab_size=90, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    return tokenizer


def byte_level_end_of_word() -> Any:
    """As CLIP has it."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Lowercase()
    split = pre_tokenizers.Split(Regex(r"[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), behavior="removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=["<|startoftext|>", "<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    return tokenizer


MADE: dict[str, Callable[[], Any]] = {
    make.__name__: make
    for make in (
        byte_level,
        byte_level_adding_a_space,
        sentencepiece_bpe,
        sentencepiece_bpe_without_prefix,
        unigram,
        wordpiece,
        end_of_word,
        byte_level_end_of_word,
    )
}


def after_space(tokenizer: Any, word: str) -> list[int]:
    """The ids of a word's tokens behind another word, the space between among them."""
    encoded = tokenizer.encode(f"so {word}", add_special_tokens=False)
    return [token_id for token_id, (_, end) in zip(encoded.ids, encoded.offsets, strict=True) if end > 2]


def _bpe_with_byte_fallback() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokenizer.train_from_iterator(
        SENTENCES, trainers.BpeTrainer(vocab_size=330, special_tokens=special, show_progress=False)
    )
    return _without_special_bytes(tokenizer)


def _without_special_bytes(tokenizer: Any) -> Any:
    """Bytes are in the vocabulary of such models, but are no special tokens."""
    from tokenizers import Tokenizer

    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [token for token in data["added_tokens"] if not token["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(data))


def _between(tokenizer: Any, first: str, last: str) -> Any:
    from tokenizers import processors

    named = [token for token in (first, last) if token]
    return processors.TemplateProcessing(
        single=[*([first] if first else []), "$A", *([last] if last else [])],
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in named],
    )
