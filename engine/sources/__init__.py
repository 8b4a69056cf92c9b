"""Where vectors come from: one file per kind of source, listed here once."""

from __future__ import annotations

from engine.sources.base import OpenSpace, Source
from engine.sources.huggingface import HuggingFaceSource
from engine.sources.sample import SampleSource
from engine.sources.table import TableSource
from engine.sources.vectors import VectorsSource

SOURCES: dict[str, type[Source]] = {
    source.kind: source for source in (SampleSource, VectorsSource, TableSource, HuggingFaceSource)
}

__all__ = ["SOURCES", "HuggingFaceSource", "OpenSpace", "SampleSource", "Source", "TableSource", "VectorsSource"]
