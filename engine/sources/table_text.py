"""Tables as text, .csv and .tsv: in each row a word and its numbers, above them perhaps a row of headings.

pandas writes such tables with `to_csv`, with the words as index or beside an index of numbers; both are read.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np

from engine.data import FloatArray
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.table_space import TableSpace

LONGEST_LINE = 1 << 23  # characters; hundreds of thousands of numbers
CHUNK = 1 << 16  # numbers converted at once
SEPARATORS = ("\t", ",", ";")
WORD_NAMES = frozenset(("word", "words", "token", "tokens", "term", "label", "name"))
INDEX_NAMES = frozenset(("", "index", "unnamed: 0"))
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")


def open_text(file: IO[bytes], path: Path, progress: Progress) -> TableSpace:
    """The space in a table of text, all of it in memory.

    Raises
    ------
    SourceError
        Which names line and column of what is wrong.
    """
    before = os.fstat(file.fileno())
    text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        table = _Table(text, path, lambda: file.tell() / before.st_size)
        words, vectors = table.read(progress)
        after = os.fstat(file.fileno())
    finally:
        text.detach()  # the file stays open for whoever opened it
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise SourceError(f"{path.name} changed while it was read; run the analysis again.")
    return TableSpace(path.name, words, vectors.shape[1], lambda indices, _: vectors[indices])


class _Table:
    def __init__(self, text: io.TextIOWrapper, path: Path, how_far: Callable[[], float]) -> None:
        self._text, self._name, self._how_far = text, path.name, how_far
        self._word_column, self._width = 0, 0
        preferred = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
        self._separators = sorted(SEPARATORS, key=lambda separator: separator != preferred)

    def read(self, progress: Progress) -> tuple[list[str | None], FloatArray]:
        """The word of each row, and the matrix: in 32 bits if that loses nothing, else in 64."""
        words: list[str | None] = []
        parts: list[FloatArray] = []
        for lines, some in self._chunks(self._data_rows()):
            progress.step(f"reading {self._name}, {len(words):,} words", self._how_far())
            words += [_word(row[self._word_column]) for row in some]
            parts.append(self._numbers(lines, some))
        if not words:
            raise SourceError(f"{self._name} has no row of a word and numbers; choose a table of words and vectors.")
        return words, _joined(parts)

    def _data_rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, fields) of each row below the headings."""
        separator = max(self._separators, key=self._evidence)  # the first of equals
        first_two = self._first_two(separator)
        if max(map(len, first_two), default=0) < 2:
            raise SourceError(
                f"{self._name} is no table: its first line is not a word and numbers, parted by commas or tabs; choose "
                "another file."
            )
        has_headings, self._word_column = _layout(*first_two)
        self._width = len(first_two[0])
        rows = self._rows(separator)
        return islice(rows, 1, None) if has_headings else rows

    def _first_two(self, separator: str) -> list[list[str]]:
        return [fields for _, fields in islice(self._rows(separator), 2)]

    def _evidence(self, separator: str) -> int:
        """How many numbers the first rows have if this is what parts the fields."""
        try:
            fields = [field for row in self._first_two(separator) for field in row[1:]]
        except SourceError:
            return -1
        return sum(_is_number(field) or _has_comma(field) for field in fields)

    def _rows(self, separator: str) -> Iterator[tuple[int, list[str]]]:
        """(line, fields) of each row that is not blank, from the beginning."""
        self._text.seek(0)
        reader = csv.reader(self._lines(), delimiter=separator, strict=True)
        line = 1
        try:
            for fields in reader:
                if fields:
                    yield line, fields
                line = reader.line_num + 1
        except csv.Error as error:
            raise SourceError(
                f"Line {line:,} of {self._name} cannot be told into fields ({error}); put words with commas or quotes "
                "into quotes, and double the quotes in them."
            ) from None

    def _lines(self) -> Iterator[str]:
        number = 0
        while line := self._text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
                raise SourceError(f"Line {number:,} of {self._name} has no end; the file is damaged, get it again.")
            yield line

    def _chunks(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[list[int], list[list[str]]]]:
        lines: list[int] = []
        some: list[list[str]] = []
        for line, fields in rows:
            if len(fields) != self._width:
                raise SourceError(
                    f"Line {line:,} of {self._name} has {len(fields):,} columns, not {self._width:,} like its first "
                    "line; mend or remove it."
                )
            lines.append(line)
            some.append(fields)
            if len(some) * self._width >= CHUNK:
                yield lines, some
                lines, some = [], []
        if some:
            yield lines, some

    def _numbers(self, lines: Sequence[int], some: Sequence[Sequence[str]]) -> FloatArray:
        first = self._word_column + 1
        try:
            values = np.array([[float(field) for field in row[first:]] for row in some])
        except ValueError:
            values = np.array([np.nan])
        if not np.isfinite(values).all():
            raise self._wrong(lines, some)
        with np.errstate(over="ignore"):
            short = values.astype(np.float32)
        return short if np.array_equal(short, values) else values

    def _wrong(self, lines: Sequence[int], some: Sequence[Sequence[str]]) -> SourceError:
        """The error that names the first field that is no number."""
        fields = ((k, i, field) for k, row in enumerate(some) for i, field in enumerate(row) if i > self._word_column)
        k, i, field = next(each for each in fields if not _is_number(each[2]))
        shown = field if len(field) <= 40 else f"{field[:37]}..."
        if not field.strip():
            what = "is empty; write a number there, or remove the row"
        elif _has_comma(field):
            what = f"has {shown!r}, a number with a decimal comma; write it with a point"
        else:
            what = f"has {shown!r} where a number belongs; mend it, or remove the row"
        return SourceError(f"Line {lines[k]:,} of {self._name}, column {i + 1:,}, {what}.")


def _layout(first: Sequence[str], second: Sequence[str] = ()) -> tuple[bool, int]:
    """Whether the first row is one of headings, and the column of the words: 1 if pandas put numbers before it."""
    heading = first[0].strip().lower()
    numbered = heading in INDEX_NAMES and len(first) > 2 and len(second) > 2 and second[0].isdecimal()
    column = int(numbered and (first[1].strip().lower() in WORD_NAMES or _is_text(second[1])))
    names = [name.strip() for name in first[column + 1 :]]
    counted = [str(i) for i in range(len(names) + 1)]
    is_word = heading in WORD_NAMES | INDEX_NAMES
    return column == 1 or all(map(_is_text, names)) or (is_word and names in (counted[:-1], counted[1:])), column


def _word(field: str) -> str | None:
    """The word, None if its bytes were not UTF-8, which the reader passes on as lone surrogates."""
    try:
        field.encode()
    except UnicodeEncodeError:
        return None
    return field


def _is_text(field: str) -> bool:
    """Whether a field cannot be a number gone wrong."""
    try:
        float(field)
    except ValueError:
        return bool(field.strip()) and not _has_comma(field)
    return False


def _is_number(field: str) -> bool:
    try:
        return math.isfinite(float(field))
    except ValueError:
        return False


def _has_comma(field: str) -> bool:
    return DECIMAL_COMMA.fullmatch(field) is not None


def _joined(parts: list[FloatArray]) -> FloatArray:
    """The parts below each other; each is let go as soon as it is copied."""
    matrix = np.empty((sum(map(len, parts)), parts[0].shape[1]), np.result_type(*parts))
    end = len(matrix)
    while parts:
        part = parts.pop()
        matrix[end - len(part) : end] = part
        end -= len(part)
    return matrix
