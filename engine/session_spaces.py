"""A space as a session file has it: its name, and the fields of its source under their own names.

A new kind of source needs nothing here: `SOURCES` names it and its dataclass fields are the keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from engine.dimensions import DIMENSIONS, Dimensions
from engine.errors import EngineError, SessionError
from engine.json_values import JsonObject, check, choice, integer, items, problem, text
from engine.request import NamedSource
from engine.sources import SOURCES, Source

PLAIN = [name for name, kind in DIMENSIONS.items() if not kind.settings]
SEEDED = [name for name, kind in DIMENSIONS.items() if kind.settings == ("seed",)]


def parse_space(values: object, path: str, folder: Path) -> NamedSource:
    """One space of a session: its name and source.

    Parameters
    ----------
    values : object
        As `json.loads` gives it.
    path : str
        The JSON path of the space, for messages.
    folder : Path
        Where relative paths start.
    """
    kind = JsonObject(values, path).get("source", choice(SOURCES))
    source: Any = SOURCES[kind]
    space = JsonObject(values, path, ("name", "source", "dimensions", *(field.name for field in fields(source))))
    name = space.get("name", text)
    hints = get_type_hints(source)
    arguments = {
        field.name: space.get(field.name, _of_type(hints[field.name], field.default))
        for field in fields(source)
        if field.default is MISSING or space.has(field.name)
    }
    dimensions = _dimensions(space.value("dimensions", "all"), space.path("dimensions"))
    return NamedSource(name, _checked(source(**arguments), space).resolved(folder), dimensions)


def _checked(source: Source, space: JsonObject) -> Source:
    try:
        source.check()
    except EngineError as error:
        path = space.path(error.concerns) if error.concerns else space.path()
        raise SessionError(f"{path}: {error}", path) from None
    return source


def _of_type(hint: Any, default: object) -> Callable[[object], Any]:
    """The check for a field of a source: Path, str, int, literal texts, or a choice of these; or the default."""
    kinds = get_args(hint) if get_origin(hint) is not Literal and get_args(hint) else (hint,)
    literals = [literal for kind in kinds if get_origin(kind) is Literal for literal in get_args(kind)]

    def checked(value: object) -> Any:
        if isinstance(value, str) and (value in literals or value == default):
            return value
        if int in kinds and isinstance(value, int):
            return integer(0)(value)
        if Path in kinds:
            return _path(value)
        if str in kinds:
            return text(value)
        raise ValueError("must be " + " or ".join([*map(repr, literals), *["a whole number"] * (int in kinds)]))

    return checked


def _path(value: object) -> Path:
    name = text(value)
    if "\0" in name:
        raise ValueError("must be the name of a file")
    return Path(name)


def space_values(space: NamedSource, folder: Path | None = None) -> dict[str, Any]:
    """One space as the session file has it; see `session_values`."""
    source: Any = space.source.resolved(Path.cwd())
    if folder is not None:
        source = source.relative_to(folder.absolute())
    found = {field.name: getattr(source, field.name) for field in fields(source)}
    return {
        "name": space.name,
        "source": source.kind,
        **{key: value.as_posix() if isinstance(value, Path) else value for key, value in found.items()},
        "dimensions": _dimensions_value(space.dimensions),
    }


def _dimensions(value: object, path: str) -> Dimensions:
    """A kind's name; [first, last]; or a kind of random half and its seed, as in {"random half": 0}."""
    if isinstance(value, list):
        first, last = (check(integer(0), one, f"{path}[{k}]") for k, one in enumerate(check(_two, value, path)))
        if first > last:
            raise problem(path, f"must rise, and {first} is above {last}")
        return Dimensions("range", first=first, last=last)
    if isinstance(value, dict):
        seeds = JsonObject(value, path, SEEDED)
        if len(seeds.names()) != 1:
            raise problem(path, "must have one key, a kind of random half, and its seed")
        [kind] = seeds.names()
        return Dimensions(kind, seed=seeds.get(kind, integer(0)))
    if value in SEEDED:
        raise problem(path, f'needs a seed, as in {{"{value}": 0}}')
    return Dimensions(check(choice(PLAIN), value, path))


def _two(value: object) -> list[Any]:
    two = items(2, "numbers, the first and the last dimension,")(value)
    if len(two) > 2:
        raise ValueError(f"must list two numbers, the first and the last dimension, not {len(two)}")
    return two


def _dimensions_value(dimensions: Dimensions) -> object:
    settings = DIMENSIONS[dimensions.kind].settings
    if settings == ("seed",):
        return {dimensions.kind: dimensions.seed}
    return [dimensions.first, dimensions.last] if settings else dimensions.kind
