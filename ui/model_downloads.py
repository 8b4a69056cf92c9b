"""How models come to this computer: what is missing, a question, the download.

In a thread of its own, so that one goes on analysing meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.progress import Progress
from engine.request import NamedSource
from engine.sources.gensim_catalogue import fetch_catalogue
from ui.jobs import Job, JobRunner
from ui.progress_strip import ProgressStrip

if TYPE_CHECKING:
    from engine.downloads import Download

PLAN, DOWNLOAD, CATALOGUE = "plan", "download", "catalogue"
MESSAGE_WIDTH = 560


class ModelDownloads(QObject):
    """Asks the network, and only when it is told to.

    Signals
    -------
    failed(Exception)
    catalogue_read(tuple of CatalogueEntry)
    """

    failed = Signal(object)
    catalogue_read = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.strip = ProgressStrip(MESSAGE_WIDTH, keeps_room=False)
        self.runner = JobRunner(self)
        self.runner.started.connect(self.strip.start)
        self.runner.became_idle.connect(self.strip.stop)
        self.runner.progressed.connect(self.strip.show_progress)
        self.runner.succeeded.connect(self._on_succeeded)
        self.runner.failed.connect(self._on_failed)
        self.strip.cancel_requested.connect(self.runner.cancel)

    def get(self, spaces: Sequence[NamedSource], then: Callable[[], None]) -> None:
        """Call `then` when all the spaces need is here; what is not is downloaded, if the user agrees."""

        def planned(downloads: list[Download]) -> None:
            if downloads:
                self._ask(downloads, then)
            else:
                then()

        self._submit(PLAN, partial(_plan, spaces), planned)

    def read_catalogue(self) -> None:
        """Fetch gensim's catalogue now."""
        self._submit(CATALOGUE, fetch_catalogue, self.catalogue_read.emit)

    def _ask(self, downloads: list[Download], then: Callable[[], None]) -> None:
        from ui.download_dialog import DownloadDialog  # not before it is wanted

        dialog = DownloadDialog(downloads, self._window)
        job = partial(_download, downloads)
        dialog.accepted.connect(lambda: self._submit(DOWNLOAD, job, lambda _: then(), in_turn=True))
        dialog.open()

    def _submit(self, kind: str, job: Job, then: Callable[[Any], None], in_turn: bool = False) -> None:
        self.runner.submit(kind, lambda progress: (then, job(progress)), in_turn=in_turn)

    def _on_succeeded(self, kind: str, outcome: tuple[Callable[[Any], None], object]) -> None:
        then, result = outcome
        then(result)

    def _on_failed(self, kind: str, error: BaseException) -> None:
        self.failed.emit(error)


def _plan(spaces: Sequence[NamedSource], progress: Progress) -> list[Download]:
    """What must be fetched, each thing once."""
    plans = [source.plan_download(progress) for source in dict.fromkeys(space.source for space in spaces)]
    return [plan for plan in plans if plan is not None]


def _download(downloads: Sequence[Download], progress: Progress) -> None:
    from engine.downloads import fetch

    for download in downloads:
        fetch(download, progress)
