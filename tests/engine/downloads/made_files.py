"""A file to be transferred, and how a test transfers it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

from engine import cache
from engine.downloads import Download, RemoteFile
from engine.downloads.transfer import transfer
from tests.engine.downloads.stub import Stub, secret
from tests.engine.sources.vector_files import Watcher

WHOLE = np.random.default_rng(0).bytes(1_000_000)
OTHER = np.random.default_rng(1).bytes(1_000_000)


def md5(data: bytes) -> str:
    return "md5:" + hashlib.md5(data, usedforsecurity=False).hexdigest()


def remote(stub: Stub, target: Path, size: int | None = len(WHOLE), path: str = "/file") -> RemoteFile:
    return RemoteFile(stub.url(path), target, size, md5(WHOLE), target.name, secret)


def run(file: RemoteFile, progress: Watcher | None = None) -> None:
    transfer(Download("vectors", (file,), file.target.parent), os.getpid(), progress or Watcher())


def begun(file: RemoteFile, data: bytes = WHOLE[:400_000], validator: str = '"v1"') -> None:
    """As if an earlier attempt had stopped."""
    partial = file.entry("partial")
    cache.prepare(partial)
    partial.write_bytes(data)
    file.entry("partial-validator").write_text(validator)


def left() -> list[str]:
    """What is in the cache, by kind."""
    return sorted(path.name.split(".")[1] for path in cache.folder().iterdir())
