"""Files appear whole or not at all, whatever the disk does."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from engine.errors import ExportError
from engine.writing import check_writable, write_atomically, written_together


def full_disk(file: BinaryIO) -> None:
    file.write(b"half of it")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def in_pieces(file: BinaryIO) -> None:
    file.write(b"ne")
    file.write(b"w")


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones too, and what it holds."""
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def refuse_move_to(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """From now on the system cannot move a new file to this name."""
    replace = os.replace

    def refusing(source: Any, target: Any) -> None:
        if Path(target).name == name and Path(source).parent.name == "new":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        replace(source, target)

    monkeypatch.setattr(os, "replace", refusing)


def test_a_file_is_replaced(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"old")
    write_atomically(tmp_path / "a", in_pieces)
    assert tree(tmp_path) == {"a": "new"}


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(ExportError, match=r"a cannot be written: the disk is full; free some space"):
        write_atomically(tmp_path / "a", full_disk)
    assert tree(tmp_path) == {"a": "old"}


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    def interrupted(file: BinaryIO) -> None:
        file.write(b"half of it")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a", interrupted)
    assert tree(tmp_path) == {}


def test_the_file_is_on_the_disk_before_it_takes_the_old_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsynced(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(os, "fsync", unsynced)
    with pytest.raises(ExportError, match="disk is full"):
        write_atomically(tmp_path / "a", b"new")
    assert tree(tmp_path) == {"a": "old"}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real" / "a")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_text() == "new"


def test_the_longest_name_a_disk_takes_can_be_written(tmp_path: Path) -> None:
    write_atomically(tmp_path / ("a" * 255), b"x")
    with pytest.raises(ExportError, match="name is too long"):
        write_atomically(tmp_path / ("a" * 256), b"x")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing/a", "the folder does not exist"),
        ("file/a", "a part of this path is a file"),
        ("folder", "there is a folder of this name"),
    ],
)
def test_what_is_in_the_way_is_said(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "file").write_text("precious")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ExportError, match=reason) as caught:
        write_atomically(tmp_path / name, b"x")
    assert str(tmp_path / name) in str(caught.value)
    assert tree(tmp_path) == {"file": "precious"}


def write_part(folder: Path, failure: BaseException) -> None:
    """Begin a set and fail."""
    with written_together(folder, ("a", "b")) as drafts:
        (drafts / "a").write_text("3")
        raise failure


def write_set(folder: Path, **files: str) -> None:
    with written_together(folder, ("a", "b", "c")) as drafts:
        for name, content in files.items():
            (drafts / name).write_text(content)


def test_a_set_makes_its_folder_and_the_parents(tmp_path: Path) -> None:
    write_set(tmp_path / "x" / "y", a="1", b="2")
    assert tree(tmp_path) == {"x/y/a": "1", "x/y/b": "2"}
    if os.name == "posix":
        (tmp_path / "plain").mkdir()
        assert (tmp_path / "x" / "y").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_set_replaces_the_earlier_one_and_leaves_other_files(tmp_path: Path) -> None:
    write_set(tmp_path, a="1", b="2")
    (tmp_path / "mine").write_text("precious")
    write_set(tmp_path, a="3", c="4")
    assert tree(tmp_path) == {"a": "3", "c": "4", "mine": "precious"}


def test_a_set_that_is_not_finished_changes_nothing(tmp_path: Path) -> None:
    write_set(tmp_path, a="1", b="2")
    with pytest.raises(KeyboardInterrupt):
        write_part(tmp_path, KeyboardInterrupt())
    assert tree(tmp_path) == {"a": "1", "b": "2"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_folders_made_for_a_set_that_failed_go_again(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="disk is full"):
        write_part(tmp_path / "x" / "y", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_a_set_that_cannot_be_moved_in_place_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_set(tmp_path, a="1", b="2")
    refuse_move_to(monkeypatch, name)
    with pytest.raises(ExportError, match="cannot be written"):
        write_set(tmp_path, a="3", b="4", c="5")
    assert tree(tmp_path) == {"a": "1", "b": "2"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_file_that_cannot_be_moved_back_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(tmp_path, a="1")
    replace = os.replace

    def one_way(source: Any, target: Any) -> None:
        if Path(target).parent.name != "old":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        replace(source, target)

    monkeypatch.setattr(os, "replace", one_way)
    with pytest.raises(ExportError):
        write_set(tmp_path, a="2")
    assert list(tree(tmp_path).values()) == ["1"], "the disk is failing, but nothing was thrown away"


@pytest.mark.parametrize("name", ["file", "file/x", "file/x/y"])
def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(ExportError, match=r"is a file|file of this name") as caught:
        write_set(tmp_path / name, a="1")
    assert str(tmp_path / name) in str(caught.value)
    assert tree(tmp_path) == {"file": "precious"}


@pytest.mark.parametrize("name", ["file", "file/x", "file/x/y"])
def test_a_folder_that_cannot_be_written_to_is_known_before(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(ExportError, match=r"is a file") as caught:
        check_writable(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize("name", ["", "new", "new/newer"])
def test_asking_whether_a_folder_can_be_written_to_leaves_no_trace(tmp_path: Path, name: str) -> None:
    check_writable(tmp_path / name)
    assert tree(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []
