"""Words cut into tokens by a model's own tokenizer, with the tokenizers library. To be called in a child process:
loading a tokenizer takes a tenth of a second or more during which no other thread runs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.tokens import (
    END_OF_WORD,
    METASPACE,
    SPACE_BYTE,
    kind_of_tokens,
    neighbours,
    settings,
    vocab_txt_ids,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MARKS = f"{METASPACE}{SPACE_BYTE} "
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
    tokenizer, refused, blank = _loaded(folder)
    space = "" if adds_space(tokenizer.encode("a", add_special_tokens=False).tokens) else " "
    possible = [word if _is_text(word) else "" for word in words]
    encoded = tokenizer.encode_batch_fast([space + word for word in possible], add_special_tokens=False)
    found = [[] if refused.intersection(one.ids) else one.ids for one in encoded]
    return [[token_id for token_id in ids if token_id not in blank] for ids in found]


def adds_space(tokens: Sequence[str]) -> bool:
    """Whether a tokenizer that writes the text "a" as `tokens` puts a space before a text by itself."""
    return bool(tokens) and tokens[0][:1] in (METASPACE, SPACE_BYTE)


def is_blank(token: str) -> bool:
    """Whether a token, as its tokenizer writes it, is nothing but space."""
    return not token.strip(MARKS)


def _is_text(word: str) -> bool:
    try:
        return bool(word.encode())
    except UnicodeEncodeError:  # half of a character
        return False


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> tuple[Tokenizer, frozenset[int], frozenset[int]]:
    """The tokenizer, the ids that no word has, and those that are only space."""
    try:
        tokenizer, unknown = _read(folder)
        tokenizer.no_truncation()
        tokenizer.no_padding()
    except SourceError:
        raise
    except Exception as error:  # the library raises nothing more special
        reason = str(error).split("\n")[0][:200]
        raise SourceError(f"The tokenizer in {folder} is damaged or incomplete ({reason}); get it again.") from None
    special = {token_id for token_id, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    ids = tokenizer.get_vocab()
    blank = frozenset(token_id for token, token_id in ids.items() if is_blank(token))
    return tokenizer, frozenset(special | {ids[token] for token in unknown if token in ids}), blank


def _read(folder: Path) -> tuple[Tokenizer, list[str]]:
    """The tokenizer, and its token for what is unknown, if it has one."""
    from tokenizers import Tokenizer

    if (path := folder / "tokenizer.json").is_file():
        text = path.read_text("utf-8")
        model = json.loads(text)["model"]
        number = model.get("unk_id")  # of Unigram
        return Tokenizer.from_str(text), [model["vocab"][number][0] if number is not None else model.get("unk_token")]
    if (folder / "vocab.json").is_file():
        tokenizer, unknown = _from_vocab_json(folder)
    else:
        tokenizer, unknown = _from_vocab_txt(folder)
    _add_tokens(tokenizer, folder)
    return tokenizer, unknown


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


def _from_vocab_txt(folder: Path) -> tuple[Tokenizer, list[str]]:
    """What transformers makes of vocab.txt for BERT."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    said: dict[str, Any] = settings(folder)
    unknown = "[UNK]"
    tokenizer = Tokenizer(models.WordPiece(vocab_txt_ids(folder / "vocab.txt"), unk_token=unknown))
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=True,
        handle_chinese_chars=said.get("tokenize_chinese_chars", True),
        strip_accents=said.get("strip_accents"),
        lowercase=said.get("do_lower_case", True),
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer, [unknown]


def _add_tokens(tokenizer: Tokenizer, folder: Path) -> None:
    added, special = neighbours(folder)
    for token in sorted(added, key=lambda token: added[token]):
        tokenizer.add_special_tokens([token]) if token in special else tokenizer.add_tokens([token])
    tokenizer.add_special_tokens([token for token in special if tokenizer.token_to_id(token) is not None])
