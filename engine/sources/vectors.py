"""Files of word vectors: word2vec binary and text, GloVe and fastText text, plain or gzip, told apart by content."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, utf_8_decode
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import FileSource, OpenSpace, unreadable
from engine.sources.first_bytes import FASTTEXT, PICKLES, is_gzip, needs_gensim
from engine.sources.vector_space import LONGEST_WORD, VectorFile, VectorSpace
from engine.sources.vector_text import TextFile, count_lines, is_number, trailing_numbers
from engine.sources.word2vec_binary import BinaryFile
from engine.sources.word_index import MOST_WORDS

MOST_DIMENSIONS = 1_000_000
HEAD = 1 << 20  # bytes a file is recognised by: enough for a first line of tens of thousands of values
SURE = 64  # bytes; if so many are printable they are no floats, of which every one has its chance not to be
HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[ \t]*(\d{1,30})[ \t]+(\d{1,30})[ \t]*\r?\n")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(e[+-]?\d+)?", re.IGNORECASE)

AS_WORD2VEC = "save the vectors in word2vec format and choose that file"
OTHER_FILES = (  # first bytes, what that is, the way out
    (PICKLES, "a pickle, which can run code when opened", AS_WORD2VEC),
    (b"PK\x03\x04", "a zip archive", "unpack it, or " + AS_WORD2VEC),
    (b"\x93NUMPY", "a numpy array without words", AS_WORD2VEC),
    (FASTTEXT, "a fastText model", "choose the .vec file that belongs to it"),
    (b"BZh", "packed with bzip2", "unpack it and choose the unpacked file"),
    (b"\xfd7zXZ", "packed with xz", "unpack it and choose the unpacked file"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "unpack it and choose the unpacked file"),
    (b"\xff\xd8\xff", "a JPEG picture", "choose a file of word vectors"),
    (b"\x89PNG", "a PNG picture", "choose a file of word vectors"),
    (b"%PDF", "a PDF document", "choose a file of word vectors"),
    ((b"{", b"["), "JSON", AS_WORD2VEC),
)


@dataclass(frozen=True)
class VectorsSource(FileSource):
    """A file of word vectors.

    Parameters
    ----------
    path : Path
        word2vec binary or text, GloVe or fastText text, or any of them in gzip; with the user's consent also what
        gensim pickled, and fastText models.
    """

    kind: ClassVar[str] = "vectors"

    def open(self, progress: Progress) -> OpenSpace:
        progress.step(f"opening {self.path.name}")
        try:
            return self._opened(progress)
        except (OSError, ValueError) as error:  # ValueError: a name that cannot be
            raise unreadable(self.path, error) from None

    def _opened(self, progress: Progress) -> OpenSpace:
        head = _head(self.path)
        if is_gzip(head):
            return self._open_packed(progress)
        if needs_gensim(head):
            from engine.sources.converting import convert, open_whole

            file = open_whole(convert(self.path, progress), self.path.name)
            return VectorSpace(file, restore=partial(convert, self.path))
        return VectorSpace(recognise(self.path, self.path.name, progress))

    def _open_packed(self, progress: Progress) -> OpenSpace:
        from engine.sources.unpacking import remove, unpack

        unpacked = unpack(self.path, progress)
        try:
            file = recognise(unpacked, self.path.name, progress)
        except SourceError:
            remove(unpacked)
            raise
        return VectorSpace(file, restore=partial(unpack, self.path))


def recognise(path: Path, name: str, progress: Progress) -> VectorFile:
    """The file with what its format knows of it, told by its content.

    Parameters
    ----------
    path : Path
        A file that is not packed.
    name : str
        What the user calls it.

    Raises
    ------
    SourceError
        If it holds no word vectors, or cannot hold as many as it promises.
    """
    head = _head(path)
    if header := HEADER.match(head):
        count, dimensions = int(header[1]), int(header[2])
        records = head[header.end() :]
        is_text = _is_text(records)
        if not is_text and _is_printable(records, dimensions):
            raise _not_numbers(name, records)
        _check_promise(path, name, count, dimensions, is_text)
        if is_text:
            return TextFile(path, name, header.end(), count, dimensions, has_header=True)
        return BinaryFile(path, name, header.end(), count, dimensions)
    start = len(BOM_UTF8) if head.startswith(BOM_UTF8) else 0
    first_line, line_end, _ = head[start:].partition(b"\n")
    dimensions = trailing_numbers(first_line)
    if dimensions > 1 and (line_end or len(head) < HEAD) and len(first_line.split()[0]) <= LONGEST_WORD:  # 1: prose
        return TextFile(path, name, start, count_lines(path, name, progress), dimensions, has_header=False)
    raise _not_vectors(name, head)


def _is_text(records: bytes) -> bool:
    """Whether what follows the first word is numbers one can read, on the whole; a lone wrong one is for the reader."""
    line, line_end, _ = records.partition(b"\n")
    fields = line.split()[1:]
    if not line_end:
        fields = fields[:-1]  # may be cut
    return 2 * sum(map(is_number, fields)) >= len(fields) > 0


def _is_printable(records: bytes, dimensions: int) -> bool:
    """Whether what would be the first vector, and SURE bytes in any case, is text with digits: no floats are that."""
    word = re.search(rb"\S\s", records)
    values = records[word.end() :][: max(4 * dimensions, SURE)] if word else b""
    try:
        text, _ = utf_8_decode(values, "strict", False)  # not final: its end may be cut
    except UnicodeDecodeError:
        return False
    return re.search(r"\d", text) is not None and re.sub(r"[\t\r\n]", " ", text).isprintable()


def _not_numbers(name: str, records: bytes) -> SourceError:
    """The error for text whose first line below the header is no word and numbers."""
    line = records.partition(b"\n")[0]
    odd = next((field.decode(errors="replace")[:40] for field in line.split()[1:] if not is_number(field)), "")
    if not line.strip():
        return SourceError(f"Line 2 of {name} is blank; remove it.")
    if DECIMAL_COMMA.fullmatch(odd):
        return SourceError(f"Line 2 of {name} has {odd!r}, a number with a decimal comma; write it with a point.")
    what = f"has {odd!r} where a number belongs" if odd else "is no word with numbers behind it"
    return SourceError(f"Line 2 of {name} {what}; write a word and its numbers in each line, parted by spaces.")


def _check_promise(path: Path, name: str, count: int, dimensions: int, is_text: bool) -> None:
    """Nothing, if the file is long enough for its own first line; allocates nothing."""
    if not count or not dimensions:
        raise SourceError(f"{name} promises {count:,} words of {dimensions:,} values; choose another file.")
    if dimensions > MOST_DIMENSIONS or count > MOST_WORDS:
        raise SourceError(
            f"{name} promises {count:,} words of {dimensions:,} values in its first line, more than any file of word "
            "vectors has: it is cut off or damaged; get it again."
        )
    size = path.stat().st_size
    least = count * (2 * dimensions + 1) if is_text else count * (4 * dimensions + 1)
    if size < least:
        raise SourceError(
            f"{name} promises {count:,} words of {dimensions:,} values in its first line, which need {least:,} "
            f"bytes or more, but it has {size:,}: it is cut off or damaged; get it again."
        )


def _not_vectors(name: str, head: bytes) -> SourceError:
    if not head:
        return SourceError(f"{name} is empty; choose a file of word vectors.")
    if head[8:10] == b'{"':
        return SourceError(f"{name} is a safetensors file; choose its folder as a Hugging Face model.")
    for magic, what, way_out in OTHER_FILES:
        if head.startswith(magic):
            return SourceError(f"{name} is {what}; {way_out}.")
    return SourceError(f"{name} holds no word vectors; choose a word2vec (binary or text), GloVe or fastText file.")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)
