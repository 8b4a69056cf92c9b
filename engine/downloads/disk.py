"""Room and errors of the disk that a download goes to."""

from __future__ import annotations

import errno
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine import cache
from engine.errors import ExportError, SourceError

RESERVE = 1 << 28  # bytes left free, so that a download never fills the disk


def check_room(title: str, needed: Sequence[tuple[Path, int]]) -> None:
    """Nothing, if there is room for files.

    Parameters
    ----------
    title : str
        What the user calls it.
    needed : sequence of (Path, int)
        Folders, which need not be there yet, and the bytes that go to each.

    Raises
    ------
    SourceError
    """
    by_disk: Counter[int] = Counter()
    for folder, size in needed:
        place = nearest(folder)
        by_disk[place.stat().st_dev] += size
        free = shutil.disk_usage(place).free
        if (more := by_disk[place.stat().st_dev] + RESERVE - free) > 0:
            raise SourceError(
                f"There is too little room in {folder} for {title}: {more / 1e6:,.0f} MB more are needed; free some "
                "and fetch it again."
            )


def nearest(folder: Path) -> Path:
    """The folder, or the one above it that is there already."""
    return next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())


def same_disk(first: Path, second: Path) -> bool:
    """Whether a file can be moved from one folder to another without copying it."""
    return nearest(first).stat().st_dev == nearest(second).stat().st_dev


@contextmanager
def disk_errors(name: str, folder: Path) -> Iterator[None]:
    """Turns what the system complains of while a file is written into a `SourceError`."""
    try:
        yield
    except (OSError, ExportError) as error:
        cause = error.__cause__ if isinstance(error, ExportError) else error
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SourceError(
                f"The disk became full while {name} was fetched; free some space and fetch it again: what has come is "
                "kept."
            ) from None
        reason = getattr(cause, "strerror", None) or cause
        places = " or ".join(dict.fromkeys(os.fspath(place) for place in (cache.folder(), folder)))
        raise SourceError(
            f"{name} cannot be written to {places} ({reason}); make that a folder to write to and fetch it again."
        ) from None
