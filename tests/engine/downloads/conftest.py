"""A server of the test's own, a cache of its own, and no waiting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.downloads import http, transfer
from tests.engine.downloads.stub import Stub
from tests.own_cache import use_cache


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    server = Stub()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    return use_cache(monkeypatch, tmp_path / "cache")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where a file is to go; its folder is not there yet."""
    return tmp_path / "there" / "vectors.gz"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "STALL", 0.3)
    monkeypatch.setattr(transfer, "PAUSES", (0.0, 0.0, 0.0))
