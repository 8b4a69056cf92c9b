"""What a session file says of inference: two numbers at the top, the rest in an object of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from engine.inference.choices import CONFOUNDS, CORRECTIONS, INTERVALS, SIDES
from engine.json_values import JsonObject, boolean, check, choice, integer, items, problem
from engine.request import StatisticsRequest

AT_THE_TOP = ("permutations", "bootstraps")
INSIDE = tuple(name for name in asdict(StatisticsRequest()) if name not in AT_THE_TOP)
FEWEST_IN_A_DRAW = 4

T = TypeVar("T", bound=str)


def parse_statistics(session: JsonObject) -> StatisticsRequest:
    """What the session asks for.

    Raises
    ------
    SessionError
    """
    default = StatisticsRequest()
    inside = JsonObject(session.value("statistics", {}), session.path("statistics"), INSIDE)
    return StatisticsRequest(
        permutations=session.get("permutations", integer(0), default.permutations),
        bootstraps=session.get("bootstraps", integer(0), default.bootstraps),
        sided=inside.get("sided", _one_of(SIDES), default.sided),
        adaptive=inside.get("adaptive", boolean, default.adaptive),
        correction=inside.get("correction", choice(CORRECTIONS), default.correction),
        controls=_controls(inside),
        interval=inside.get("interval", _one_of(INTERVALS), default.interval),
        draws=inside.get("draws", integer(0), default.draws),
        draw_size=inside.get("draw_size", integer(FEWEST_IN_A_DRAW), default.draw_size),
        bands=inside.get("bands", integer(0), default.bands),
        preprocessings=inside.get("preprocessings", boolean, default.preprocessings),
    )


def _one_of(table: Mapping[T, str]) -> Callable[[object], T]:
    """The check for a key of a table whose keys are literals."""
    named = {str(name): name for name in table}
    return lambda value: named[choice(named)(value)]


def _controls(inside: JsonObject) -> tuple[str, ...]:
    names: list[Any] = inside.get("controls", items(0, "confounds"), [])
    path = inside.path("controls")
    for i, name in enumerate(names):
        check(choice(CONFOUNDS), name, f"{path}[{i}]")
        if name in names[:i]:
            raise problem(f"{path}[{i}]", f"is {name!r} again; remove it")
    return tuple(names)


def statistics_values(statistics: StatisticsRequest) -> dict[str, Any]:
    """The keys of a session that say what is asked for, ready for JSON."""
    values = asdict(statistics)
    values["controls"] = list(statistics.controls)
    return {name: values[name] for name in AT_THE_TOP} | {"statistics": {name: values[name] for name in INSIDE}}
