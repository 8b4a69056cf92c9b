"""How many words the spaces share, of a rule or list: told while one is still choosing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.data import IntArray, read_only
from engine.progress import Progress
from engine.request import AnalysisRequest
from engine.sources import OpenSpace
from engine.step_cache import StepCache
from engine.words import MOST_AT_ONCE, WordList, WordRule, batches, distinct

MOST_KEPT = 1_000_000  # words, 60 MB; of more, the spaces are walked anew


@dataclass(frozen=True)
class WordCount:
    """How many words there are to be had.

    Parameters
    ----------
    shared : int
        Words of the rule or list that all spaces have.
    wanted : int or None
        The rule's limit, or how many different words the list has; None: all.
    is_exact : bool
        Not where a space cuts words it lacks into pieces: nearly all words can be cut.
    """

    shared: int
    wanted: int | None
    is_exact: bool = True


@dataclass(frozen=True, eq=False)
class _Vocabulary:
    """All words that the spaces share and their ranks in the first; None where they are too many to be kept."""

    words: tuple[str, ...] | None
    ranks: IntArray


def describe_count(count: WordCount, words: WordRule | WordList) -> str:
    """ "100 of 1,112 shared words", "all 37 shared words", "22 of 24 words shared"."""
    if isinstance(words, WordList):
        return f"{count.shared:,} of {count.wanted:,} words shared"
    about = "" if count.is_exact else "about "
    if count.wanted is None or count.wanted >= count.shared:
        return f"all {about}{count.shared:,} shared words" if count.shared else "no shared words"
    return f"{count.wanted:,} of {about}{count.shared:,} shared words"


def count_shared_words(request: AnalysisRequest, progress: Progress, cache: StepCache) -> WordCount | None:
    """How many words of the request's rule or list all its spaces have; None if a space has not been opened yet.

    Parameters
    ----------
    request : AnalysisRequest
    progress : Progress
    cache : StepCache
        The one of the analyses: what they opened is not opened again, and what is found is kept there.

    Raises
    ------
    EngineError
        If the rule's pattern is invalid or a file cannot be read any more.
    Cancelled
    """
    spaces = _opened(request, cache)
    if spaces is None:
        return None
    asked = [space for space in _different(spaces) if not space.takes_any_word]
    if isinstance(request.words, WordList):
        return _count_list(asked, request.words, progress)
    first, others = spaces[0], [space for space in asked if space is not spaces[0]]
    counted = _count_rule(first, others, request.words, progress, cache)
    return WordCount(counted, request.words.limit, all(space in (first, *others) for space in spaces))


def _opened(request: AnalysisRequest, cache: StepCache) -> list[OpenSpace] | None:
    """The whole spaces; None if one is not open."""
    known = [cache.known("open", (space.source, space.source.stamp)) for space in request.spaces]
    return [space for space in known if isinstance(space, OpenSpace)] if all(known) else None


def _different(spaces: Iterable[OpenSpace]) -> list[OpenSpace]:
    return list({id(space): space for space in spaces}.values())


def _count_list(spaces: Sequence[OpenSpace], words: WordList, progress: Progress) -> WordCount:
    shared = n_distinct = 0
    for some in distinct(words.words):
        progress.step(f"counting {len(words.words):,} words")
        n_distinct += len(some)
        shared += int(_all_have(spaces, some, progress).sum())
    return WordCount(shared, n_distinct)


def _count_rule(
    first: OpenSpace, others: Sequence[OpenSpace], rule: WordRule, progress: Progress, cache: StepCache
) -> int:
    accepts = rule.accepts  # complains of the pattern before anything takes long
    key = first, *others
    vocabulary = cache.get("shared vocabulary", key, partial(_vocabulary, first, others, progress))
    if vocabulary.words is None:
        band = rule.in_band(first.words(progress))
        accepted = filter(lambda entry: accepts(entry[1]), band)
        return sum(int(_all_have(others, [word for _, word in some], progress).sum()) for some in batches(accepted))
    low = np.searchsorted(vocabulary.ranks, rule.min_rank or 0)
    high = len(vocabulary.ranks) if rule.max_rank is None else np.searchsorted(vocabulary.ranks, rule.max_rank, "right")
    counted = 0
    for start in range(int(low), int(high), MOST_AT_ONCE):
        progress.step("counting words")
        counted += sum(map(accepts, vocabulary.words[start : min(start + MOST_AT_ONCE, int(high))]))
    return counted


def _vocabulary(first: OpenSpace, others: Sequence[OpenSpace], progress: Progress) -> _Vocabulary:
    words: list[str] = []
    ranks: list[IntArray] = []
    for start, some in _counted(batches(first.words(progress))):
        here = [word for _, word in some]
        kept = np.flatnonzero(_all_have(others, here, progress))
        words += [here[k] for k in kept]
        ranks.append(start + kept)
        if len(words) > MOST_KEPT:
            return _Vocabulary(None, read_only(np.empty(0, np.int64)))
    return _Vocabulary(tuple(words), read_only(np.concatenate([np.empty(0, np.int64), *ranks])))


def _counted(portions: Iterable[list[tuple[int, str]]]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Each portion with the rank of its first word."""
    rank = 1
    for portion in portions:
        yield rank, portion
        rank += len(portion)


def _all_have(spaces: Sequence[OpenSpace], words: Sequence[str], progress: Progress) -> IntArray:
    """(n,) whether all spaces have each word."""
    have = np.ones(len(words), bool)
    for space in spaces:
        have &= space.find(words, progress) >= 0
    progress.step("counting words")
    return have
