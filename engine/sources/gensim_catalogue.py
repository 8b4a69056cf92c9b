"""The catalogue of models that gensim's downloader offers, read without gensim, whose import takes a second."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from engine import cache
from engine.downloads import Download, RemoteFile, no_headers, read_page
from engine.downloads.disk import disk_errors
from engine.errors import ExportError, SourceError
from engine.progress import Progress
from engine.sources.gensim_models import NAME, download_path, gensim_folder
from engine.writing import write_atomically

# As gensim.downloader has them in gensim 4.4: DATA_LIST_URL, DOWNLOAD_BASE_URL.
LIST_URL = "https://raw.githubusercontent.com/RaRe-Technologies/gensim-data/master/list.json"
FILES_URL = "https://github.com/RaRe-Technologies/gensim-data/releases/download"
REMEMBERED = "information.json"  # what gensim remembers of the catalogue, in its folder

MIRROR_VARIABLE = "RSASCOPE_GENSIM_URL"  # an address that has list.json, and NAME/NAME.gz below it
LARGEST = 16 << 20  # bytes of a catalogue
MOST_PARTS = 1_000  # files that a model comes in
TEST_MODELS = "__testing"
NOT_STATED = "not found"  # how the catalogue writes it
FORMAT = 1


@dataclass(frozen=True)
class CatalogueEntry:
    """A model of word vectors in gensim's catalogue.

    Parameters
    ----------
    name : str
    size : int or None
        Bytes to fetch, as the catalogue has it.
    description : str
    licence : str
        Empty if the catalogue states none.
    dimensions : int or None
    vectors : int or None
        Words it has vectors of.
    checksums : tuple of str
        MD5 of each part, in hexadecimal.
    """

    name: str
    size: int | None
    description: str
    licence: str
    dimensions: int | None
    vectors: int | None
    checksums: tuple[str, ...]

    @property
    def parts(self) -> int:
        """Files that it is fetched in, which are joined afterwards."""
        return len(self.checksums)

    @property
    def target(self) -> Path:
        """Where it goes."""
        return download_path(self.name)

    def download(self) -> Download:
        """What must be fetched of it."""
        url = f"{os.environ.get(MIRROR_VARIABLE) or FILES_URL}/{self.name}/{self.target.name}"
        if self.parts == 1:
            files = [RemoteFile(url, self.target, self.size, f"md5:{self.checksums[0]}", self.target.name)]
            finish = None
        else:
            files = [
                RemoteFile(f"{url}_0{part}", path, None, f"md5:{self.checksums[part]}", path.name)
                for part, path in enumerate(self._part_paths())
            ]
            finish = partial(_join, self._part_paths(), self.target)
        missing = tuple(file for file in files if not file.target.is_file())
        return Download(self.name, missing, self.target.parent, self.licence, self.description, finish)

    def _part_paths(self) -> tuple[Path, ...]:
        return tuple(self.target.with_name(f"{self.target.name}_0{part}") for part in range(self.parts))


def read_catalogue(progress: Progress) -> tuple[CatalogueEntry, ...]:
    """The models of word vectors there are, as `fetch_catalogue` finds them, else as they are remembered.

    Raises
    ------
    SourceError
        If nothing is remembered either.
    """
    try:
        return fetch_catalogue(progress)
    except SourceError:
        if remembered := remembered_catalogue():
            return remembered
        raise


def fetch_catalogue(progress: Progress) -> tuple[CatalogueEntry, ...]:
    """The models of word vectors there are, asked of the network.

    Raises
    ------
    SourceError
        If it does not answer.
    """
    mirror = os.environ.get(MIRROR_VARIABLE)
    content = read_page(f"{mirror}/list.json" if mirror else LIST_URL, no_headers, LARGEST, progress)
    entries = _parsed(content)
    with suppress(OSError, ExportError):  # it is only remembered to be kind
        cache.prepare(_memory())
        write_atomically(_memory(), content)
    return entries


def remembered_catalogue() -> tuple[CatalogueEntry, ...]:
    """The models of word vectors as they were the last time, or as gensim remembers them; never asks the network."""
    for path in (_memory(), gensim_folder() / REMEMBERED):
        with suppress(OSError, SourceError):
            return _parsed(path.read_bytes())
    return ()


def _memory() -> Path:
    return cache.entry("gensim's catalogue", FORMAT, "catalogue")


def _parsed(content: bytes) -> tuple[CatalogueEntry, ...]:
    entries = []
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
        for name, values in json.loads(content)["models"].items():
            with suppress(
                ValueError, KeyError, TypeError, AttributeError, OverflowError
            ):  # one that cannot be used hides no other
                if NAME.fullmatch(name) and not name.startswith(TEST_MODELS) and values.get("latest", True):
                    entries.append(_entry(name, values))
    if not entries:
        raise SourceError("What came as gensim's catalogue is none; try again later.")
    return tuple(sorted(entries, key=lambda entry: entry.name))


def _entry(name: str, values: dict[str, Any]) -> CatalogueEntry:
    parts = int(values.get("parts", 1))
    if not 1 <= parts <= MOST_PARTS:
        raise ValueError("so many parts has no model")
    keys = ["checksum"] if parts == 1 else [f"checksum-{part}" for part in range(parts)]
    licence = _text(values.get("license"))
    parameters = values.get("parameters")
    return CatalogueEntry(
        name=name,
        size=_count(values.get("file_size")),
        description=_text(values.get("description")),
        licence="" if licence == NOT_STATED else licence,
        dimensions=_count(parameters.get("dimension")) if isinstance(parameters, dict) else None,
        vectors=_count(values.get("num_records")),
        checksums=tuple(str(values[key]) for key in keys),
    )


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    number = int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0
    return number or None


def _join(parts: tuple[Path, ...], target: Path, progress: Progress) -> None:
    """Nothing; makes one file of its parts, in the download's own process."""

    def write(whole: BinaryIO) -> None:
        for part in parts:
            with part.open("rb") as file:
                shutil.copyfileobj(file, whole)

    progress.step(f"joining the parts of {target.name}")
    with disk_errors(target.name, target.parent):
        write_atomically(target, write)
        for part in parts:
            part.unlink()
