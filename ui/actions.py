"""Every action of the window: what it is called, its key, what it does. `menus.py` puts them into menus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from engine.difference import NO_DIFFERENCE
from engine.export.figures import FIGURES, figures_of
from engine.result import AnalysisResult
from ui.elided_text import menu_text
from ui.focus import move_to_part
from ui.help import show_about, show_help
from ui.look import Look
from ui.menus import Menus, entries_of, offer
from ui.pair_actions import NO_SELECTION, PairActions
from ui.state import Selection
from ui.theme import SCHEMES

if TYPE_CHECKING:
    from ui.main_window import MainWindow

Key = QKeySequence.StandardKey | str

AS_THEIR_TABS = {"null": "Test (null distribution)", "bootstrap": "Interval (bootstrap)"}  # of figures
NO_RESULT = "There is no result yet."
NO_FIGURE = "There is nothing of this to show; Order and Statistics in the panel ask for it."
NOTHING_RUNS = "Nothing is running."
NOTHING_BEFORE = "Nothing was analysed before this."
NOTHING_AFTER = "Nothing was undone."


class Actions(QObject):
    """Makes the actions, offers each when it makes sense, and does what no other part of the window does.

    Attributes
    ----------
    on_selection : list of QAction
        What can be done with the brushed pairs or the selected one; also the pictures' context menu.
    icons : dict of QAction to str
        Names of the icons of those that have one.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.icons: dict[QAction, str] = {}
        self._make_file_actions()
        self._make_selection_actions()
        self._make_view_actions()
        self._make_analysis_actions()
        self._make_help_actions()
        self.menus = Menus(window, self)
        self.show_running(False)
        self._show_selection(None)
        self._offer_steps()
        self._offer_results(None)
        window.state.result_changed.connect(self._offer_results)
        window.state.statistics_changed.connect(self._offer_results)
        window.state.result_changed.connect(self._show_result)
        window.state.selection_changed.connect(self._show_selection)
        window.history.changed.connect(self._offer_steps)

    def show_running(self, running: bool) -> None:
        """Offer Cancel while something runs."""
        offer(self.cancel, running, NOTHING_RUNS)

    def show_menu(self, place: QPoint) -> None:
        """Pop up what can be done with the brushed pairs or the selected one."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.on_selection)
        menu.popup(place)

    # Making.

    def _make_file_actions(self) -> None:
        files = self._window.files
        self.open = self._make("Open session…", files.open_session, QKeySequence.StandardKey.Open, "open")
        self.save = self._make("Save session", files.save_session, QKeySequence.StandardKey.Save, "save")
        self.save_as = self._make("Save session as…", files.save_session_as, "Ctrl+Shift+S")
        self.recipe = self._make(
            "Notebook recipe with the full models…", self._window.spaces.open_recipe, "Ctrl+Shift+N"
        )
        self.export = self._make("Export everything…", files.export_everything, "Ctrl+E", "export")
        self.save_figures, self.copy_figures = (
            {
                name: self._make(AS_THEIR_TABS.get(name, name.capitalize()), partial(what, name), f"{keys}{number}")
                for number, name in enumerate(FIGURES, 1)
            }
            for what, keys in ((files.save_figure, "Ctrl+"), (files.copy_figure, "Ctrl+Alt+"))
        )
        self.save_tables = {
            name: self._make(label, partial(files.save_table, name), f"Ctrl+T, Ctrl+{label[0]}")
            for name, label in (
                ("words", "Words (CSV)…"),
                ("pairs", "Pairs (CSV)…"),
                ("matrices", "Matrices (NPZ)…"),
                ("categories", "Categories (CSV)…"),
                ("statistics", "Statistics (CSV)…"),
            )
        }
        self.save_tables["neighbours"] = self._make("Neighbours (CSV)…", self._save_neighbours, "Ctrl+T, Ctrl+N")
        self.save_spaces = [
            self._make(
                f"Space {letter}, its words and vectors…", partial(files.save_space, k), f"Ctrl+T, Ctrl+{letter}"
            )
            for k, letter in enumerate("AB")
        ]
        self.open_words = self._make("Open list of words…", files.open_word_list, "Ctrl+Shift+O")
        self.cache = self._make("Cache…", self._show_cache, "Ctrl+Shift+K")
        self.trusted = self._make("Trusted files…", self._show_trusted, "Ctrl+Shift+T")
        self.quit = self._make("Quit", self._window.close, "Ctrl+Q")

    def _make_selection_actions(self) -> None:
        self.find = self._make("Find word", self._window.find_field.start, QKeySequence.StandardKey.Find)
        self.undo = self._make("Undo", self._window.history.undo, QKeySequence.StandardKey.Undo, "undo")
        self.redo = self._make("Redo", self._window.history.redo, "Ctrl+Shift+Z", "redo")
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self.pairs = PairActions(self._window, self._make)
        zoom_here = self._window.stage.heatmaps.zoom_to_selection
        self.zoom_here = self._make("Zoom to the marked cell", zoom_here, "Ctrl+M")
        self.neighbours = self._make("Neighbours", self._window.stage.show_neighbours, "Ctrl+Alt+N")
        self.on_selection = [
            *self.pairs.on_words,
            self.pairs.save,
            self.zoom_here,
            self.neighbours,
            self.pairs.clear,
        ]

    def _make_view_actions(self) -> None:
        look = Look(self._window.settings)
        self.reset_zoom = self._make("Show all", self._reset_zoom, "Ctrl+0", "zoom")
        self.pictures = self._make_choice(
            ("both", "A and B", "Alt+1", partial(self._show_pictures, "both")),
            ("all", "A, B and their difference", "Alt+2", partial(self._show_pictures, "all")),
            ("difference", "Difference alone", "Alt+3", partial(self._show_pictures, "difference")),
        )
        self.docks = [dock.toggleViewAction() for dock in self._window.side.docks.values()]
        for number, action in enumerate(self.docks, 1):
            action.setShortcut(f"Ctrl+D, Ctrl+{number}")
        self.reset_layout = self._make("Reset layout", self._window.reset_layout, "Ctrl+D, Ctrl+0")
        self.next_part = self._make("Next part of the window", partial(move_to_part, self._window, 1), "F6")
        self.previous_part = self._make("Previous part", partial(move_to_part, self._window, -1), "Shift+F6")
        self.larger = self._make("Larger", partial(look.step_text_size, 1), "Ctrl++")
        self.larger.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])  # with and without Shift
        self.smaller = self._make("Smaller", partial(look.step_text_size, -1), "Ctrl+-")
        self.system_size = self._make("As the system", partial(look.choose_text_size, 100), "Ctrl+L, Ctrl+0")
        self.themes = self._make_choice(
            *(
                (name, name.capitalize(), f"Ctrl+L, Ctrl+{name[0].upper()}", partial(look.choose_theme, name))
                for name in SCHEMES
            )
        )
        self.themes[self._window.settings.theme].setChecked(True)

    def _make_analysis_actions(self) -> None:
        self.run = self._make("Run", self._window.panel.run, "Ctrl+Return", "run")
        self.cancel = self._make("Cancel", self._window.runner.cancel, "Ctrl+.", "cancel")
        panel = self._window.panel
        self.choose_spaces = [
            self._make(f"Choose space {letter}…", field.chooser.showMenu, f"Ctrl+Shift+{letter}")
            for letter, field in zip("AB", panel.spaces, strict=True)
        ]
        self.swap = self._make("Swap A and B", panel.swap, "Ctrl+Shift+X")
        self.halves = self._make("Compare A with itself (random halves)", panel.compare_halves, "Ctrl+Shift+H")

    def _make_help_actions(self) -> None:
        self.help = self._make("First steps", partial(show_help, self._window), "Shift+F1")
        self.keys = self._make("Keyboard", self._show_keys, "F1")
        self.palette = self._make("Commands…", self._show_palette, "Ctrl+Shift+P")
        self.about = self._make("About rsascope", partial(show_about, self._window), "Ctrl+F1")

    def _make(self, text: str, what: Callable[[], object], key: Key, icon_name: str = "") -> QAction:
        action = QAction(text, self._window)
        action.triggered.connect(lambda: what())
        action.setShortcut(QKeySequence(key))
        action.setToolTip(f"{text.rstrip('…')} ({action.shortcut().toString()})")
        if icon_name:
            self.icons[action] = icon_name
        return action

    def _make_choice(self, *entries: tuple[str, str, Key, Callable[[], object]]) -> dict[str, QAction]:
        """Actions of (name, text, key, what), one of which is checked at a time."""
        group = QActionGroup(self._window)
        actions = {name: self._make(text, what, key) for name, text, key, what in entries}
        for action in actions.values():
            action.setCheckable(True)
            group.addAction(action)
        return actions

    # Doing.

    def _show_selection(self, selection: Selection | None) -> None:
        for action in (self.zoom_here, self.neighbours):
            offer(action, selection is not None, NO_SELECTION)
        self.neighbours.setText(
            f"Neighbours of “{menu_text(selection.first)}”" if selection else "Neighbours of the marked word"
        )

    def _offer_steps(self) -> None:
        offer(self.undo, self._window.history.can_undo, NOTHING_BEFORE)
        offer(self.redo, self._window.history.can_redo, NOTHING_AFTER)

    def _offer_results(self, result: AnalysisResult | None) -> None:
        """Nothing can be exported before there is something, and no figure of what was not inferred."""
        tables = (*self.save_tables.values(), *self.save_spaces)
        for action in (self.export, self.find, *tables, *self.menus.on_result):
            offer(action, result is not None, NO_RESULT)
        missing = NO_FIGURE if result is not None else NO_RESULT
        offer(self.save_tables["statistics"], result is not None and bool(result.inferred), missing)
        drawable = figures_of(result) if result is not None else []
        for name in FIGURES:
            for actions in (self.save_figures, self.copy_figures):
                offer(actions[name], name in drawable, missing)

    def _show_result(self, result: AnalysisResult) -> None:
        """Check what is shown; offer the table of categories where there are any."""
        alone = self._window.stage.heatmaps.difference_alone
        shown = "both" if result.difference is None else "difference" if alone else "all"
        self.pictures[shown].setChecked(True)
        self.save_tables["categories"].setVisible(bool(result.categories))

    def _show_pictures(self, name: str) -> None:
        """Show A and B, the difference or all; a difference that is not there yet is asked for."""
        field = self._window.panel.order
        self._window.stage.heatmaps.show_difference_alone(name == "difference")
        if name == "both":
            field.choose_difference(NO_DIFFERENCE)
        elif field.choice[1] == NO_DIFFERENCE:
            field.choose_difference("values")

    def _save_neighbours(self) -> None:
        if found := self._window.stage.neighbours.shown:
            self._window.files.save_neighbours(found)
        else:
            self._window.notice.show_text("Choose a word in Neighbours first; then its nearest can be saved.")

    def _reset_zoom(self) -> None:
        self._window.stage.heatmaps.reset_zoom()
        self._window.stage.scatter.reset_zoom()

    def _show_cache(self) -> None:
        from ui.cache_dialog import CacheDialog  # not before it is wanted

        CacheDialog(self._window).open()

    def _show_trusted(self) -> None:
        from ui.trusted_dialog import TrustedDialog

        dialog = TrustedDialog(self._window)
        dialog.failed.connect(self._window.files.failed)
        dialog.open()

    def _show_keys(self) -> None:
        from ui.keys_dialog import KeysDialog

        KeysDialog(entries_of(self._window.menuBar()), self._window).open()

    def _show_palette(self) -> None:
        from ui.palette import Palette

        Palette(entries_of(self._window.menuBar()), self._window).open()
