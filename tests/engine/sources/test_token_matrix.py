"""Rows of token matrices, against transformers and the safetensors library."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from engine.errors import SourceError
from engine.progress import SILENT
from engine.sources.token_matrix import (
    TOKEN_MATRICES,
    LoadedMatrix,
    StoredMatrix,
    load_with_transformers,
    open_token_matrix,
)
from tests.engine.sources.conftest import save_beside_tokenizer
from tests.engine.sources.small_models import matrix, write_model

INDICES = np.array([50_256, 0, 17, 17, 18, 19, 30_000])


def embeddings(model: Any) -> Any:
    return model.get_input_embeddings().weight.detach().float().numpy()


def head_model(model: Any) -> Any:
    return model


def base_model(model: Any) -> Any:
    return model.transformer


@pytest.mark.parametrize("part", [head_model, base_model])
@pytest.mark.parametrize("how", [{}, {"max_shard_size": "2MB"}], ids=["whole", "in shards"])
def test_rows_equal_transformers_own(
    part: Callable[[Any], Any], how: dict[str, Any], gpt2: Any, tmp_path: Path
) -> None:
    part(gpt2).save_pretrained(tmp_path, **how)
    assert (tmp_path / "model.safetensors.index.json").is_file() == bool(how)
    found = open_token_matrix(tmp_path, SILENT)
    assert isinstance(found, StoredMatrix)
    assert found.shape == (50_257, 32)
    rows = found.rows(INDICES)
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, embeddings(gpt2)[INDICES])
    np.testing.assert_array_equal(found.rows(np.arange(40, 90)), embeddings(gpt2)[40:90])
    assert found.rows(np.array([], np.int64)).shape == (0, 32)


@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16"])
def test_other_precisions_equal_torchs(dtype: str, gpt2: Any, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file as save_torch

    values = gpt2.get_input_embeddings().weight.detach().to(getattr(torch, dtype))
    save_torch({"first": torch.zeros(3, dtype=torch.int8), "wte.weight": values}, tmp_path / "model.safetensors")
    rows = open_token_matrix(tmp_path, SILENT).rows(INDICES)
    assert rows.dtype == (np.float64 if dtype == "float64" else np.float32)
    np.testing.assert_array_equal(rows, values.double().numpy()[INDICES])


def test_minilm_rows_equal_the_files(minilm_folder: Path) -> None:
    expected = load_file(minilm_folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    found = open_token_matrix(minilm_folder, SILENT)
    assert found.shape == (30_522, 384)
    np.testing.assert_array_equal(found.rows(np.arange(30_522)), expected)


@pytest.mark.parametrize("name", [*TOKEN_MATRICES, *(f"model.{name}" for name in TOKEN_MATRICES)])
def test_the_token_matrix_is_found_by_its_name(name: str, tmp_path: Path) -> None:
    others = {"wpe.weight": matrix() + 100, f"x{name}": matrix() + 200, f"decoder.deep.{name}": matrix() + 300}
    write_model(tmp_path, {**others, name: matrix()})
    np.testing.assert_array_equal(open_token_matrix(tmp_path, SILENT).rows(np.array([1, 4])), matrix()[[1, 4]])


def test_an_encoders_token_matrix_comes_before_a_decoders(tmp_path: Path) -> None:
    both = {"model.decoder.embed_tokens.weight": matrix() + 100, "model.encoder.embed_tokens.weight": matrix()}
    write_model(tmp_path, both)
    np.testing.assert_array_equal(open_token_matrix(tmp_path, SILENT).rows(np.array([2])), matrix()[[2]])


def test_a_safetensors_file_may_have_any_name(tmp_path: Path) -> None:
    write_model(tmp_path)
    (tmp_path / "model.safetensors").rename(tmp_path / "weights.safetensors")
    np.testing.assert_array_equal(open_token_matrix(tmp_path, SILENT).rows(np.array([2])), matrix()[[2]])


def test_a_safetensors_file_cut_off_anywhere_is_an_error(tmp_path: Path) -> None:
    path = write_model(tmp_path, {"wte.weight": matrix(), "other": matrix()}) / "model.safetensors"
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(SourceError, match=r"model\.safetensors is cut off or damaged; get it again"):
            open_token_matrix(tmp_path, SILENT)


def entry(dtype: str = "F32", shape: Any = (2, 2), offsets: Any = (0, 16)) -> dict[str, Any]:
    return {"wte.weight": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}


DAMAGED = {
    "shape beyond the data": (entry(shape=(2, 3)), "cut off or damaged"),
    "negative shape": (entry(shape=(-2, -2)), "cut off or damaged"),
    "fractional shape": (entry(shape=(2.0, 2)), "cut off or damaged"),
    "empty": (entry(shape=(0, 2), offsets=(0, 0)), "cut off or damaged"),
    "negative offset": (entry(offsets=(-16, 0)), "cut off or damaged"),
    "offset beyond the file": (entry(shape=(2, 10**12), offsets=(0, 8 * 10**12)), "cut off or damaged"),
    "offsets of text": (entry(offsets=("0", "16")), "cut off or damaged"),
    "no shape": ({"wte.weight": {"dtype": "F32", "data_offsets": (0, 16)}}, "cut off or damaged"),
    "a list": ([1, 2], "cut off or damaged"),
    "quantised": (entry("I8", (4, 4)), r"wte\.weight as I8 \[4, 4\]; choose a version"),
    "one dimension": (entry(shape=(4,)), r"as F32 \[4\]; choose a version with two-dimensional"),
}


@pytest.mark.parametrize(("header", "message"), DAMAGED.values(), ids=DAMAGED.keys())
def test_a_false_safetensors_header_is_an_error(header: Any, message: str, tmp_path: Path) -> None:
    written = json.dumps(header).encode()
    (tmp_path / "model.safetensors").write_bytes(len(written).to_bytes(8, "little") + written + bytes(16))
    with pytest.raises(SourceError, match=message):
        open_token_matrix(tmp_path, SILENT)


def test_a_git_lfs_pointer_is_told(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    with pytest.raises(SourceError, match=r"Git LFS pointer.*git lfs pull"):
        open_token_matrix(tmp_path, SILENT)


def test_a_missing_shard_is_named(tmp_path: Path) -> None:
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"wte.weight": "model-00001-of-00002.safetensors"}}))
    with pytest.raises(SourceError, match=r"There is no file .*model-00001-of-00002\.safetensors"):
        open_token_matrix(tmp_path, SILENT)
    index.write_text("{")
    with pytest.raises(SourceError, match=r"index\.json is cut off or damaged"):
        open_token_matrix(tmp_path, SILENT)


def test_a_file_that_changed_since_it_was_opened_gives_no_rows(tmp_path: Path) -> None:
    found = open_token_matrix(write_model(tmp_path), SILENT)
    save_file({"wte.weight": matrix(4)}, tmp_path / "model.safetensors")
    with pytest.raises(SourceError, match=r"model\.safetensors has changed since it was opened"):
        found.rows(np.array([0]))


class TestOtherWeightFiles:
    """pytorch_model.bin goes through transformers, and never runs code."""

    @pytest.fixture
    def folder(self, gpt2: Any, tmp_path: Path) -> Path:
        save_beside_tokenizer(gpt2, tmp_path)
        (tmp_path / "model.safetensors").unlink()
        return tmp_path

    @pytest.mark.slow
    def test_rows_equal_transformers_own(self, folder: Path, gpt2: Any) -> None:
        import torch

        torch.save(gpt2.state_dict(), folder / "pytorch_model.bin")
        others = active_children()  # of spaces that another test opened
        found = open_token_matrix(folder, SILENT)
        assert isinstance(found, LoadedMatrix)
        assert found.shape == (50_257, 32)
        np.testing.assert_array_equal(found.rows(INDICES), embeddings(gpt2)[INDICES])
        assert set(active_children()) <= set(others)

    @pytest.mark.parametrize("writer", ["torch", "pickle"])
    def test_a_pickle_bomb_does_not_go_off(self, writer: str, folder: Path) -> None:
        import torch

        mark = folder / "mark"

        class Bomb:
            def __reduce__(self) -> tuple[object, tuple[str]]:
                return os.mkdir, (str(mark),)

        with (folder / "pytorch_model.bin").open("wb") as file:
            torch.save({"wte.weight": Bomb()}, file) if writer == "torch" else pickle.dump(Bomb(), file)
        with pytest.raises(SourceError, match="transformers cannot load the weights"):
            load_with_transformers(folder, SILENT)
        assert not mark.exists()

    def test_code_beside_the_weights_is_not_run(self, folder: Path, gpt2: Any) -> None:
        import torch

        torch.save(gpt2.state_dict(), folder / "pytorch_model.bin")
        mark = folder / "mark"
        (folder / "modeling.py").write_text(f"import os\nos.mkdir({str(mark)!r})\nclass Model: pass\n")
        config = {"model_type": "own", "auto_map": {"AutoConfig": "modeling.Model", "AutoModel": "modeling.Model"}}
        (folder / "config.json").write_text(json.dumps(config))
        with pytest.raises(SourceError, match="transformers cannot load the weights"):
            load_with_transformers(folder, SILENT)
        assert not mark.exists()

    def test_a_matrix_that_transformers_would_make_up_is_an_error(self, folder: Path, gpt2: Any) -> None:
        import torch

        rest = {name: value for name, value in gpt2.state_dict().items() if "wte" not in name and "lm_head" not in name}
        torch.save(rest, folder / "pytorch_model.bin")
        with pytest.raises(SourceError, match="contain no token matrix"):
            load_with_transformers(folder, SILENT)

    def test_a_cut_off_file_is_an_error(self, folder: Path, gpt2: Any) -> None:
        import torch

        path = folder / "pytorch_model.bin"
        torch.save(gpt2.state_dict(), path)
        path.write_bytes(path.read_bytes()[:5000])
        with pytest.raises(SourceError, match="transformers cannot load the weights"):
            load_with_transformers(folder, SILENT)
