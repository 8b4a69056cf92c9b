"""How many words the spaces share of the rule as it stands, counted while nothing else is to be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from engine.errors import EngineError
from engine.progress import Progress
from engine.request import AnalysisRequest
from engine.step_cache import StepCache
from engine.word_count import WordCount, count_shared_words, describe_count
from engine.words import WordList
from ui.analyses import Analyses
from ui.jobs import JobRunner
from ui.parameter_panel import ParameterPanel

COUNT = "count"
PAUSE = 60  # ms without a further key before words are counted
REST = 300  # ms after other work, in which its pictures are painted: counting would keep that waiting
SOON = 150  # ms in which a count needs no announcement
COUNTING = "counting…"


class WordCounter(QObject):
    """Counts in the worker, quietly: anything else goes first, and the count begins anew afterwards."""

    def __init__(self, panel: ParameterPanel, analyses: Analyses, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._panel, self._analyses, self._runner = panel, analyses, runner
        self._asked: AnalysisRequest | None = None  # what is being counted, or was last
        self._counted, self._told = False, ""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._rest.timeout.connect(self.count)
        self._pause.timeout.connect(self.count)
        self._soon.timeout.connect(partial(panel.words.show_count, COUNTING))
        for changed in (panel.words.typed, *(field.changed for field in panel.spaces)):
            changed.connect(self._pause.start)
        runner.became_idle.connect(self._rest.start)
        runner.succeeded.connect(self._on_succeeded)

    def count(self) -> None:
        """Count the words of the rule as it stands, unless that is done."""
        asked = AnalysisRequest(self._panel.request().spaces, self._panel.words.words_as_typed)
        if asked == self._asked and self._counted:
            self._tell(self._told)  # shown anew, the panel has forgotten it
            return
        self._asked, self._counted = asked, False
        if asked.words == WordList(()):
            self._tell("")
            return
        self._soon.start()
        if not self._runner.is_busy:  # else once it is idle again
            self._analyses.submit(COUNT, partial(_count, asked), quiet=True)

    def _on_succeeded(self, kind: str, outcome: object) -> None:
        if kind == COUNT and self._asked is not None:
            self._counted = isinstance(outcome, WordCount)
            self._tell(describe_count(outcome, self._asked.words) if isinstance(outcome, WordCount) else "")

    def _tell(self, text: str) -> None:
        self._told = text
        self._soon.stop()
        self._panel.words.show_count(text)


def _count(request: AnalysisRequest, progress: Progress, cache: StepCache) -> WordCount | None:
    try:
        return count_shared_words(request, progress, cache)
    except EngineError:  # the analysis tells it, beside what caused it
        return None
