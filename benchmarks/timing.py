"""Whole processes side by side: medians of alternating runs, with the most memory each held. For Linux and macOS."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
MAXRSS = 1 if platform.system() == "Darwin" else 1024  # bytes in the system's unit


@dataclass(frozen=True)
class Measured:
    """What one way took.

    Parameters
    ----------
    process : float
        Seconds from start to end of the process, imports included.
    work : float
        Seconds of the work itself, if the process says so in its last line, `{"work": ..., "answer": ...}`.
    megabytes : float
        The most memory it held.
    answer : object
        What it found, to be compared.
    """

    process: float
    work: float
    megabytes: float
    answer: Any = None


def side_by_side(ways: Mapping[str, Sequence[str]], runs: int = RUNS) -> dict[str, Measured]:
    """The medians of each way, a command; one run of each in turn, so that a busy moment falls on all."""
    measured: dict[str, list[Measured]] = {name: [] for name in ways}
    for turn in range(runs):
        for name, command in ways.items():
            measured[name].append(_run(command))
            print(f"run {turn + 1}, {name}: {measured[name][-1].process:.2f} s", file=sys.stderr)
    return {name: _median(each) for name, each in measured.items()}


def warm(path: Path) -> None:
    """Read a file once, so that it is in memory for everyone."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


def row(what: str, theirs: tuple[float, float], ours: tuple[float, float]) -> str:
    """A line of a table: seconds and megabytes of both, and how many times faster and smaller ours is."""
    return (
        f"| {what} | {_seconds(theirs[0])} | {_seconds(ours[0])} | {theirs[0] / ours[0]:.0f} "
        f"| {theirs[1]:,.0f} MB | {ours[1]:,.0f} MB | {theirs[1] / ours[1]:.0f} |"
    )


HEADER = "| | theirs | ours | times faster | theirs | ours | times smaller |\n|---|---|---|---|---|---|---|"


def machine(*libraries: str) -> str:
    """The machine and the versions, in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    versions = (
        f"{name} {importlib.metadata.version(name)}" for name in ("numpy", *(libraries or ("gensim", "transformers")))
    )
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; Python {platform.python_version()}, " + ", ".join(
        versions
    )


def _run(command: Sequence[str]) -> Measured:
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        lines = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)  # of this one alone: getrusage knows only the largest of all children
    process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"failed: {' '.join(command)}")
    said = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Measured(took, said.get("work", took), usage.ru_maxrss * MAXRSS / 1e6, said.get("answer"))


def _median(each: Sequence[Measured]) -> Measured:
    process, work, megabytes = (
        statistics.median(getattr(one, name) for one in each) for name in ("process", "work", "megabytes")
    )
    return Measured(process, work, megabytes, each[-1].answer)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.1f} ms"
