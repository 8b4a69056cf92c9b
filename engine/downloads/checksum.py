"""Whether a file is the one its catalogue means."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import BinaryIO

CHUNK = 1 << 20  # bytes
GIT = "git-sha1"  # git counts a short heading of its own


def matches(file: BinaryIO, checksum: str, report: Callable[[float], None]) -> bool:
    """Whether the content of a file has a checksum.

    Parameters
    ----------
    file : binary file
        Read from its beginning.
    checksum : str
        As of `RemoteFile`.
    report : callable
        Is told the fraction that is read.
    """
    algorithm, _, expected = checksum.partition(":")
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if algorithm == GIT:
        digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    else:
        digest = hashlib.new(algorithm, usedforsecurity=False)
    done = 0
    while data := file.read(CHUNK):
        digest.update(data)
        done += len(data)
        report(done / size)
    return digest.hexdigest() == expected.lower()
