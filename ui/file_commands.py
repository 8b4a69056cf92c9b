"""What the File menu does: one method a command. Files are written in the worker thread."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.errors import EngineError, WordsError
from engine.export.figures import FigureOptions, figure_bytes, save_figure
from engine.export.matrices import save_matrices
from engine.export.run import export_run
from engine.export.space import save_space
from engine.export.tables import (
    save_brushed,
    save_categories,
    save_neighbours,
    save_pairs,
    save_statistics,
    save_words,
)
from engine.neighbours import Neighbourhood
from engine.progress import Progress
from engine.request import AnalysisRequest
from engine.result import AnalysisResult
from engine.session import Session, read_session, write_session
from engine.word_lists import read_word_list
from engine.words import WordList
from ui.export_dialog import ExportChoice, ExportDialog
from ui.jobs import Job, JobRunner
from ui.save_dialog import ask_where_to_save
from ui.settings import Settings
from ui.state import AppState

SESSION_FILTER = "rsascope sessions (*.json);;All files (*)"
WORDS_FILTER = "Word lists (*.txt *.csv *.tsv);;All files (*)"
FIGURE_FILTERS = "SVG (*.svg);;PDF (*.pdf);;PNG (*.png)"
TABLES = {
    "words": (save_words, "CSV (*.csv)"),
    "pairs": (save_pairs, "CSV (*.csv)"),
    "categories": (save_categories, "CSV (*.csv)"),
    "statistics": (save_statistics, "CSV (*.csv)"),
    "matrices": (save_matrices, "NPZ (*.npz)"),
}
TABLE_FILTERS = "NPZ (*.npz);;CSV (*.csv);;TSV (*.tsv)"
EXPORT, COPY = "export", "copy"
NOT_WRITTEN = "Cancelled: what was still to be written is not there."
COPY_RESOLUTION = 200


class FileCommands(QObject):
    """Sessions in and out, figures and tables out.

    Signals
    -------
    session_opened(Session, Path)
    session_saved(Path)
    words_opened(WordList)
    failed(Exception)
    written(str)
        Rich text that says where a file went.
    """

    session_opened = Signal(object, object)
    session_saved = Signal(object)
    words_opened = Signal(object)
    failed = Signal(object)
    written = Signal(str)

    def __init__(
        self,
        window: QWidget,
        state: AppState,
        runner: JobRunner,
        settings: Settings,
        request: Callable[[], AnalysisRequest],
        completed: Callable[[AnalysisResult, Progress], AnalysisResult],
    ) -> None:
        super().__init__(window)
        self.session_path: Path | None = None
        self._saved: Session | None = None  # what that file has
        self.session_number = 0  # another one for every session that was opened
        self._request, self._completed = request, completed
        self._window = window
        self._state = state
        self._runner = runner
        self._settings = settings

    # Sessions.

    def follow(self, path: Path | None) -> None:
        """The window shows another session from now on: that of this file, or of none."""
        self.session_path, self._saved = path, self._session()
        self.session_number += 1

    def may_close(self) -> bool:
        """Whether nothing would be lost: files are written, the session is saved, or the user gives that up."""
        if self._runner.is_pending(EXPORT):
            question = "Files are still being written. Close without them?"
            if QMessageBox.question(self._window, "Still writing", question) != QMessageBox.StandardButton.Yes:
                return False
        return self.may_leave_session()

    def may_leave_session(self) -> bool:
        """Whether a session file has what is shown, or the user gives that up; without a file only a list is missed."""
        session, saved = self._session(), self._saved
        if session == saved or not (self.session_path or _has_new_list(session, saved)):
            return True
        choices = QMessageBox.StandardButton.Save | QMessageBox.StandardButton.Discard
        question = "The list of words has not been saved in a session. Save one?"
        if self.session_path:
            question = f"{self.session_path.name} has not been saved since it was changed. Save it?"
        chosen = QMessageBox.question(
            self._window,
            "Save changes",
            question,
            choices | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Save,
        )
        if chosen == QMessageBox.StandardButton.Save:
            self.save_session()
            return self._session() == self._saved
        return chosen == QMessageBox.StandardButton.Discard

    def _session(self) -> Session:
        """What the panel asks for, whether or not it could be analysed: nothing that was typed must get lost."""
        return Session(self._request(), self._state.colours)

    def open_session(self) -> None:
        """Ask for a session file and open it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open session", self._settings.folder, SESSION_FILTER)
        if path:
            self.open_session_file(Path(path))

    def open_session_file(self, path: Path) -> None:
        """Open a session file; an invalid one leaves everything as it is."""
        try:
            session = read_session(path)
        except EngineError as error:
            self.failed.emit(error)
            return
        self._settings.folder = str(path.parent)
        self.session_opened.emit(session, path)

    def open_word_list(self) -> None:
        """Ask for a text file or table of words; one that cannot be read leaves everything as it is."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open words", self._settings.folder, WORDS_FILTER)
        if path:
            self._settings.folder = str(Path(path).parent)
            self.take_word_list([Path(path)])

    def take_word_list(self, paths: Sequence[Path]) -> None:
        """Open a text file or table of words; one that cannot be read leaves everything as it is."""
        try:
            if len(paths) != 1:
                raise WordsError(f"These are {len(paths)} files; drop one list of words.", "words")
            self.words_opened.emit(read_word_list(paths[0]))
        except EngineError as error:
            self.failed.emit(error)

    def save_session(self) -> None:
        """Save to the file the session came from, or ask."""
        if self.session_path is None:
            self.save_session_as()
        else:
            self._write_session(self.session_path)

    def save_session_as(self) -> None:
        """Ask for a file and save the session."""
        start = self.session_path or Path(self._settings.folder) / "session.json"
        path = ask_where_to_save(self._window, "Save session", start, SESSION_FILTER)
        if path is not None:
            self._write_session(path)

    def _write_session(self, path: Path) -> None:
        session = self._session()
        try:
            write_session(path, session)
        except EngineError as error:
            self.failed.emit(error)
            return
        self.session_path, self._saved = path, session
        self.session_saved.emit(path)
        self._settings.folder = str(path.parent)
        self.written.emit(f"Session saved as {_link(path)}.")

    # Figures, tables, everything.

    def export_everything(self) -> None:
        """Ask where to and how, then write all files of the analysis."""
        folder = self._settings.export_folder or Path(self._settings.folder) / "rsascope-export"
        start = ExportChoice(Path(folder), *self._settings.export_options)
        dialog = ExportDialog(start, self._window)
        dialog.accepted.connect(lambda: self.export_to(dialog.choice))
        dialog.open()

    def export_to(self, choice: ExportChoice) -> None:
        """Write all files of the analysis to a folder."""
        result, options = self._shown(choice.resolution)
        self._settings.export_options = (choice.formats, choice.resolution)
        self._settings.export_folder = str(choice.folder)
        session = Session(result.request, options.colours)

        def export(progress: Progress) -> None:
            whole = self._completed(result, progress)  # what is inferred may not be on screen yet
            export_run(choice.folder, whole, session, choice.formats, options, progress)

        self._write(f"Everything is in {_link(choice.folder, choice.folder)}.", export)

    def save_figure(self, name: str) -> None:
        """Ask for a file and save one figure; the file's ending says the format."""
        path = self._ask(f"{name}.svg", FIGURE_FILTERS)
        if path is not None:
            result, options = self._shown(self._settings.export_options[1])
            self._write(f"Figure saved as {_link(path)}.", lambda progress: save_figure(path, name, result, options))

    def copy_figure(self, name: str) -> None:
        """Put one figure on the clipboard, as a picture."""
        result, options = self._shown(COPY_RESOLUTION)
        self._runner.submit(COPY, lambda progress: figure_bytes(name, result, options, "png"))

    def save_table(self, name: str) -> None:
        """Ask for a file and save one table or the matrices."""
        save, file_filter = TABLES[name]
        path = self._ask(f"{name}{Path(file_filter[:-1]).suffix}", file_filter)
        if path is not None:
            result, _ = self._shown()
            self._write(f"Saved as {_link(path)}.", lambda progress: save(path, result, progress))

    def save_neighbours(self, found: Neighbourhood) -> None:
        """Ask for a file and save lists of nearest words."""
        path = self._ask("neighbours.csv", TABLES["words"][1])
        if path is not None:
            self._write(f"Saved as {_link(path)}.", lambda progress: save_neighbours(path, found))

    def save_brushed(self) -> None:
        """Ask for a file and save the brushed pairs."""
        brush = self._state.brush
        path = self._ask("brushed-pairs.csv", TABLES["pairs"][1])
        if path is not None and brush is not None:
            result, _ = self._shown()
            self._write(f"Saved as {_link(path)}.", lambda progress: save_brushed(path, result, brush, progress))

    def save_space(self, k: int) -> None:
        """Ask for a file and save one space's words and vectors as a table that can be opened again."""
        result, _ = self._shown()
        name = re.sub(r'[/\\:*?"<>|]', "-", result.spaces[k].name)  # "openai/gpt2" would be a file in a folder
        path = self._ask(f"{name}.npz", TABLE_FILTERS)
        if path is not None:
            self._write(f"Saved as {_link(path)}.", lambda progress: save_space(path, result.spaces[k], result.words))

    def finish(self, kind: str, outcome: object) -> None:
        """A job of ours succeeded."""
        if kind == COPY and isinstance(outcome, bytes):
            QGuiApplication.clipboard().setImage(QImage.fromData(outcome))
            self.written.emit("The figure is on the clipboard.")
        elif kind == EXPORT:
            self.written.emit(str(outcome))

    def _write(self, message: str, job: Job) -> None:
        def write(progress: Progress) -> str:
            progress.step("writing files")
            job(progress)
            return message

        self._runner.submit(EXPORT, write, in_turn=True)

    def _ask(self, name: str, filters: str) -> Path | None:
        """The file the user wants, in the folder of the last one unless they choose another."""
        path = ask_where_to_save(self._window, "Save", Path(self._settings.folder) / name, filters)
        if path is not None:
            self._settings.folder = str(path.parent)
        return path

    def _shown(self, resolution: int = COPY_RESOLUTION) -> tuple[AnalysisResult, FigureOptions]:
        """The result on screen and how its figures look there."""
        assert self._state.result is not None, "actions on the result are disabled until there is one"
        selection = self._state.selection
        word = selection.first if selection else None
        return self._state.result, FigureOptions(self._state.colours, word, resolution)


def _has_new_list(session: Session, saved: Session | None) -> bool:
    words = session.request.words
    return isinstance(words, WordList) and bool(words.words) and (saved is None or words != saved.request.words)


def _link(path: Path, folder: Path | None = None) -> str:
    """The path as rich text; clicking it opens the folder, the file's own unless told."""
    address = QUrl.fromLocalFile(str(folder or path.parent)).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    return f'<a href="{html.escape(address, quote=False)}">{html.escape(str(path))}</a>'
