"""Running models on words, against a plain forward pass of each word alone; and what can go wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import SourceError
from engine.progress import SILENT
from engine.sources.layer_space import read_shape
from engine.sources.model_run import Model, load, run
from tests.engine.sources.transformer_models import MODELS, POOLED, expected, opt

LONG_AND_SHORT = ("moon", "starlight", "lightmoonlightstarlightcomet", "light", "I", "new")
ENGLISH = ("moon", "hovercraft", "before", "unbelievably", "I", "naïve", "antidisestablishmentarianism")


@pytest.fixture(scope="module", params=MODELS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return MODELS[request.param](tmp_path_factory.mktemp("models") / request.param)


def model(folder: Path, device: str = "cpu") -> Model:
    return Model(folder, folder.name, device, read_shape(folder).layers)


def check(folder: Path, before: str, words: Sequence[str], after: str = "", pooling: str = "mean") -> None:
    """All layers of the words in one batch are those of each word alone."""
    n_tokens, layers = run(model(folder), before + "{word}" + after, False, pooling, words, SILENT)
    alone = expected(folder, before, words, after, pooling)
    assert layers.dtype == np.float32
    assert layers.shape == alone.shape == (len(words), read_shape(folder).layers + 1, read_shape(folder).dimensions)
    np.testing.assert_allclose(layers, alone, atol=1e-5)
    assert len({*n_tokens}) > 1, "words of different lengths were filled up"


@pytest.mark.parametrize("pooling", POOLED)
def test_every_architecture_on_words_in_a_template(pooling: str, folder: Path) -> None:
    check(folder, "so the ", LONG_AND_SHORT, " and", pooling)


def test_every_architecture_on_words_alone(folder: Path) -> None:
    check(folder, "" if folder.name == "llama" else " ", LONG_AND_SHORT)


@pytest.mark.parametrize("pooling", POOLED)
def test_minilm(pooling: str, minilm_folder: Path) -> None:
    check(minilm_folder, "I saw the ", ENGLISH, " today.", pooling)
    check(minilm_folder, "", ENGLISH, "", pooling)


def test_gpt2_with_its_real_tokenizer(gpt2_layers: Path) -> None:
    check(gpt2_layers, "I saw the ", ENGLISH, " today.")
    check(gpt2_layers, " ", ENGLISH)
    check(gpt2_layers, "", ENGLISH)


def test_a_space_before_the_word_is_not_put_twice(tmp_path: Path) -> None:
    folder = MODELS["llama"](tmp_path / "llama")
    _, layers = run(model(folder), " {word}", False, "mean", ["moon"], SILENT)
    np.testing.assert_allclose(layers, expected(folder, "", ["moon"]), atol=1e-5)
    with pytest.raises(SourceError, match=r"llama puts a space before every text.*leading-space, either") as caught:
        run(model(folder), "{word}", True, "mean", ["moon"], SILENT)
    assert caught.value.concerns == "token_form"


def test_a_word_without_a_token_has_no_numbers(minilm_folder: Path) -> None:
    n_tokens, layers = run(model(minilm_folder), "the {word} is", False, "mean", ["moon", "\u200b"], SILENT)
    assert n_tokens == [1, 0]
    assert np.isfinite(layers[0]).all()
    assert np.isnan(layers[1]).all()


class TestRefused:
    """Each says what is wrong, and the way out."""

    def test_layers_of_different_lengths(self, tmp_path: Path) -> None:
        folder = opt(tmp_path / "opt", projected=8)
        with pytest.raises(SourceError, match=r"layers of opt have 8 and 16 dimensions.*choose another model, or"):
            run(model(folder), " {word}", False, "mean", ["moon"], SILENT)

    def refused(self, folder: Path, message: str, device: str = "cpu", concerns: str = "") -> None:
        with pytest.raises(SourceError, match=message) as caught:
            load(model(folder, device), SILENT)
        assert caught.value.concerns == concerns

    def change_weights(self, folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
        from safetensors.torch import load_file, save_file

        weights = load_file(folder / "model.safetensors")
        change(weights)
        save_file(weights, folder / "model.safetensors", {"format": "pt"})

    def test_a_device_that_is_not_there(self, gpt2_layers: Path) -> None:
        import torch

        missing = "mps" if torch.cuda.is_available() else "cuda"
        self.refused(gpt2_layers, f"device {missing} is not there; this computer has cpu", missing, "device")

    def test_weights_that_are_not_there(self, copied: Path) -> None:
        (copied / "model.safetensors").unlink()
        self.refused(copied, "transformers cannot load the model in .*copied.*choose a folder with a whole model")

    def test_weights_that_are_cut_off(self, copied: Path) -> None:
        path = copied / "model.safetensors"
        path.write_bytes(path.read_bytes()[:100_000])
        self.refused(copied, "transformers cannot load the model")

    def test_weights_that_transformers_would_make_up(self, copied: Path) -> None:
        self.change_weights(copied, lambda weights: weights.pop("transformer.h.1.mlp.c_fc.weight"))
        self.refused(copied, r"lack 1 of the model's matrices \(h\.1\.mlp\.c_fc\.weight\); choose a folder")

    def test_pickled_weights_are_read_without_running_what_is_in_them(self, copied: Path) -> None:
        import os

        import torch
        from safetensors.torch import load_file

        class Bomb:
            def __reduce__(self) -> tuple[object, tuple[str]]:
                return os.mkdir, (str(copied / "mark"),)

        weights = load_file(copied / "model.safetensors")
        (copied / "model.safetensors").unlink()
        torch.save({**weights, "bomb": Bomb()}, copied / "pytorch_model.bin")
        self.refused(copied, "transformers cannot load the model")
        assert not (copied / "mark").exists()
        torch.save(weights, copied / "pytorch_model.bin")
        load(model(copied), SILENT)

    def test_code_beside_the_weights_is_not_run(self, copied: Path) -> None:
        mark = copied / "mark"
        (copied / "modeling.py").write_text(f"import os\nos.mkdir({str(mark)!r})\nclass Model: pass\n")
        config = json.loads((copied / "config.json").read_text())
        config |= {"model_type": "own", "auto_map": {"AutoConfig": "modeling.Model", "AutoModel": "modeling.Model"}}
        (copied / "config.json").write_text(json.dumps(config))
        self.refused(copied, "transformers cannot load the model")
        assert not mark.exists()

    def test_a_template_longer_than_the_model_reads(self, gpt2_layers: Path) -> None:
        with pytest.raises(SourceError, match=r"gpt2 cannot be run on .*; choose another template or model"):
            run(model(gpt2_layers), "so " * 100 + "{word}", False, "mean", ["moon"], SILENT)

    def test_a_config_that_is_not_the_weights_own(self, gpt2_layers: Path) -> None:
        with pytest.raises(SourceError, match=r"gives 3 hidden layers, but its config\.json says 4"):
            run(Model(gpt2_layers, "gpt2", "cpu", 4), "{word}", False, "mean", ["moon"], SILENT)
