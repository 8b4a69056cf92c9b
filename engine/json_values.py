"""Values of untrusted JSON, checked; every complaint names the JSON path and what is allowed there.

A *check* is a function from a value to what it stands for; it raises ValueError with the end of a sentence whose
subject is the JSON path: "must be a whole number".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

from engine.errors import SessionError

T = TypeVar("T")
LARGEST = 2**31 - 1  # what a spin box holds and any index allows

REQUIRED: Any = object()


def problem(path: str, complaint: str) -> SessionError:
    """The error for one place of a session."""
    return SessionError(f"{path or 'the session'} {complaint}.", path)


def check(checked: Callable[[object], T], value: object, path: str) -> T:
    """What the value at `path` stands for.

    Raises
    ------
    SessionError
        That names the path.
    """
    try:
        return checked(value)
    except ValueError as error:
        raise problem(path, str(error)) from None


class JsonObject:
    """A JSON object that gives out its values checked.

    Parameters
    ----------
    values : object
        Must be a dict.
    path : str
        Where it stands in the file; empty for the top.
    allowed : collection of str, optional
        The keys there may be; any, if left out.
    """

    def __init__(self, values: object, path: str, allowed: Collection[str] | None = None) -> None:
        if not isinstance(values, dict):
            raise problem(path, f"must be an object in braces, not {shown(values)}")
        self._values, self._path = values, path
        for key in values:
            if allowed is not None and key not in allowed:
                raise problem(self.path(key), f"is not a key of a session; {_offer(key, allowed)}")

    def names(self) -> list[str]:
        """All keys, in the file's order."""
        return list(self._values)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._values

    def path(self, key: str = "") -> str:
        """The JSON path of a key, or of the object itself."""
        if key and not key.isidentifier():
            return f"{self._path}[{key!r}]"
        return ".".join(filter(None, (self._path, key)))

    def value(self, key: str, default: object = REQUIRED) -> object:
        """The value of a key as it is, or the default."""
        if key not in self._values and default is REQUIRED:
            raise problem(self.path(key), "is missing")
        return self._values.get(key, default)

    def get(self, key: str, checked: Callable[[object], T], default: T = REQUIRED) -> T:
        """What the value of a key stands for, or the default."""
        if key not in self._values and default is not REQUIRED:
            return default
        return check(checked, self.value(key), self.path(key))


def text(value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"must be a text in quotes, not {shown(value)}")
    return value


def boolean(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {shown(value)}")
    return value


def number(value: object) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < math.inf:
        raise ValueError(f"must hold numbers, not {shown(value)}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError("must hold smaller numbers") from None


def integer(lowest: int, otherwise: str = "") -> Callable[[object], int]:
    """The check for a whole number from `lowest` up; `otherwise` says what else there may be."""

    def checked(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= LARGEST:
            also = f" {otherwise}" * bool(otherwise)
            raise ValueError(f"must be a whole number from {lowest} to {LARGEST:,}{also}, not {shown(value)}")
        return value

    return checked


def choice(allowed: Iterable[str]) -> Callable[[object], str]:
    """The check for one of the names allowed."""
    names = list(allowed)

    def checked(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise ValueError(f"is {shown(value)}; {_offer(value, names)}")
        return value

    return checked


def items(fewest: int, of_what: str) -> Callable[[object], list[Any]]:
    """The check for a list of at least `fewest` entries."""

    def checked(value: object) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError(f"must be a list in brackets, not {shown(value)}")
        if len(value) < fewest:
            raise ValueError(f"must list {fewest} {of_what} or more, not {len(value)}")
        return value

    return checked


def shown(value: object) -> str:
    """A JSON value as a message shows it: short, and of containers only the kind."""
    kinds: dict[type, str] = {dict: "an object", list: "a list", type(None): "null", bool: str(value).lower()}
    return kinds[type(value)] if type(value) in kinds else _short(value)


def _short(value: object) -> str:
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a number of many digits"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _offer(value: object, allowed: Collection[str]) -> str:
    from difflib import get_close_matches  # needed by mistakes only

    close = get_close_matches(value, allowed, 1) if isinstance(value, str) else []
    meant = f"did you mean {close[0]!r}? There are: " if close else "there are: "
    return meant + ", ".join(allowed)
