"""How far a download is, how fast, and how long it will take."""

from __future__ import annotations

import time
from collections import deque

from engine.progress import Progress

WINDOW = 5.0  # seconds over which the speed is taken
OFTEN = 0.05  # seconds between two reports
KILO, MEGA = 1e3, 1e6


class Pace:
    """Reports the bytes of a download.

    Parameters
    ----------
    title : str
    total : int or None
        Bytes of all files, those already here too.
    progress : Progress
    """

    def __init__(self, title: str, total: int | None, progress: Progress) -> None:
        self._title, self._total, self._progress = title, total, progress
        self._seen: deque[tuple[float, int]] = deque()
        self._last = 0.0

    def restart(self) -> None:
        """Forget the speed: what comes next has waited, or does not come from the network."""
        self._seen.clear()

    def at(self, done: int) -> None:
        """Report that so many bytes are here."""
        now = time.monotonic()
        if now - self._last < OFTEN:
            return
        self._last = now
        self._seen.append((now, done))
        while now - self._seen[0][0] > WINDOW and len(self._seen) > 2:
            self._seen.popleft()
        self._progress.step(self._message(done), min(1.0, done / self._total) if self._total else None)

    def _message(self, done: int) -> str:
        return f"downloading {self._title}, " + ", ".join((amount(done, self._total), *self._speed(done)))

    def _speed(self, done: int) -> tuple[str, ...]:
        (first, before), (last, _) = self._seen[0], self._seen[-1]
        if last - first < 4 * OFTEN or done <= before:
            return ()
        speed = (done - before) / (last - first)
        left = (f"{duration((self._total - done) / speed)} left",) if self._total and self._total >= done else ()
        return (f"{_number(speed, KILO)} kB/s" if speed < MEGA else f"{_number(speed, MEGA)} MB/s", *left)


def amount(done: int, total: int | None) -> str:
    """Bytes of a total as the user reads them: "312 of 1,743 MB"."""
    unit, name = (MEGA, "MB") if max(done, total or 0) >= 10 * MEGA else (KILO, "kB")
    return f"{done / unit:,.0f} of {total / unit:,.0f} {name}" if total else f"{done / unit:,.0f} {name}"


def duration(seconds: float) -> str:
    """A length of time as the user reads it: "40 s", "2 min", "1 h 20 min"."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 48 * 60 else f"{minutes // 1440} days"


def _number(value: float, unit: float) -> str:
    return f"{value / unit:.1f}" if value < 10 * unit else f"{value / unit:,.0f}"
