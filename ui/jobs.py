"""A background thread, and the only way in and out of it.

    GUI thread                                  worker thread
    submit(kind, job) ── number, job ─────────► job(progress)
    progressed(message, fraction) ◄──────────── progress.step(...)
    succeeded / failed / cancelled ◄─ number ── result or exception

A job is a function of a `Progress`; what it returns must be frozen. Every job has a number. A new job of the same kind
makes the earlier one stale: it is told to stop, and whatever still comes from it is dropped. Cancelling does the same
without a new job, so the window is free at once even if the worker needs a moment to notice.

A quiet job is one nobody waits for: the window does not look busy meanwhile, and any other job makes it stale.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.progress import Cancelled, Progress

REPORTS_PER_SECOND = 30
PATIENCE_AT_EXIT = 2.0  # seconds; a job deep in a library call cannot be interrupted, only left behind

Job = Callable[[Progress], Any]


@dataclass(frozen=True, eq=False)
class _Ticket:
    number: int
    kind: str
    job: Job
    quiet: bool = False
    cancel: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class _Report:
    number: int
    message: str
    fraction: float | None


@dataclass(frozen=True, eq=False)
class _Outcome:
    number: int
    result: Any = None
    error: BaseException | None = None


class JobRunner(QObject):
    """Runs jobs one after the other in the worker thread.

    Signals
    -------
    started(kind)
    progressed(message, fraction or None)
    succeeded(kind, result)
    failed(kind, exception)
    cancelled(kind)
    became_idle()
        No job runs or waits any more.
    """

    started = Signal(str)
    progressed = Signal(str, object)
    succeeded = Signal(str, object)
    failed = Signal(str, object)
    cancelled = Signal(str)
    became_idle = Signal()

    _reported = Signal(object)  # emitted by the worker thread; Qt queues it to this object's thread
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = 0
        self._current: dict[int, _Ticket] = {}
        self._waiting: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._reported.connect(self._on_reported)
        self._ended.connect(self._on_ended)
        # A daemon: a QThread that is still busy at exit aborts the process, a daemon is left behind.
        self._thread = threading.Thread(target=self._work, name="rsascope-worker", daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether a job that somebody waits for is running or waiting."""
        return not all(ticket.quiet for ticket in self._current.values())

    def is_pending(self, kind: str) -> bool:
        """Whether a job of a kind is running or waiting."""
        return any(ticket.kind == kind for ticket in self._current.values())

    def submit(self, kind: str, job: Job, *overtaken: str, quiet: bool = False, in_turn: bool = False) -> None:
        """Queue a job; earlier ones of the same kind, and of the kinds it overtakes, become stale.

        A quiet job's outcome is told like any other's, but neither its beginning nor its progress. Before a job that
        comes in turn, earlier ones of its kind are done first.
        """
        idle = [ticket.kind for ticket in self._current.values() if ticket.quiet]
        self._drop([*overtaken, *idle] if in_turn else [kind, *overtaken, *idle])
        self._numbers += 1
        ticket = _Ticket(self._numbers, kind, job, quiet)
        self._current[ticket.number] = ticket
        self._waiting.put(ticket)
        if not quiet:
            self.started.emit(kind)

    def cancel(self) -> None:
        """Stop everything that runs or waits."""
        for ticket in self._drop():
            if not ticket.quiet:
                self.cancelled.emit(ticket.kind)
        if not self.is_busy:  # whoever was told may have begun something else
            self.became_idle.emit()

    def drop(self, kind: str) -> None:
        """Forget the jobs of a kind that nobody waits for any more, without a word."""
        if self._drop([kind]) and not self._current:
            self.became_idle.emit()

    def close(self) -> None:
        """Stop everything and end the worker thread, waiting for it only so long."""
        close_all(self)

    def _end(self) -> threading.Thread:
        """Stop everything; the thread, which is about to end."""
        self._drop()
        self._waiting.put(None)
        return self._thread

    def _drop(self, kinds: Collection[str] | None = None) -> list[_Ticket]:
        """Make the jobs of some kinds stale, or all; those that were."""
        stale = [ticket for ticket in self._current.values() if kinds is None or ticket.kind in kinds]
        for ticket in stale:
            ticket.cancel.set()
            del self._current[ticket.number]
        return stale

    def _on_reported(self, report: _Report) -> None:
        if report.number in self._current and not self._current[report.number].quiet:
            self.progressed.emit(report.message, report.fraction)

    def _on_ended(self, outcome: _Outcome) -> None:
        ticket = self._current.pop(outcome.number, None)
        if ticket is None:
            return  # stale: cancelled, or overtaken by a newer job
        if not ticket.quiet and not self.is_busy:
            self.became_idle.emit()
        if outcome.error is None:
            self.succeeded.emit(ticket.kind, outcome.result)
        else:
            self.failed.emit(ticket.kind, outcome.error)

    # Below here: the worker thread.

    def _work(self) -> None:
        while (ticket := self._waiting.get()) is not None:
            outcome = _run(ticket, self._reported)
            try:
                self._ended.emit(outcome)
            except RuntimeError:  # the window and with it this object are gone
                return
            del ticket, outcome  # while waiting for the next, no result of old is kept


def close_all(*runners: JobRunner) -> None:
    """Stop everything and end the worker threads, waiting for all of them together only so long."""
    threads = [runner._end() for runner in runners]
    latest = time.monotonic() + PATIENCE_AT_EXIT
    for thread in threads:
        thread.join(max(0.0, latest - time.monotonic()))


def _run(ticket: _Ticket, reported: Any) -> _Outcome:
    try:
        if ticket.cancel.is_set():
            raise Cancelled
        return _Outcome(ticket.number, result=ticket.job(_WorkerProgress(ticket, reported)))
    except BaseException as error:  # whatever it is, the window must hear of it or it stays busy for ever
        return _Outcome(ticket.number, error=error)


class _WorkerProgress:
    """Progress of one job, seen from the worker thread: at most `REPORTS_PER_SECOND` reach the window."""

    def __init__(self, ticket: _Ticket, reported: Any) -> None:
        self._ticket = ticket
        self._reported = reported
        self._next_report = 0.0

    def step(self, message: str, fraction: float | None = None) -> None:
        if self._ticket.cancel.is_set():
            raise Cancelled
        now = time.monotonic()
        if now >= self._next_report:
            self._next_report = now + 1 / REPORTS_PER_SECOND
            self._reported.emit(_Report(self._ticket.number, message, fraction))
