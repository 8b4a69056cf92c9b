"""Hugging Face models: a folder, or a model in the hub's local cache. Opening one never touches the network."""

from __future__ import annotations

import os
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from engine.child import Child
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import OpenSpace, Source, file_stamp
from engine.sources.hub import model_folder, plan_download
from engine.sources.pooling import DEVICES, POOLINGS, WORD
from engine.sources.token_matrix import open_token_matrix
from engine.sources.token_space import TokenSpace
from engine.sources.token_words import Pieces, TokenWords, WholeTokens
from engine.sources.tokens import TOKEN_FORMS, Vocabulary, read_vocabulary

if TYPE_CHECKING:
    from engine.downloads import Download

EMBEDDING = "embedding"  # the layer that is the input token matrix
FIELDS = {"token_form": tuple(TOKEN_FORMS), "pooling": tuple(POOLINGS), "device": DEVICES}  # the values there are


@dataclass(frozen=True)
class HuggingFaceSource(Source):
    """A transformer's input token matrix or one of its hidden layers.

    Parameters
    ----------
    model : str
        A folder with weights and tokenizer, or the hub id of a model in the local cache.
    layer : str or int
        "embedding": the input token matrix. A number: the hidden state that transformers calls so, 0 what enters the
        first block, then what leaves each block (the last one normalised, where the model does that); of models with
        encoder and decoder the encoder's.
    token_form : str
        A key of `TOKEN_FORMS`: whether the word "moon" is the token "moon", the token " moon", either, or all the
        tokens that " moon" is cut into ("moon", where the tokenizer does not mark spaces).
    template : str
        For hidden layers: the text that every word is put into in place of {word}; empty: the word alone.
    pooling : str
        A key of `POOLINGS`: what the vector of a word of several tokens is.
    device : str
        One of `DEVICES`: where a hidden layer is computed.
    """

    model: str
    layer: str | int = EMBEDDING
    token_form: str = "bare"
    template: str = ""
    pooling: str = "mean"
    device: str = "cpu"

    kind: ClassVar[str] = "huggingface"

    @property
    def description(self) -> str:
        parts = [self._name, "token matrix" if self.layer == EMBEDDING else f"layer {self.layer}"]
        if self.template:
            parts.append(f"in “{self.template}”")
        if self.pooling in POOLINGS and (self.layer != EMBEDDING or self.token_form == "pieces"):
            parts.append(POOLINGS[self.pooling].label)
        return ", ".join([*parts, TOKEN_FORMS.get(self.token_form, self.token_form)])

    @property
    def place(self) -> str:
        return self.model

    @property
    def _name(self) -> str:
        return Path(self.model).resolve().name if os.path.isdir(self.model) else self.model

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
        if self.layer != EMBEDDING and type(self.layer) is not int:
            raise SourceError(
                f"There is no layer {self.layer!r}; there are {EMBEDDING!r}, the token matrix, and numbers from 0.",
                "layer",
            )
        for field, names in FIELDS.items():
            value = getattr(self, field)
            if value not in names:
                what = field.replace("_", " ")
                raise SourceError(f"The {what} {value!r} is not known; there are {', '.join(names)}.", field)
        if self.template:
            self._check_template()

    def _check_template(self) -> None:
        if self.layer == EMBEDDING:
            raise SourceError(
                "A template is for hidden layers only; choose the number of a layer or remove the template.", "template"
            )
        if self.template.count(WORD) != 1:
            raise SourceError(
                f"The template {self.template!r} must contain {WORD} exactly once, where the words go.", "template"
            )
        try:
            self.template.encode()
        except UnicodeEncodeError:
            raise SourceError("The template contains half of a character; type it again.", "template") from None

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
            if self.layer == EMBEDDING:
                return self._token_space(folder, vocabulary, progress)
            return self._layer_space(folder, vocabulary, int(self.layer))
        except PermissionError:
            raise SourceError(f"The folder {folder} may not be read; change its permissions.") from None

    def _token_space(self, folder: Path, vocabulary: Vocabulary, progress: Progress) -> OpenSpace:
        matrix = open_token_matrix(folder, progress)
        words = self._words(folder, vocabulary, matrix.shape[0], Child())
        return TokenSpace(words, vocabulary.size, matrix, POOLINGS[self.pooling])

    def _layer_space(self, folder: Path, vocabulary: Vocabulary, layer: int) -> OpenSpace:
        from engine.sources.layer_cache import LayerCache  # what only hidden layers need
        from engine.sources.layer_space import LayerSpace, Reading, read_shape
        from engine.sources.model_run import Model

        shape = read_shape(folder)
        if not 0 <= layer <= shape.layers:
            raise SourceError(
                f"{self._name} has no layer {layer}; choose one from 0, what enters the first block, to "
                f"{shape.layers}.",
                "layer",
            )
        stamp = self.stamp
        child = _model_process(folder, stamp)
        words = self._words(folder, vocabulary, shape.rows, child)
        model = Model(folder, self._name, self.device, shape.layers)
        reading = Reading(layer, self.template, self.token_form, self.pooling)
        return LayerSpace(words, vocabulary, model, reading, LayerCache(folder, stamp, shape.dimensions), child)

    def _words(self, folder: Path, vocabulary: Vocabulary, rows: int, child: Child) -> TokenWords:
        if vocabulary.highest >= rows:
            raise SourceError(
                f"The tokenizer in {folder} has ids up to {vocabulary.highest:,}, but the token matrix has "
                f"{rows:,} rows; put the tokenizer and weights of one model there."
            )
        if self.token_form == "pieces":
            return Pieces(folder, vocabulary, rows, child)
        return WholeTokens(vocabulary, self.token_form, rows)


@lru_cache(maxsize=2)  # one for either side of the window; torch and a model take seconds and a gigabyte
def _model_process(folder: Path, stamp: Hashable) -> Child:
    """The process that runs the model in a folder, as its files are now: whatever the layer, template and pooling."""
    return Child()
