"""From an exception to what the user reads, and where."""

from __future__ import annotations

import platform
import re
import traceback
from dataclasses import dataclass
from pathlib import Path

from engine import __version__
from engine.errors import OUT_OF_MEMORY, ConsentNeeded, EngineError, NotDownloaded

REMEDIES = {"download": "Download…", "trust": "Open it anyway…"}  # what can be done about a problem at once


@dataclass(frozen=True)
class Problem:
    """Something the user should read.

    Parameters
    ----------
    text : str
        One sentence with the way out.
    concerns : str
        The part of the request it belongs beside, as a session path; empty: the window as a whole.
    details : str
        For a bug: the traceback and versions; empty for an ordinary failure.
    remedy : str
        A key of `REMEDIES`, where one helps; else empty.
    path : Path or None
        The file to be trusted.
    """

    text: str
    concerns: str = ""
    details: str = ""
    remedy: str = ""
    path: Path | None = None

    @property
    def space(self) -> int | None:
        """Which of the request's spaces it concerns, if one."""
        found = re.match(r"spaces\[(\d+)\]", self.concerns)
        return int(found[1]) if found else None


def problem_from(error: BaseException) -> Problem:
    """What to tell the user of an exception."""
    if isinstance(error, NotDownloaded):
        return Problem(str(error), error.concerns, remedy="download")
    if isinstance(error, ConsentNeeded):
        return Problem(str(error), error.concerns, remedy="trust", path=error.path)
    if isinstance(error, EngineError):
        return Problem(str(error), error.concerns)
    if isinstance(error, MemoryError):
        return Problem(OUT_OF_MEMORY, "words")
    return Problem(
        f"Something went wrong inside rsascope ({type(error).__name__}: {error}). Your results are still shown.",
        details=_details(error),
    )


def _details(error: BaseException) -> str:
    where = f"rsascope {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return where + "\n" + "".join(traceback.format_exception(error))
