"""Words cut into tokens by a model's own tokenizer, with the tokenizers library. To be called in a child process:
loading a tokenizer takes a tenth of a second or more during which no other thread runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.sentencepiece_model import FILES, not_writing, pieces, read_sentencepiece
from engine.sources.tokens import (
    END_OF_WORD,
    METASPACE,
    SPACE_BYTE,
    kind_of_tokens,
    neighbours,
    settings,
    tokenizer_file,
    vocab_txt_ids,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

BERT_CLASSES = ("BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "DistilBertTokenizerFast")
END_OF_WORD_MODELS = ("OpenAIGPT", "CLIP", "openai-gpt", "clip")  # how names begin of classes and models known here
CLIP_PATTERN = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def cut(folder: Path, words: Sequence[str], progress: Progress) -> list[list[int]]:
    """The ids of each word's tokens, as the word is written after a space; none where it has no such tokens.

    That is where a token of the word is unknown or a special one (a word like "[MASK]"). Tokens that are nothing but
    the space before the word do not count.

    Raises
    ------
    SourceError
        If the tokenizer cannot be read.
    """
    progress.step(f"cutting {len(words):,} words into tokens")
    cutter = _loaded(folder)
    possible = [word if _is_text(word) else "" for word in words]
    encoded = cutter.encode([cutter.space + word for word in possible])
    found = [ids if cutter.refused.isdisjoint(ids) else [] for ids in encoded]
    return [[token_id for token_id in ids if token_id not in cutter.blank] for ids in found]


@dataclass(frozen=True)
class Cutter:
    """A tokenizer as it is needed here.

    Parameters
    ----------
    encode : function of texts to the ids of each one's tokens
    space : str
        What has to be put before a word, for it to be cut as after a space.
    refused : set of int
        Tokens that no word has: special and unknown ones.
    blank : set of int
        Tokens that are nothing but space.
    """

    encode: Callable[[list[str]], list[list[int]]]
    space: str
    refused: Set[int]
    blank: Set[int]


def space_mark(tokenizer: Tokenizer) -> str:
    """How a tokenizer writes a space; empty if it writes none, so that what others write it as is a letter."""
    if type(tokenizer.model).__name__ == "WordPiece":
        return ""
    return SPACE_BYTE if "ByteLevel" in f"{tokenizer.pre_tokenizer!r} {tokenizer.decoder!r}" else METASPACE


def adds_space(tokens: Sequence[str], mark: str) -> bool:
    """Whether a tokenizer that writes the text "a" as `tokens` puts a space before a text by itself."""
    return bool(mark and tokens) and tokens[0].startswith(mark)


def is_blank(token: str, mark: str) -> bool:
    """Whether a token, as its tokenizer writes it, is nothing but space."""
    return not token.strip(f"{mark} ")


def _is_text(word: str) -> bool:
    try:
        return bool(word.encode())
    except UnicodeEncodeError:  # half of a character
        return False


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> Cutter:
    path = tokenizer_file(folder)
    try:
        return _sentencepiece_cutter(path) if path and path.name in FILES else _cutter(*_read(folder))
    except SourceError:
        raise
    except Exception as error:  # the libraries raise nothing more special
        reason = str(error).split("\n")[0][:200]
        raise SourceError(f"The tokenizer in {folder} is damaged or incomplete ({reason}); get it again.") from None


def _cutter(tokenizer: Tokenizer, unknown: Sequence[str | None]) -> Cutter:
    tokenizer.no_truncation()
    tokenizer.no_padding()
    special = {token_id for token_id, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    ids, mark = tokenizer.get_vocab(), space_mark(tokenizer)
    letter = [str(tokenizer.id_to_token(token_id)) for token_id in _ids(tokenizer, "a")]
    return Cutter(
        encode=lambda texts: _all_ids(tokenizer, texts),
        space="" if adds_space(letter, mark) else " ",
        refused=special | {ids[token] for token in unknown if token in ids},
        blank={token_id for token, token_id in ids.items() if is_blank(token, mark)},
    )


def _all_ids(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    try:
        return [one.ids for one in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
    except Exception:  # some text cannot be written, and there is no token for what is unknown
        return [_ids(tokenizer, text) for text in texts]


def _ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """The ids of a text's tokens; none if it cannot be written."""
    try:
        ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    except Exception:  # the library raises nothing more special
        return []
    return ids


def _sentencepiece_cutter(path: Path) -> Cutter:
    processor = read_sentencepiece(path)
    return Cutter(
        encode=processor.encode,
        space="" if adds_space(processor.encode("a", out_type=str), METASPACE) else " ",
        refused=not_writing(processor),
        blank={token_id for token, token_id in pieces(processor).items() if is_blank(token, METASPACE)},
    )


def _read(folder: Path) -> tuple[Tokenizer, list[str]]:
    """The tokenizer, and its token for what is unknown, if it has one."""
    from tokenizers import Tokenizer

    if (path := folder / "tokenizer.json").is_file():
        text = path.read_text("utf-8")
        model = json.loads(text)["model"]
        number = model.get("unk_id")  # of Unigram
        unknown = model["vocab"][number][0] if number is not None else model.get("unk_token")
        return _as_set(Tokenizer.from_str(text), folder), [unknown]
    if (folder / "vocab.json").is_file():
        tokenizer, unknown = _from_vocab_json(folder)
    else:
        tokenizer, unknown = _from_vocab_txt(folder)
    _add_tokens(tokenizer, folder)
    return tokenizer, unknown


def _as_set(tokenizer: Tokenizer, folder: Path) -> Tokenizer:
    """The tokenizer as transformers makes it: of BERT's, tokenizer_config.json decides on case and accents."""
    said = settings(folder)
    if said.get("tokenizer_class") in BERT_CLASSES:
        tokenizer.normalizer = _bert_normalizer(said)
    return tokenizer


def _from_vocab_json(folder: Path) -> tuple[Tokenizer, list[str]]:
    """What transformers makes of vocab.json and merges.txt for GPT-2, CLIP and the first GPT."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    if not (folder / "merges.txt").is_file():
        raise SourceError(
            f"The folder {folder} has no merges.txt, which says how words are cut into tokens; get it, or choose "
            "another token form.",
            "token_form",
        )
    vocabulary, merges = models.BPE.read_file(str(folder / "vocab.json"), str(folder / "merges.txt"))
    kind = kind_of_tokens(vocabulary)
    if kind == "byte-level":
        tokenizer = Tokenizer(models.BPE(vocabulary, merges))
        before = settings(folder).get("add_prefix_space", False)
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=before)
        return tokenizer, []
    _check_known(folder)
    unknown = "<|endoftext|>" if kind == "byte-level end-of-word" else "<unk>"
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token=unknown, end_of_word_suffix=END_OF_WORD))
    if kind == "end-of-word":
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    else:
        spaces = normalizers.Replace(Regex(r"\s+"), " ")
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), spaces, normalizers.Lowercase()])
        split = pre_tokenizers.Split(Regex(CLIP_PATTERN), behavior="removed", invert=True)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    return tokenizer, [unknown]


def _check_known(folder: Path) -> None:
    """Nothing, if the folder says of no other model that it is its: each has rules of its own for case and accents."""
    config = folder / "config.json"
    model = json.loads(config.read_bytes()).get("model_type") if config.is_file() else None
    for name in (settings(folder).get("tokenizer_class"), model):
        if name and not str(name).startswith(END_OF_WORD_MODELS):
            raise SourceError(
                f"How the tokenizer of {name} in {folder} cuts words is not known here without its tokenizer.json; put "
                "that there, or choose another token form.",
                "token_form",
            )


def _from_vocab_txt(folder: Path) -> tuple[Tokenizer, list[str]]:
    """What transformers makes of vocab.txt for BERT."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    unknown = "[UNK]"
    tokenizer = Tokenizer(models.WordPiece(vocab_txt_ids(folder / "vocab.txt"), unk_token=unknown))
    tokenizer.normalizer = _bert_normalizer(settings(folder))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer, [unknown]


def _bert_normalizer(said: Mapping[str, Any]) -> Normalizer:
    from tokenizers import normalizers

    return normalizers.BertNormalizer(
        clean_text=True,
        handle_chinese_chars=said.get("tokenize_chinese_chars", True),
        strip_accents=said.get("strip_accents"),
        lowercase=said.get("do_lower_case", True),
    )


def _add_tokens(tokenizer: Tokenizer, folder: Path) -> None:
    added, special = neighbours(folder)
    for token in sorted(added, key=lambda token: added[token]):
        tokenizer.add_special_tokens([token]) if token in special else tokenizer.add_tokens([token])
    tokenizer.add_special_tokens([token for token in special if tokenizer.token_to_id(token) is not None])
