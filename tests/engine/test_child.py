from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.child import Child, call_once
from engine.errors import ConsentNeeded, EngineError, SourceError
from engine.progress import SILENT, Cancelled, Progress

ROOT = Path(__file__).resolve().parents[2]
REMEMBERED: list[int] = []


def add(first: int, second: int, progress: Progress) -> tuple[int, int]:
    progress.step(f"adding {first}", 0.5)
    return first + second, os.getpid()


def remember(number: int, progress: Progress) -> list[int]:
    REMEMBERED.append(number)
    return REMEMBERED


def refuse(progress: Progress) -> None:
    raise ConsentNeeded("no; choose another", Path("evil.kv"), "path")


def break_down(progress: Progress) -> None:
    raise LookupError("a bug deep within")


def die(progress: Progress) -> None:
    os._exit(7)


def sleep_for_ever(progress: Progress) -> None:
    progress.step("sleeping")
    time.sleep(1000)


class Watch:
    """Collects messages; cancels when it hears one of them."""

    def __init__(self, cancel_at: str = "") -> None:
        self.cancel_at = cancel_at
        self.heard: list[tuple[str, float | None]] = []

    def step(self, message: str, fraction: float | None = None) -> None:
        self.heard.append((message, fraction))
        if self.cancel_at and message == self.cancel_at:
            raise Cancelled


class Announce:
    """Prints messages."""

    def step(self, message: str, fraction: float | None = None) -> None:
        sys.stdout.write(message + "\n")
        sys.stdout.flush()


def test_a_call_returns_what_the_function_returns_from_another_process() -> None:
    watch = Watch()
    total, process = call_once(add, 2, 3, progress=watch)
    assert total == 5
    assert process != os.getpid()
    assert ("adding 2", 0.5) in watch.heard


def test_the_process_remembers_between_calls_and_is_new_after_a_cancel() -> None:
    child = Child()
    assert child.call(remember, 1, progress=SILENT) == [1]
    assert child.call(remember, 2, progress=SILENT) == [1, 2]
    with pytest.raises(Cancelled):
        child.call(sleep_for_ever, progress=Watch(cancel_at="sleeping"))
    assert child.call(remember, 3, progress=SILENT) == [3]
    child.close()


def test_failures_come_across_with_what_they_know() -> None:
    child = Child()
    with pytest.raises(ConsentNeeded, match="choose another") as caught:
        child.call(refuse, progress=SILENT)
    assert (caught.value.path, caught.value.concerns) == (Path("evil.kv"), "path")
    assert isinstance(caught.value, SourceError)
    with pytest.raises(RuntimeError, match="LookupError: a bug deep within"):
        child.call(break_down, progress=SILENT)
    assert child.call(remember, 1, progress=SILENT) == [1], "a failure does not end the process"
    child.close()


@pytest.mark.skipif(sys.platform == "win32", reason="limits are set otherwise there")
def test_a_process_that_cannot_be_started_is_an_error_with_a_way_out() -> None:
    import resource

    child = Child()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/dev/fd")) - 1, limits[1]))
    try:
        with pytest.raises(EngineError, match=r"starts no other process \(Too many open files\).*try again"):
            child.call(remember, 1, progress=SILENT)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert child.call(remember, 1, progress=SILENT) == [1]
    child.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a process there is not the only one that holds its output")
def test_it_does_not_outlive_a_parent_that_is_killed() -> None:
    code = (
        "from engine.child import call_once; from tests.engine.test_child import Announce, sleep_for_ever;"
        "call_once(sleep_for_ever, progress=Announce())"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert b"sleeping" in iter(lambda: parent.stdout.readline().strip(), b"")
    parent.kill()
    parent.communicate(timeout=60)  # ends with multiprocessing's helper, and that with the child


def test_a_process_that_ends_by_itself_is_an_error_with_a_way_out() -> None:
    with pytest.raises(EngineError, match=r"ended by itself \(7\).*try again"):
        call_once(die, progress=SILENT)
