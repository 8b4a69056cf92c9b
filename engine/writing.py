"""Writing files whole or not at all: what is there afterwards is the old or the new, never a part."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from engine.errors import ExportError

DRAFT = ".rsascope-"  # what drafts are called while they are written; short, for names near the system's limit

REASONS = {
    errno.ENOSPC: "the disk is full; free some space or choose another folder",
    errno.EDQUOT: "your share of the disk is used up; free some space or choose another folder",
    errno.EACCES: "it may not be written to; choose another folder",
    errno.EPERM: "it may not be written to; choose another folder",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENOTDIR: "a part of this path is a file, not a folder; choose another folder",
    errno.EEXIST: "a file of this name is in the way; choose another folder",
    errno.EISDIR: "there is a folder of this name; choose another name",
    errno.ENOENT: "the folder does not exist; choose another one",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
}


def write_atomically(path: Path, content: bytes | Callable[[BinaryIO], None], *, durable: bool = True) -> None:
    """Write one file.

    Parameters
    ----------
    path : Path
        Replaced if it is there; a link stays a link.
    content : bytes or callable
        The callable writes to the open file it is given.
    durable : bool
        Whether it must survive a power cut from the moment it is there. If not, nobody waits for the disk, and whoever
        reads it must notice that it is damaged.

    Raises
    ------
    ExportError
        If the file cannot be written; everything is as before.
    """
    with named_errors(path):
        target = Path(os.path.realpath(path))
        draft = target.with_name(_draft_name())
        try:
            write(draft, content, durable=durable)
            os.replace(draft, target)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise


@contextmanager
def written_together(folder: Path, earlier: Collection[str]) -> Iterator[Path]:
    """A folder for drafts whose files appear in `folder` together when the block ends well, or not at all.

    Parameters
    ----------
    folder : Path
        Made if it is not there. Files of other names stay.
    earlier : collection of str
        Files that belong to an earlier set: they go even if the new set has none of their name.

    Raises
    ------
    ExportError
        If the files cannot be written; everything is as before.
    """
    with named_errors(folder), _made(folder if folder.exists() else folder.parent) as place:
        stage = place / _draft_name()
        new, old = stage / "new", stage / "old"
        try:
            stage.mkdir()
            new.mkdir()
            old.mkdir()
            yield new
            if folder.exists():
                _swap(folder, new, old, earlier)
            else:
                os.rename(new, folder)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            for emptied in (old, stage):  # if a file could not be moved back, `old` still has it and stays
                with suppress(OSError):
                    emptied.rmdir()
            raise
        shutil.rmtree(stage, ignore_errors=True)


def check_writable(folder: Path) -> None:
    """Nothing, if files can be written to a folder, there already or to be made; leaves no trace.

    Raises
    ------
    ExportError
    """
    with named_errors(folder):
        nearest = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
        trial = nearest / _draft_name()
        trial.mkdir()
        trial.rmdir()


def write(path: Path, content: bytes | Callable[[BinaryIO], None], *, durable: bool = True) -> None:
    """Write a file, if durable to the disk itself, so that a full disk is noticed before anything is replaced."""
    with path.open("xb") as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            content(file)
        file.flush()
        if durable:
            os.fsync(file.fileno())


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turns what the system complains of into an `ExportError` that names the path."""
    try:
        yield
    except OSError as error:
        reason = REASONS.get(error.errno or 0, f"{error.strerror or error}; choose another folder")
        raise ExportError(f"{path} cannot be written: {reason}.") from error


def _draft_name() -> str:
    return DRAFT + os.urandom(6).hex()


@contextmanager
def _made(folder: Path) -> Iterator[Path]:
    """The folder, made with its parents, which go again if the block fails."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    except BaseException:
        for one in missing:
            with suppress(OSError):
                one.rmdir()
        raise


def _swap(folder: Path, new: Path, old: Path, earlier: Collection[str]) -> None:
    """Move the earlier files out and the new ones in; move everything back if one does not move."""
    names = {path.name for path in new.iterdir()}
    going = [(folder / name, old / name) for name in {*earlier, *names} if os.path.lexists(folder / name)]
    coming = [(new / name, folder / name) for name in names]
    moved: list[tuple[Path, Path]] = []
    try:
        for source, target in going + coming:
            moved.append((source, target))
            os.replace(source, target)
    except BaseException:
        for source, target in reversed(moved):
            with suppress(OSError):  # the last one may not have moved; the others still must
                os.replace(target, source)
        raise
