"""A tokenizer's vocabulary as text: which id stands for which piece of writing, read from its files alone.

Tokenizers mark the space before a word in different ways; `KINDS` lists the ways known here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from engine.errors import SourceError
from engine.sources import sentencepiece_model
from engine.sources.base import unreadable
from engine.sources.sentencepiece_model import not_writing, pieces, read_sentencepiece

TOKEN_FORMS = {
    "bare": "tokens without leading space",
    "leading-space": "tokens with leading space",
    "either": "tokens with leading space where there is one, else without",
    "pieces": "any word, cut into tokens as after a space",
}
SPECIAL = frozenset(  # of tokenizers whose folder does not say which tokens are special
    ("<|endoftext|>", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]")
)
SPACE_BYTE = "\u0120"  # how byte-level tokens write a space
METASPACE = "\u2581"
END_OF_WORD = "</w>"
BYTE_TOKEN = re.compile(r"<0x[0-9A-F]{2}>")


@dataclass(frozen=True)
class Vocabulary:
    """A tokenizer's tokens.

    Parameters
    ----------
    texts : mapping of int to str
        Id -> the text it stands for, in order of id, for tokens that stand for one: no special tokens, no inner
        pieces of words, no broken characters.
    size : int
        Tokens of any kind.
    highest : int
        Highest id, added tokens apart.
    marks_spaces : bool
        Whether a word after a space and one after none are different tokens; the first one's text begins with a space.
    """

    texts: Mapping[int, str]
    size: int
    highest: int
    marks_spaces: bool

    def words(self, token_form: str) -> dict[str, int]:
        """Word -> id of the token of that exact text, in order of id.

        Parameters
        ----------
        token_form : str
            A key of `TOKEN_FORMS`; of "pieces" the words that are one token, in either form. Of several ids with
            one text the lowest counts.
        """
        bare: dict[str, int] = {}
        after_space: dict[str, int] = {}
        for token_id, text in self.texts.items():
            word, form = (text[1:], after_space) if text[0] == " " else (text, bare)
            if word and not word[0].isspace():
                form.setdefault(word, token_id)
        if not self.marks_spaces:
            after_space = bare
        one_form = {"bare": bare, "leading-space": after_space}
        wanted = one_form[token_form] if token_form in one_form else bare | after_space
        return dict(sorted(wanted.items(), key=itemgetter(1)))


@dataclass(frozen=True)
class TokenKind:
    """One way of writing tokens down.

    Parameters
    ----------
    text : function of a token as written to the text it stands for, or None if it stands for none
    marks_spaces : bool
        As in `Vocabulary`.
    """

    text: Callable[[str], str | None]
    marks_spaces: bool


def _byte_characters() -> dict[int, str]:
    """The characters that GPT-2 writes bytes as, each with the character of that number (latin-1)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {0x100 + k: chr(byte) for k, byte in enumerate(others)}


BYTE_CHARACTERS = _byte_characters()


def _byte_level_text(token: str) -> str | None:
    if token.isascii():
        return token
    if token[0] == SPACE_BYTE and token[1:].isascii():  # most tokens: a word after a space
        return " " + token[1:]
    try:
        text = token.translate(BYTE_CHARACTERS).encode("latin-1").decode()
    except UnicodeDecodeError:  # a part of a character
        return None
    except UnicodeEncodeError:  # no bytes: an added token, written as it is
        text = token
    return None if "\ufffd" in text else text


def _wordpiece_text(token: str) -> str | None:
    return None if token.startswith("##") else token


def _metaspace_text(token: str) -> str | None:
    return None if BYTE_TOKEN.fullmatch(token) else token.replace(METASPACE, " ")


def _end_of_word_text(token: str) -> str | None:
    return token.removesuffix(END_OF_WORD) if token.endswith(END_OF_WORD) else None


def _byte_level_end_of_word_text(token: str) -> str | None:
    text = _end_of_word_text(token)
    return text and _byte_level_text(text)


KINDS = {
    "byte-level": TokenKind(_byte_level_text, marks_spaces=True),
    "wordpiece": TokenKind(_wordpiece_text, marks_spaces=False),
    "metaspace": TokenKind(_metaspace_text, marks_spaces=True),
    "end-of-word": TokenKind(_end_of_word_text, marks_spaces=False),
    "byte-level end-of-word": TokenKind(_byte_level_end_of_word_text, marks_spaces=False),
}


def read_vocabulary(folder: Path) -> Vocabulary:
    """The vocabulary of the tokenizer in a model's folder.

    Raises
    ------
    SourceError
        If there is none, or it is damaged or of a kind that is not known here.
    """
    path = tokenizer_file(folder)
    if path is None:
        raise SourceError(f"The folder {folder} has no tokenizer ({', '.join(READERS)}); put the model's own there.")
    try:
        return READERS[path.name](path)
    except OSError as error:
        raise unreadable(path, error) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SourceError(f"{path} is not a tokenizer's file or is damaged; get it again.") from None


def tokenizer_file(folder: Path) -> Path | None:
    """The file that a folder's tokenizer is read from, None if there is none."""
    return next((folder / name for name in READERS if (folder / name).is_file()), None)


def _read_tokenizer_json(path: Path) -> Vocabulary:
    data = _json(path)
    ids = data["model"]["vocab"]
    if isinstance(ids, list):  # Unigram: (token, score), the id is the place
        ids = {token: token_id for token_id, (token, _) in enumerate(ids)}
    added = {token["id"]: token for token in data.get("added_tokens") or ()}
    plain = {token_id: token["content"] for token_id, token in added.items() if not token["special"]}
    return _vocabulary(path, _kind(data), ids, plain, added.keys() - plain.keys())


def _kind(data: Mapping[str, Any]) -> str:
    """The key of `KINDS` that a tokenizer.json is written in; empty if none is known to be."""
    model, spaces = data["model"], str((data.get("decoder"), data.get("pre_tokenizer")))
    if model.get("continuing_subword_prefix") not in (None, "", "##"):
        return ""
    if model.get("type") == "WordPiece":
        return "wordpiece"
    byte_level, suffix = "'ByteLevel'" in spaces, model.get("end_of_word_suffix")
    if suffix:
        kind = "byte-level end-of-word" if byte_level else "end-of-word"
        return kind if suffix == END_OF_WORD else ""
    return "byte-level" if byte_level else "metaspace" * (METASPACE in spaces)


def _read_vocab_json(path: Path) -> Vocabulary:
    ids = _json(path)
    return _with_neighbours(path, kind_of_tokens(ids), ids)


def kind_of_tokens(tokens: Iterable[str]) -> str:
    """The key of `KINDS` that the tokens of a vocab.json are written in; empty if none is known to be."""
    text = "\0".join((*tokens, ""))
    byte_level, ends = SPACE_BYTE in text, END_OF_WORD + "\0" in text
    return " ".join(["byte-level"] * byte_level + ["end-of-word"] * ends)


def _read_vocab_txt(path: Path) -> Vocabulary:
    return _with_neighbours(path, "wordpiece", vocab_txt_ids(path))


def vocab_txt_ids(path: Path) -> dict[str, int]:
    """Token -> id of a vocab.txt, where the line is the id."""
    tokens = path.read_text("utf-8").removesuffix("\n").split("\n")
    return {token: token_id for token_id, token in enumerate(tokens)}


def _read_sentencepiece(path: Path) -> Vocabulary:
    processor = read_sentencepiece(path)
    return _with_neighbours(path, "metaspace", pieces(processor), not_writing(processor))


def _with_neighbours(path: Path, kind: str, ids: Mapping[str, int], not_writing: Set[int] = frozenset()) -> Vocabulary:
    added, special = neighbours(path.parent)
    plain = {token_id: token for token, token_id in added.items() if token not in special}
    special_ids = {token_id for token, token_id in (*ids.items(), *added.items()) if token in special}
    return _vocabulary(path, kind, ids, plain, special_ids | not_writing)


def neighbours(folder: Path) -> tuple[dict[str, int], Set[str]]:
    """The added tokens with their ids, and which tokens are special, as files beside a vocabulary or usage say."""
    added_path, special_path = folder / "added_tokens.json", folder / "special_tokens_map.json"
    added = _json(added_path) if added_path.is_file() else {}
    named = _json(special_path).values() if special_path.is_file() else ()
    each = [token for one in named for token in (one if isinstance(one, list) else [one])]
    special = SPECIAL | {token["content"] if isinstance(token, dict) else str(token) for token in each}
    for token_id, token in settings(folder).get("added_tokens_decoder", {}).items():
        added[token["content"]] = int(token_id)
        special |= {token["content"]} if token["special"] else set()
    return added, special


def settings(folder: Path) -> dict[str, Any]:
    """What tokenizer_config.json says; empty if there is none."""
    path = folder / "tokenizer_config.json"
    return _json(path) if path.is_file() else {}


def _vocabulary(path: Path, kind: str, ids: Mapping[str, int], plain: dict[int, str], special: Set[int]) -> Vocabulary:
    """The vocabulary of tokens `ids`, of which `plain` are written as they are and `special` are not writing."""
    if kind not in KINDS:
        raise SourceError(
            f"{path} writes its tokens in a way that is not known here; choose a model whose tokenizer is one of "
            f"{', '.join(KINDS)}."
        )
    tokens = {token_id: token for token, token_id in ids.items()}
    every = tokens.keys() | plain.keys() | special
    whole = set(map(type, every)) <= {int} and min(every, default=0) >= 0  # True is 1, but no id
    if not tokens or len(tokens) < len(ids) or not whole or not all(isinstance(text, str) for text in plain.values()):
        raise SourceError(f"{path} is damaged: its tokens do not have one id each; get it again.")
    text = KINDS[kind].text
    texts = {token_id: text(tokens[token_id]) for token_id in sorted(tokens)} | plain
    return Vocabulary(
        texts={token_id: text for token_id, text in texts.items() if text and token_id not in special},
        size=len(every),
        highest=max(tokens),
        marks_spaces=KINDS[kind].marks_spaces,
    )


def _json(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_bytes())
    return data


READERS: dict[str, Callable[[Path], Vocabulary]] = {
    "tokenizer.json": _read_tokenizer_json,
    "vocab.json": _read_vocab_json,
    "vocab.txt": _read_vocab_txt,
    **dict.fromkeys(sentencepiece_model.FILES, _read_sentencepiece),
}
