"""The words as a session file has them: a rule's fields under their own names, or a list and its categories."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.errors import EngineError, SessionError
from engine.json_values import JsonObject, check, choice, integer, items, problem, text
from engine.words import CASES, CHARACTERS, PICKS, WordList, WordRule


def parse_words(values: object, path: str) -> WordRule | WordList:
    """The words that a session asks for.

    Parameters
    ----------
    values : object
        As `json.loads` gives it.
    path : str
        Their JSON path, for messages.
    """
    if isinstance(values, dict) and "list" in values:
        return _word_list(JsonObject(values, path, ("list", "categories")))
    default = WordRule()
    rule = JsonObject(values, path, (*asdict(default), "list", "categories"))
    if rule.has("categories"):
        raise problem(rule.path("categories"), "goes with a list of words only; add the list or remove it")
    words = WordRule(
        min_length=rule.get("min_length", integer(1), default.min_length),
        max_length=rule.get("max_length", integer(1), default.max_length),
        limit=rule.get("limit", _limit, default.limit),
        pattern=rule.get("pattern", _any_text, default.pattern),
        case=rule.get("case", choice(CASES), default.case),
        characters=rule.get("characters", choice(CHARACTERS), default.characters),
        pick=rule.get("pick", choice(PICKS), default.pick),
        min_rank=rule.get("min_rank", _rank, default.min_rank),
        max_rank=rule.get("max_rank", _rank, default.max_rank),
    )
    return _checked_rule(words, rule)


def _checked_rule(words: WordRule, rule: JsonObject) -> WordRule:
    if words.min_length > words.max_length:
        end = "max_length" if rule.has("max_length") else "min_length"
        raise problem(
            rule.path(end), f"must leave min_length ({words.min_length}) no larger than max_length ({words.max_length})"
        )
    if words.min_rank and words.max_rank and words.min_rank > words.max_rank:
        ranks = f"min_rank ({words.min_rank}) no larger than max_rank ({words.max_rank})"
        raise problem(rule.path("max_rank"), f"must leave {ranks}")
    try:
        words.accepts  # noqa: B018  compiles the pattern
    except EngineError as error:
        raise SessionError(f"{rule.path('pattern')}: {error}", rule.path("pattern")) from None
    return words


def _limit(value: object) -> int | None:
    return None if value is None else integer(1, "or null for all")(value)


def _rank(value: object) -> int | None:
    return None if value is None else integer(1, "or null for no bound")(value)


def _any_text(value: object) -> str:
    return text(value) if value != "" else ""


def _word_list(values: JsonObject) -> WordList:
    path = values.path("list")
    entries = values.get("list", items(1, "words"))
    words = tuple(check(text, word, f"{path}[{i}]") for i, word in enumerate(entries))
    known = set(words)
    categories = JsonObject(values.value("categories", {}), values.path("categories"))
    for word in categories.names():
        if word not in known:
            raise problem(categories.path(word), "is not one of the listed words; add it to the list or remove it")
    return WordList(words, tuple((word, categories.get(word, text)) for word in categories.names()))


def words_values(words: WordRule | WordList) -> dict[str, Any]:
    """The words as the session file has them."""
    if isinstance(words, WordList):
        return {"list": list(words.words), "categories": dict(words.categories)}
    return asdict(words)
