"""Word lists as people have them: pasted, or in a text file or table, perhaps with a category beside each word."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import StringIO
from pathlib import Path

from engine.data import MissingWords
from engine.errors import WordsError
from engine.words import WordList

LARGEST_FILE = 64 << 20  # bytes; a list of a million words has fewer
PART = 1 << 18  # characters taken apart at once
SEPARATORS = re.compile(r"[\s,;]+")
LOOKED_AT = 1 << 16  # characters by which a table of vectors is recognised
MOST_COLUMNS = 3  # a word, a category and perhaps a count; a vector has more
HEADINGS = {"word", "words", "item", "category", "categories", "class", "group", "label"}


def parse_word_list(text: str) -> WordList:
    """The words of a text, and their categories if the lines are words and categories.

    Parameters
    ----------
    text : str
        Words separated by white space, commas or semicolons; or lines of two columns, separated by a tab, semicolon or
        comma: a word and its category, perhaps with headings above. Of lines with tabs a few may have none, or no word,
        and there may be columns of numbers after these two.
    """
    rows = _two_columns([line for part in _parts(text) for line in part.splitlines() if line.strip()])
    if not rows:
        return WordList(tuple([word for part in _parts(text) for word in SEPARATORS.split(part) if word]))
    if {cell.casefold() for cell in rows[0]} <= HEADINGS:
        rows = rows[1:]
    categories = {word: category for word, category in reversed(rows) if category}  # a repeated word's first counts
    words = tuple(word for word, _ in rows)
    return WordList(words, tuple((word, categories[word]) for word in dict.fromkeys(words) if word in categories))


def word_list_text(words: WordList) -> str:
    """The list as `parse_word_list` reads it: a word a line, with a tab and its category where there are any."""
    if not words.categories and not any(map(SEPARATORS.search, words.words)):  # else the tab tells where a word ends
        return "\n".join(words.words)
    categories, text = dict(words.categories), StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows([w, categories.get(w, "")] for w in words.words)
    return text.getvalue().removesuffix("\n")


def spelt_as_found(words: WordList, missing: Sequence[MissingWords]) -> WordList:
    """The list with words that some space lacks written as all spaces have them, where they do; each word once."""
    instead = {one.word: one.instead for space in missing for one in space.explained if one.instead is not None}
    listed = tuple(dict.fromkeys(instead.get(word, word) for word in words.words))
    categories = {instead.get(word, word): category for word, category in reversed(words.categories)}
    return WordList(listed, tuple((word, categories[word]) for word in listed if word in categories))


def read_word_list(path: Path) -> WordList:
    """The word list in a text file or table.

    Raises
    ------
    WordsError
        If it cannot be read, is no text, has no words, or is a table of vectors or a session.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise WordsError(f"{path.name} is larger than {LARGEST_FILE >> 20} MB; choose a list of words.", "words")
        text = content.decode("utf-8-sig")
        words = parse_word_list(text)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        reason = "is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else f"cannot be read ({why})"
        raise WordsError(f"{path.name} {reason}; choose a list of words.", "words") from None
    if other := _something_else(text):
        raise WordsError(f"{path.name} looks like {other}; choose a list of words, or open it as what it is.", "words")
    if not words.words:
        raise WordsError(f"{path.name} has no words; choose a list of words.", "words")
    return words


def _parts(text: str) -> Iterator[str]:
    """The text in parts of whole lines: a single call for millions of them would stop every other thread."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start + PART) + 1 or len(text)
        yield text[start:stop]
        start = stop


def _something_else(text: str) -> str:
    """What a text is if it is clearly no list of words: a table of vectors, a session, no text; else empty."""
    if "\0" in text:
        return "no text"
    if text.lstrip().startswith("{"):
        return "a session"
    beginnings = (SEPARATORS.split(line.strip()) for line in text[:LOOKED_AT].splitlines()[:-1])
    rows = [cells for cells in beginnings if len(cells) > MOST_COLUMNS]
    return "a table of vectors" if any(all(map(_is_number, cells[1:])) for cells in rows) else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _two_columns(lines: Sequence[str]) -> list[tuple[str, str]]:
    """(word, category) of the lines; empty if they do not have two columns."""
    rows = _tabbed(lines) or _marked(lines, ";", fewest=1) or _marked(lines, ",", fewest=2)
    return [(word.strip(), category.strip()) for word, category in rows]


def _marked(lines: Sequence[str], mark: str, fewest: int) -> list[list[str]]:
    """[word, category] of lines that all have one mark; empty if they do not, or are fewer."""
    rows = _cells(lines, mark) if len(lines) >= fewest and all(mark in line for line in lines) else []
    return rows if _are_pairs(rows) else []


def _tabbed(lines: Sequence[str]) -> list[list[str]]:
    """[word, category] of lines most of which have both; the words of the others have no category.

    A category without a word is left out, as are numbers after both: a table has such cells.
    """
    if 2 * sum("\t" in line for line in lines) <= len(lines):
        return []
    tabbed = iter(_cells([line for line in lines if "\t" in line], "\t"))
    rows: list[list[str]] = []
    for line in lines:
        rows += [next(tabbed)] if "\t" in line else [[word, ""] for word in SEPARATORS.split(line) if word]
    if all(_is_number(cell) for row in rows[1:] for cell in row[2:] if cell.strip()):  # the first may be headings
        rows = [row[:2] for row in rows]
    if 2 * sum(all(map(str.strip, row)) for row in rows) > len(rows):
        rows = [row for row in rows if row[0].strip()]
    return rows if _are_pairs(rows) else []


def _are_pairs(rows: Sequence[Sequence[str]]) -> bool:
    return all(len(row) == 2 and row[0].strip() for row in rows)


def _cells(lines: Sequence[str], mark: str) -> list[list[str]]:
    """The cells of every line, which may be quoted."""
    with suppress(csv.Error):  # a cell that is too long
        rows = [row for row in csv.reader(lines, delimiter=mark)]  # noqa: C416  a list() would not give way
        if len(rows) == len(lines):
            return rows
    return [line.split(mark) for line in lines]  # quotes that are words, not around them
