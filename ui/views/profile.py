"""The profile of a word: its value in every dimension of each space."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.description import describe_space, printable
from engine.result import AnalysisResult
from ui.state import AppState, Selection
from ui.theme import GRID, Colours
from ui.views.base import View
from ui.views.profile_plots import ProfilePlots


class ProfileView(View):
    """The first selected word's values in both spaces; before anything is selected, the first word's."""

    name = "profile"
    title = "Profile"

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.plots = ProfilePlots()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID // 2, 0, GRID // 2, 0)
        layout.addWidget(self.plots)
        self.show_theme(self.theme)

    def show_selection(self, selection: Selection | None) -> None:
        if self.state.result is not None:
            self._draw(self.state.result, selection)

    def show_theme(self, theme: Colours) -> None:
        self.plots.show_theme(theme)

    def _draw(self, result: AnalysisResult, selection: Selection | None) -> None:
        row = result.rows.get(selection.first, 0) if selection else 0
        word = printable(result.words[row])
        titles = [f"“{word}” in {describe_space(space)}" for space in result.spaces[:2]]
        self.plots.show_words(result.spaces, [row], titles)
        self.show_theme(self.theme)
