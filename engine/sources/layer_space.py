"""A hidden layer of a model as a space of words: the model is run on the words that are asked for, once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from engine.child import Child
from engine.data import FloatArray, IntArray
from engine.errors import SourceError
from engine.progress import Progress, Steady
from engine.sources.layer_cache import LayerCache, LayerVector, Place
from engine.sources.model_run import Model, load, run
from engine.sources.pooling import POOLINGS, WORD
from engine.sources.token_words import SpaceOfTokens, TokenWords
from engine.sources.tokens import Vocabulary

BATCH = 64  # words run together; more are not faster on a CPU
LAYERS = ("encoder_layers", "num_hidden_layers", "n_layer", "num_layers", "n_layers")
DIMENSIONS = ("d_model", "hidden_size", "n_embd", "dim")


@dataclass(frozen=True)
class Shape:
    """What a model's config.json says: hidden layers, length of their vectors, rows of the token matrix."""

    layers: int
    dimensions: int
    rows: int


def read_shape(folder: Path) -> Shape:
    """The shape of the model in a folder.

    Raises
    ------
    SourceError
        If config.json is not there or does not say it.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise SourceError(
            f"The folder {folder} has no config.json, which says how the model is built; choose a folder with a whole "
            "model."
        )
    try:
        said = json.loads(path.read_bytes())
        said = {**said, **(said.get("text_config") or said.get("encoder") or {})}
        found = [next(said[name] for name in names if name in said) for names in (LAYERS, DIMENSIONS, ("vocab_size",))]
    except (ValueError, TypeError, AttributeError, StopIteration, RecursionError):
        found = []
    if not found or not all(type(number) is int and number > 0 for number in found):
        raise SourceError(
            f"{path} does not say how many layers, dimensions and tokens the model has; choose the folder of a "
            "language model."
        )
    return Shape(*found)


@dataclass(frozen=True)
class Reading:
    """How the words are put to the model, and what of its answer is the word's vector.

    Parameters
    ----------
    layer : int
    template : str
        The text, with {word} once; empty: the word alone.
    token_form : str
        A key of `TOKEN_FORMS`.
    pooling : str
        A key of `POOLINGS`.
    """

    layer: int
    template: str
    token_form: str
    pooling: str


class LayerSpace(SpaceOfTokens):
    """Words and their vectors in a hidden layer.

    Parameters
    ----------
    words : TokenWords
    vocabulary : Vocabulary
        Of the same tokenizer.
    model : Model
    reading : Reading
    cache : LayerCache
    child : Child
        Where the model is run.
    """

    def __init__(
        self, words: TokenWords, vocabulary: Vocabulary, model: Model, reading: Reading, cache: LayerCache, child: Child
    ) -> None:
        super().__init__(words)
        self.vocabulary_size = vocabulary.size
        self.dimensions = cache.dimensions
        self.several = POOLINGS[reading.pooling].several
        self.is_costly = True
        self._vocabulary = vocabulary
        self._model, self._reading, self._cache, self._child = model, reading, cache, child
        self._n_tokens: dict[int, int] = {}

    def vectors(self, indices: IntArray, progress: Progress) -> FloatArray:
        places = {index: self._place(index) for index in indices.tolist()}
        progress.step(f"looking for {len(places):,} words in the cache")
        found = self._cache.read(places.values(), self._reading.layer)
        missing = [place for place in dict.fromkeys(places.values()) if place not in found]
        if missing:
            found |= self._run(missing, progress)
        self._n_tokens |= {index: found[place].n_tokens for index, place in places.items()}
        vectors = np.array([found[places[index]].vector for index in indices.tolist()], np.float32)
        vectors = vectors.reshape(len(indices), self.dimensions)
        if len(vectors) and not np.isfinite(vectors).all(axis=1).any():
            raise self._no_numbers()
        return vectors

    def n_tokens(self, indices: IntArray) -> IntArray | None:
        if not self._reading.template and self._reading.token_form != "pieces":
            return None
        return np.array([self._n_tokens[index] for index in indices.tolist()], np.int64)

    def _no_numbers(self) -> SourceError:
        """The error where no word has a vector of numbers."""
        if not any(self._n_tokens.values()):
            return SourceError(
                f"No word has a token of its own in {self._reading.template or WORD!r}, as {self._model.name} cuts it; "
                "choose another template.",
                "template",
            )
        return SourceError(
            f"Layer {self._reading.layer} of {self._model.name} gives no word a vector of numbers, perhaps because "
            "its weights are damaged; get the model again or choose another layer."
        )

    def _place(self, index: int) -> Place:
        bare = self._reading.token_form == "bare" and self._vocabulary.marks_spaces and not self._reading.template
        return Place(self._context(index), self._reading.pooling, self._words.word(index), bare)

    def _context(self, index: int) -> str:
        """The text around a word: the template, or nothing but the space that its token form has."""
        if self._reading.template:
            return self._reading.template
        form = self._reading.token_form
        after_space = self._vocabulary.texts[index].startswith(" ") if form == "either" else form != "bare"
        return " " * (after_space and self._vocabulary.marks_spaces) + WORD

    def _run(self, missing: Sequence[Place], progress: Progress) -> dict[Place, LayerVector]:
        """The vectors of these words; all layers of every finished batch go to the cache."""
        self._child.call(load, self._model, progress=progress)
        found: dict[Place, LayerVector] = {}
        for batch in _batches(missing):
            message = f"running {self._model.name}, {len(found):,} of {len(missing):,} words"
            steady = Steady(progress, message, len(found) / len(missing))
            words = [place.word for place in batch]
            n_tokens, layers = self._child.call(
                run, self._model, batch[0].context, batch[0].bare, self._reading.pooling, words, progress=steady
            )
            self._cache.write(batch, n_tokens, layers)
            chosen = layers[:, self._reading.layer].copy()  # a view would keep all layers
            found |= {place: LayerVector(*one) for place, *one in zip(batch, chosen, n_tokens, strict=True)}
        return found


def _batches(places: Sequence[Place]) -> Iterator[list[Place]]:
    """The words in portions of one context and similar length, of which many have equally many tokens."""
    ordered = sorted(places, key=lambda place: (place.context, len(place.word)))
    for _, group in groupby(ordered, key=lambda place: place.context):
        alike = list(group)
        yield from (alike[start : start + BATCH] for start in range(0, len(alike), BATCH))
