"""What can go wrong in an analysis, in words fit for the user.

EngineError                 every message names the thing and the way out
├── SourceError             a space cannot be read: missing, empty, truncated, not vectors
│   ├── NotDownloaded       a model is not on this computer yet; knows which
│   └── ConsentNeeded       opening the file could run code that is in it; knows which
├── WordsError              the word rule or list leaves too few words
├── MeasureError            a measure cannot be computed on what it was given
├── SessionError            a session file is not valid; knows the JSON path
└── ExportError             files cannot be written

`engine.progress.Cancelled` is not an error and stands apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OUT_OF_MEMORY = "There is not enough memory for this; choose fewer words or smaller spaces."


class EngineError(Exception):
    """A failure with a message fit for the user.

    Parameters
    ----------
    message : str
        One sentence that names the thing and the way out.
    concerns : str
        The part of the request that caused it, in the session file's JSON path notation (``spaces[1]``,
        ``words.pattern``); empty where no single part did. The window shows the message beside that part.
    """

    def __init__(self, message: str, concerns: str = "") -> None:
        super().__init__(message)
        self.concerns = concerns


@contextmanager
def concerning(part: str) -> Iterator[None]:
    """Say of any `EngineError` inside which part of the request it concerns."""
    try:
        yield
    except EngineError as error:
        error.concerns = f"{part}.{error.concerns}".rstrip(".")
        raise


class SourceError(EngineError):
    """A space cannot be read."""


class NotDownloaded(SourceError):
    """What a source needs is not on this computer yet; the network is asked only when the user says so.

    Parameters
    ----------
    message : str
    model : str
        The name that the source knows it by.
    """

    def __init__(self, message: str, model: str = "", concerns: str = "") -> None:
        super().__init__(message, concerns)
        self.model = model


class ConsentNeeded(SourceError):
    """Opening a file could run code that somebody put into it; that takes the user's explicit consent.

    Parameters
    ----------
    message : str
    path : Path
        The file.
    """

    def __init__(self, message: str, path: Path | None = None, concerns: str = "") -> None:
        super().__init__(message, concerns)
        self.path = path


class WordsError(EngineError):
    """The word rule or list is invalid, or leaves too few words."""


class MeasureError(EngineError):
    """A measure cannot be computed on what it was given."""


class SessionError(EngineError):
    """A session file is not valid; `concerns` is the JSON path of the culprit."""


class ExportError(EngineError):
    """Files cannot be written; nothing was left behind."""
