"""Random numbers by purpose, so that asking for one thing more leaves the others' numbers as they are."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

Purpose = Literal["permutation", "bootstrap", "draws", "bands", "halves"]  # append only: places are streams
_PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


def generator(seed: int, purpose: Purpose) -> np.random.Generator:
    """A generator that gives the same numbers for the same seed and purpose on every run."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_PURPOSES.index(purpose),)))
