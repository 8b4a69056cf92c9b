"""What one should know of one's own word list: words listed twice, words that differ in case only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

MOST_COMPARED = 100_000  # words; of longer lists nobody reads which repeat or differ in case, and it takes a while
MOST_NAMED = 5


def notes_on_list(listed: Sequence[str], n_distinct: int, found: Sequence[str]) -> list[str]:
    """Sentences on a list of words.

    Parameters
    ----------
    listed : sequence of str
        As the user has them.
    n_distinct : int
        How many different words these are.
    found : sequence of str
        The different words that all spaces have.
    """
    notes = []
    if repeated := len(listed) - n_distinct:
        counts = Counter(listed if len(listed) <= MOST_COMPARED else ())
        which = _named(word for word, count in counts.items() if count > 1)
        notes.append(
            f"The word list repeats {repeated:,} of its words; each was taken once{f': {which}' if which else ''}."
        )
    groups: dict[str, list[str]] = {}
    for word in found if len(found) <= MOST_COMPARED else ():
        groups.setdefault(word.casefold(), []).append(word)
    alike = [group for group in groups.values() if len(group) > 1]
    notes += [
        f"{_named(group)} differ in case only: {len(group)} words, each with a vector of its own."
        for group in alike[:MOST_NAMED]
    ]
    if len(alike) > MOST_NAMED:
        notes.append(f"And {len(alike) - MOST_NAMED:,} more groups of words differ in case only.")
    return notes


def first_few(named: Sequence[str], most: int) -> str:
    """Some of the names, and how many more there are: "'moon', 'star', 12 more"."""
    more = [f"{len(named) - most:,} more"] if len(named) > most else []
    return ", ".join([*named[:most], *more])


def _named(words: Iterable[str]) -> str:
    return first_few([repr(word) for word in words], MOST_NAMED)
