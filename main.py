"""rsascope: the command line, then the window or a run without one."""

from __future__ import annotations

# ruff: noqa: T201  # a command line prints
import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

HERE = str(Path(__file__).resolve().parent)
if sys.path[0] != HERE:  # installed, `engine` and `ui` live beside this file and another distribution's may come first
    sys.path.insert(0, HERE)

from engine import __version__  # noqa: E402

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130
ABOUT = "Compare embedding spaces by representational similarity analysis."
WITHOUT_WINDOW = "without a window: rsascope run [SESSION.json] --out DIR [--figures svg,pdf,png | none]"


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"rsascope: {message}; see {self.prog} --help\n")


class TerminalProgress:
    """The step being done, in one line of the terminal that later steps write over."""

    def __init__(self) -> None:
        self._next = 0.0

    def step(self, message: str, fraction: float | None = None) -> None:
        if time.monotonic() >= self._next:
            done = "" if fraction is None else f" ({fraction:.0%})"
            print(f"\r\033[K{message}{done}"[:160], end="", file=sys.stderr, flush=True)
            self._next = time.monotonic() + 0.1

    def clear(self) -> None:
        """Leave the line empty."""
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 failed, 2 wrong use or an invalid session, 130 interrupted."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments[:1] == ["run"]:
            return run(run_parser().parse_args(arguments[1:]))
        return show(window_parser().parse_args(arguments).session)
    except KeyboardInterrupt:
        print("rsascope: interrupted, nothing was written", file=sys.stderr)
        return INTERRUPTED


def window_parser() -> Parser:
    """What opens the window."""
    parser = Parser("rsascope", description=ABOUT, epilog=WITHOUT_WINDOW, allow_abbrev=False)
    parser.add_argument("session", nargs="?", metavar="SESSION.json", help="open it; else the bundled sample")
    parser.add_argument("--version", action="version", version=f"rsascope {__version__}")
    return parser


def run_parser() -> Parser:
    """What analyses without a window."""
    parser = Parser("rsascope run", description="Analyse without a window and write everything.", allow_abbrev=False)
    parser.add_argument("session", nargs="?", metavar="SESSION.json", type=Path, help="else the bundled sample")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="the folder to write to")
    parser.add_argument(
        "--figures", default=("svg",), type=figure_formats, help="svg, pdf, png with commas between, or none (svg)"
    )
    return parser


def figure_formats(value: str) -> tuple[str, ...]:
    """The formats named: "svg,png" -> ("svg", "png"); "none" -> ()."""
    from engine.export.figures import FORMATS

    formats = () if value == "none" else tuple(dict.fromkeys(value.split(",")))
    for name in formats:
        if name not in FORMATS:
            raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(FORMATS)} or none")
    return formats


def show(session: str | None) -> int:
    """Open the window, if one can open here."""
    from ui.system import why_no_window

    if reason := why_no_window():
        print(f"rsascope: {reason}", file=sys.stderr)
        return WRONG_USE
    from ui.application import run_window

    return run_window(session)


def run(options: argparse.Namespace) -> int:
    """Analyse and write everything to a folder."""
    from engine.errors import EngineError, SessionError

    progress = TerminalProgress() if sys.stderr.isatty() else None
    try:
        told = analyse(options, progress)
    except EngineError as error:
        failure = f"rsascope: {error}"
        status = WRONG_USE if isinstance(error, SessionError) else FAILED
    else:
        failure, status = "", 0
    finally:
        if progress:
            progress.clear()
    if failure:
        print(failure, file=sys.stderr)
    else:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a console may lack ρ
        print(*told, sep="\n")
    return status


def analyse(options: argparse.Namespace, progress: TerminalProgress | None) -> list[str]:
    """What the user should read of a run that went well."""
    from engine.analysis import run_analysis
    from engine.description import describe_agreement
    from engine.export.run import export_run
    from engine.progress import SILENT
    from engine.session import Session, read_session

    session = read_session(options.session) if options.session else Session()
    result = run_analysis(session.request, progress or SILENT)
    export_run(options.out, result, session, options.figures, progress=progress or SILENT)
    return [*describe_agreement(result), *result.notes, f"Everything is in {options.out}."]


if __name__ == "__main__":
    sys.exit(main())
