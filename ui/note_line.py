"""One sentence above the pictures on what was analysed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.brush import Brush
from engine.description import count_missing, describe_analysis, describe_brush, describe_sources
from engine.result import AnalysisResult
from ui.elided_text import ElidedLabel
from ui.state import AppState
from ui.theme import GRID, renew_links

BY_KEYBOARD = Qt.TextInteractionFlag.LinksAccessibleByKeyboard


class NoteLine(QWidget):
    """The analysis in a sentence, and links to what is brushed and to the words that could not take part.

    Signals
    -------
    link_activated(str)
    """

    link_activated = Signal(str)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = ElidedLabel()
        self.sentence.setObjectName("noteLine")
        self.brushed, self.missing = QLabel(), QLabel()
        for label in (self.brushed, self.missing):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | BY_KEYBOARD)
            label.linkActivated.connect(self.link_activated)
            label.hide()
        self.brushed.setAccessibleName("Brushed pairs")
        self.brushed.setToolTip("Copy, keep, leave out or save what is brushed (Esc clears it)")
        self.missing.setAccessibleName("Missing words")
        self.missing.setToolTip("List the words that could not take part, under Notes")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, 2, GRID, 2)
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self.brushed)
        layout.addWidget(self.missing)
        layout.setSpacing(2 * GRID)
        state.result_changed.connect(self._show_analysis)
        state.brush_changed.connect(self._show_brush)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            renew_links(self.brushed)
            renew_links(self.missing)
        super().changeEvent(event)

    def _show_analysis(self, result: AnalysisResult) -> None:
        self.sentence.set_text(f"{describe_analysis(result)}   {'; '.join(describe_sources(result))}")
        n_missing = count_missing(result)
        self.missing.setText(f"<a href='notes'>{n_missing:,} missing</a>")
        self.missing.setVisible(n_missing > 0)

    def _show_brush(self, brush: Brush | None) -> None:
        if brush is not None:
            self.brushed.setText(f"<a href='brush'>{describe_brush(brush)} ▾</a>")
        self.brushed.setVisible(brush is not None)
