"""A file from front to back, its next part read by a thread of its own while the last one is worked on."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Self

import numpy as np

BUFFERS = 3  # enough that neither thread waits when the system lets the other one run for a while
FIRST = 1 << 19  # bytes of the first part: the beginning of a file of any size is there within milliseconds
LARGEST = 1 << 23  # bytes of later parts, each twice the one before: two threads meet seldom


class ReadAhead:
    """The parts of a file, from where it stands.

    Parameters
    ----------
    file : binary file
        Left to this object until the `with` block is over.
    most_kept : int
        Bytes at the end of a part that may have to be seen again with the next one.
    """

    def __init__(self, file: IO[bytes], most_kept: int) -> None:
        self._file, self._most_kept = file, most_kept
        self._empty: SimpleQueue[memoryview | None] = SimpleQueue()
        self._full: SimpleQueue[tuple[memoryview, int] | BaseException] = SimpleQueue()
        for _ in range(BUFFERS):
            self._empty.put(np.empty(most_kept + LARGEST, np.uint8).data)
        self._stopped = False
        self._last: memoryview | None = None
        self._thread = threading.Thread(target=self._read, name="rsascope-reader", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = True
        self._empty.put(None)
        self._thread.join()  # the file is free again: at most one read is waited for

    def after(self, kept: bytes) -> memoryview:
        """`kept` and what follows it in the file, valid until the next call; `kept` alone, once, at its end.

        Raises
        ------
        OSError
            If the file cannot be read.
        """
        if self._last is not None:
            self._empty.put(self._last)
        part = self._full.get()
        if isinstance(part, BaseException):
            raise part
        self._last, got = part
        begin = self._most_kept - len(kept)
        self._last[begin : self._most_kept] = kept
        return self._last[begin : self._most_kept + got]

    # Below here: the reading thread.

    def _read(self) -> None:
        size, got = FIRST, 1
        while got and (buffer := self._empty.get()) is not None and not self._stopped:
            try:
                got = self._file.readinto(buffer[self._most_kept : self._most_kept + size])  # type: ignore[attr-defined]
            except BaseException as error:  # whatever it is, the other thread must hear of it or it waits for ever
                self._full.put(error)
                return
            self._full.put((buffer, got))
            size = min(2 * size, LARGEST)
