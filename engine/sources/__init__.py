"""Where vectors come from: one file per kind of source, listed here once."""

from __future__ import annotations

from pathlib import Path

from engine.sources.base import OpenSpace, Source
from engine.sources.gensim import GensimSource
from engine.sources.huggingface import HuggingFaceSource
from engine.sources.sample import SampleSource
from engine.sources.table import TableSource
from engine.sources.vectors import VectorsSource

SOURCES: dict[str, type[Source]] = {
    source.kind: source for source in (SampleSource, VectorsSource, GensimSource, TableSource, HuggingFaceSource)
}
TABLES = (".npz", ".csv", ".tsv")
MODEL_FILES = ("model.safetensors", "config.json", "tokenizer.json", "model.safetensors.index.json")

__all__ = [
    "SOURCES",
    "GensimSource",
    "HuggingFaceSource",
    "OpenSpace",
    "SampleSource",
    "Source",
    "TableSource",
    "VectorsSource",
    "source_at",
]


def source_at(path: Path) -> Source:
    """What reads a file or folder on this computer: a model's folder or a file in it, a table, or vectors."""
    if path.name in MODEL_FILES:
        path = path.parent
    if path.is_dir():
        return HuggingFaceSource(str(path))
    return TableSource(path) if path.suffix.lower() in TABLES else VectorsSource(path)
