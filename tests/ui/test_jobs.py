"""The worker thread: what is stale is dropped, what fails is told, what is cancelled leaves the window free at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from engine.progress import Progress
from ui.jobs import JobRunner


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    runner.close()


class Deaf:
    """A job that cannot be interrupted: it never reports, and goes on until the test lets it end."""

    def __init__(self, result: str) -> None:
        self.result = result
        self.running, self.may_end = threading.Event(), threading.Event()

    def __call__(self, progress: Progress) -> str:
        self.running.set()
        assert self.may_end.wait(10)
        return self.result


def test_a_result_arrives_in_the_gui_thread(runner: JobRunner, qtbot: QtBot) -> None:
    threads = []
    runner.succeeded.connect(lambda kind, result: threads.append(threading.current_thread()))
    with qtbot.waitSignal(runner.succeeded) as signal:
        runner.submit("sum", lambda progress: threading.current_thread().name)
    kind, worker = signal.args
    assert kind == "sum"
    assert worker == "rsascope-worker"
    assert threads == [threading.main_thread()]


def test_an_overtaken_job_that_cannot_be_interrupted_is_dropped(runner: JobRunner, qtbot: QtBot) -> None:
    results = []
    runner.succeeded.connect(lambda kind, result: results.append(result))
    old = Deaf("old")
    runner.submit("analysis", old)
    assert old.running.wait(10)
    with qtbot.waitSignal(runner.became_idle):
        runner.submit("analysis", lambda progress: "new")
        old.may_end.set()
    qtbot.waitUntil(lambda: bool(results))
    assert results == ["new"]


def test_jobs_of_different_kinds_do_not_cancel_each_other(runner: JobRunner, qtbot: QtBot) -> None:
    results = []
    runner.succeeded.connect(lambda kind, result: results.append((kind, result)))
    with qtbot.waitSignal(runner.became_idle):
        runner.submit("export", lambda progress: 1)
        runner.submit("analysis", lambda progress: 2)
    qtbot.waitUntil(lambda: len(results) == 2)
    assert results == [("export", 1), ("analysis", 2)]


def test_jobs_that_come_in_turn_are_all_done(runner: JobRunner, qtbot: QtBot) -> None:
    results = []
    runner.succeeded.connect(lambda kind, result: results.append((kind, result)))
    for number in range(3):
        runner.submit("export", lambda progress, number=number: number, in_turn=True)
    assert runner.is_pending("export")
    assert not runner.is_pending("analysis")
    qtbot.waitUntil(lambda: len(results) == 3)
    assert results == [("export", number) for number in range(3)]
    assert not runner.is_pending("export")


def test_cancel_frees_the_window_at_once_and_the_late_result_is_dropped(runner: JobRunner, qtbot: QtBot) -> None:
    late = Deaf("late")
    results, cancelled = [], []
    runner.succeeded.connect(lambda kind, result: results.append(result))
    runner.cancelled.connect(cancelled.append)
    runner.submit("analysis", late)
    assert late.running.wait(10)
    runner.cancel()
    assert not runner.is_busy
    assert cancelled == ["analysis"]
    late.may_end.set()
    with qtbot.waitSignal(runner.succeeded):  # the next job is taken as if nothing had been
        runner.submit("analysis", lambda progress: "next")
    assert results == ["next"]


def test_what_nobody_waits_for_is_dropped_without_a_word_and_other_kinds_go_on(runner: JobRunner, qtbot: QtBot) -> None:
    ended: list[str] = []
    runner.succeeded.connect(lambda kind, result: ended.append(kind))
    runner.cancelled.connect(lambda kind: ended.append(f"{kind} cancelled"))
    running = Deaf("late")
    runner.submit("search", running)
    assert running.running.wait(10)
    runner.submit("analysis", lambda progress: None)
    runner.drop("search")
    assert runner.is_busy
    running.may_end.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert ended == ["analysis"]
    runner.submit("search", lambda progress: None)
    with qtbot.waitSignal(runner.became_idle):
        runner.drop("search")


def test_a_cancelled_job_stops_at_its_next_step(runner: JobRunner, qtbot: QtBot) -> None:
    running, may_go_on, went_on = threading.Event(), threading.Event(), threading.Event()

    def job(progress: Progress) -> None:
        running.set()
        assert may_go_on.wait(10)
        progress.step("next step")
        went_on.set()

    runner.submit("analysis", job)
    assert running.wait(10)
    runner.cancel()
    may_go_on.set()
    with qtbot.waitSignal(runner.succeeded):
        runner.submit("analysis", lambda progress: None)
    assert not went_on.is_set()


def test_whatever_a_job_raises_is_told_and_the_worker_goes_on(runner: JobRunner, qtbot: QtBot) -> None:
    def broken(progress: Progress) -> None:
        raise SystemExit("even this")

    with qtbot.waitSignal(runner.failed) as signal:
        runner.submit("analysis", broken)
    assert isinstance(signal.args[1], SystemExit)
    assert not runner.is_busy
    with qtbot.waitSignal(runner.succeeded):
        runner.submit("analysis", lambda progress: None)


def test_progress_comes_with_message_and_fraction_and_not_too_often(runner: JobRunner, qtbot: QtBot) -> None:
    reports = []
    runner.progressed.connect(lambda message, fraction: reports.append((message, fraction)))

    def job(progress: Progress) -> None:
        for k in range(10_000):
            progress.step("reading words", k / 10_000)

    with qtbot.waitSignal(runner.succeeded):
        runner.submit("analysis", job)
    assert reports[0] == ("reading words", 0.0)
    assert len(reports) < 100


def test_closing_ends_the_worker_thread(qtbot: QtBot) -> None:
    runner = JobRunner()
    stubborn = Deaf("never seen")
    runner.submit("analysis", stubborn)
    assert stubborn.running.wait(10)
    stubborn.may_end.set()
    runner.close()
    assert "rsascope-worker" not in [thread.name for thread in threading.enumerate()]


def test_a_quiet_job_looks_idle_and_anything_else_makes_it_stale(runner: JobRunner, qtbot: QtBot) -> None:
    quiet = [qtbot.assertNotEmitted(signal) for signal in (runner.started, runner.became_idle)]
    with quiet[0], quiet[1], qtbot.waitSignal(runner.succeeded) as told:
        runner.submit("quiet", lambda progress: "counted", quiet=True)
        assert not runner.is_busy
    assert told.args == ["quiet", "counted"]
    begun = threading.Event()

    def endless(progress: Progress) -> None:
        begun.set()
        while True:
            progress.step("counting")

    outcomes: list[str] = []
    runner.succeeded.connect(lambda kind, _: outcomes.append(kind))
    with qtbot.assertNotEmitted(runner.progressed):
        runner.submit("quiet", endless, quiet=True)
        assert begun.wait(10)
        with qtbot.waitSignal(runner.became_idle):
            runner.submit("loud", lambda progress: None)
            assert runner.is_busy
    assert outcomes == ["loud"]
    runner.submit("quiet", endless, quiet=True)
    with qtbot.assertNotEmitted(runner.cancelled):
        runner.cancel()
