"""Any word as its tokens: cut as the tokenizers themselves cut it, the vector their mean."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.analysis import AnalysisRequest, NamedSource, run_analysis
from engine.data import FloatArray
from engine.errors import SourceError
from engine.export.report import report
from engine.export.tables import save_words
from engine.progress import SILENT
from engine.result import AnalysisResult
from engine.session import Session
from engine.sources.base import OpenSpace
from engine.sources.huggingface import HuggingFaceSource
from engine.words import WordList, WordRule
from tests.engine.memory import MemorySource
from tests.engine.sources.conftest import GPT2_TOKENIZER
from tests.engine.sources.made_tokenizers import MADE, UNSEEN, WORDS, after_space
from tests.engine.sources.small_models import matrix, opened, write_json

KNOWN_ANYWHERE = [*WORDS, *UNSEEN]


def write_matrix(folder: Path, rows: int) -> FloatArray:
    values = np.random.default_rng(0).normal(size=(rows, 5)).astype(np.float32)
    save_file({"wte.weight": values}, folder / "model.safetensors")
    return values


def found(space: OpenSpace, words: Sequence[str]) -> dict[str, tuple[FloatArray, int]]:
    """Word -> its vector and number of tokens, for the words the space knows."""
    indices = space.find(words, SILENT)
    known = indices[indices >= 0]
    vectors, n_tokens = space.vectors(known, SILENT), space.n_tokens(known)
    assert n_tokens is not None
    names = [word for word, index in zip(words, indices, strict=True) if index >= 0]
    return dict(zip(names, zip(vectors, n_tokens.tolist(), strict=True), strict=True))


def check_means(space: OpenSpace, values: FloatArray, expected: dict[str, list[int]]) -> None:
    """Every word with expected tokens has their mean, and the others are not found."""
    answers = found(space, list(expected))
    assert answers.keys() == {word for word, ids in expected.items() if ids}
    for word, (vector, n_tokens) in answers.items():
        assert n_tokens == len(expected[word])
        np.testing.assert_allclose(vector, values[expected[word]].mean(axis=0), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("kind", MADE)
def test_words_are_cut_as_behind_another_word(kind: str, tmp_path: Path) -> None:
    tokenizer = MADE[kind]()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    values = write_matrix(tmp_path, tokenizer.get_vocab_size() + 7)  # a matrix filled up to a round number of rows
    vocabulary = tokenizer.get_vocab()
    space_alone = {vocabulary[token] for token in ("▁", "Ġ") if token in vocabulary}
    unknown = {vocabulary[token] for token in ("<unk>", "[UNK]", "<|endoftext|>") if token in vocabulary}
    words = [*KNOWN_ANYWHERE, "🙂"]
    expected = {word: [i for i in after_space(tokenizer, word) if i not in space_alone] for word in words}
    expected |= {word: [] for word, ids in expected.items() if unknown & {*ids}}
    assert {1, 2, 3} <= {len(ids) for ids in expected.values()}
    space = opened(tmp_path, "pieces")
    check_means(space, values, expected)
    walked = list(space.words(SILENT))
    assert dict(walked) == {index: word for word, index in space.lookup(SILENT).items()}
    assert {"moon", "star"} <= {word for _, word in walked}
    assert space.find([word for _, word in walked], SILENT).tolist() == [index for index, _ in walked]


def test_gpt2_pieces_are_transformers_own(gpt2: Any, gpt2_folder: Path, gpt2_tokenizer: Any) -> None:
    words = ["before", "become", "abases", "Moon", "hovercraft", "naïve", "don't", "New York", "x" * 300, "100%", "é"]
    space = opened(gpt2_folder, "pieces")
    values = gpt2.get_input_embeddings().weight.detach().numpy()
    check_means(space, values, {word: gpt2_tokenizer.encode(f" {word}") for word in words})
    assert found(space, ["become"])["become"][1] == 1, "which is a token behind a space only"
    assert space.find(["before"], SILENT).tolist() == gpt2_tokenizer.encode(" before")


@pytest.mark.parametrize("pooling", ["first", "last"])
def test_the_first_or_last_piece_can_stand_for_the_word(
    pooling: str, gpt2: Any, gpt2_folder: Path, gpt2_tokenizer: Any
) -> None:
    space = HuggingFaceSource(str(gpt2_folder), token_form="pieces", pooling=pooling).open(SILENT)
    ids = gpt2_tokenizer.encode(" hovercraft")
    place = {"first": 0, "last": -1}[pooling]
    expected = gpt2.get_input_embeddings().weight.detach().numpy()[ids[place]]
    vector, n_tokens = found(space, ["hovercraft", "before"])["hovercraft"]
    np.testing.assert_array_equal(vector, expected)
    assert n_tokens == len(ids) > 1


@pytest.mark.parametrize("name", ["tokenizer.json", "vocab.txt"])
def test_minilm_pieces_are_transformers_own(name: str, minilm_folder: Path, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    for file in (name, "model.safetensors"):
        shutil.copy(minilm_folder / file, tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(minilm_folder, local_files_only=True)
    words = ["moon", "Moon", "hovercraft", "naïve", "hôtel", "東京", "don't", "re-enter", "x" * 90, "New York"]
    expected = {word: tokenizer.encode(word, add_special_tokens=False) for word in words}
    assert len(expected["hovercraft"]) == 4
    values = opened(minilm_folder).vectors(np.arange(30_522), SILENT)
    space = opened(tmp_path, "pieces")
    check_means(space, values, expected | {"[MASK]": [], "x" * 120: [], "[UNK]": []})


@pytest.mark.parametrize("kind", ["end_of_word", "byte_level_end_of_word"])
def test_end_of_word_tokenizers_work_from_vocabulary_and_merges(kind: str, tmp_path: Path) -> None:
    from transformers import CLIPTokenizer, OpenAIGPTTokenizer

    made = MADE[kind]()
    made.model.save(str(tmp_path))
    values = write_matrix(tmp_path, made.get_vocab_size())
    of_kind = {"end_of_word": OpenAIGPTTokenizer, "byte_level_end_of_word": CLIPTokenizer}[kind]
    tokenizer = of_kind(vocab=str(tmp_path / "vocab.json"), merges=str(tmp_path / "merges.txt"))
    expected = {word: tokenizer.encode(word, add_special_tokens=False) for word in KNOWN_ANYWHERE}
    check_means(opened(tmp_path, "pieces"), values, expected)


def wordpiece(folder: Path, *tokens: str) -> FloatArray:
    """The token matrix of a folder with BERT's special tokens and these."""
    special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    (folder / "vocab.txt").write_text("\n".join((*special, *tokens)) + "\n", "utf-8")
    return write_matrix(folder, len(special) + len(tokens))


def test_a_letter_that_marks_spaces_elsewhere_is_a_letter(tmp_path: Path) -> None:
    """The Maltese Ġ is how GPT-2 writes a space, and BERT a letter."""
    write_json(tmp_path / "tokenizer_config.json", {"do_lower_case": False})
    values = wordpiece(tmp_path, "Ġ", "##unju", "moon")
    check_means(opened(tmp_path, "pieces"), values, {"Ġunju": [5, 6], "Ġ": [5], "moon": [7]})


def test_a_word_that_a_tokenizer_without_unknown_token_cannot_write_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_text("<pad>\n<unk>\nmoon\nstar\n")
    values = write_matrix(tmp_path, 4)
    check_means(opened(tmp_path, "pieces"), values, {"moon": [2], "xyz": [], "star": [3]})


@pytest.mark.parametrize("lower_here", [True, False])
@pytest.mark.parametrize("lower_said", [True, False, None])
@pytest.mark.parametrize("of_class", ["BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", None])
def test_berts_case_is_that_of_its_settings_as_in_transformers(
    of_class: str | None, lower_here: bool, lower_said: bool | None, tmp_path: Path
) -> None:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
    from transformers import AutoTokenizer

    values = wordpiece(tmp_path, "moon", "Moon", "naive", "naïve")
    ids = {token: k for k, token in enumerate((tmp_path / "vocab.txt").read_text("utf-8").split())}
    (tmp_path / "vocab.txt").unlink()
    made = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=lower_here)
    made.pre_tokenizer, made.decoder = pre_tokenizers.BertPreTokenizer(), decoders.WordPiece()
    made.add_special_tokens(list(ids)[:5])
    made.save(str(tmp_path / "tokenizer.json"))
    said = {"tokenizer_class": of_class, "do_lower_case": lower_said}
    said = {name: value for name, value in said.items() if value is not None}
    write_json(tmp_path / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast"} | said)
    write_json(tmp_path / "config.json", {"model_type": "bert"})
    theirs = AutoTokenizer.from_pretrained(tmp_path, local_files_only=True)
    expected = {word: theirs.encode(word, add_special_tokens=False) for word in ("Moon", "moon", "naïve")}
    check_means(opened(tmp_path, "pieces"), values, expected)


@pytest.mark.parametrize("name", ["tokenizer_class", "model_type"])
def test_end_of_word_tokenizers_of_other_models_are_refused(name: str, tmp_path: Path) -> None:
    """HerBERT keeps case and accents, which vocabulary and merges do not say."""
    made = MADE["end_of_word"]()
    made.model.save(str(tmp_path))
    write_matrix(tmp_path, made.get_vocab_size())
    file = {"tokenizer_class": "tokenizer_config.json", "model_type": "config.json"}[name]
    write_json(tmp_path / file, {name: "HerbertTokenizer"})
    with pytest.raises(SourceError, match=r"tokenizer of HerbertTokenizer in .* is not known here without") as caught:
        opened(tmp_path, "pieces").find(["moon"], SILENT)
    assert caught.value.concerns == "token_form"


@pytest.mark.parametrize("word", ["", " ", "\ud800", "<|endoftext|>", "moon<|endoftext|>"])
def test_what_is_no_word_of_the_tokenizer_is_not_found(word: str, gpt2_folder: Path) -> None:
    assert opened(gpt2_folder, "pieces").find([word, "moon"], SILENT).tolist() == [-1, 8824]


def test_a_word_with_a_token_that_has_no_row_is_not_found(tmp_path: Path) -> None:
    shutil.copytree(GPT2_TOKENIZER, tmp_path, dirs_exist_ok=True)
    write_json(tmp_path / "added_tokens.json", {"rsa": 50_257})
    write_matrix(tmp_path, 50_257)
    space = opened(tmp_path, "pieces")
    assert space.find(["rsa", "rsamoon"], SILENT).tolist() == [-1, -1]
    assert space.notes == ("Added tokens that have no row in the token matrix and match nothing: 1.",)


def test_what_lacks_is_told(tmp_path: Path) -> None:
    shutil.copy(GPT2_TOKENIZER / "vocab.json", tmp_path)
    write_matrix(tmp_path, 50_257)
    with pytest.raises(SourceError, match=r"has no merges\.txt.*get it, or choose another token form") as caught:
        opened(tmp_path, "pieces").find(["moon"], SILENT)
    assert caught.value.concerns == "token_form"
    (tmp_path / "merges.txt").write_text("moon")
    with pytest.raises(SourceError, match="damaged or incomplete"):
        opened(tmp_path, "pieces").find(["moon"], SILENT)


class TestAnalysis:
    """Words of several tokens are marked wherever a result goes."""

    WORDS = ("moon", "hovercraft", "become", "sunflower")

    @pytest.fixture
    def result(self, gpt2_folder: Path) -> AnalysisResult:
        other = NamedSource("other", MemorySource(self.WORDS, matrix(4, 3)))
        spaces = (other, NamedSource("GPT-2", HuggingFaceSource(str(gpt2_folder), token_form="pieces")))
        return run_analysis(AnalysisRequest(spaces, WordList((*self.WORDS, "[nowhere]"))))

    def test_they_are_counted_and_have_no_index(self, result: AnalysisResult, gpt2_tokenizer: Any) -> None:
        other, gpt2 = result.spaces
        tokens = [gpt2_tokenizer.encode(f" {word}") for word in self.WORDS]
        assert gpt2.n_tokens is not None
        assert gpt2.n_tokens.tolist() == [len(ids) for ids in tokens] == [1, 2, 1, 2]
        assert gpt2.indices.tolist() == [ids[0] if len(ids) == 1 else -1 for ids in tokens]
        assert other.n_tokens is None
        assert not gpt2.n_tokens.flags.writeable
        assert result.notes == (
            "2 of 4 words are several tokens in GPT-2; their vectors are the means of their pieces.",
        )

    def test_the_table_and_the_report_say_so(self, result: AnalysisResult, tmp_path: Path) -> None:
        save_words(tmp_path / "words.csv", result)
        with (tmp_path / "words.csv").open(encoding="utf-8", newline="") as file:
            heading, *rows = csv.reader(file)
        assert heading[:5] == ["row", "word", "index in other", "index in GPT-2", "tokens in GPT-2"]
        assert [row[:5] for row in rows[:3]] == [
            ["0", "moon", "0", "8824", "1"],
            ["1", "hovercraft", "1", "", "2"],
            ["2", "become", "2", "1716", "1"],
        ]
        first, second = report(result, Session())["spaces"]
        assert second["n_tokens"] == [1, 2, 1, 2]
        assert "n_tokens" not in first

    def test_a_rule_walks_the_words_that_are_tokens(self, result: AnalysisResult) -> None:
        gpt2 = result.request.spaces[1]
        other = NamedSource("other", MemorySource(("sunflower", "star", "become", "moon"), matrix(4, 3)))
        walked = run_analysis(replace(result.request, spaces=(gpt2, other), words=WordRule(1, 99, None)))
        assert walked.words == ("become", "star", "moon"), "in the order of their tokens"
