"""Which text each token id stands for, against the tokenizers' own answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.errors import SourceError
from engine.sources.tokens import TOKEN_FORMS, read_vocabulary
from tests.engine.sources.conftest import GPT2_TOKENIZER
from tests.engine.sources.made_tokenizers import MADE, WORDS, after_space
from tests.engine.sources.small_models import write_json, write_tokens


def test_every_gpt2_id_reads_as_transformers_decodes_it(gpt2_tokenizer: Any) -> None:
    vocabulary = read_vocabulary(GPT2_TOKENIZER)
    decoded = dict(enumerate(gpt2_tokenizer.decode([token_id]) for token_id in range(50_257)))
    whole = {token_id: text for token_id, text in decoded.items() if "\ufffd" not in text and token_id != 50_256}
    assert vocabulary.texts == whole
    assert len(decoded) - len(whole) == 353  # 352 broken pieces of characters and <|endoftext|>
    assert (vocabulary.size, vocabulary.highest) == (50_257, 50_256)


def test_words_of_gpt2_are_whole_tokens_and_never_first_pieces(gpt2_tokenizer: Any) -> None:
    vocabulary = read_vocabulary(GPT2_TOKENIZER)
    bare, after_space, either, walked = (vocabulary.words(form) for form in TOKEN_FORMS)
    assert walked == either
    first_piece = gpt2_tokenizer.encode("become")[0]
    assert gpt2_tokenizer.decode([first_piece]) == "bec"
    assert "become" not in bare
    assert after_space["become"] == either["become"] == gpt2_tokenizer.encode(" become")[0] == 1716
    assert (bare["before"], after_space["before"], either["before"]) == (19052, 878, 878)
    assert "abases" in bare
    assert "abases" not in after_space
    assert either["abases"] == bare["abases"]
    assert not {"Ġbefore", " before", "<|endoftext|>", "", " ", "\ufffd"} & (bare.keys() | after_space.keys())
    assert len([word for word in bare if len(word) == 6 and word.isascii() and word.isalpha()]) == 1929
    assert len([word for word in after_space if len(word) == 6 and word.isascii() and word.isalpha()]) == 4639


@pytest.mark.parametrize("token_form", TOKEN_FORMS)
def test_gpt2_encodes_every_word_as_the_id_found(token_form: str, gpt2_tokenizer: Any) -> None:
    vocabulary = read_vocabulary(GPT2_TOKENIZER)
    words = vocabulary.words(token_form)
    assert list(words.values()) == sorted(words.values())
    written = {"bare": lambda word, _: word, "leading-space": lambda word, _: " " + word}.get(
        token_form, lambda _, token_id: vocabulary.texts[token_id]
    )
    texts = [written(word, token_id) for word, token_id in words.items()]
    assert gpt2_tokenizer(texts)["input_ids"] == [[token_id] for token_id in words.values()]


def test_tokenizer_json_of_gpt2_says_the_same(gpt2_tokenizer: Any, tmp_path: Path) -> None:
    gpt2_tokenizer.save_pretrained(tmp_path)
    assert (tmp_path / "tokenizer.json").is_file()
    assert read_vocabulary(tmp_path) == read_vocabulary(GPT2_TOKENIZER)


@pytest.mark.parametrize("file", ["tokenizer.json", "vocab.txt"])
def test_words_of_wordpiece_are_word_initial_tokens_in_every_form(
    file: str, minilm_folder: Path, tmp_path: Path
) -> None:
    from transformers import AutoTokenizer

    (tmp_path / file).write_bytes((minilm_folder / file).read_bytes())
    vocabulary = read_vocabulary(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(minilm_folder, local_files_only=True)
    tokens = tokenizer.convert_ids_to_tokens(list(range(30_522)))
    expected = {
        token: token_id
        for token_id, token in enumerate(tokens)
        if not token.startswith("##") and token not in tokenizer.all_special_tokens
    }
    assert all(vocabulary.words(form) == expected for form in TOKEN_FORMS)
    assert vocabulary.size == 30_522 == len(tokenizer)
    assert "##ing" not in expected
    assert not {"[CLS]", "ing"} & expected.keys() - {"ing"}
    sample = list(expected.items())[5000::50]
    assert [tokenizer.decode([token_id]) for _, token_id in sample] == [word for word, _ in sample]


def test_sentencepiece_marks_the_space_with_a_low_line(tmp_path: Path) -> None:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    scored = [("<unk>", 0.0), ("<0x41>", -1.0), ("▁", -2.0), ("▁moon", -3.0), ("moon", -4.0), ("▁star", -5.0)]
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=0, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["<unk>"])
    tokenizer.add_tokens([AddedToken("rsa", normalized=False)])
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    vocabulary = read_vocabulary(tmp_path)
    assert vocabulary.words("bare") == {"moon": 4, "rsa": 6}
    assert vocabulary.words("leading-space") == {"moon": 3, "star": 5}
    assert vocabulary.words("either") == {"moon": 3, "star": 5, "rsa": 6}
    assert vocabulary.size == tokenizer.get_vocab_size() == 7
    assert [tokenizer.encode(word).ids for word in ("moon", "star")] == [[3], [5]]  # it puts a space before


def test_added_tokens_are_told_by_the_files_beside_the_vocabulary(tmp_path: Path) -> None:
    write_tokens(tmp_path, ["moon", "Ġmoon", "[SKY]", "[SEA]"])
    write_json(tmp_path / "special_tokens_map.json", {"sep_token": "[SKY]", "cls_token": {"content": "[SEA]"}})
    write_json(tmp_path / "added_tokens.json", {"rsa": 4})
    vocabulary = read_vocabulary(tmp_path)
    assert vocabulary.words("either") == {"moon": 1, "rsa": 4}
    assert vocabulary.size == 5


def test_a_vocabulary_may_leave_ids_out(tmp_path: Path) -> None:
    write_json(tmp_path / "vocab.json", {"moon": 7, "Ġstar": 2})
    vocabulary = read_vocabulary(tmp_path)
    assert vocabulary.texts == {2: " star", 7: "moon"}
    assert (vocabulary.size, vocabulary.highest) == (2, 7)


def text_of(tokenizer: Any, ids: list[int]) -> Any:
    return tokenizer.decode(ids).removesuffix("</w>").strip()  # CLIP's decoder leaves the mark


@pytest.mark.parametrize("kind", MADE)
def test_words_of_a_trained_tokenizer_are_its_own_tokens(kind: str, tmp_path: Path) -> None:
    tokenizer = MADE[kind]()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    vocabulary = read_vocabulary(tmp_path)
    words = vocabulary.words("leading-space")
    encoded = {word: after_space(tokenizer, word) for word in WORDS if word in words or word.islower()}
    whole = {word: ids[0] for word, ids in encoded.items() if len(ids) == 1 and text_of(tokenizer, ids) == word}
    assert len(whole) >= 3
    assert whole.items() <= words.items()
    assert all(ids == [words[word]] for word, ids in encoded.items() if word in words)
    bare = {word: token_id for word, token_id in vocabulary.words("bare").items() if word.isalpha() and len(word) > 1}
    assert all(text_of(tokenizer, [token_id]) == word for word, token_id in bare.items())
    assert vocabulary.size == tokenizer.get_vocab_size()
    assert vocabulary.marks_spaces == (kind not in ("wordpiece", "end_of_word", "byte_level_end_of_word"))
    assert not {"<s>", "</s>", "<unk>", "<pad>", "[CLS]", "<0x41>", "Ġmoon", "▁moon", "moon</w>"} & words.keys()


@pytest.mark.parametrize("kind", ["end_of_word", "byte_level_end_of_word"])
def test_end_of_word_tokens_are_told_from_inner_pieces_in_vocab_json_too(kind: str, tmp_path: Path) -> None:
    tokenizer = MADE[kind]()
    write_json(tmp_path / "vocab.json", tokenizer.get_vocab())
    vocabulary = read_vocabulary(tmp_path)
    assert vocabulary.words("bare") == vocabulary.words("leading-space")
    assert vocabulary.words("bare")["moon"] == tokenizer.get_vocab()["moon</w>"]
    assert "moonligh" not in vocabulary.words("either")


def test_added_tokens_are_told_by_the_tokenizers_settings(tmp_path: Path) -> None:
    write_tokens(tmp_path, ["moon", "Ġmoon", "[SKY]"])
    added = {"2": {"content": "[SKY]", "special": True}, "3": {"content": "rsa", "special": False}}
    write_json(tmp_path / "tokenizer_config.json", {"added_tokens_decoder": added})
    write_json(tmp_path / "special_tokens_map.json", {"additional_special_tokens": ["moon"]})
    vocabulary = read_vocabulary(tmp_path)
    assert vocabulary.words("either") == {"moon": 1, "rsa": 3}
    assert vocabulary.size == 4


OTHER_SUFFIX = {"type": "BPE", "end_of_word_suffix": "@", "vocab": {"moon@": 0}, "merges": []}
BAD = {
    "not JSON": ("tokenizer.json", "moon star", "not a tokenizer's file or is damaged"),
    "cut off": ("vocab.json", '{"moon": 1, "st', "not a tokenizer's file or is damaged"),
    "a list": ("vocab.json", "[1, 2]", "not a tokenizer's file or is damaged"),
    "no vocabulary": ("tokenizer.json", '{"model": {"type": "BPE"}}', "not a tokenizer's file or is damaged"),
    "nested too deeply": ("vocab.json", "[" * 200_000, "not a tokenizer's file or is damaged"),
    "one id twice": ("vocab.json", '{"Ġmoon": 0, "star": 0}', "do not have one id each"),
    "negative id": ("vocab.json", '{"Ġmoon": -1, "star": 0}', "do not have one id each"),
    "text for an id": ("vocab.json", '{"Ġmoon": "0", "star": 0}', "damaged"),
    "empty": ("vocab.json", "{}", "not known here"),
    "no space": ("vocab.json", '{"moon": 0, "star": 1}', "not known here; choose a model.*byte-level, wordpiece"),
    "another suffix": ("tokenizer.json", {"model": OTHER_SUFFIX}, "not known here"),
    "no mark": ("tokenizer.json", {"model": {"type": "WordLevel", "vocab": {"moon": 0}}}, "not known here"),
}


@pytest.mark.parametrize(("name", "content", "message"), BAD.values(), ids=BAD.keys())
def test_a_tokenizer_that_cannot_be_read_is_named(name: str, content: Any, message: str, tmp_path: Path) -> None:
    if isinstance(content, str):
        (tmp_path / name).write_text(content, "utf-8")
    else:
        write_json(tmp_path / name, content)
    with pytest.raises(SourceError, match=message) as caught:
        read_vocabulary(tmp_path)
    assert name in str(caught.value)
