"""Words found among those shown, or why one is not there."""

from __future__ import annotations

from collections.abc import Sequence

from engine.description import printable
from engine.result import AnalysisResult
from engine.words import WordList, WordRule


class WordFinder:
    """The words of a result, found by a part of them, in whatever case.

    Parameters
    ----------
    words : sequence of str
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._folded = [word.casefold() for word in words]

    def find(self, text: str) -> list[str]:
        """The words that are the text, then those that begin with it, then those that have it inside."""
        wanted = text.strip().casefold()
        if not wanted:
            return []
        found: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
        for word, folded in zip(self._words, self._folded, strict=True):
            if wanted in folded:
                kind = 0 if word == text.strip() else 1 if folded == wanted else 2 if folded.startswith(wanted) else 3
                found[kind].append(word)
        return [word for words in found for word in words]


def why_not_shown(result: AnalysisResult, text: str) -> str:
    """One sentence on why a word is not among those of a result."""
    word = text.strip()
    return f"“{printable(word)}” is not shown: {_reason(result, word)}."


def _reason(result: AnalysisResult, word: str) -> str:
    lacking = [missing for missing in result.missing if word in missing.words]
    if lacking:
        spaces = " and ".join(printable(missing.space) for missing in lacking)
        return f"missing in {spaces}, {lacking[0].reason}"
    words = result.request.words
    if isinstance(words, WordList):
        return "it is on the list, but could not take part" if word in words.words else "it is not on the list of words"
    return _outside(words, word) or _left_out(words)


def _outside(rule: WordRule, word: str) -> str:
    """What of the rule a word does not keep; empty if it keeps all."""
    if not rule.min_length <= len(word) <= rule.max_length:
        spread = {rule.min_length: f"{rule.min_length}"}.get(rule.max_length, f"{rule.min_length} to {rule.max_length}")
        unit = "character" if len(word) == 1 else "characters"
        return f"outside the rule, which takes words of length {spread}; this has {len(word)} {unit}"
    return "" if rule.accepts(word) else "outside the rule for case, characters or pattern"


def _left_out(rule: WordRule) -> str:
    if rule.has_band:
        return "it fits the rule, but its rank may be another, or it is not a word that all spaces have"
    if rule.limit is None:
        return "it fits the rule, but is not a word that all spaces have"
    which = "of the random draw" if rule.pick == "random" else "among the first"
    return f"it fits the rule, but is not {which} {rule.limit:,} words that all spaces have"
