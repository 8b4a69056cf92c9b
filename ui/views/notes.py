"""What was analysed, what is missing and why, and what to know of the spaces."""

from __future__ import annotations

import html

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from engine.data import EmbeddingSpace, MissingWords
from engine.description import advise, describe_analysis, describe_missing_words, describe_space, printable
from engine.result import AnalysisResult
from engine.word_lists import spelt_as_found
from engine.words import WordList
from ui.state import AppState
from ui.theme import Colours
from ui.views.base import View

MOST_WORDS_LISTED = 200
AS_FOUND = "as-found"


class NotesView(View):
    """The analysis in sentences.

    Signals
    -------
    words_wanted(WordList)
        The user would rather have these.
    """

    words_wanted = Signal(object)

    name = "notes"
    title = "Notes"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.text = QTextBrowser()
        self.text.setAccessibleName("Notes on the analysis")
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._on_link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)

    def show_result(self, result: AnalysisResult) -> None:
        parts = [_paragraph(describe_analysis(result))]
        parts += [_paragraph(note) for note in result.notes]
        parts += [_space(space) for space in result.spaces]
        parts += ["<a name='missing'></a>", *(_missing(missing) for missing in result.missing)]
        parts += [_offer(result)]
        self.text.setHtml("".join(parts))

    def show_missing(self) -> None:
        """Bring the missing words into sight."""
        self.text.scrollToAnchor("missing")

    def show_theme(self, theme: Colours) -> None:
        if self.state.result is not None:
            self.show_result(self.state.result)  # links keep the colour they were written in

    def _on_link(self, link: QUrl) -> None:
        result = self.state.result
        if link.toString() == AS_FOUND and result is not None and isinstance(result.request.words, WordList):
            self.words_wanted.emit(spelt_as_found(result.request.words, result.missing))


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _space(space: EmbeddingSpace) -> str:
    notes = "".join(f"<br>{html.escape(note)}" for note in space.notes)
    return (
        f"<p><b>{html.escape(describe_space(space))}</b><br>{html.escape(printable(space.description))}; "
        f"{space.vocabulary_size:,} entries.{notes}</p>"
    )


def _missing(missing: MissingWords) -> str:
    listed = ", ".join(map(html.escape, describe_missing_words(missing, MOST_WORDS_LISTED)))
    more = missing.count - min(len(missing.words), MOST_WORDS_LISTED)
    return (
        f"<p><b>{missing.count:,} missing in {html.escape(printable(missing.space))}</b> "
        f"({html.escape(missing.reason)}): {listed}"
        f"{f' and {more:,} more' if more else ''}. {html.escape(advise(missing))}</p>"
    )


def _offer(result: AnalysisResult) -> str:
    """A link that takes the spellings that all spaces have, where there are any."""
    instead = {one.word: one.instead for missing in result.missing for one in missing.explained if one.instead}
    if not instead or not isinstance(result.request.words, WordList):
        return ""
    [(word, spelling), *others] = instead.items()
    text = f"use the {len(instead):,} spellings that exist" if others else f"use “{spelling}” instead of “{word}”"
    return f"<p><a href='{AS_FOUND}'>{html.escape(printable(text))}</a></p>"
