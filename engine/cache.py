"""The folder of things that can be made or had again: indices of large files, unpacked files, downloads.

An entry belongs to a *subject*, a file as it was at one moment: its path, size and time. When the file has changed,
other entries are made and the earlier ones go. Downloads have their own names, in a folder below.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from engine.writing import DRAFT

ABANDONED = 24 * 3600  # seconds after which a draft nobody writes to belongs to a process that was killed
SUFFIX = ".rsascope"
LOCK = "-lock" + SUFFIX  # ends the name of an empty file by which processes keep out of each other's way
DOWNLOADED = "downloaded"  # a kind, and the folder of its files


def folder() -> Path:
    """Where the cache is; it need not exist yet."""
    return user_cache_path("rsascope", appauthor=False)


def size() -> int:
    """Bytes that the cache takes on the disk."""
    return sum(sizes().values())


def sizes() -> dict[str, int]:
    """Kind of entry ("index", "unpacked", "downloaded", "partial", ...) -> bytes that its entries take on the disk."""
    totals: Counter[str] = Counter()
    for path in _ours():
        with suppress(OSError):  # another process may remove it meanwhile
            totals[_kind(path)] += path.stat().st_size
    return dict(sorted(totals.items()))


def clear(kinds: Collection[str] | None = None) -> int:
    """Remove entries from the cache; the bytes of them that remain because another program holds them open.

    Parameters
    ----------
    kinds : collection of str, optional
        Keys of `sizes`; all, if left out.
    """
    for path in _ours():
        if (kinds is None or _kind(path) in kinds) and not path.name.endswith(LOCK):
            _remove(path)
    return sum(taken for kind, taken in sizes().items() if kinds is None or kind in kinds)


def downloaded(name: str) -> Path:
    """The path of a download that goes by a name of its own, which may or may not be there."""
    return folder() / DOWNLOADED / name


def entry(subject: Path | str, stamp: object, kind: str) -> Path:
    """The path of a cached thing, which may or may not be there.

    Parameters
    ----------
    subject : Path or str
        The file it was made from; as text, what has no path.
    stamp : object
        What the thing depends on (size and time of the file, version of the format); its repr counts.
    kind : str
        What it is: "index", "unpacked", "partial". What follows a hyphen tells entries of one kind apart.
    """
    whole = subject if isinstance(subject, str) else os.path.abspath(subject)
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
    yield from (path for path in _files(folder()) if path.name.endswith(SUFFIX) or path.name.startswith(DRAFT))
    yield from _files(folder() / DOWNLOADED)


def _files(place: Path) -> list[Path]:
    try:
        return [place / name for name in os.listdir(place)]
    except OSError:
        return []


def _kind(path: Path) -> str:
    if path.name.startswith(DRAFT):
        return "draft"
    return DOWNLOADED if path.parent.name == DOWNLOADED else path.name.split(".")[1].partition("-")[0]


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
