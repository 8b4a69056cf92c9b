"""From an exception to what the user reads, and where."""

from __future__ import annotations

import platform
import traceback
from dataclasses import dataclass

from engine import __version__
from engine.errors import EngineError


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
    """

    text: str
    concerns: str = ""
    details: str = ""


def problem_from(error: BaseException) -> Problem:
    """What to tell the user of an exception."""
    if isinstance(error, EngineError):
        return Problem(str(error), error.concerns)
    if isinstance(error, MemoryError):
        return Problem("There is not enough memory for this; choose fewer words or smaller spaces.", "words")
    return Problem(
        f"Something went wrong inside rsascope ({type(error).__name__}: {error}). Your results are still shown.",
        details=_details(error),
    )


def _details(error: BaseException) -> str:
    where = f"rsascope {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return where + "\n" + "".join(traceback.format_exception(error))
