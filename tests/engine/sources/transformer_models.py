"""Small transformers of the common architectures, and plain forward passes to compare with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.data import FloatArray
from tests.engine.sources.conftest import save_beside_tokenizer
from tests.engine.sources.made_tokenizers import MADE

POOLED: dict[str, Callable[[Any], Any]] = {
    "mean": lambda states: states.mean(axis=0),
    "first": lambda states: states[0],
    "last": lambda states: states[-1],
}


def plain(folder: Path, before: str, word: str, after: str, pooling: str) -> FloatArray:
    """(layers + 1, d) by transformers: the word alone in a batch, its tokens by their characters."""
    import torch

    tokenizer, model = _loaded(folder)
    encoded = tokenizer(before + word + after, return_tensors="pt", return_offsets_mapping=True)
    offsets = encoded.pop("offset_mapping")[0].tolist()
    tokens = tokenizer.convert_ids_to_tokens(encoded["input_ids"][0])
    start, end = len(before), len(before + word)
    own = [
        k
        for k, (first, last) in enumerate(offsets)
        if first < end and last > start and tokens[k] not in (*tokenizer.all_special_tokens, "▁", "Ġ")
    ]
    with torch.no_grad():
        states = model(**encoded, output_hidden_states=True).hidden_states
    return np.array([POOLED[pooling](state[0][own].numpy()) for state in states])


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> tuple[Any, Any]:
    import torch
    from transformers import AutoConfig, AutoModel, AutoTokenizer, T5EncoderModel

    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    alone = "T5EncoderModel" in AutoConfig.from_pretrained(folder, local_files_only=True).architectures
    kind = T5EncoderModel if alone else AutoModel
    model = kind.from_pretrained(folder, local_files_only=True, dtype=torch.float32).eval()
    model = model.get_encoder() if model.config.is_encoder_decoder else model
    return tokenizer, getattr(model, "text_model", getattr(model, "language_model", model))


def expected(folder: Path, before: str, words: Sequence[str], after: str = "", pooling: str = "mean") -> FloatArray:
    """(n, layers + 1, d)."""
    return np.array([plain(folder, before, word, after, pooling) for word in words])


def gpt2(folder: Path) -> Path:
    """A seeded GPT-2 of three layers beside the real tokenizer."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(n_layer=3, n_embd=24, n_head=2, n_positions=64))
    return save_beside_tokenizer(model, folder)


def llama(folder: Path) -> Path:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=340, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2
    )
    return save_with(MADE["sentencepiece_bpe"](), LlamaForCausalLM(config), folder, bos_token="<s>", unk_token="<unk>")


def t5(folder: Path) -> Path:
    from transformers import T5ForConditionalGeneration

    return _t5(T5ForConditionalGeneration, folder)


def t5_encoder(folder: Path) -> Path:
    """Saved without its decoder, as sentence encoders are; its config.json says that it is no encoder-decoder."""
    from transformers import T5EncoderModel

    return _t5(T5EncoderModel, folder)


def _t5(kind: Any, folder: Path) -> Path:
    import torch
    from transformers import T5Config

    torch.manual_seed(0)
    config = T5Config(vocab_size=50, d_model=16, d_kv=8, d_ff=32, num_layers=2, num_decoder_layers=1, num_heads=2)
    special = {"eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    return save_with(MADE["unigram"](), kind(config), folder, **special)


def marian(folder: Path) -> Path:
    """Its positions are computed, and in no file."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    torch.manual_seed(0)
    sizes = {"layers": 2, "attention_heads": 2, "ffn_dim": 32}
    ends = {f"{end}_{name}": size for end in ("encoder", "decoder") for name, size in sizes.items()}
    config = MarianConfig(vocab_size=340, d_model=16, pad_token_id=0, decoder_start_token_id=0, **ends)
    return save_with(MADE["byte_level"](), MarianMTModel(config), folder, eos_token="</s>", pad_token="<pad>")


def opt(folder: Path, projected: int = 16) -> Path:
    import torch
    from transformers import OPTConfig, OPTForCausalLM

    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "ffn_dim": 32}
    config = OPTConfig(vocab_size=340, max_position_embeddings=64, word_embed_proj_dim=projected, **sizes)
    return save_with(MADE["byte_level"](), OPTForCausalLM(config), folder, pad_token="<pad>")


def roberta(folder: Path) -> Path:
    import torch
    from transformers import RobertaConfig, RobertaForMaskedLM

    torch.manual_seed(0)
    config = RobertaConfig(
        vocab_size=340,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        pad_token_id=2,
        max_position_embeddings=40,
        type_vocab_size=1,
    )
    special = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
    return save_with(MADE["byte_level"](), RobertaForMaskedLM(config), folder, **special)


def clip(folder: Path) -> Path:
    import torch
    from transformers import CLIPConfig, CLIPModel

    torch.manual_seed(0)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = CLIPConfig(
        text_config={**small, "vocab_size": 400, "bos_token_id": 0, "eos_token_id": 1},
        vision_config={**small, "image_size": 8, "patch_size": 4},
    )
    special = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    return save_with(MADE["byte_level_end_of_word"](), CLIPModel(config), folder, **special)


def gemma3(folder: Path) -> Path:
    """A language model inside one for images too; its config.json has a part for each."""
    import torch
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration

    torch.manual_seed(0)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = Gemma3Config(
        text_config={**small, "vocab_size": 340, "num_key_value_heads": 1, "head_dim": 8},
        vision_config={**small, "num_hidden_layers": 1, "image_size": 28, "patch_size": 14},
        mm_tokens_per_image=4,
    )
    return save_with(MADE["byte_level"](), Gemma3ForConditionalGeneration(config), folder, pad_token="<pad>")


def fnet(folder: Path) -> Path:
    """It mixes all tokens of a text, and would mix in what texts are filled up with."""
    import torch
    from transformers import FNetConfig, FNetForMaskedLM

    torch.manual_seed(0)
    config = FNetConfig(
        vocab_size=340, hidden_size=16, intermediate_size=32, num_hidden_layers=2, max_position_embeddings=64
    )
    return save_with(MADE["byte_level"](), FNetForMaskedLM(config), folder, pad_token="<pad>")


def t5gemma(folder: Path) -> Path:
    """Its config.json has a part for the encoder and one for the decoder."""
    import torch
    from transformers import T5GemmaConfig, T5GemmaForConditionalGeneration

    torch.manual_seed(0)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    part = {**small, "vocab_size": 340, "num_key_value_heads": 1, "head_dim": 8}
    config = T5GemmaConfig(encoder=part, decoder={**part, "num_hidden_layers": 1})
    return save_with(MADE["byte_level"](), T5GemmaForConditionalGeneration(config), folder, pad_token="<pad>")


def save_with(tokenizer: Any, model: Any, folder: Path, **special: str) -> Path:
    from transformers import PreTrainedTokenizerFast

    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)
    model.save_pretrained(folder)
    return folder


MODELS: dict[str, Callable[[Path], Path]] = {
    make.__name__: make for make in (gpt2, llama, opt, t5, t5_encoder, marian, fnet, t5gemma, roberta, clip, gemma3)
}
