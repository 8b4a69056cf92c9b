"""What the window shows: the result, the pair pointed at, the pairs brushed, the colours, what a drag does.

Views read it and write to it, never to each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.brush import Brush
from engine.colours import ColourScale
from engine.result import AnalysisResult

if TYPE_CHECKING:
    from engine.inference.findings import Statistics

Moved = tuple[Brush, Brush | None]
PAN, RECTANGLE, LASSO = "pan", "rectangle", "lasso"  # what a drag in a picture does


@dataclass(frozen=True)
class Selection:
    """A pair of words; the same word twice means that one word.

    By word, not by row: a selection outlives a new result that still has its words.
    """

    first: str
    second: str

    @property
    def is_pair(self) -> bool:
        """Whether these are two different words."""
        return self.first != self.second


class AppState(QObject):
    """The facts that more than one view shows.

    Setting an equal value emits nothing, so a view may set what it was just told without causing an echo.

    Signals
    -------
    result_changed(AnalysisResult)
    statistics_changed(AnalysisResult)
        The same result, of which more is known now.
    selection_changed(Selection or None)
    hovered_changed(Selection or None)
    brush_changed(Brush or None)
    colours_changed(ColourScale)
    drag_changed(str)
        `PAN`, `RECTANGLE` or `LASSO`.
    """

    result_changed = Signal(object)
    statistics_changed = Signal(object)
    selection_changed = Signal(object)
    hovered_changed = Signal(object)
    brush_changed = Signal(object)
    colours_changed = Signal(object)
    drag_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.result: AnalysisResult | None = None
        self.why_not_inferred = ""  # why the statistics of the result cannot be computed, if they cannot
        self.selection: Selection | None = None
        self.hovered: Selection | None = None
        self.brush: Brush | None = None
        self.colours = ColourScale()
        self.drag = PAN

    def set_result(self, result: AnalysisResult, moved: Moved | None = None) -> None:
        """Show a new result; the selection stays if its words are still there, and of the brush what is.

        Parameters
        ----------
        moved : (Brush, Brush or None), optional
            A brush and what is left of it, for whoever has moved it already: millions of pairs take a while.
        """
        self.result = result
        self.why_not_inferred = ""
        self.hovered = None
        if self.brush is not None:
            known = moved is not None and moved[0] is self.brush
            self.brush = moved[1] if moved and known else self.brush.moved_to(result.words)
        if self.selection is not None and not self._knows(self.selection):
            self.selection = None
        self.result_changed.emit(result)
        self.hovered_changed.emit(None)
        self.selection_changed.emit(self.selection)  # even the same words have new numbers
        self.brush_changed.emit(self.brush)

    def set_statistics(self, statistics: Statistics) -> None:
        """Show what was inferred of the result."""
        if self.result is not None:
            self.result = self.result.with_statistics(statistics)
            self.statistics_changed.emit(self.result)

    def fail_statistics(self, reason: str) -> None:
        """Show that nothing can be inferred of the result, and why."""
        self.why_not_inferred = reason
        if self.result is not None:
            self.statistics_changed.emit(self.result)

    def select_pair(self, first: str, second: str) -> None:
        """Select two words of the result, or one word by naming it twice."""
        self.set_selection(Selection(first, second))

    def set_selection(self, selection: Selection | None) -> None:
        """Select a pair, a word, or with None nothing. Words that the result lacks select nothing."""
        if selection is not None and not self._knows(selection):
            selection = None
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit(selection)

    def clear(self) -> None:
        """Select and brush nothing."""
        self.set_selection(None)
        self.set_brush(None)

    def set_drag(self, drag: str) -> None:
        """Have a drag in a picture pan it, or draw a shape."""
        if drag != self.drag:
            self.drag = drag
            self.drag_changed.emit(drag)

    def set_hovered(self, hovered: Selection | None) -> None:
        """Point at a pair, or with None at nothing."""
        if hovered != self.hovered:
            self.hovered = hovered
            self.hovered_changed.emit(hovered)

    def set_brush(self, brush: Brush | None) -> None:
        """Pick some pairs of the result together, or with None none."""
        if brush is not self.brush:
            self.brush = brush
            self.brush_changed.emit(brush)

    def set_colours(self, colours: ColourScale) -> None:
        """Show the heatmaps in other colours."""
        if colours != self.colours:
            self.colours = colours
            self.colours_changed.emit(colours)

    def _knows(self, selection: Selection) -> bool:
        return self.result is not None and {selection.first, selection.second} <= self.result.rows.keys()
