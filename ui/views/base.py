"""What a view is: a widget that shows the state and writes the user's pointing back to it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from engine.brush import Brush
from engine.colours import ColourScale
from engine.result import AnalysisResult
from ui.state import AppState, Selection
from ui.theme import Colours, colours

NOT_YET = "This is still being computed. If it was cancelled, Run starts it again."


def letter(k: int) -> str:
    """What space k is called where room is short: A, B, ... Z, 27, ..."""
    return chr(ord("A") + k) if k < 26 else str(k + 1)


class View(QWidget):
    """One picture or table of the result.

    A view overrides the `show_*` methods for what it draws. It never calls another view: it sets the state, and every
    view, itself included, is told.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._told_theme: Colours | None = None
        self.setObjectName(self.name)
        self.setAccessibleName(self.title)
        state.result_changed.connect(self.show_result)
        state.statistics_changed.connect(self.show_statistics)
        state.selection_changed.connect(self.show_selection)
        state.hovered_changed.connect(self.show_hovered)
        state.brush_changed.connect(self.show_brush)
        state.colours_changed.connect(self.show_colours)
        state.drag_changed.connect(self.show_drag)

    @property
    def not_inferred(self) -> str:
        """What stands where statistics will, or would: that they are not there yet, or why they cannot be."""
        return self.state.why_not_inferred or NOT_YET

    @property
    def theme(self) -> Colours:
        """The colours of the present theme."""
        return colours(self.palette())

    def show_result(self, result: AnalysisResult) -> None:
        """Draw a new result."""

    def show_statistics(self, result: AnalysisResult) -> None:
        """Draw what has been inferred of the result since."""

    def show_selection(self, selection: Selection | None) -> None:
        """Mark the selected pair or word, or nothing."""

    def show_hovered(self, hovered: Selection | None) -> None:
        """Point at a pair, or at nothing."""

    def show_brush(self, brush: Brush | None) -> None:
        """Highlight the pairs picked together and their words, or nothing."""

    def show_colours(self, scale: ColourScale) -> None:
        """Draw similarities in other colours."""

    def show_drag(self, drag: str) -> None:
        """Have a drag pan, or draw a shape."""

    def show_theme(self, theme: Colours) -> None:
        """Redraw in the colours of a light or dark theme."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self.theme != self._told_theme:  # style sheets change it too
            self._told_theme = self.theme
            self.show_theme(self.theme)
        super().changeEvent(event)
