"""The window: lays out its parts and connects them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from engine.request import AnalysisRequest
from engine.result import AnalysisResult
from engine.session import Session
from engine.sources import SampleSource
from ui.actions import Actions
from ui.analyses import ANALYSIS, CANCELLED, Analyses
from ui.brushing import Brushing
from ui.bug_report import show_bug
from ui.drop_target import DropTarget, local_paths
from ui.fields.colours import BEYOND
from ui.file_commands import COPY, EXPORT, NOT_WRITTEN, FileCommands
from ui.find_field import FindField
from ui.help import FIRST_STEPS, show_help
from ui.history import History
from ui.jobs import JobRunner, close_all
from ui.message_bar import MessageBar
from ui.messages import problem_from
from ui.neighbour_search import NeighbourSearch
from ui.note_line import NoteLine
from ui.painting import PaintingInTurn
from ui.parameter_panel import WIDTH as PANEL_WIDTH
from ui.parameter_panel import ParameterPanel
from ui.pointer import PointedAt
from ui.progress_strip import ProgressStrip
from ui.settings import Settings
from ui.side_docks import SideDocks
from ui.space_commands import SpaceCommands
from ui.stage import Stage
from ui.state import AppState
from ui.theme import GRID, scaled, style_soon, style_window
from ui.word_counter import WordCounter

SMALLEST = QSize(900, 600)
SHORTLY = 4000  # ms


class MainWindow(QMainWindow):
    """Panel -> request -> worker -> result -> state -> views."""

    def __init__(self, settings: Settings, session: Session, path: Path | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.state = AppState(self)
        self.painting = PaintingInTurn(self.state, self)
        self.runner = JobRunner(self)
        self.analyses = Analyses(self.state, self.runner, self)
        self.brushing, self.history = Brushing(self.state, self), History(self)
        self.run(session.request)  # at once, so that the result is there when the window is
        self.panel = ParameterPanel(settings)
        ask, complete = self.panel.entered_request, self.analyses.completed
        self.files = FileCommands(self, self.state, self.runner, settings, ask, complete)
        self.spaces = SpaceCommands(self, self.panel, self.files.open_session_file)
        self.hint, self.notice, self.message = MessageBar("hint"), MessageBar("hint"), MessageBar("message")
        self.note_line = NoteLine(self.state)
        self.stage = Stage(self.state)
        self.neighbour_search = NeighbourSearch(self.stage.neighbours, self.state, self.analyses, self.runner)
        self.progress = ProgressStrip(shortcut="Ctrl+.")
        self.pointer = PointedAt(self.state)
        self.drop_target = DropTarget(self, self.panel.words)
        self.find_field = FindField(self.state, self)  # Tab follows the order in which parts come into the window
        self._lay_out()
        self.side = SideDocks(self, self.state)
        self.commands = Actions(self)
        self._connect()
        self._restore_layout()
        self._show_session(session, path)
        self.counter = WordCounter(self.panel, self.analyses, self.runner, self)
        self._on_started(ANALYSIS)
        style_window(self)

    # Layout.

    def _lay_out(self) -> None:
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.hint, self.notice, self.message, self.spaces.downloads.strip, self.note_line):
            column.addWidget(widget)
        column.addWidget(self.stage, 1)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.panel)
        row.addWidget(centre, 1)
        self.setCentralWidget(whole)
        self.pointer.setMinimumWidth(scaled(GRID * 40))
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self.pointer, 1)
        self.statusBar().addPermanentWidget(self.progress)

    def reset_layout(self) -> None:
        """Docks and splitters as they were at the first start."""
        self.painting.take_turns()  # all views in a new size in one turn would make that a long one
        self.side.reset()
        self._size_parts()

    def _size_parts(self) -> None:
        self.side.size_parts()
        self.stage.size_parts(self.width() - scaled(PANEL_WIDTH) - self.side.width, self.height())

    def _restore_layout(self) -> None:
        if self.settings.geometry is None or not self.restoreGeometry(self.settings.geometry):
            room = QGuiApplication.primaryScreen().availableGeometry().size()
            self.resize(room.boundedTo(QSize(1600, 1000)))
        self._size_parts()
        for name, splitter in self.stage.splitters.items():
            if state := self.settings.layout(name):
                splitter.restoreState(state)
        if state := self.settings.layout("docks"):
            self.restoreState(state)
        self.side.offer_categories(False)  # whatever was there last time

    # Connections.

    def _connect(self) -> None:
        self.panel.run_requested.connect(self.run)
        self.panel.colours_chosen.connect(self.state.set_colours)
        self.state.colours_changed.connect(self._show_colours_in_panel)
        self.state.result_changed.connect(self._on_result)
        self.history.wanted.connect(self._go_to)
        self.runner.started.connect(self._on_started)
        self.runner.progressed.connect(self.progress.show_progress)
        self.runner.became_idle.connect(self._on_idle)
        self.runner.succeeded.connect(self._on_succeeded)
        self.runner.failed.connect(self._on_failed)
        self.runner.cancelled.connect(self._on_cancelled)
        self.progress.cancel_requested.connect(self.runner.cancel)
        self.stage.pairs.list_requested.connect(self.analyses.sort_pairs)
        self.analyses.pairs_sorted.connect(self.stage.pairs.show_order)
        self.files.session_opened.connect(self.open_session)
        self.panel.words.file_requested.connect(self.files.open_word_list)
        self.files.words_opened.connect(self.panel.show_words)
        self.side.notes.words_wanted.connect(self.panel.show_words)
        self.files.session_saved.connect(self._show_title)
        self.files.failed.connect(self._show_failure)
        self.spaces.session_chosen.connect(self.open_session)
        self.spaces.failed.connect(self._show_failure)
        self.spaces.downloads.runner.started.connect(self.message.hide)  # what it says is of an earlier try
        self.drop_target.dropped.connect(self.spaces.take_files)
        self.drop_target.words_dropped.connect(self.files.take_word_list)
        self.files.written.connect(self.message.hide)  # what failed before has succeeded now
        self.files.written.connect(partial(self.notice.show_text, text_format=Qt.TextFormat.RichText))
        for bar in (self.hint, self.notice, self.message):
            bar.link_activated.connect(self._on_link)
        self.hint.closed.connect(partial(setattr, self.settings, "hint_closed", True))
        self.note_line.link_activated.connect(self._on_link)
        for view in (self.stage.heatmaps, self.stage.scatter):
            view.menu_requested.connect(self.commands.show_menu)
            view.inspected.connect(partial(self.side.show_view, "inspector"))
            view.brush_requested.connect(self.brushing.pick)
        self.stage.neighbours.words_added.connect(self._add_words)
        self.brushing.found_nothing.connect(partial(self.statusBar().showMessage, "No pair lies there.", SHORTLY))
        self.brushing.failed.connect(self._show_failure)
        self.analyses.brush_dropped.connect(lambda text: self.statusBar().showMessage(text, SHORTLY))

    # What happens.

    def open_session(self, session: Session, path: Path | None = None) -> None:
        """Show a session: its request in the panel, its colours, and soon its result; if the user leaves the last."""
        if not self.files.may_leave_session():
            return
        self._show_session(session, path)
        self.run(session.request)

    def _show_session(self, session: Session, path: Path | None) -> None:
        self.panel.show_request(session.request)
        self.state.set_colours(session.colours)
        self.files.follow(path)
        self._show_title(path)

    def run(self, request: AnalysisRequest) -> None:
        """Analyse; the old result stays until the new one is there."""
        self.history.ask(request)
        self.analyses.run(request)

    def _go_to(self, request: AnalysisRequest, session: int) -> None:
        """Show an earlier or later step of the history, and soon its result."""
        if session != self.files.session_number:  # what is to be shown is not what the open file is about
            self.files.follow(None)
            self._show_title(None)
        self.panel.show_request(request)
        self.panel.show_problem(None)
        self.run(request)

    def _show_title(self, path: Path | None) -> None:
        self.setWindowTitle(f"{path.name} – rsascope" if path else "rsascope")

    def _on_started(self, kind: str) -> None:
        self.progress.start()
        self.commands.show_running(True)
        if kind == ANALYSIS:
            self.stage.veil.start()

    def _on_idle(self) -> None:
        self.progress.stop()
        self.stage.veil.stop()
        self.commands.show_running(False)

    def _on_succeeded(self, kind: str, result: object) -> None:
        if kind == ANALYSIS or (kind in CANCELLED and self.notice.label.text() in CANCELLED.values()):
            self.notice.hide()  # what it says is of the result before, or no longer so
        if kind == ANALYSIS:
            self.message.hide()
            self.panel.show_problem(None)
            if self.panel.colours.shows_nothing:
                self.notice.show_text(f"{BEYOND} <a href='colours'>Use an automatic one</a>", Qt.TextFormat.RichText)
        else:
            self.files.finish(kind, result)

    def _on_failed(self, kind: str, error: BaseException) -> None:
        if kind == ANALYSIS:
            self.history.give_up()
        self._show_failure(error, beside=kind not in (EXPORT, COPY))

    def _on_cancelled(self, kind: str) -> None:
        if kind == ANALYSIS:
            self.history.give_up()
        if kind in CANCELLED and self.state.result is not None:
            self.notice.show_text(CANCELLED[kind])
        elif kind == EXPORT:
            self.notice.show_text(NOT_WRITTEN)

    def _show_failure(self, error: BaseException, beside: bool = True) -> None:
        """Say what failed, beside the field that it concerns if that asked for it."""
        problem = problem_from(error)
        if problem.details:
            show_bug(self, problem)
        elif beside and self.panel.show_problem(problem):
            self.message.hide()
        else:
            self.message.show_text(problem.text)

    def _on_result(self, result: AnalysisResult) -> None:
        self.history.record(result.request, self.files.session_number)
        self._show_colours_in_panel()
        self.side.offer_categories(bool(result.categories))
        sample = all(isinstance(space.source, SampleSource) for space in result.request.spaces)
        if sample and not self.settings.hint_closed:
            self.hint.show_text(FIRST_STEPS, Qt.TextFormat.RichText)
        else:
            self.hint.hide()

    def _show_colours_in_panel(self) -> None:
        result = self.state.result
        matrices = [space.similarities for space in result.spaces[:2]] if result else []
        self.panel.colours.show_colours(self.state.colours, matrices)
        if not self.panel.colours.shows_nothing and self.notice.label.text().startswith(BEYOND):
            self.notice.hide()

    def _add_words(self, words: tuple[str, ...]) -> None:
        if self.state.result is not None:
            self.panel.show_words(self.state.result.listed((*self.state.result.words, *words)))

    def _on_link(self, target: str) -> None:
        if target == "brush":
            label = self.note_line.brushed
            self.commands.show_menu(label.mapToGlobal(label.rect().bottomLeft()))
        elif target == "notes":
            self.side.show_view("notes")
            self.side.notes.show_missing()
        elif target == "colours":
            self.notice.hide()
            self.panel.colours.choose_automatic()
        elif target == "help":
            show_help(self)
        elif target == "recipe":
            self.spaces.open_recipe()
        else:
            QDesktopServices.openUrl(QUrl(target))

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """The next control, but for those of docks behind others: Qt would let Tab vanish there."""
        first = None
        while moved := super().focusNextPrevChild(forwards):
            focused = QApplication.focusWidget()
            if focused is None or focused is first or not self.side.hides(focused):
                break
            first = first or focused
        return moved

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.acceptProposedAction()
            self.drop_target.appear()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():  # a closed one stays as it was
            style_soon(self)
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_close():
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.settings.set_layout("docks", self.saveState())
        for name, splitter in self.stage.splitters.items():
            self.settings.set_layout(name, splitter.saveState())
        self.hide()  # whatever the worker still needs, the user need not watch
        close_all(self.spaces.downloads.runner, self.brushing.runner, self.runner)
        super().closeEvent(event)
