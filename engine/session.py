"""Sessions: an analysis request and its colours as a JSON file, there and back.

Reading is strict, so that a typo never passes for a default: every complaint names the JSON path and what is allowed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.colours import COLOUR_MAPS, FARTHEST_LEVEL, ColourScale
from engine.comparison import COMPARISONS
from engine.difference import DIFFERENCES
from engine.errors import SessionError
from engine.json_values import JsonObject, boolean, check, choice, integer, items, number, problem
from engine.ordering import ORDERS
from engine.preprocessing import PREPROCESSINGS
from engine.request import AnalysisRequest, NamedSource
from engine.session_spaces import parse_space, space_values
from engine.session_statistics import parse_statistics, statistics_values
from engine.session_words import parse_words, words_values
from engine.similarity import SIMILARITIES
from engine.writing import write_atomically

__all__ = ["Session", "parse_session", "parse_space", "read_session", "session_values", "space_values", "write_session"]

FORMAT = 1
LARGEST_FILE = 64 << 20  # bytes; a list of a million words has fewer
KEYS = (
    "rsascope_session",
    "spaces",
    "words",
    "preprocessing",
    "components",
    "similarity",
    "comparisons",
    "neighbours",
    "permutations",
    "bootstraps",
    "statistics",
    "seed",
    "order",
    "difference",
    "colours",
)
AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Session:
    """What a session file holds.

    Parameters
    ----------
    request : AnalysisRequest
    colours : ColourScale
    """

    request: AnalysisRequest = AnalysisRequest()
    colours: ColourScale = ColourScale()


def read_session(path: Path) -> Session:
    """The session in a file.

    Raises
    ------
    SessionError
        If there is none; `concerns` is the JSON path of the culprit, empty where the file as a whole is wrong.
    """
    try:
        return parse_session(_decoded(_read(path)), path.absolute().parent)
    except SessionError as error:
        raise SessionError(f"{path}: {error}", error.concerns) from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or error
        raise SessionError(f"the session cannot be read ({reason}); choose another file.") from None
    if len(content) > LARGEST_FILE:
        raise SessionError(f"larger than {LARGEST_FILE >> 20} MB, so not a session file; choose another file.")
    return content


def _decoded(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
    except UnicodeDecodeError as error:
        raise SessionError(f"not a session file: byte {error.start:,} is not UTF-8; save it as UTF-8.") from None
    except (ValueError, RecursionError) as error:  # ValueError: also a number of thousands of digits
        raise SessionError(f"not a session file: not valid JSON ({error}).") from None


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values: dict[str, object] = {}
    for key, value in pairs:
        if key in values:
            raise SessionError(f"the key {key!r} appears twice in one object; remove one.")
        values[key] = value
    return values


def parse_session(values: object, folder: Path) -> Session:
    """The session in decoded JSON.

    Parameters
    ----------
    values : object
        As `json.loads` gives it.
    folder : Path
        Where relative paths start.

    Raises
    ------
    SessionError
        `concerns` is the JSON path of the culprit (``spaces[1].token_form``).
    """
    _check_format(values)
    session = JsonObject(values, "", KEYS)
    default = AnalysisRequest()
    request = AnalysisRequest(
        spaces=_spaces(session, folder),
        words=parse_words(session.value("words", {}), "words"),
        preprocessing=session.get("preprocessing", choice(PREPROCESSINGS), default.preprocessing),
        components=session.get("components", _components, default.components),
        similarity=session.get("similarity", choice(SIMILARITIES), default.similarity),
        comparisons=_comparisons(session),
        neighbours=session.get("neighbours", integer(1), default.neighbours),
        statistics=parse_statistics(session),
        seed=session.get("seed", integer(0), default.seed),
        order=session.get("order", choice(ORDERS), default.order),
        difference=session.get("difference", choice(DIFFERENCES), default.difference),
    )
    return Session(request, _colours(session.value("colours", {}), "colours"))


def _check_format(values: object) -> None:
    if not isinstance(values, dict) or "rsascope_session" not in values:
        raise problem("rsascope_session", f"is missing, so this is no rsascope session; it must be {FORMAT}")
    found = check(integer(1), values["rsascope_session"], "rsascope_session")
    if found > FORMAT:
        raise problem(
            "rsascope_session", f"is {found}, made by a newer rsascope (this one reads {FORMAT}); update rsascope"
        )


def _spaces(session: JsonObject, folder: Path) -> tuple[NamedSource, ...]:
    path = session.path("spaces")
    entries = session.get("spaces", items(2, "spaces"))
    spaces = [parse_space(entry, f"{path}[{i}]", folder) for i, entry in enumerate(entries)]
    names = [space.full_name for space in spaces]
    for i, name in enumerate(names):
        if name in names[:i]:
            raise problem(f"{path}[{i}].name", f"is {name!r} like that of spaces[{names.index(name)}]; rename one")
    return tuple(spaces)


def _components(value: object) -> int | None:
    return None if value is None else integer(1, "or null for about a hundredth of the dimensions")(value)


def _comparisons(session: JsonObject) -> tuple[str, ...]:
    path = session.path("comparisons")
    names = session.get("comparisons", items(0, "measures"), list(AnalysisRequest().comparisons))
    for i, name in enumerate(names):
        check(choice(COMPARISONS), name, f"{path}[{i}]")
        if name in names[:i]:
            raise problem(f"{path}[{i}]", f"is {name!r} again; remove it")
    return tuple(names)


def _colours(values: object, path: str) -> ColourScale:
    default = ColourScale()
    colours = JsonObject(values, path, ("map", "levels", "shared"))
    return ColourScale(
        colours.get("map", choice(COLOUR_MAPS), default.colour_map),
        colours.get("levels", _levels, default.levels),
        colours.get("shared", boolean, default.shared),
    )


def _levels(value: object) -> tuple[float, float] | None:
    if value == AUTOMATIC:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"must be two numbers, lower and upper, or {AUTOMATIC!r}")
    low, high = map(number, value)
    if low >= high:
        raise ValueError(f"must rise, and {low:g} is not below {high:g}")
    if max(-low, high) > FARTHEST_LEVEL:
        raise ValueError(f"must lie between {-FARTHEST_LEVEL:,} and {FARTHEST_LEVEL:,}")
    return low, high


def session_values(session: Session, folder: Path | None = None) -> dict[str, Any]:
    """The complete session, every key, ready for `json.dumps`.

    Parameters
    ----------
    session : Session
    folder : Path, optional
        Paths below it are written relative to it; without it all are absolute.
    """
    request, colours = session.request, session.colours
    return {
        "rsascope_session": FORMAT,
        "spaces": [space_values(space, folder) for space in request.spaces],
        "words": words_values(request.words),
        "preprocessing": request.preprocessing,
        "components": request.components,
        "similarity": request.similarity,
        "comparisons": list(request.comparisons),
        "neighbours": request.neighbours,
        **statistics_values(request.statistics),
        "seed": request.seed,
        "order": request.order,
        "difference": request.difference,
        "colours": {
            "map": colours.colour_map,
            "levels": AUTOMATIC if colours.levels is None else list(colours.levels),
            "shared": colours.shared,
        },
    }


def json_text(values: object) -> bytes:
    """JSON for people, in UTF-8; characters UTF-8 cannot hold (lone surrogates) as JSON's own escapes."""
    text = json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace")


def write_session(path: Path, session: Session) -> None:
    """Save a session, whole or not at all; paths below its folder become relative.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    write_atomically(path, json_text(session_values(session, path.absolute().parent)))
