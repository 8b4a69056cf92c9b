"""What the fuzz tests share: damaged bytes, damaged JSON, and a memory in which nothing huge can be allocated."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

Edits = list[tuple[float, bytes, int]]
Changes = list[tuple[int, str, Any]]

ODD_VALUES = (None, True, False, "", "\0", "moon", "\ud800", -1, 0, 1, 2, 5, 2**31, 2**63, 10**12, 10**30, -(10**30))
ODD_NUMBERS = (0.5, 1e308, float("nan"), float("inf"))
ODD_BYTES = (
    b"\n",
    b" ",
    b"\0",
    b"0",
    b"9",
    b",",
    b'"',
    b"{",
    b"]",
    b"\xff",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\x7f",
    b"1e9",
)


def _edits(seed: int) -> Edits:
    random = Random(seed)
    return [
        (random.random(), _odd_bytes(random), random.choice((0, 0, 1, 1, 1, 2, 4, 12)))
        for _ in range(random.choice((0, *8 * (1,), *6 * (2,), 3, 3, 3, 4, 4)))
    ]


def _odd_bytes(random: Random) -> bytes:
    return random.choice(ODD_BYTES) if random.random() < 0.4 else random.randbytes(random.randrange(7))


def _changes(seed: int) -> Changes:
    random = Random(seed)
    ways = ("replace", "replace", "remove", "rename", "repeat")
    return [(random.randrange(10**6), random.choice(ways), _odd_value(random)) for _ in range(random.randint(1, 3))]


def _odd_value(random: Random, depth: int = 0) -> Any:
    kind = random.randrange(8 if depth < 2 else 5)
    if kind < 5:
        return random.choice((random.choice(ODD_VALUES), random.choice(ODD_NUMBERS), random.randint(-3, 300)))
    inner = [_odd_value(random, depth + 1) for _ in range(random.randrange(4))]
    return {str(value): value for value in inner} if kind == 5 else inner


# From seeds: hypothesis' own lists and trees of values take several times as long as what is tested.
EDITS = st.integers(0, 2**64 - 1).map(_edits)
CHANGES = st.integers(0, 2**64 - 1).map(_changes)


def often(examples: int) -> Callable[..., Any]:
    """The decorator that puts so many inputs through a test."""
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
    )


def edited(content: bytes, edits: Edits) -> bytes:
    """The content with some places overwritten, filled or cut."""
    for place, new, removed in edits:
        k = round(place * len(content))
        content = content[:k] + new + content[k + removed :]
    return content


def changed(values: Any, changes: Changes) -> Any:
    """JSON values with some of them, at any depth, replaced, removed, renamed or repeated."""
    values = copy.deepcopy(values)
    for number, how, value in changes:
        places = list(_places(values))
        if not places:
            return value
        container, key = places[number % len(places)]
        if how == "replace":
            container[key] = copy.deepcopy(value)
        elif how == "remove":
            del container[key]
        elif isinstance(container, dict):
            container[str(value)] = copy.deepcopy(container[key]) if how == "repeat" else container.pop(key)
        else:
            container.append(copy.deepcopy(container[key]))
    return values


def _places(values: Any) -> Any:
    items = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for key, value in list(items):
        yield values, key
        yield from _places(value)
