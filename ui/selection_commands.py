"""What can be done with the selected words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from engine.description import printable
from engine.words import WordList

if TYPE_CHECKING:
    from ui.main_window import MainWindow


LONGEST_IN_MENU = 30  # characters of a word


class SelectionCommands:
    """One method a command."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    @property
    def words(self) -> list[str]:
        """The selected words, each once."""
        selection = self._window.state.selection
        return list(dict.fromkeys((selection.first, selection.second))) if selection else []

    def copy_words(self) -> None:
        """Put the words on the clipboard, one a line."""
        QGuiApplication.clipboard().setText("\n".join(self.words))

    def drop_words(self) -> None:
        """Analyse all words but these."""
        result = self._window.state.result
        if result is not None:
            dropped = set(self.words)
            self._window.panel.show_words(WordList(tuple(word for word in result.words if word not in dropped)))

    def zoom_here(self) -> None:
        """Zoom the heatmaps to the marked cell."""
        self._window.stage.heatmaps.zoom_to_selection()

    def clear(self) -> None:
        """Select nothing."""
        self._window.state.set_selection(None)


def menu_text(word: str) -> str:
    """A word as part of a menu entry: not too long, and its ampersands drawn."""
    shown = printable(word)
    return (shown if len(shown) <= LONGEST_IN_MENU else f"{shown[: LONGEST_IN_MENU - 1]}…").replace("&", "&&")
