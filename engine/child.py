"""Work in a process of its own: what would stall the window (importing torch) or cannot be interrupted (a stalled
download, another library's loader).

    parent, any thread                         child process
    call(function, *arguments) ──────────────► function(*arguments, progress)
    progress.step(...)         ◄────────────── progress.step(...)
    result, or the exception   ◄────────────── result or exception

Cancelling ends the process at once, in the middle of whatever it does.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import EngineError
from engine.progress import Progress

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

T = TypeVar("T")

LOOK = 0.03  # seconds between two looks at whether the user has cancelled
IDLE = 300.0  # seconds without a call after which the process ends by itself, with the models it holds
STARTING = "starting a process of its own for this"


class Child:
    """A process that answers calls one after the other, and keeps what its modules remember between them.

    It is started by the first call, and again by the next one after it was cancelled or has ended.
    """

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._answered = True  # whether nothing is on its way through the pipe

    def call(self, function: Callable[..., T], *arguments: object, progress: Progress) -> T:
        """What `function(*arguments, progress)` returns, called in the process.

        Parameters
        ----------
        function : callable
            Of a module, so that the process finds it by name.
        arguments, and what it returns
            Travel by pickle.
        progress : Progress
            Is told what the function tells its own.

        Raises
        ------
        EngineError
            If the process ended by itself, or cannot be started; else whatever the function raises.
        Cancelled
            From `progress`; the process is ended.
        """
        try:
            pipe = self._running()
            pipe.send((function, arguments))
            result: T = self._await(pipe, progress)
            return result
        except (EOFError, ConnectionError):
            code = self._exit_code()
            raise EngineError(
                f"The process that did this ended by itself ({code}), perhaps for lack of memory; close other programs "
                "and try again."
            ) from None
        except BaseException:
            if not self._answered:
                self.close()
            raise

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def __del__(self, ends: Callable[[], bool] = sys.is_finalizing) -> None:
        if not ends():  # else multiprocessing has ended the process already, and its modules are gone
            self.close()

    def _running(self) -> Connection[Any, Any]:
        """The pipe to the process, which is started if it does not run."""
        self._answered = False
        if self._process is not None and not self._process.is_alive():
            self.close()
        if self._pipe is None:
            from multiprocessing import get_context  # 20 ms that a start without any call need not pay

            context = get_context("spawn")
            try:
                pipe, theirs = context.Pipe()
                with theirs:
                    process = context.Process(target=_serve, args=(theirs,), daemon=True)
                    process.start()
            except OSError as error:
                raise EngineError(
                    f"The system starts no other process ({error.strerror}); close other programs and try again."
                ) from None
            self._pipe, self._process = pipe, process
        return self._pipe

    def _await(self, pipe: Connection[Any, Any], progress: Progress) -> Any:
        message: str = STARTING
        fraction: float | None = None
        while True:
            progress.step(message, fraction)
            if not pipe.poll(LOOK):
                continue
            kind, *content = pipe.recv()
            if kind == "step":
                message, fraction = content
                continue
            self._answered = True
            if kind == "failed":
                raise content[0]
            return content[0]

    def _exit_code(self) -> int | None:
        process = self._process
        if process is None:
            return None
        process.join(1)
        code = process.exitcode
        self.close()
        return code


def call_once(function: Callable[..., T], *arguments: object, progress: Progress) -> T:
    """`Child.call` in a process that ends with it."""
    child = Child()
    try:
        return child.call(function, *arguments, progress=progress)
    finally:
        child.close()


# Below here: the child process.


class _Reporter:
    def __init__(self, pipe: Connection[Any, Any]) -> None:
        self._pipe = pipe

    def step(self, message: str, fraction: float | None = None) -> None:
        self._pipe.send(("step", message, fraction))


def _serve(pipe: Connection[Any, Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to answer
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _silence()
    while pipe.poll(IDLE):
        try:
            function, arguments = pipe.recv()
        except EOFError:  # the parent is gone
            return
        pipe.send(_outcome(function, arguments, _Reporter(pipe)))


def _outcome(function: Callable[..., object], arguments: tuple[object, ...], progress: Progress) -> tuple[str, object]:
    try:
        return "done", function(*arguments, progress)
    except EngineError as error:
        return "failed", error
    except BaseException as error:  # a bug, or a library's own exception, which need not survive the pipe
        return "failed", RuntimeError("".join(traceback.format_exception(error)))


def _end_with_parent() -> None:
    """A long call of a library must not outlive a parent that was killed."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)


def _silence() -> None:
    """Libraries print warnings and progress; a windowed build has no streams at all."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (1, 2):
        os.dup2(nowhere, number)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  for as long as the process lives
