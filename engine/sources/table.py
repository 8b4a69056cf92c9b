"""Tables with one row per word: numpy's .npz with `words` and `vectors`, and .csv and .tsv text, told by content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import FileSource, OpenSpace, unreadable
from engine.sources.first_bytes import PICKLES

OTHER_FILES = (  # first bytes, what that is, the way out
    (b"\x1f\x8b", "packed with gzip", "unpack it and choose the unpacked file"),
    ((b"\xff\xfe", b"\xfe\xff"), "text in UTF-16", "save it as UTF-8"),
    (b"\x93NUMPY", "a numpy array without words", "save words and vectors together with numpy.savez"),
    (PICKLES, "a pickle", "save words and vectors with numpy.savez"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save it as CSV"),
)


@dataclass(frozen=True)
class TableSource(FileSource):
    """A table of words and their vectors.

    Parameters
    ----------
    path : Path
        .npz with the arrays `words` (n) and `vectors` (n x d); or .csv or .tsv, a word and d numbers in each row.
    """

    kind: ClassVar[str] = "table"

    def open(self, progress: Progress) -> OpenSpace:
        progress.step(f"opening {self.path.name}")
        try:
            with self.path.open("rb") as file:
                head = file.read(8)
                file.seek(0)
                _check_kind(self.path.name, head)
                if head.startswith(b"PK"):
                    from engine.sources.table_npz import open_npz

                    return open_npz(file, self.path, progress)
                from engine.sources.table_text import open_text

                return open_text(file, self.path, progress)
        except (OSError, ValueError) as error:  # ValueError: a name that cannot be
            raise unreadable(self.path, error) from None
        except MemoryError:
            raise SourceError(
                f"{self.path.name} needs more memory than there is; save it with numpy.savez, which is read row by row."
            ) from None


def _check_kind(name: str, head: bytes) -> None:
    if not head:
        raise SourceError(f"{name} is empty; choose a table of words and their vectors.")
    for magic, what, way_out in OTHER_FILES:
        if head.startswith(magic):
            raise SourceError(f"{name} is {what}; {way_out}.")
