"""Which words an analysis is about: a rule or a list -> the shared words of the spaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Self, TypeVar

import numpy as np

from engine.data import IntArray, MissingWords, read_only
from engine.errors import WordsError, concerning
from engine.list_notes import notes_on_list
from engine.missing import Lacking, hint, missing_words
from engine.progress import Progress
from engine.sources.base import OpenSpace

FEWEST_AT_ONCE, MOST_AT_ONCE = 64, 1 << 14  # words handled at once: in one call, which stops all other threads

CASES: dict[str, Callable[[str], bool]] = {
    "any": lambda word: True,
    "lower": str.islower,
    "upper": str.isupper,
    "title": str.istitle,
}
CHARACTERS: dict[str, Callable[[str], bool]] = {
    "any": lambda word: True,
    "letters": str.isalpha,
    "ascii-letters": lambda word: word.isascii() and word.isalpha(),
}
PICKS = ("first", "random")


T = TypeVar("T")
_Found = tuple[str, list[int]]  # a shared word and its index in every space


@dataclass(frozen=True)
class WordRule:
    """Words by their form. The default is the notebook recipe's: the first 100 shared words of six characters.

    Parameters
    ----------
    min_length, max_length : int
        Characters, inclusive.
    limit : int or None
        How many words at most; None: all.
    pattern : str
        Regular expression that the whole word must match; empty: any.
    case : str
        A key of `CASES`.
    characters : str
        A key of `CHARACTERS`.
    pick : str
        "first": the first `limit` in the first space's order; "random": a seeded draw of `limit` out of all.
    min_rank, max_rank : int or None
        A band of the first space's words, counted from 1 in its order, inclusive; None: open. In a file of vectors the
        frequent words stand first, in a tokenizer's vocabulary those that were merged early.
    """

    min_length: int = 6
    max_length: int = 6
    limit: int | None = 100
    pattern: str = ""
    case: str = "any"
    characters: str = "any"
    pick: str = "first"
    min_rank: int | None = None
    max_rank: int | None = None

    @cached_property
    def accepts(self) -> Callable[[str], bool]:
        """The rule as a function of one word.

        Raises
        ------
        WordsError
            If the pattern is not a regular expression.
        """
        try:
            matches = re.compile(self.pattern).fullmatch if self.pattern else None
        except (re.error, OverflowError, RecursionError) as error:
            raise WordsError(
                f"The word pattern {self.pattern!r} is not a regular expression: {error}.", "words.pattern"
            ) from None
        case, characters = CASES[self.case], CHARACTERS[self.characters]

        def accepts(word: str) -> bool:
            return (
                self.min_length <= len(word) <= self.max_length
                and case(word)
                and characters(word)
                and (matches is None or matches(word) is not None)
            )

        return accepts

    @property
    def has_band(self) -> bool:
        """Whether some ranks are left out."""
        return self.min_rank is not None or self.max_rank is not None

    def in_band(self, entries: Iterable[T]) -> Iterator[T]:
        """What of a space's words in their order lies in the band of ranks; nothing beyond it is looked at."""
        return islice(entries, (self.min_rank or 1) - 1, self.max_rank)


@dataclass(frozen=True)
class WordList:
    """Words one by one, in the user's order.

    Parameters
    ----------
    words : tuple of str
    categories : tuple of (word, category)
    """

    words: tuple[str, ...]
    categories: tuple[tuple[str, str], ...] = ()

    def without(self, dropped: Collection[str]) -> WordList:
        """The list without some of its words."""
        return WordList(
            tuple(word for word in self.words if word not in dropped),
            tuple((word, category) for word, category in self.categories if word not in dropped),
        )

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Computed once: for millions of words it takes a while, and every step of an analysis asks for it."""
        portions = (self.words[k : k + MOST_AT_ONCE] for k in range(0, len(self.words), MOST_AT_ONCE))
        return hash((*map(hash, portions), self.categories))

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), (self.words, self.categories)  # without the hash, which is another in another process


@dataclass(frozen=True, eq=False)
class SharedWords:
    """The words under study and where each space keeps them.

    Parameters
    ----------
    words : tuple of str
        n words that every space has.
    indices : tuple of (n,) int64 arrays
        One per space: the words' positions in its vocabulary.
    missing : tuple of MissingWords
        Words considered that some space lacks.
    notes : tuple of str
        Facts the user should see.
    """

    words: tuple[str, ...]
    indices: tuple[IntArray, ...]
    missing: tuple[MissingWords, ...]
    notes: tuple[str, ...] = ()


def find_shared_words(
    spaces: Mapping[str, OpenSpace], words: WordRule | WordList, seed: int, progress: Progress
) -> SharedWords:
    """The words of the rule or list that all spaces have.

    Parameters
    ----------
    spaces : mapping of name to OpenSpace
        Two or more. A rule walks the first one's words in their order.
    words : WordRule or WordList
    seed : int
        For `pick="random"`.

    Raises
    ------
    WordsError
        If no word is shared.
    """
    if isinstance(words, WordList):
        return _look_up(spaces, words, progress)
    return _walk(spaces, words, seed, progress)


def _walk(spaces: Mapping[str, OpenSpace], rule: WordRule, seed: int, progress: Progress) -> SharedWords:
    names = list(spaces)
    lacking = {name: Lacking() for name in names[1:]}
    accepts = rule.accepts

    def shared() -> Iterator[_Found]:
        band = rule.in_band(_entries(spaces[names[0]], progress))
        accepted = filter(lambda entry: accepts(entry[1]), band)
        for batch in batches(accepted):
            words = [word for _, word in batch]
            columns = _find(spaces, words, progress, [index for index, _ in batch])
            for word, *indices in zip(words, *columns, strict=True):
                lackers = [name for name, index in zip(names, indices, strict=True) if index < 0]
                for name in lackers:
                    lacking[name].add([word])
                if not lackers:
                    yield word, indices

    _find(spaces, [], progress, [])  # what is wrong with the other spaces, before the first is walked
    if rule.pick == "random":
        found = _draw(list(shared()), rule.limit, seed)
    else:
        found = list(islice(shared(), rule.limit))
    if not found:
        raise WordsError(
            f"No word of the rule is in all of {listed(list(spaces))}; widen the rule or choose other spaces.", "words"
        )
    notes = []
    if rule.limit is not None and len(found) < rule.limit:
        notes.append(f"The spaces share {len(found):,} words of this rule, fewer than the {rule.limit:,} asked for.")
    return _shared_words(found, missing_words(spaces, lacking, False, progress), notes)


def _entries(first: OpenSpace, progress: Progress) -> Iterator[tuple[int, str]]:
    with concerning("spaces[0]"):
        yield from first.words(progress)


def batches(entries: Iterator[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """The entries in growing portions: few are read in vain if few are wanted, many are looked up at once."""
    size = FEWEST_AT_ONCE
    while batch := list(islice(entries, size)):
        yield batch
        size = min(2 * size, MOST_AT_ONCE)


def _find(
    spaces: Mapping[str, OpenSpace], words: Sequence[str], progress: Progress, first: list[int] | None = None
) -> list[list[int]]:
    """The words' indices in every space, -1 where it lacks them; of the first they may be known."""
    columns: dict[int, list[int]] = {}  # by the whole space: what are parts of one have the same words
    if first is not None:
        columns[id(next(iter(spaces.values())).whole)] = first
    for k, space in enumerate(spaces.values()):
        if id(space.whole) not in columns:
            with concerning(f"spaces[{k}]"):
                columns[id(space.whole)] = space.find(words, progress).tolist()
    return [columns[id(space.whole)] for space in spaces.values()]


def _draw(found: list[_Found], limit: int | None, seed: int) -> list[_Found]:
    if limit is None or limit >= len(found):
        return found
    drawn = np.random.default_rng(seed).choice(len(found), limit, replace=False)
    return [found[i] for i in sorted(drawn)]


def _look_up(spaces: Mapping[str, OpenSpace], words: WordList, progress: Progress) -> SharedWords:
    n, n_distinct = len(words.words), 0
    found: list[_Found] = []
    lacking = {name: Lacking() for name in spaces}
    for k, some in enumerate(distinct(words.words)):
        progress.step(f"looking up {n:,} words", k * MOST_AT_ONCE / n)
        n_distinct += len(some)
        columns = _find(spaces, some, progress)
        for lacks, column in zip(lacking.values(), columns, strict=True):
            lacks.add([word for word, index in zip(some, column, strict=True) if index < 0])
        found += [(word, indices) for word, *indices in zip(some, *columns, strict=True) if min(indices) >= 0]
    missing = missing_words(spaces, lacking, True, progress)
    if not found:
        if not n_distinct:
            raise WordsError("The list has no words; type, paste or open some.", "words.list")
        none = f"None of the {n_distinct:,} listed words is in all of {listed(list(spaces))}."
        raise WordsError(none + hint(missing), "words.list")
    notes = notes_on_list(words.words, n_distinct, [word for word, _ in found])
    return _shared_words(found, missing, notes)


def distinct(words: Sequence[str]) -> Iterator[list[str]]:
    """The words in portions, each word once, however many millions there are: other threads go on meanwhile."""
    # Many small dicts: a single one would stop every other thread for a tenth of a second when it grows or goes. Dicts
    # and not sets, because the collector of garbage need not examine a dict of strings.
    seen: list[dict[str, None]] = [{} for _ in range(len(words) // MOST_AT_ONCE + 1)]
    for k in range(0, len(words), MOST_AT_ONCE):
        yield _new(words[k : k + MOST_AT_ONCE], seen)
    while seen:
        seen.pop()


def _new(words: Sequence[str], seen: list[dict[str, None]]) -> list[str]:
    """The words that were not seen before; now they are."""
    new = []
    for word in words:
        some = seen[hash(word) % len(seen)]
        if word not in some:
            some[word] = None
            new.append(word)
    return new


def _shared_words(found: Sequence[_Found], missing: tuple[MissingWords, ...], notes: Sequence[str]) -> SharedWords:
    words, rows = zip(*found, strict=True)
    indices = tuple(read_only(np.array(column, np.int64)) for column in zip(*rows, strict=True))
    return SharedWords(words, indices, missing, tuple(notes))


def listed(names: Sequence[str]) -> str:
    """The names as a sentence lists them: "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
