"""Where a space can come from: the menu of the chooser."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QWidget

from engine.request import SAMPLE_SPACES, NamedSource
from engine.sources import HuggingFaceSource, source_at
from ui.elided_text import plain_tip, verbatim
from ui.settings import Settings

ENDINGS = (".bin", ".txt", ".vec", ".w2v", ".npz", ".csv", ".tsv", ".kv", ".model")
FILES = f"Vectors and tables (*.gz {' '.join(f'*{ending}' for ending in ENDINGS)})"
ASK_FOR_MODEL = (
    "Name of a model, as in “gpt2” or “google/gemma-2b”. It is looked for on this computer first;\n"
    "what is missing is asked of the Hugging Face hub, and you are told how much it is before anything is downloaded."
)


class SpaceMenu(QMenu):
    """Recent spaces, files, folders, models, the bundled sample.

    Signals
    -------
    chosen(NamedSource)
        What is on this computer, or was.
    model_chosen(NamedSource)
        What may have to be downloaded first.
    catalogue_requested()
    """

    chosen = Signal(object)
    model_chosen = Signal(object)
    catalogue_requested = Signal()

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        self.addAction("Vector file or table…", self._choose_file)
        self.addAction("Model folder…", self._choose_folder)
        self.addAction("Hugging Face model…", self._choose_model)
        self.addAction("Word vectors of gensim’s catalogue…", self.catalogue_requested.emit)
        recent = [space for space in self._settings.recent_spaces if space not in SAMPLE_SPACES]
        for title, spaces in (("Recent", recent), ("Bundled sample", SAMPLE_SPACES)):
            if spaces:
                self.addSection(title)
            for space in spaces:
                self._add_space(space)

    def _add_space(self, space: NamedSource) -> None:
        # At once, without a question to the network: it was here before, and should it be gone, the analysis says so.
        action = self.addAction(
            verbatim(f"{space.name}   ({space.source.description})"), lambda: self.chosen.emit(space)
        )
        action.setToolTip(plain_tip(space.source.place))

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self.parentWidget(), "Open word vectors", self._settings.folder, f"{FILES};;All files (*)"
        )
        if path:
            self._settings.folder = str(Path(path).parent)
            self.chosen.emit(space_at(Path(path)))

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.parentWidget(), "Open a model folder", self._settings.folder)
        if folder:
            self._settings.folder = str(Path(folder).parent)
            self.chosen.emit(space_at(Path(folder)))

    def _choose_model(self) -> None:
        model, accepted = QInputDialog.getText(self.parentWidget(), "Hugging Face model", ASK_FOR_MODEL)
        if accepted and model.strip():
            self.model_chosen.emit(NamedSource(model.strip().split("/")[-1], HuggingFaceSource(model.strip())))


def space_at(path: Path) -> NamedSource:
    """The space in a file or folder, named after it."""
    source = source_at(path)
    name = path.name
    for ending in () if path.is_dir() else (".gz", *ENDINGS):  # "glove.6B.50d.txt.gz" is "glove.6B.50d"
        name = name[: -len(ending)] if name.lower().endswith(ending) else name
    return NamedSource(name or source.kind, source)
