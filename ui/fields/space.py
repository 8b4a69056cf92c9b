"""The choice of one space: where it comes from, its name, its token form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)

from engine.request import SAMPLE_SPACES, NamedSource
from engine.sources import HuggingFaceSource, Source, VectorsSource
from engine.sources.tokens import TOKEN_FORMS
from ui.elided_text import ElidedMenuButton
from ui.fields.problem import ProblemLabel
from ui.settings import Settings
from ui.theme import GRID, colours


class SpaceField(QWidget):
    """One space of the analysis.

    Signals
    -------
    changed()
        The user chose another space, name or token form.
    """

    changed = Signal()

    def __init__(self, letter: str, hue: int, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._hue = hue
        self._space = SAMPLE_SPACES[hue]
        self._letter = QLabel(letter)
        self._letter.setFixedWidth(2 * GRID)
        self._letter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.chooser = ElidedMenuButton()
        self.chooser.setAccessibleName(f"Choose space {letter}")
        self.chooser.setMenu(QMenu(self.chooser))
        self.chooser.menu().aboutToShow.connect(self._fill_menu)
        self.name = QLineEdit()
        self.name.setPlaceholderText("name")
        self.name.setMaxLength(80)
        self.name.setAccessibleName(f"Name of space {letter}")
        self.name.setToolTip("The name in headings, figures and tables")
        self.name.editingFinished.connect(self._on_name_edited)
        self.token_form = QComboBox()
        self.token_form.setAccessibleName(f"Token form of space {letter}")
        self.token_form.setToolTip(
            "Which token stands for a word. It decides which words are shared and which vectors are compared."
        )
        for form, label in TOKEN_FORMS.items():
            self.token_form.addItem(label.removeprefix("tokens "), form)
        self.token_form.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.token_form.activated.connect(self._on_token_form_chosen)
        self.problem = ProblemLabel()
        self._lay_out()
        self.show_space(self._space)

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(GRID // 2)
        layout.setVerticalSpacing(GRID // 2)
        layout.addWidget(self._letter, 0, 0)
        for row, widget in enumerate((self.chooser, self.name, self.token_form, self.problem)):
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
        has_form = isinstance(space.source, HuggingFaceSource)
        self.token_form.setVisible(has_form)
        if isinstance(space.source, HuggingFaceSource):
            self.token_form.setCurrentIndex(self.token_form.findData(space.source.token_form))
        self._colour_letter()

    def _colour_letter(self) -> None:
        self._letter.setStyleSheet(f"color: {colours(self.palette()).spaces[self._hue]}; font-weight: bold")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_letter()
        super().changeEvent(event)

    def choose(self, space: NamedSource) -> None:
        """Take a space as the user's choice."""
        self._settings.remember_space(space)
        self.show_space(space)
        self.changed.emit()

    # What the menu offers.

    def _fill_menu(self) -> None:
        menu = self.chooser.menu()
        menu.clear()
        for space in SAMPLE_SPACES:
            menu.addAction(space.source.description, lambda space=space: self.choose(space))
        recent = [space for space in self._settings.recent_spaces if space not in SAMPLE_SPACES]
        if recent:
            menu.addSection("Recent")
        for space in recent:
            menu.addAction(f"{space.name}   ({space.source.description})", lambda space=space: self.choose(space))
        menu.addSeparator()
        menu.addAction("Vector file (word2vec, GloVe, fastText)…", self._choose_file)
        menu.addAction("Model folder (Hugging Face layout)…", self._choose_folder)
        menu.addAction("Hugging Face model by name…", self._choose_model)

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            "Open a vector file",
            self._settings.folder,
            "Vector files (*.bin *.txt *.vec *.gz *.w2v);;All files (*)",
        )
        if path:
            self._settings.folder = str(Path(path).parent)
            self._choose_source(Path(path).name.split(".")[0], VectorsSource(Path(path)))

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Open a model folder", self._settings.folder)
        if folder:
            self._settings.folder = str(Path(folder).parent)
            self._choose_source(Path(folder).name, HuggingFaceSource(folder, token_form=self._form()))

    def _choose_model(self) -> None:
        model, accepted = QInputDialog.getText(
            self,
            "Hugging Face model",
            "Name of a model that is in this computer's Hugging Face cache, as in “gpt2” or “google/gemma-2b”:",
        )
        if accepted and model.strip():
            self._choose_source(model.strip().split("/")[-1], HuggingFaceSource(model.strip(), token_form=self._form()))

    def _choose_source(self, name: str, source: Source) -> None:
        self.choose(NamedSource(name or source.kind, source))

    def _form(self) -> str:
        return str(self.token_form.currentData() or next(iter(TOKEN_FORMS)))

    def _on_name_edited(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.name.setText(self._space.name)
        elif name != self._space.name:
            self._space = replace(self._space, name=name)
            self.changed.emit()

    def _on_token_form_chosen(self) -> None:
        source = self._space.source
        if isinstance(source, HuggingFaceSource) and source.token_form != self._form():
            self.choose(replace(self._space, source=replace(source, token_form=self._form())))
