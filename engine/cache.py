"""The folder of things that can be made again: indices of large files, unpacked files.

Everything in it belongs to a *subject*, a file as it was at one moment: its path, size and time. When the file has
changed, other entries are made and the earlier ones go.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from engine.writing import DRAFT

ABANDONED = 24 * 3600  # seconds after which a draft nobody writes to belongs to a process that was killed
SUFFIX = ".rsascope"


def folder() -> Path:
    """Where the cache is; it need not exist yet."""
    return user_cache_path("rsascope", appauthor=False)


def size() -> int:
    """Bytes that the cache takes on the disk."""
    total = 0
    for path in _ours():
        with suppress(OSError):  # another process may remove it meanwhile
            total += path.stat().st_size
    return total


def clear() -> int:
    """Remove everything from the cache; the bytes that remain because another program holds them open."""
    for path in _ours():
        _remove(path)
    return size()


def entry(subject: Path, stamp: object, kind: str) -> Path:
    """The path of a cached thing, which may or may not be there.

    Parameters
    ----------
    subject : Path
        The file it was made from.
    stamp : object
        What the thing depends on (size and time of the file, version of the format); its repr counts.
    kind : str
        What it is: "index", "unpacked".
    """
    whole = os.path.abspath(subject)
    return folder() / f"{_digest(whole)}-{_digest(repr(stamp))}.{kind}{SUFFIX}"


def prepare(path: Path) -> None:
    """Make room for an entry: the folder is there; drafts of killed processes and entries of earlier contents are not.

    Raises
    ------
    OSError
        If the folder cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    subject, kind = path.name.partition("-")[0], path.name.partition(".")[2]
    for other in _ours():
        is_earlier = other.name.startswith(subject + "-") and other.name.endswith("." + kind) and other != path
        if is_earlier or _is_abandoned(other):
            _remove(other)


def _ours() -> Iterator[Path]:
    """The files of the cache and their drafts; what else a user keeps in the folder is not ours to count or remove."""
    try:
        names = os.listdir(folder())
    except OSError:
        return
    yield from (folder() / name for name in names if name.endswith(SUFFIX) or name.startswith(DRAFT))


def _is_abandoned(path: Path) -> bool:
    try:
        return path.name.startswith(DRAFT) and time.time() - path.stat().st_mtime > ABANDONED
    except OSError:
        return False


def _remove(path: Path) -> None:
    with suppress(OSError):  # gone already, in use, or not ours to remove: it stays, and `size` says so
        path.unlink()


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
