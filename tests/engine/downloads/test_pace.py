"""What a download says of itself while it runs."""

from __future__ import annotations

import pytest

from engine.downloads import pace
from engine.downloads.pace import Pace, amount, duration
from tests.engine.sources.vector_files import Watcher


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test sets."""
    now = [1000.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    return now


def told(clock: list[float], total: int | None, *seen: tuple[float, int]) -> list[tuple[str, float | None]]:
    watcher = Watcher()
    one = Pace("word2vec-google-news-300", total, watcher)
    for second, done in seen:
        clock[0] = 1000.0 + second
        one.at(done)
    return watcher.steps


def test_bytes_speed_and_time_left(clock: list[float]) -> None:
    steps = told(clock, 1_743_000_000, (0, 300_000_000), (1, 311_000_000), (2, 322_000_000))
    assert steps[0] == ("downloading word2vec-google-news-300, 300 of 1,743 MB", 300 / 1743)
    assert steps[-1] == ("downloading word2vec-google-news-300, 322 of 1,743 MB, 11 MB/s, 2 min left", 322 / 1743)


def test_the_speed_is_the_latest(clock: list[float]) -> None:
    steps = told(
        clock, 10**9, (0, 0), (1, 500_000_000), *((second, 500_000_000 + second * 10**6) for second in range(2, 12))
    )
    assert steps[-1][0].endswith("511 of 1,000 MB, 1.0 MB/s, 8 min left")


def test_small_and_slow_and_without_end(clock: list[float]) -> None:
    assert told(clock, 45_000, (0, 0), (2, 5_000))[-1][0].endswith("5 of 45 kB, 2.5 kB/s, 16 s left")
    assert told(clock, None, (0, 0), (1, 25_000_000))[-1] == (
        "downloading word2vec-google-news-300, 25 MB, 25 MB/s",
        None,
    )


def test_reports_are_few(clock: list[float]) -> None:
    assert len(told(clock, 10**6, *((k / 1000, k) for k in range(1000)))) <= 21


def test_more_than_the_catalogue_says_is_not_more_than_all(clock: list[float]) -> None:
    assert told(clock, 100, (0, 0), (1, 150))[-1][1] == 1.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (59.4, "59 s"), (60, "1 min"), (3540, "59 min"), (4800, "1 h 20 min"), (10**6, "11 days")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_amounts() -> None:
    assert amount(0, 0) == "0 kB"
    assert amount(312_000_000, 1_743_000_000) == "312 of 1,743 MB"
