"""rsascope from the command line: the window, or one analysis without it."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, TextIO

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:  # installed, `engine` and `ui` lie beside this file, below the package `rsascope`
    sys.path.insert(0, HERE)

if TYPE_CHECKING:
    from engine.progress import Progress
    from engine.request import AnalysisRequest
    from engine.result import AnalysisResult
    from engine.sources import Source

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130
SWITCH_INTERVAL = 0.001  # seconds; a thread at work gives way to the window, or a file's reader, five times sooner


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status.

    0: done; 1: the analysis failed; 2: wrong use, an invalid session, or no display for a window; 130: interrupted.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    _fill_standard_streams()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        return _run(given[1:]) if given[:1] == ["run"] else _window(given)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)


def _fill_standard_streams() -> None:
    """Where standard streams are closed, files opened later would get their numbers, and what is written to them."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)  # as the streams of other processes are
    os.close(number)


def _window(arguments: Sequence[str]) -> int:
    from engine import __version__

    parser = _Parser("rsascope", "Compare embedding spaces in a window.")
    parser.epilog = "without a window: rsascope run [SESSION.json] --out DIR; see rsascope run --help"
    parser.add_session()
    parser.add_argument("--version", action="version", version=f"rsascope {__version__}")
    session = parser.parse_args(arguments).session

    from ui.system import why_no_window

    reason = why_no_window()
    if reason:
        return _complain(reason, WRONG_USE)
    gc.disable()  # it would examine all that is imported, again and again; ui.garbage takes over in the window
    from ui.application import run_window

    return run_window(session)


def _run(arguments: Sequence[str]) -> int:
    gc.set_threshold(100_000)  # else all that is imported and read is examined again and again
    parser = _Parser("rsascope run", "Analyse without a window and write everything to a folder.")
    parser.add_session()
    parser.add_argument("--out", required=True, type=_folder, metavar="DIR", help="where the files go")
    parser.add_argument(
        "--figures", type=_formats, default=("svg",), metavar="svg,pdf,png | none", help="figure formats (default: svg)"
    )
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="allow this pickle or fastText model to be opened, which can run code that is in it; remembered",
    )
    parser.add_argument("--download", action="store_true", help="fetch models that are not on this computer yet")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)

    from engine import consent
    from engine.errors import OUT_OF_MEMORY, EngineError, SessionError

    try:
        for file in options.trust:
            consent.give(file)
        _analyse(options.session, options.out, options.figures, options.download)
    except SessionError as error:
        return _complain(str(error), WRONG_USE)
    except EngineError as error:
        return _complain(str(error), FAILED)
    except MemoryError:
        return _complain(OUT_OF_MEMORY, FAILED)
    return 0


def _analyse(path: str | None, out: Path, figures: Sequence[str], download: bool) -> None:
    from engine.description import describe_agreement, describe_analysis, describe_missing
    from engine.export.run import check_folder, export_run
    from engine.session import Session, read_session

    session = Session() if path is None else read_session(Path(path))
    check_folder(out)  # before the long part
    with _progress_line() as progress:
        if download:
            _download([space.source for space in session.request.spaces], progress)
        result = _result(session.request, progress)
        export_run(out, result, session, figures, progress=progress)
    _tell(
        describe_analysis(result),
        *describe_agreement(result),
        *_inferred(result),
        *describe_missing(result),
        *result.notes,
        f"Written to {out.absolute()}.",
    )


def _result(request: AnalysisRequest, progress: Progress) -> AnalysisResult:
    if request.statistics.is_asked_for:
        from engine.statistics import run_whole  # 50 ms that others need not pay

        return run_whole(request, progress)
    from engine.analysis import run_analysis

    return run_analysis(request, progress)


def _inferred(result: AnalysisResult) -> list[str]:
    if result.statistics is None:
        return []
    from engine.headline import describe_inferred

    return describe_inferred(result)


def _download(sources: Sequence[Source], progress: Progress) -> None:
    from engine.downloads import fetch

    for source in sources:
        if lacking := source.plan_download(progress):
            fetch(lacking, progress)


class _Parser(argparse.ArgumentParser):
    """Complains in one line, like everything else here."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, description=description, allow_abbrev=False)

    def add_session(self) -> None:
        self.add_argument(
            "session", nargs="?", type=_file, metavar="SESSION.json", help="the bundled sample, if left out"
        )

    def error(self, message: str) -> NoReturn:
        self.exit(_complain(f"{message}; see {self.prog} --help", WRONG_USE))


class _Line:
    """Progress as one line of a terminal, written over at most ten times a second."""

    def __init__(self) -> None:
        from shutil import get_terminal_size

        self._last, self._width = 0.0, get_terminal_size().columns - len(" 100% ")

    def step(self, message: str, fraction: float | None = None) -> None:
        now = time.monotonic()
        if now - self._last >= 0.1:
            self._last = now
            percent = "" if fraction is None else f" {fraction:.0%}"
            sys.stderr.write(f"\r\033[K{message[: self._width]}{percent}")
            sys.stderr.flush()


@contextmanager
def _progress_line() -> Iterator[Progress]:
    """Progress on the terminal, if standard error is one; the line is gone at the end."""
    from engine.progress import SILENT

    if sys.stderr is None or not sys.stderr.isatty():
        yield SILENT
        return
    try:
        yield _Line()
    finally:
        sys.stderr.write("\r\033[K")


def _folder(value: str) -> Path:
    return Path(_not_empty(value, "folder"))


def _file(value: str) -> str:
    return _not_empty(value, "session")


def _not_empty(value: str, what: str) -> str:
    """The value; an empty one is a slip, and means neither the current folder nor the sample."""
    if not value.strip():
        raise argparse.ArgumentTypeError(f"the {what}'s name is empty")
    return value


def _formats(value: str) -> tuple[str, ...]:
    from engine.export.figures import FORMATS

    formats = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",")))
    if formats == ("none",):
        return ()
    for format in formats:
        if format not in FORMATS:
            raise argparse.ArgumentTypeError(f"{format!r} is not one of {', '.join(FORMATS)} (or none)")
    return formats


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _tell(*sentences: str) -> None:
    """Say something on standard output; whoever has closed it does not want to know more."""
    from engine.errors import ExportError

    try:
        for sentence in sentences:
            _say(sentence, sys.stdout)
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or the interpreter would complain at its end
        if not isinstance(error, BrokenPipeError):
            raise ExportError(f"All is written, but standard output cannot be: {error.strerror}.") from None


def _complain(reason: str, status: int) -> int:
    _say(f"rsascope: {' '.join(reason.split())}", sys.stderr)
    return status


def _say(sentence: str, stream: TextIO | None) -> None:
    if stream is not None:  # a windowed build has no streams
        encoding = stream.encoding or "utf-8"
        stream.write(sentence.encode(encoding, "backslashreplace").decode(encoding) + "\n")


if __name__ == "__main__":
    sys.exit(main())
