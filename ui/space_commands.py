"""What can be done about the choice of spaces: files dropped, models got, pickles trusted, the recipe at full size."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from engine import consent
from engine.errors import EngineError
from engine.request import NamedSource
from engine.session import read_session
from ui.fields.space import SpaceField
from ui.fields.space_menu import space_at
from ui.messages import Problem
from ui.model_downloads import ModelDownloads
from ui.parameter_panel import ParameterPanel

RECIPE = Path(__file__).resolve().parents[1] / "resources" / "presets" / "notebook-recipe.json"
SESSION_ENDING = ".json"


class SpaceCommands(QObject):
    """Brings spaces into the panel, downloading and asking where it must.

    Signals
    -------
    session_chosen(Session, Path or None)
    failed(Exception)
    """

    session_chosen = Signal(object, object)
    failed = Signal(object)

    def __init__(self, window: QWidget, panel: ParameterPanel, open_session: Callable[[Path], None]) -> None:
        super().__init__(window)
        self._window, self._panel, self._open_session = window, panel, open_session
        self.downloads = ModelDownloads(window)
        self.downloads.failed.connect(self.failed)
        for field in panel.spaces:
            field.menu.model_chosen.connect(partial(self.get, field))
            field.menu.catalogue_requested.connect(partial(self.show_catalogue, field))
        for label in (*(field.problem for field in panel.spaces), panel.others.problem):
            label.remedy_requested.connect(self._remedy)

    def get(self, field: SpaceField, space: NamedSource) -> None:
        """Choose a space for a side as soon as all it needs is here."""
        self.downloads.get([space], partial(field.choose, space))

    def open_recipe(self) -> None:
        """The notebook recipe with the full models, which are downloaded first if the user agrees."""
        session = read_session(RECIPE)
        self.downloads.get(session.request.spaces, partial(self.session_chosen.emit, session, None))

    def show_catalogue(self, field: SpaceField) -> None:
        """Let the user choose from gensim's catalogue."""
        from engine.sources.gensim_catalogue import remembered_catalogue  # not before it is wanted
        from ui.catalogue_dialog import CatalogueDialog

        dialog = CatalogueDialog(remembered_catalogue(), self._window)
        dialog.chosen.connect(partial(self.get, field))
        dialog.fetch_requested.connect(self.downloads.read_catalogue)
        self.downloads.catalogue_read.connect(dialog.show_entries)  # a signal: the dialog may be closed by then
        self.downloads.runner.cancelled.connect(dialog.give_up)
        problems = self.downloads.failed.connect(lambda error: dialog.show_problem(str(error)))
        dialog.finished.connect(lambda: self.downloads.failed.disconnect(problems))
        dialog.open()

    def take_files(self, paths: list[Path], side: int) -> None:
        """Open what was dropped on a side: a session, or vectors; of two files one for each side."""
        if len(paths) > 2:
            self.failed.emit(EngineError(f"{len(paths)} files were dropped; drop one on either side, or two for both."))
            return
        sessions = [path for path in paths if path.suffix.lower() == SESSION_ENDING]
        if sessions and len(paths) == 1:
            self._open_session(paths[0])
        elif sessions:
            self.failed.emit(EngineError(f"{sessions[0].name} is a session, which says all by itself; drop it alone."))
        elif len(paths) == 2:
            for field, path in zip(self._panel.spaces, paths, strict=True):
                field.choose(space_at(path))
        elif paths:
            self._panel.spaces[side].choose(space_at(paths[0]))

    def _remedy(self, problem: Problem) -> None:
        if problem.remedy == "download" and problem.space is not None:
            self._download(problem.space)
        elif problem.path is not None:
            self._ask_for_trust(problem.path, problem.text)

    def _download(self, k: int) -> None:
        if k < len(self._panel.spaces):
            self.get(self._panel.spaces[k], self._panel.spaces[k].space)
        else:
            self.downloads.get([self._panel.request().spaces[k]], self._panel.run)

    def _ask_for_trust(self, path: Path, reason: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "Open a file that can run code?", reason, parent=self._window)
        box.setInformativeText(
            f"Open <b>{html.escape(path.name)}</b> only if you made it yourself or trust who did. "
            "Your answer is remembered for this file as it is now."
        )
        trust = box.addButton("Open it", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        trust.clicked.connect(lambda: self._trust(path))
        box.open()

    def _trust(self, path: Path) -> None:
        try:
            consent.give(path)
        except EngineError as error:
            self.failed.emit(error)
            return
        self._panel.run()
