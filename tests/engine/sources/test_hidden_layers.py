"""Hidden layers, against a plain forward pass of each word alone."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import numpy as np
import pytest

from engine import cache
from engine.analysis import AnalysisRequest, NamedSource, run_analysis
from engine.data import FloatArray
from engine.errors import SourceError
from engine.progress import SILENT, Cancelled
from engine.sources.base import OpenSpace
from engine.sources.huggingface import HuggingFaceSource
from engine.words import WordList
from tests.engine.memory import MemorySource
from tests.engine.sources.small_models import matrix
from tests.engine.sources.test_sentencepiece import trained
from tests.engine.sources.transformer_models import MODELS, expected, t5
from tests.own_cache import use_cache

TEMPLATE = "I saw the {word} today."


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_cache(monkeypatch, tmp_path / "cache")


class Watch:
    """Collects messages; cancels when it hears one of them."""

    def __init__(self, cancel_at: str = "") -> None:
        self.cancel_at = cancel_at
        self.heard: list[str] = []

    def step(self, message: str, fraction: float | None = None) -> None:
        self.heard.append(message)
        if message == self.cancel_at:
            raise Cancelled

    @property
    def ran(self) -> list[str]:
        return [message for message in dict.fromkeys(self.heard) if message.startswith(("running", "loading"))]


def vectors(source: HuggingFaceSource, words: Sequence[str], progress: Any = SILENT) -> FloatArray:
    return vectors_of(source.open(SILENT), words, progress)


def vectors_of(space: OpenSpace, words: Sequence[str], progress: Any = SILENT) -> FloatArray:
    indices = space.find(words, SILENT)
    assert indices.min() >= 0
    return space.vectors(indices, progress)


@pytest.mark.slow
class TestVectors:
    """The first and the last layer of words, from one pass."""

    def check(self, source: HuggingFaceSource, whole: FloatArray, words: Sequence[str]) -> None:
        for layer in (0, whole.shape[1] - 1):
            watch = Watch()
            found = vectors(replace(source, layer=layer), words, watch)
            assert found.dtype == np.float32
            np.testing.assert_allclose(found, whole[:, layer], atol=1e-5)
            assert bool(watch.ran) == (layer == 0), "one pass gives all layers"

    def test_words_in_a_template(self, gpt2_layers: Path) -> None:
        words = ["moon", "hovercraft", "before", "naïve", "antidisestablishmentarianism"]
        whole = expected(gpt2_layers, "I saw the ", words, " today.", "last")
        self.check(HuggingFaceSource(str(gpt2_layers), 0, "pieces", TEMPLATE, "last"), whole, words)

    def test_words_alone_have_the_space_of_their_token_form(self, gpt2_layers: Path) -> None:
        words = ["abases", "become", "before"]
        either = np.concatenate([expected(gpt2_layers, "", words[:1]), expected(gpt2_layers, " ", words[1:])])
        self.check(HuggingFaceSource(str(gpt2_layers), 0, "either"), either, words)
        bare = HuggingFaceSource(str(gpt2_layers), 3, "bare")
        found = vectors(bare, ["abases", "before"])
        np.testing.assert_allclose(found, expected(gpt2_layers, "", ["abases", "before"])[:, 3], atol=1e-5)
        assert bare.open(SILENT).find(["become", "hovercraft"], SILENT).tolist() == [-1, -1]
        assert bare.open(SILENT).n_tokens(np.array([0])) is None

    def test_minilm(self, minilm_folder: Path) -> None:
        words = ["moon", "before", "star"]
        self.check(HuggingFaceSource(str(minilm_folder), 0), expected(minilm_folder, "", words), words)


@pytest.mark.slow
def test_the_process_that_has_a_model_runs_it_in_any_template_until_its_files_change(copied: Path) -> None:
    source = HuggingFaceSource(str(copied), 2, "pieces")
    others = set(active_children())
    vectors(source, ["moon"])
    [process] = set(active_children()) - others
    whole = expected(copied, "I saw the ", ["moon"], " today.")
    np.testing.assert_allclose(vectors(replace(source, template=TEMPLATE), ["moon"]), whole[:, 2], atol=1e-5)
    assert set(active_children()) - others == {process}
    os.utime(copied / "model.safetensors", (1, 1))
    vectors(replace(source, template="{word} again"), ["moon"])
    assert len(set(active_children()) - others - {process}) == 1


@pytest.mark.slow
def test_a_model_with_nothing_but_sentencepieces_file_is_run(tmp_path: Path) -> None:
    from transformers import T5Config, T5ForConditionalGeneration

    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_decoder_layers": 1, "num_heads": 2}
    processor = trained(model_type="unigram")
    T5ForConditionalGeneration(T5Config(vocab_size=200, **sizes)).save_pretrained(tmp_path)
    (tmp_path / "spiece.model").write_bytes(processor.serialized_model_proto())
    words = ["moon", "star"]
    space = HuggingFaceSource(str(tmp_path), 1, "leading-space").open(SILENT)
    assert [processor.encode(word) for word in words] == [[k] for k in space.find(words, SILENT).tolist()]
    np.testing.assert_allclose(vectors_of(space, words), expected(tmp_path, "", words)[:, 1], atol=1e-5)


@pytest.mark.slow
class TestCache:
    """What was computed once is not computed again."""

    WORDS = tuple(first + second for first in ("moon", "star", "sun", "day") for second in ascii_lowercase)

    def rows(self) -> int:
        [path] = cache.folder().glob("*.layers.rsascope")
        with closing(sqlite3.connect(path)) as connection:
            return int(connection.execute("select count(*) from vectors").fetchone()[0])

    def test_words_known_need_no_weights(self, copied: Path) -> None:
        source = HuggingFaceSource(str(copied), 2, "pieces", TEMPLATE)
        first, second = source.open(SILENT), source.open(SILENT)
        found = vectors_of(first, self.WORDS)
        assert self.rows() == 4 * len(self.WORDS)
        (copied / "model.safetensors").unlink()
        watch = Watch()
        np.testing.assert_array_equal(vectors_of(second, self.WORDS, watch), found)
        assert not watch.ran

    def test_a_cancelled_run_keeps_its_finished_batches(self, gpt2_layers: Path) -> None:
        space = HuggingFaceSource(str(gpt2_layers), 2, "pieces").open(SILENT)
        with pytest.raises(Cancelled):
            vectors_of(space, self.WORDS, Watch(cancel_at="running gpt2, 64 of 104 words"))
        assert self.rows() == 4 * 64
        watch = Watch()
        found = vectors_of(space, self.WORDS, watch)
        assert watch.ran == ["loading gpt2 with transformers", "running gpt2, 0 of 40 words"]
        np.testing.assert_allclose(found[::20], expected(gpt2_layers, " ", self.WORDS[::20])[:, 2], atol=1e-5)

    def test_without_a_cache_it_runs_all_the_same(self, gpt2_layers: Path) -> None:
        cache.folder().parent.mkdir(parents=True)
        cache.folder().write_bytes(b"a file in the way")
        found = vectors(HuggingFaceSource(str(gpt2_layers), 3, "leading-space"), ["moon", "star"])
        np.testing.assert_allclose(found, expected(gpt2_layers, " ", ["moon", "star"])[:, 3], atol=1e-5)


@pytest.mark.slow
def test_weights_that_are_not_numbers_are_told_of_the_layers_behind_them(copied: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(copied / "model.safetensors")
    weights["transformer.h.1.mlp.c_fc.weight"][:] = float("nan")
    save_file(weights, copied / "model.safetensors", {"format": "pt"})
    for _ in range(2):  # computed, and from the cache
        with pytest.raises(SourceError, match=r"Layer 2 of copied gives no word a vector of numbers.*again or choose"):
            vectors(HuggingFaceSource(str(copied), 2), ["moon", "star"])
    assert np.isfinite(vectors(HuggingFaceSource(str(copied), 1), ["moon", "star"])).all()


class TestOpening:
    """What can be told before torch is imported."""

    @pytest.mark.parametrize("layer", [-1, 4, 100])
    def test_a_layer_that_is_not_there(self, layer: int, gpt2_layers: Path) -> None:
        with pytest.raises(SourceError, match=f"gpt2 has no layer {layer}; choose one from 0.* to 3") as caught:
            HuggingFaceSource(str(gpt2_layers), layer).open(SILENT)
        assert caught.value.concerns == "layer"

    def test_the_encoders_layers_count(self, tmp_path: Path) -> None:
        folder = str(t5(tmp_path / "t5"))
        assert HuggingFaceSource(folder, 2).open(SILENT).dimensions == 16
        with pytest.raises(SourceError, match="to 2"):
            HuggingFaceSource(folder, 3).open(SILENT)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (None, r"has no config\.json.*choose a folder with a whole model"),
            ("{", "does not say how many layers"),
            ("[]", "does not say how many layers"),
            ('{"n_layer": 2, "n_embd": 24}', "does not say how many layers"),
            ('{"n_layer": "2", "n_embd": 24, "vocab_size": 50257}', "does not say how many layers"),
            ('{"n_layer": 2, "n_embd": 24, "vocab_size": 50000}', "ids up to 50,256, but the token matrix has 50,000"),
        ],
    )
    def test_a_config_that_says_too_little(self, content: str | None, message: str, copied: Path) -> None:
        (copied / "config.json").unlink()
        if content is not None:
            (copied / "config.json").write_text(content)
        with pytest.raises(SourceError, match=message):
            HuggingFaceSource(str(copied), 1).open(SILENT)

    def test_a_text_models_part_of_a_config_counts(self, copied: Path) -> None:
        config = {
            "model_type": "gpt2",
            "text_config": {"num_hidden_layers": 5, "hidden_size": 24, "vocab_size": 50_257},
        }
        (copied / "config.json").write_text(json.dumps(config))
        assert HuggingFaceSource(str(copied), 5).open(SILENT).dimensions == 24

    def test_the_description_says_how_the_vectors_were_had(self, gpt2_layers: Path) -> None:
        folder = str(gpt2_layers)
        assert HuggingFaceSource(folder, 6, "pieces", TEMPLATE).description == (
            "gpt2, layer 6, in “I saw the {word} today.”, mean over the word's tokens, any word, cut into tokens as "
            "after a space"
        )
        assert HuggingFaceSource(folder, 0, "leading-space", pooling="last").description == (
            "gpt2, layer 0, the word's last token, tokens with leading space"
        )
        assert HuggingFaceSource(folder, token_form="pieces").description == (
            "gpt2, token matrix, mean over the word's tokens, any word, cut into tokens as after a space"
        )


@pytest.mark.slow
def test_an_analysis_marks_words_of_several_tokens(gpt2_layers: Path) -> None:
    words = ("moon", "hovercraft", "become", "star")
    layer = HuggingFaceSource(str(gpt2_layers), 2, "pieces", TEMPLATE, "first")
    spaces = (NamedSource("other", MemorySource(words, matrix(4, 3))), NamedSource("GPT-2", layer))
    result = run_analysis(AnalysisRequest(spaces, WordList(words)))
    assert result.spaces[1].n_tokens is not None
    assert result.spaces[1].n_tokens.tolist() == [1, 2, 1, 1]
    assert result.notes == ("1 of 4 words are several tokens in GPT-2; their vectors are those of their first pieces.",)
    np.testing.assert_allclose(
        result.spaces[1].vectors, expected(gpt2_layers, "I saw the ", words, " today.", "first")[:, 2], atol=1e-5
    )


def test_words_without_a_space_are_refused_whatever_ran_before(tmp_path: Path) -> None:
    """A template that is the word alone gets a space from this tokenizer; the word without one is another text."""
    folder = MODELS["llama"](tmp_path / "llama")
    bare = HuggingFaceSource(str(folder), 1, "bare")
    for _ in range(2):
        with pytest.raises(SourceError, match="words cannot be run without one"):
            vectors(bare, ["he"])
        assert np.isfinite(vectors(replace(bare, template="{word}"), ["he"])).all()


def test_a_template_in_which_no_word_is_left_is_named(minilm_folder: Path) -> None:
    source = HuggingFaceSource(str(minilm_folder), 1, "pieces", "🙂{word}🙂")
    with pytest.raises(
        SourceError, match=r"No word has a token of its own in '🙂\{word\}🙂'.*another template"
    ) as caught:
        vectors(source, ["moon", "star"])
    assert caught.value.concerns == "template"
