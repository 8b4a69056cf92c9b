"""What is done to a space's vectors before similarities are taken.

A new step is one function and one entry of `PREPROCESSINGS`; the panel, sessions, headless runs and the
parametrised tests find it there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.data import FloatArray


def as_stored(vectors: FloatArray) -> FloatArray:
    """The vectors unchanged."""
    return vectors


@dataclass(frozen=True)
class Preprocessing:
    """One entry of the table.

    Parameters
    ----------
    name : str
        As written in session files.
    label : str
        As shown to the user.
    apply : callable
        (n, d) vectors -> (n, d) vectors.
    description : str
        What it does and why, for the tooltip.
    """

    name: str
    label: str
    apply: Callable[[FloatArray], FloatArray]
    description: str


PREPROCESSINGS: dict[str, Preprocessing] = {
    step.name: step for step in (Preprocessing("none", "none", as_stored, "The vectors as the space stores them."),)
}
