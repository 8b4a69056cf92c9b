"""Fixtures of the engine's tests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY_DISK = "/dev/shm"
ROOM = 1 << 30  # bytes a test may take on top of what the process has


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder for all inputs of a fuzz test; in memory where there is such a disk, which is faster."""
    with tempfile.TemporaryDirectory(dir=MEMORY_DISK if os.path.isdir(MEMORY_DISK) else None) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def little_memory() -> Iterator[None]:
    """Lets any allocation fail that is far larger than the inputs of a fuzz test."""
    resource = pytest.importorskip("resource")
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # another system: its tests go without
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)
