"""Token matrices of Hugging Face models: a folder, or a model in the hub's local cache. Never touches the network."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Self

from engine.data import FloatArray, IntArray
from engine.downloads import Download
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import OpenSpace, Source, file_stamp
from engine.sources.hub import model_folder, plan_download
from engine.sources.token_matrix import TokenMatrix, open_token_matrix
from engine.sources.tokens import TOKEN_FORMS, Vocabulary, read_vocabulary


class TokenSpace(OpenSpace):
    """The whole-word tokens of a model and their rows of its token matrix.

    Parameters
    ----------
    vocabulary : Vocabulary
    token_form : str
        A key of `TOKEN_FORMS`.
    matrix : TokenMatrix
    """

    def __init__(self, vocabulary: Vocabulary, token_form: str, matrix: TokenMatrix) -> None:
        rows, self.dimensions = matrix.shape
        self.vocabulary_size = vocabulary.size
        words = vocabulary.words(token_form)
        self._indices = {word: token_id for word, token_id in words.items() if token_id < rows}
        self._matrix = matrix
        if lacking := len(words) - len(self._indices):
            self.notes = (f"Added tokens that have no row in the token matrix and match nothing: {lacking:,}.",)

    def words(self, progress: Progress) -> Iterator[tuple[int, str]]:
        return ((index, word) for word, index in self._indices.items())

    def lookup(self, progress: Progress) -> Mapping[str, int]:
        return self._indices

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        progress.step(f"reading {len(indices):,} rows of the token matrix")
        return self._matrix.rows(indices)


@dataclass(frozen=True)
class HuggingFaceSource(Source):
    """A transformer's input token matrix.

    Parameters
    ----------
    model : str
        A folder with weights and tokenizer, or the hub id of a model in the local cache.
    layer : str or int
        "embedding": the input token matrix.
    token_form : str
        A key of `TOKEN_FORMS`: whether the word "moon" is the token "moon", the token " moon", or either.
    """

    model: str
    layer: str | int = "embedding"
    token_form: str = "bare"

    kind: ClassVar[str] = "huggingface"

    @property
    def description(self) -> str:
        name = Path(self.model).resolve().name if os.path.isdir(self.model) else self.model
        return f"{name}, token matrix, {TOKEN_FORMS.get(self.token_form, self.token_form)}"

    @property
    def stamp(self) -> Hashable:
        try:
            files = sorted(model_folder(self.model, self.layer).iterdir())
        except (SourceError, OSError):
            return None
        return tuple((path.name, file_stamp(path)) for path in files)

    def check(self) -> None:
        if not self.model:
            raise SourceError("No model is given; give a folder, or a hub id like gpt2.", "model")
        if self.layer != "embedding":
            raise SourceError(
                f"The layer {self.layer!r} is not built yet; there is 'embedding', the input token matrix.", "layer"
            )
        if self.token_form not in TOKEN_FORMS:
            state = "not built yet" if self.token_form == "pieces" else "not known"
            forms = ", ".join(TOKEN_FORMS)
            raise SourceError(f"The token form {self.token_form!r} is {state}; there are {forms}.", "token_form")

    def resolved(self, folder: Path) -> Self:
        path = folder / os.path.expanduser(self.model)
        return replace(self, model=str(path)) if self.model and os.path.isdir(path) else self

    def relative_to(self, folder: Path) -> Self:
        path = Path(self.model)
        below = path.is_absolute() and path != folder and path.is_relative_to(folder)
        return replace(self, model=path.relative_to(folder).as_posix()) if below else self

    def plan_download(self, progress: Progress) -> Download | None:
        self.check()
        return plan_download(self.model, self.layer, progress)

    def open(self, progress: Progress) -> OpenSpace:
        self.check()
        progress.step(f"opening {self.model}")
        folder = model_folder(self.model, self.layer)
        try:
            vocabulary = read_vocabulary(folder)
            matrix = open_token_matrix(folder, progress)
        except PermissionError:
            raise SourceError(f"The folder {folder} may not be read; change its permissions.") from None
        if vocabulary.highest >= matrix.shape[0]:
            raise SourceError(
                f"The tokenizer in {folder} has ids up to {vocabulary.highest:,}, but the token matrix has "
                f"{matrix.shape[0]:,} rows; put the tokenizer and weights of one model there."
            )
        return TokenSpace(vocabulary, self.token_form, matrix)
