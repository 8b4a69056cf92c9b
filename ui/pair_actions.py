"""What can be done with the brushed pairs or, while there are none, with the selected pair; and how one picks them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication

from engine.description import describe_brush
from engine.embedding import FEWEST_WORDS
from engine.words import WordList
from ui.menus import offer
from ui.state import LASSO, PAN, RECTANGLE

if TYPE_CHECKING:
    from ui.main_window import MainWindow

COPY, ONLY, WITHOUT = "Copy words", "Only these words", "Without these words"
SAVE = "Save brushed pairs…"
NO_SELECTION = "Select a cell, a point or a word first, or brush pairs."
NO_BRUSH = "Brush pairs first: Shift+drag in the scatter or a heatmap."
DRAGS = {
    PAN: ("Drag to pan", "Alt+M", "move", "Drag pans"),
    RECTANGLE: ("Drag a rectangle", "Alt+R", "rectangle", "Drag brushes a rectangle, like Shift+drag"),
    LASSO: ("Drag a lasso", "Alt+L", "lasso", "Drag brushes a lasso in the scatter, like Ctrl+drag"),
}


class PairActions(QObject):
    """Makes the actions and offers them while there is something to use them on.

    Attributes
    ----------
    on_words : list of QAction
    drags : list of QAction
        What a drag in a picture does; one of them is checked.
    """

    def __init__(self, window: MainWindow, make: Callable[..., QAction]) -> None:
        super().__init__(window)
        self._window, self._state = window, window.state
        self.copy = make(COPY, self._copy, "Ctrl+Shift+C")
        self.only = make(ONLY, self._keep, "Alt+O")
        self.without = make(WITHOUT, self._drop, "Ctrl+Delete")
        self.save = make(SAVE, window.files.save_brushed, "Ctrl+T, Ctrl+R")
        self.clear = make("Clear selection and brush", window.brushing.clear, "Esc")
        self.on_words = [self.copy, self.only, self.without]
        self.drags = self._drags(make)
        self._offer()
        picking = window.brushing.runner
        changes = self._state.selection_changed, self._state.brush_changed, picking.started, picking.became_idle
        for changed in changes:
            changed.connect(self._offer)

    def _drags(self, make: Callable[..., QAction]) -> list[QAction]:
        group = QActionGroup(self)
        for drag, (text, key, icon_name, tip) in DRAGS.items():
            action = make(text, partial(self._state.set_drag, drag), key, icon_name)
            action.setToolTip(f"{tip} ({key})")
            action.setCheckable(True)
            action.setChecked(drag == self._state.drag)
            group.addAction(action)
        return group.actions()

    def _offer(self, *_: object) -> None:
        """Enable what there is something for, and say for how many words if it is more than the eye has marked."""
        brush, selection = self._state.brush, self._state.selection
        some = brush is not None or selection is not None
        for action in self.on_words:
            offer(action, some, NO_SELECTION)
        offer(self.clear, some or self._window.brushing.runner.is_busy, NO_SELECTION)
        offer(self.save, brush is not None, NO_BRUSH)
        n = f"{len(brush.rows):,} brushed " if brush else ""
        self.copy.setText(f"Copy {n}words")
        self.only.setText(f"Only these {n}words")
        self.without.setText(f"Without these {n}words")
        self.save.setToolTip(f"{SAVE.rstrip('…')}: {describe_brush(brush)}" if brush else SAVE.rstrip("…"))

    # Doing.

    @property
    def words(self) -> list[str]:
        """The brushed words, or else the selected ones."""
        brush, selection = self._state.brush, self._state.selection
        if brush is not None:
            return list(brush.brushed_words)
        return list(dict.fromkeys((selection.first, selection.second))) if selection else []

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self.words))

    def _keep(self) -> None:
        result = self._state.result
        if result is not None and self._are_enough(wanted := set(self.words)):
            self._window.panel.show_words(result.listed(word for word in result.words if word in wanted))

    def _drop(self) -> None:
        result, dropped = self._state.result, set(self.words)
        if result is not None and self._are_enough(set(result.words) - dropped):
            listed = result.request.words  # of a list also what a space lacks stays: another space may have it
            whole = listed if isinstance(listed, WordList) else result.listed(result.words)
            self._window.panel.show_words(whole.without(dropped))

    def _are_enough(self, words: set[str]) -> bool:
        """Whether so many words can be analysed; else the user is told."""
        if len(words) < FEWEST_WORDS:
            left = f"{len(words)} word{'s' * (len(words) != 1)}" if words else "No word"
            self._window.message.show_text(
                f"{left} would be left, and an analysis needs {FEWEST_WORDS}: nothing was changed; brush other pairs."
            )
        return len(words) >= FEWEST_WORDS
