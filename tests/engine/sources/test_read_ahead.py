"""Reading ahead: the same bytes as reading, what was kept again, and the file free afterwards."""

from __future__ import annotations

import io
import threading

import numpy as np
import pytest

from engine.sources.read_ahead import FIRST, LARGEST, ReadAhead


@pytest.mark.parametrize("size", [0, 1, FIRST, 3 * LARGEST + 77])
@pytest.mark.parametrize("kept", [0, 1, 1000])
def test_the_parts_are_the_file_and_begin_with_what_was_kept(size: int, kept: int) -> None:
    content = np.random.default_rng(size).bytes(size)
    together, rest = b"", b""
    with ReadAhead(io.BytesIO(content), 1000) as ahead:
        while len(part := ahead.after(rest)) > len(rest):
            assert part[: len(rest)] == rest
            together += part[len(rest) :]
            rest = bytes(part[len(part) - kept :])
    assert together == content


def test_the_file_is_free_when_the_block_is_left_early() -> None:
    file = io.BytesIO(bytes(10 * LARGEST))
    with ReadAhead(file, 10) as ahead:
        ahead.after(b"")
    place = file.tell()
    assert place < file.seek(0, io.SEEK_END)  # no more than its buffers hold
    assert "rsascope-reader" not in [thread.name for thread in threading.enumerate()]


def test_an_error_of_the_reading_thread_arrives() -> None:
    class Vanished(io.BytesIO):
        def readinto(self, buffer: object) -> int:
            raise OSError(5, "Input/output error")

    with ReadAhead(Vanished(), 10) as ahead, pytest.raises(OSError, match="Input/output error"):
        ahead.after(b"")
