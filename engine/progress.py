"""How long steps report and are stopped: the engine calls `step`, the caller decides what that does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Cancelled(Exception):
    """The user asked to stop. Not an error."""


class Progress(Protocol):
    """Where the engine reports how far it is."""

    def step(self, message: str, fraction: float | None = None) -> None:
        """Report what is being done.

        Parameters
        ----------
        message : str
            What is being done, with the amount ("reading words, 1,204,000 of 3,000,000").
        fraction : float or None
            How much of it is done, 0 to 1; None means "cannot say".

        Raises
        ------
        Cancelled
            If the user asked to stop since the last step.
        """


class Silent:
    """A progress nobody watches and nobody cancels."""

    def step(self, message: str, fraction: float | None = None) -> None:
        pass


SILENT = Silent()


@dataclass(frozen=True)
class Steady:
    """Says the same whatever it is told, and is cancelled like the progress behind it."""

    progress: Progress
    message: str
    fraction: float

    def step(self, message: str, fraction: float | None = None) -> None:
        self.progress.step(self.message, self.fraction)
