"""A consent holds for exactly the file it was given for; whatever is unclear is no consent."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine import consent
from engine.errors import ExportError, SourceError


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config folder of the test's own."""
    for variable in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "config"))
    assert consent.list_path().is_relative_to(tmp_path)
    return consent.list_path()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "some.kv"
    path.write_bytes(bytes(3 << 20))
    return path


def test_it_is_remembered_until_it_is_withdrawn(path: Path, tmp_path: Path) -> None:
    assert not consent.is_given(path)
    consent.withdraw(path)
    consent.give(path)
    (tmp_path / "other.kv").write_bytes(b"other")
    consent.give(tmp_path / "other.kv")
    assert consent.is_given(path)
    assert consent.is_given(Path(os.path.relpath(path)))
    assert consent.trusted() == (tmp_path / "other.kv", path)
    consent.withdraw(path)
    assert not consent.is_given(path)
    assert consent.is_given(tmp_path / "other.kv")


@pytest.mark.parametrize("place", [0, (3 << 20) - 1])
def test_another_content_of_the_same_size_and_time_needs_it_again(place: int, path: Path) -> None:
    consent.give(path)
    status = path.stat()
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"!")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not consent.is_given(path)


def test_another_content_in_the_middle_is_noticed_before_it_is_run(path: Path) -> None:
    """A look at the ends is quick; all is read before code may run."""
    consent.give(path)
    assert consent.covers_all(path)
    assert consent.covers_all(path)
    assert consent.is_given(path)
    status = path.stat()
    with path.open("r+b") as file:
        file.seek(3 << 19)
        file.write(b"!")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not consent.covers_all(path)
    consent.give(path)  # as it is now
    assert consent.covers_all(path)
    consent.withdraw(path)
    assert not consent.covers_all(path)


def test_another_time_size_or_place_needs_it_again(path: Path, tmp_path: Path) -> None:
    consent.give(path)
    twin = tmp_path / "twin.kv"
    twin.write_bytes(path.read_bytes())
    os.utime(twin, ns=(path.stat().st_mtime_ns,) * 2)
    assert not consent.is_given(twin)
    before = path.stat()
    os.utime(path, ns=(1, 1))
    assert not consent.is_given(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert consent.is_given(path)
    os.truncate(path, 2 << 20)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not consent.is_given(path)
    path.unlink()
    assert not consent.is_given(path)


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"null", b"\xff", b'{"files": 1}', b'{"rsascope_consent": 1, "files": []}', b"[" * 10**5],
)
def test_a_damaged_list_is_no_consent_and_can_be_written_anew(damage: bytes, path: Path, config: Path) -> None:
    consent.give(path)
    config.write_bytes(damage)
    assert not consent.is_given(path)
    consent.withdraw(path)
    consent.give(path)
    assert consent.is_given(path)
    assert [one.name for one in config.parent.iterdir()] == [config.name]


@pytest.mark.parametrize("entry", [None, True, {}, [], {"size": 3 << 20}, "all"])
def test_an_entry_that_says_less_is_no_consent(entry: object, path: Path, config: Path) -> None:
    consent.give(path)
    values = json.loads(config.read_bytes())
    config.write_text(json.dumps(values | {"files": {str(path): entry}}))
    assert not consent.is_given(path)
    config.write_text(json.dumps(values | {"rsascope_consent": 2}))
    assert not consent.is_given(path)


def test_what_cannot_be_read_or_remembered_says_so(path: Path, config: Path, tmp_path: Path) -> None:
    for impossible in (tmp_path / "lost.kv", tmp_path, Path("a\0b")):
        with pytest.raises(SourceError, match="cannot be read"):
            consent.give(impossible)
        assert not consent.is_given(impossible)
    config.parent.parent.mkdir(parents=True, exist_ok=True)
    config.parent.write_bytes(b"a file where the folder should be")
    with pytest.raises(ExportError, match=r"trusted-files\.json cannot be written"):
        consent.give(path)
    assert not consent.is_given(path)
