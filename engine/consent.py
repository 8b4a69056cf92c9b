"""Which files may be opened although that could run code which is in them: remembered for each file as it is.

A consent holds for one path, size, time and content. Of the content a digest of the beginning and the end is looked at
whenever the file is; one of all of it before code may run, against what it was when that happened first. What cannot be
read, or not be understood, is no consent.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from engine.errors import ExportError, SourceError
from engine.writing import named_errors, write_atomically

FORMAT = 1
ENDS = 1 << 20  # bytes at either end of a file that its digest is of
PART = 1 << 22  # bytes that are read at once for a digest of all
WHOLE = "whole"  # the digest of all, once it was made
LARGEST = 1 << 24  # bytes of the list; a longer one is not ours


def list_path() -> Path:
    """Where the consents are listed; it need not exist yet."""
    return user_config_path("rsascope", appauthor=False) / "trusted-files.json"


def give(path: Path) -> None:
    """Remember that the user trusts this file as it is now.

    Raises
    ------
    SourceError
        If the file cannot be read.
    ExportError
        If the consent cannot be remembered.
    """
    try:
        identity = _identity(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read ({reason}), so it cannot be trusted; choose another file.") from None
    _save(_given() | {os.path.abspath(path): identity})


def is_given(path: Path) -> bool:
    """Whether the user trusted exactly this file as it is now."""
    given = _given().get(os.path.abspath(path))
    try:
        return given is not None and {**given, WHOLE: None} == {**_identity(path), WHOLE: None}
    except (OSError, ValueError, TypeError):
        return False


def covers_all(path: Path) -> bool:
    """Whether the user trusted exactly this file and all of its content is what it was when this was asked first.

    Reads the whole file: to be asked in a process or thread that may take its time.
    """
    if not is_given(path):
        return False
    given, name = _given(), os.path.abspath(path)
    digest = hashlib.blake2b(digest_size=32)
    with path.open("rb") as file:
        while part := file.read(PART):
            digest.update(part)
    known = given[name].get(WHOLE)
    if known is None:
        with suppress(ExportError):  # the folder may have become read-only; the ends are looked at in any case
            _save(given | {name: given[name] | {WHOLE: digest.hexdigest()}})
    return known in (None, digest.hexdigest())


def trusted() -> tuple[Path, ...]:
    """The files that were trusted and may still be, by path."""
    return tuple(map(Path, sorted(_given())))


def withdraw(path: Path) -> None:
    """Forget that the user trusted this file; nothing if nobody did.

    Raises
    ------
    ExportError
        If the list cannot be changed.
    """
    given, name = _given(), os.path.abspath(path)
    if name in given:
        _save({other: identity for other, identity in given.items() if other != name})


def _identity(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        digest = hashlib.blake2b(file.read(ENDS), digest_size=32)
        file.seek(max(0, status.st_size - ENDS))
        digest.update(file.read(ENDS))
    return {"size": status.st_size, "time": status.st_mtime_ns, "digest": digest.hexdigest()}


def _given() -> dict[str, Any]:
    try:
        with list_path().open("rb") as file:
            values = json.loads(file.read(LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    files = values.get("files") if isinstance(values, dict) and values.get("rsascope_consent") == FORMAT else None
    return files if isinstance(files, dict) else {}


def _save(files: dict[str, Any]) -> None:
    path = list_path()
    with named_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"rsascope_consent": FORMAT, "files": files}, indent=1)  # ASCII: names need not be UTF-8
    write_atomically(path, text.encode())
