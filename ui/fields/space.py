"""The choice of one space: where it comes from, its name, its dimensions, and of a transformer how it is read."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from engine.request import SAMPLE_SPACES, NamedSource
from engine.sources import HuggingFaceSource
from ui.elided_text import ElidedMenuButton
from ui.fields.dimensions import DimensionsField
from ui.fields.model_options import ModelOptions
from ui.fields.problem import ProblemLabel
from ui.fields.space_menu import SpaceMenu
from ui.settings import Settings
from ui.theme import GRID, colours


class SpaceField(QWidget):
    """One space of the analysis.

    Signals
    -------
    changed()
        The user chose another space, name, dimensions, layer or token form.
    """

    changed = Signal()

    def __init__(self, letter: str, hue: int, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._hue = hue
        self._space = SAMPLE_SPACES[hue]
        self._letter = QLabel(letter)
        self._letter.setMinimumWidth(2 * GRID)
        self._letter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.chooser = ElidedMenuButton()
        self.chooser.setAccessibleName(f"Choose space {letter}")
        self.menu = SpaceMenu(settings, self.chooser)
        self.menu.chosen.connect(self.choose)
        self.chooser.setMenu(self.menu)
        self.name = QLineEdit()
        self.name.setPlaceholderText("name")
        self.name.setMaxLength(80)
        self.name.setAccessibleName(f"Name of space {letter}")
        self.name.setToolTip("The name in headings, figures and tables")
        self.name.editingFinished.connect(self._on_name_edited)
        self.options = ModelOptions(letter)
        self.options.changed.connect(self._on_options_changed)
        self.dimensions = DimensionsField(letter)
        self.dimensions.changed.connect(self._on_dimensions_changed)
        self.problem = ProblemLabel()
        self._lay_out()
        self.show_space(self._space)

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(GRID // 2)
        layout.setVerticalSpacing(GRID // 2)
        layout.addWidget(self._letter, 0, 0)
        for row, widget in enumerate((self.chooser, self.name, self.options, self.dimensions, self.problem)):
            layout.addWidget(widget, row, 1)
        layout.setColumnStretch(1, 1)

    @property
    def space(self) -> NamedSource:
        """The space as chosen now."""
        return self._space

    def show_space(self, space: NamedSource) -> None:
        """Show a space without telling anyone."""
        self._space = space
        self.chooser.set_text(space.source.description)
        self.name.setText(space.name)
        self.name.setCursorPosition(0)  # a long name is read from its beginning
        self.dimensions.show_dimensions(space.dimensions)
        self.options.setVisible(isinstance(space.source, HuggingFaceSource))
        if isinstance(space.source, HuggingFaceSource):
            self.options.show_source(space.source)
        self._colour_letter()

    def _colour_letter(self) -> None:
        sheet = f"color: {colours(self.palette()).spaces[self._hue]}; font-weight: bold"
        if sheet != self._letter.styleSheet():
            self._letter.setStyleSheet(sheet)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_letter()
        super().changeEvent(event)

    def choose(self, space: NamedSource) -> None:
        """Take a space as the user's choice."""
        self._settings.remember_space(space)
        self.show_space(space)
        self.changed.emit()

    def _on_name_edited(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.name.setText(self._space.name)
        elif name != self._space.name:
            self._space = replace(self._space, name=name)
            self.changed.emit()

    def _on_dimensions_changed(self) -> None:
        if self._space.dimensions != self.dimensions.dimensions:
            self._space = replace(self._space, dimensions=self.dimensions.dimensions)
            self.changed.emit()

    def _on_options_changed(self) -> None:
        source = self._space.source
        if isinstance(source, HuggingFaceSource) and source != self.options.source(source):
            before, space = self._space, replace(self._space, source=self.options.source(source))
            self._settings.remember_space(space, instead_of=before)  # or a walk through layers leaves room for no other
            self.show_space(space)
            self.changed.emit()
