"""A stand-in for the hub with a small model."""

from __future__ import annotations

from pathlib import Path

from safetensors.numpy import save_file

from engine.downloads import Download
from engine.progress import SILENT
from engine.sources.huggingface import HuggingFaceSource
from tests.engine.sources.small_models import matrix, write_json, write_tokens

MODEL = "org/tiny"
OTHER_COMMIT = "f" * 40


def write_shards(folder: Path) -> None:
    """The weights of a model in two files, of which the second has the token matrix."""
    write_tokens(folder)
    save_file({"h.0.weight": matrix(50, 7)}, folder / "model-00001-of-00002.safetensors")
    save_file({"wte.weight": matrix()}, folder / "model-00002-of-00002.safetensors")
    names = {"h.0.weight": "model-00001-of-00002.safetensors", "wte.weight": "model-00002-of-00002.safetensors"}
    write_json(folder / "model.safetensors.index.json", {"metadata": {}, "weight_map": names})
    write_json(folder / "config.json", {"model_type": "gpt2"})


def planned(model: str = MODEL) -> Download:
    plan = HuggingFaceSource(model).plan_download(SILENT)
    assert plan is not None
    return plan


def names(plan: Download) -> list[str]:
    return [file.name for file in plan.files]
