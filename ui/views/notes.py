"""What was analysed, what is missing and why, and what to know of the spaces."""

from __future__ import annotations

import html

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from engine.data import EmbeddingSpace, MissingWords
from engine.description import describe_analysis, describe_space, printable
from engine.result import AnalysisResult
from ui.state import AppState
from ui.views.base import View

MOST_WORDS_LISTED = 200


class NotesView(View):
    """The analysis in sentences."""

    name = "notes"
    title = "Notes"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.text = QTextBrowser()
        self.text.setAccessibleName("Notes on the analysis")
        self.text.setOpenLinks(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)

    def show_result(self, result: AnalysisResult) -> None:
        parts = [_paragraph(describe_analysis(result))]
        parts += [_paragraph(note) for note in result.notes]
        parts += [_space(space) for space in result.spaces]
        parts += [_missing(missing) for missing in result.missing]
        self.text.setHtml("".join(parts))


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _space(space: EmbeddingSpace) -> str:
    notes = "".join(f"<br>{html.escape(note)}" for note in space.notes)
    return (
        f"<p><b>{html.escape(describe_space(space))}</b><br>{html.escape(printable(space.description))}; "
        f"{space.vocabulary_size:,} entries.{notes}</p>"
    )


def _missing(missing: MissingWords) -> str:
    listed = ", ".join(html.escape(printable(word)) for word in missing.words[:MOST_WORDS_LISTED])
    more = missing.count - min(len(missing.words), MOST_WORDS_LISTED)
    return (
        f"<p><b>{missing.count:,} missing in {html.escape(printable(missing.space))}</b> "
        f"({html.escape(missing.reason)}): {listed}"
        f"{f' and {more:,} more' if more else ''}.</p>"
    )
