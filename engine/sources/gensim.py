"""Models of gensim's download catalogue, read from the packed file of vectors; no code that comes along is run."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import OpenSpace, Source, file_stamp, not_downloaded
from engine.sources.gensim_models import NAME, find_model
from engine.sources.vectors import VectorsSource

if TYPE_CHECKING:
    from engine.downloads import Download
    from engine.sources.gensim_catalogue import CatalogueEntry


@dataclass(frozen=True)
class GensimSource(Source):
    """A model that gensim's downloader offers.

    Parameters
    ----------
    model : str
        Its name in the catalogue.
    """

    model: str

    kind: ClassVar[str] = "gensim"

    @property
    def description(self) -> str:
        return f"{self.model}, gensim's catalogue"

    @property
    def stamp(self) -> Hashable:
        path = find_model(self.model) if NAME.fullmatch(self.model) else None
        return path and (path, file_stamp(path))

    def check(self) -> None:
        if not NAME.fullmatch(self.model):
            raise SourceError(
                f"{self.model!r} is no name of gensim's catalogue; give one like word2vec-google-news-300.", "model"
            )

    def open(self, progress: Progress) -> OpenSpace:
        self.check()
        if path := find_model(self.model):
            return VectorsSource(path).open(progress)
        raise not_downloaded(self.model)

    def plan_download(self, progress: Progress) -> Download | None:
        self.check()
        if find_model(self.model):
            return None
        from engine.sources.gensim_catalogue import read_catalogue  # what only downloads need

        entries = {entry.name: entry for entry in read_catalogue(progress)}
        if self.model not in entries:
            raise _unknown(self.model, entries)
        return entries[self.model].download()


def _unknown(model: str, entries: dict[str, CatalogueEntry]) -> SourceError:
    from difflib import get_close_matches  # needed by mistakes only

    near = get_close_matches(model, entries, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(entries)}."
    return SourceError(f"gensim's catalogue has no word vectors called {model}; {hint}", "model")
