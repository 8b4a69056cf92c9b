"""Words that a space lacks, and why: another spelling, another form of token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from unicodedata import category

import numpy as np

from engine.data import Explanation, MissingWords
from engine.list_notes import first_few
from engine.progress import Progress
from engine.sources.base import OpenSpace

MOST_MISSING_KEPT = 1000  # a rule may pass over 100,000 words of a large vocabulary; more than this nobody reads
MOST_HINTS = 3
NOT_IN_VOCABULARY = "not in the vocabulary"  # the one reason that leaves a word unshared
QUOTES = "\"'“”„‘’«»"


def _bare(word: str) -> str:
    """The word without what one does not see, such as a zero-width space, and without quotes around it."""
    return "".join(character for character in word if category(character) != "Cf").strip(QUOTES)


SPELLINGS = (_bare, str.lower, str.capitalize, str.upper, str.title, str.casefold)  # the likelier first


class Lacking:
    """The first words that a space lacks, and how many there are in all."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.count = 0

    def add(self, words: Sequence[str]) -> None:
        """Take more words."""
        self.words += words[: MOST_MISSING_KEPT - len(self.words)]
        self.count += len(words)


def missing_words(
    spaces: Mapping[str, OpenSpace], lacking: Mapping[str, Lacking], is_list: bool, progress: Progress
) -> tuple[MissingWords, ...]:
    """What each space lacks, explained where there is an explanation.

    Parameters
    ----------
    spaces : mapping of name to OpenSpace
    lacking : mapping of name to Lacking
    is_list : bool
        Whether the words were looked up in all spaces. Of a rule's words the first space was only walked, so other
        spellings are not looked up there: that could take a minute.
    progress : Progress
    """
    return tuple(
        MissingWords(
            name,
            NOT_IN_VOCABULARY,
            tuple(lacks.words),
            lacks.count,
            _explained(spaces[name], list(spaces.values()) if is_list else [], lacks.words, progress),
        )
        for name, lacks in lacking.items()
        if lacks.count
    )


def hint(missing: Sequence[MissingWords]) -> str:
    """A sentence on some words that are there in another way, with a blank before it; empty if none is."""
    why = {one.word: one.why for space in missing for one in space.explained}
    if not why:
        return ""
    return f" Missing are {first_few([f'{word!r} ({reason})' for word, reason in why.items()], MOST_HINTS)}."


def _explained(
    space: OpenSpace, spaces: Sequence[OpenSpace], words: Sequence[str], progress: Progress
) -> tuple[Explanation, ...]:
    if space.takes_any_word:
        return ()
    variants = {word: _spelt_otherwise(word) for word in words}
    candidates = list(dict.fromkeys(one for some in variants.values() for one in some))
    here = _had(space, candidates, progress)
    everywhere = set.intersection(*(_had(one, candidates, progress) for one in spaces)) if spaces else set()
    explained = []
    for word, why in zip(words, space.why_missing(words), strict=True):
        existing = sorted((one for one in variants[word] if one in here), key=lambda one: one not in everywhere)
        if existing:
            why = "; ".join(filter(None, (why, f"there as {existing[0]!r}")))
        if why:
            explained.append(Explanation(word, why, existing[0] if existing and existing[0] in everywhere else None))
    return tuple(explained)


def _spelt_otherwise(word: str) -> list[str]:
    return [one for one in dict.fromkeys(spelt(word) for spelt in SPELLINGS) if one not in (word, "")]


def _had(space: OpenSpace, words: Sequence[str], progress: Progress) -> set[str]:
    if space.takes_any_word:
        return set(words)
    return {words[k] for k in np.flatnonzero(space.find(words, progress) >= 0).tolist()}
