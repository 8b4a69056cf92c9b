"""A file in another form, made once and kept in the cache: whole, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine import cache
from engine.errors import ExportError, SourceError
from engine.sources.base import file_stamp
from engine.writing import write_atomically

RESERVE = 1 << 28  # bytes left free on the disk, so that a copy never fills it


@dataclass(frozen=True)
class CachedCopy:
    """What is made of a file, in words for messages.

    Parameters
    ----------
    path : Path
        The file.
    stamp : (int, int) or None
        Its size and time when the making began.
    verb, participle : str
        "unpack", "unpacked".
    way_out : str
        What the user can do where there is no room: "unpack it yourself and choose the unpacked one".
    """

    path: Path
    stamp: tuple[int, int] | None
    verb: str
    participle: str
    way_out: str

    def write(self, target: Path, needed: int, content: Callable[[BinaryIO], None]) -> None:
        """Write the copy; its time is the file's, so that making it again changes nothing.

        Parameters
        ----------
        target : Path
            The cache entry.
        needed : int
            Bytes that it will take, as far as one can tell.
        content : callable
            Writes to the open file it is given.

        Raises
        ------
        SourceError
            If there is no room, or the file changed meanwhile; nothing remains.
        """

        def write(file: BinaryIO) -> None:
            content(file)
            if self.stamp is None or file_stamp(self.path) != self.stamp:
                raise SourceError(f"{self.path.name} changed while it was {self.participle}; run the analysis again.")
            file.flush()  # or the last of it would set the time again
            os.utime(file.name, ns=(self.stamp[1], self.stamp[1]))

        try:
            cache.prepare(target)
            self.check_room(needed)
            write_atomically(target, write)
        except (ExportError, OSError) as error:
            raise self._not_written(error) from None

    def check_room(self, needed: int) -> None:
        """Nothing, if the disk has room for so many bytes more.

        Raises
        ------
        SourceError
        """
        if shutil.disk_usage(cache.folder()).free < needed + RESERVE:
            raise self._no_room()

    def _not_written(self, error: Exception) -> SourceError:
        cause = error.__cause__ or error
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            return self._no_room()
        reason = getattr(cause, "strerror", None) or cause
        return SourceError(
            f"{self.path.name} cannot be {self.participle} into {cache.folder()} ({reason}); {self.way_out}."
        )

    def _no_room(self) -> SourceError:
        return SourceError(
            f"There is too little room in {cache.folder()} to {self.verb} {self.path.name}; free some, or "
            f"{self.way_out}."
        )
