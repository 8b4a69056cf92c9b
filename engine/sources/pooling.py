"""What may be chosen of how a model reads a word: where it runs, and how the vectors of its tokens become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DEVICES = ("cpu", "cuda", "mps")
WORD = "{word}"  # in a template, where the word goes


@dataclass(frozen=True)
class Pooling:
    """One way.

    Parameters
    ----------
    label : str
        What a word's vector is.
    several : str
        What the vectors of words of several tokens are, as the end of a sentence.
    apply : function of a (..., k, d) array or tensor of k tokens' vectors to the (..., d) of the word
    """

    label: str
    several: str
    apply: Callable[[Any], Any]


POOLINGS = {
    "mean": Pooling("mean over the word's tokens", "the means of their pieces", lambda vectors: vectors.mean(axis=-2)),
    "first": Pooling("the word's first token", "those of their first pieces", lambda vectors: vectors[..., 0, :]),
    "last": Pooling("the word's last token", "those of their last pieces", lambda vectors: vectors[..., -1, :]),
}
