"""Every action of the window: menus, toolbar, shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from engine.difference import NO_DIFFERENCE
from engine.export.figures import FIGURES, figures_of
from engine.result import AnalysisResult
from ui.help import show_about, show_help, show_keys
from ui.pair_actions import PairActions
from ui.theme import SCHEMES, apply_theme, icon

if TYPE_CHECKING:
    from ui.main_window import MainWindow

Key = QKeySequence.StandardKey | str | None

CANVAS_KEYS = [
    ("Move the marked cell", "Arrow keys"),
    ("First or last cell of the row", "Home, End"),
    ("First or last cell of the column", "Ctrl+Home, Ctrl+End"),
    ("Brush a rectangle of the scatter or a block of a heatmap", "Shift+drag"),
    ("Brush with a lasso in the scatter", "Ctrl+drag"),
    ("Add to what is brushed", "Ctrl+Shift+drag"),
]


class Actions(QObject):
    """Makes the actions and puts them into menus and toolbar.

    Attributes
    ----------
    on_selection : list of QAction
        What can be done with the selected pair; also the pictures' context menu.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._icons: dict[QAction, str] = {}
        files = window.files
        self.open = self._make("Open session…", files.open_session, QKeySequence.StandardKey.Open, "open")
        self.save = self._make("Save session", files.save_session, QKeySequence.StandardKey.Save, "save")
        self.save_as = self._make("Save session as…", files.save_session_as, "Ctrl+Shift+S")
        self.export = self._make("Export everything…", files.export_everything, "Ctrl+E", "export")
        self.recipe = self._make("Notebook recipe with the full models…", window.spaces.open_recipe, "Ctrl+Shift+N")
        self.cache = self._make("Cache…", self._show_cache)
        self.quit = self._make("Quit", window.close, "Ctrl+Q")
        self.run = self._make("Run", window.panel.run, "Ctrl+Return", "run")
        self.cancel = self._make("Cancel", window.runner.cancel, "Ctrl+.", "cancel")
        self.swap = self._make("Swap A and B", window.panel.swap, "Ctrl+Shift+X")
        self.undo = self._make("Undo", window.history.undo, QKeySequence.StandardKey.Undo, "undo")
        self.redo = self._make("Redo", window.history.redo, "Ctrl+Shift+Z", "redo")
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self.pairs = PairActions(window, self._make)
        self.copy_words, self.without = self.pairs.copy, self.pairs.without
        self.zoom_here = self._make("Zoom to the marked cell", self._zoom_here, "Alt+Z")
        self.reset_zoom = self._make("Show all", self._reset_zoom, "Ctrl+0", "zoom")
        self.pictures = {
            name: self._make(text, partial(self._show_pictures, name), key)
            for name, text, key in (
                ("both", "A and B", "Alt+1"),
                ("all", "A, B and their difference", "Alt+2"),
                ("difference", "Difference alone", "Alt+3"),
            )
        }
        self.reset_layout = self._make("Reset layout", window.reset_layout)
        self.help = self._make("First steps", partial(show_help, window), "Shift+F1")
        self.keys = self._make("Keyboard", self._show_keys, "F1")
        self.about = self._make("About rsascope", partial(show_about, window))
        self._on_result = [self.export]
        self._on_figure: list[tuple[str, QAction]] = []
        self.on_selection = [*self.pairs.on_words, self.pairs.save, self.zoom_here, self.pairs.clear]
        self._fill_menus()
        self._fill_toolbar()
        self._draw_icons()
        self.show_running(False)
        self._show_selection(None)
        self._offer_steps()
        self._offer_results(None)
        window.state.result_changed.connect(self._offer_results)
        window.state.statistics_changed.connect(self._offer_results)
        window.state.result_changed.connect(self._show_result)
        window.state.selection_changed.connect(self._show_selection)
        window.history.changed.connect(self._offer_steps)
        window.installEventFilter(self)

    def show_running(self, running: bool) -> None:
        """Offer Cancel while something runs."""
        self.cancel.setEnabled(running)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()
        return super().eventFilter(watched, event)

    # Making.

    def _make(self, text: str, what: Callable[[], object], key: Key = None, icon_name: str = "") -> QAction:
        action = QAction(text, self._window)
        action.triggered.connect(lambda: what())
        if key is not None:
            action.setShortcut(QKeySequence(key))
            action.setToolTip(f"{text.rstrip('…')} ({action.shortcut().toString()})")
        if icon_name:
            self._icons[action] = icon_name
        return action

    def _fill_menus(self) -> None:
        window, bar = self._window, self._window.menuBar()
        self._copy_menu = self._figures_menu("Copy figure", window.files.copy_figure)
        file = bar.addMenu("&File")
        file.addActions([self.open, self.recipe, self.save, self.save_as])
        file.addSeparator()
        file.addAction(self.export)
        file.addMenu(self._figures_menu("Save figure", window.files.save_figure))
        file.addMenu(self._copy_menu)
        file.addMenu(self._tables_menu())
        file.addSeparator()
        file.addActions([self.cache, self.quit])
        edit = bar.addMenu("&Edit")
        for part in ([self.undo, self.redo], self.on_selection, self.pairs.drags):
            edit.addActions(part)
            edit.addSeparator()
        view = bar.addMenu("&View")
        view.addAction(self.reset_zoom)
        view.addSeparator()
        view.addActions(self._pictures_actions())
        view.addSeparator()
        view.addActions([dock.toggleViewAction() for dock in window.side.docks.values()])
        view.addAction(self.reset_layout)
        view.addSeparator()
        view.addMenu(self._theme_menu())
        bar.addMenu("&Analysis").addActions([self.run, self.cancel, self.swap])
        bar.addMenu("&Help").addActions([self.help, self.keys, self.about])

    def _figures_menu(self, title: str, what: Callable[[str], object]) -> QMenu:
        menu = QMenu(title, self._window)
        self._on_result.append(menu.menuAction())
        for number, name in enumerate(FIGURES, 1):
            action = self._make(name.capitalize(), partial(what, name))
            action.setShortcut(QKeySequence(f"Ctrl+{'Alt+' if 'Copy' in title else ''}{number}"))
            self._on_figure.append((name, action))
            action.setWhatsThis(f"{title}: {name}")  # its name outside this menu
            menu.addAction(action)
        return menu

    def _tables_menu(self) -> QMenu:
        menu = QMenu("Save table", self._window)
        self._on_result.append(menu.menuAction())
        labels = {"words": "Words (CSV)", "pairs": "Pairs (CSV)", "matrices": "Matrices (NPZ)"}
        labels["categories"] = "Categories (CSV)"
        for name, label in labels.items():
            action = self._make(f"{label}…", partial(self._window.files.save_table, name))
            menu.addAction(action)
        self._save_categories = action
        menu.addSeparator()
        for k, letter in enumerate("AB"):
            menu.addAction(
                self._make(f"Space {letter}, its words and vectors…", partial(self._window.files.save_space, k))
            )
        return menu

    def _pictures_actions(self) -> list[QAction]:
        group = QActionGroup(self._window)
        for action in self.pictures.values():
            action.setCheckable(True)
            group.addAction(action)
        return group.actions()

    def _theme_menu(self) -> QMenu:
        menu = QMenu("Theme", self._window)
        group = QActionGroup(menu)
        for name in SCHEMES:
            action = self._make(name.capitalize(), partial(self._choose_theme, name))
            action.setCheckable(True)
            action.setChecked(name == self._window.settings.theme)
            group.addAction(action)
            menu.addAction(action)
        return menu

    def _fill_toolbar(self) -> None:
        bar = QToolBar("Tools")
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for action, text in ((self.open, "Open"), (self.save, "Save"), (self.export, "Export")):
            action.setIconText(text)  # there is little room
        parts = (self.open, self.save), (self.run, self.cancel), (self.undo, self.redo), (self.reset_zoom,)
        for part in (*parts, self.pairs.drags):
            bar.addActions(part)
            bar.addSeparator()
        for action in (self.undo, self.redo, *self.pairs.drags):
            button = bar.widgetForAction(action)
            assert isinstance(button, QToolButton)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setAccessibleName(action.text())
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(space)
        self._copy_button = QToolButton()
        self._copy_button.setText("Copy figure")
        self._copy_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._copy_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._copy_button.setMenu(self._copy_menu)
        bar.addWidget(self._copy_button)
        bar.addAction(self.export)
        self._window.addToolBar(bar)

    def _draw_icons(self) -> None:
        palette = self._window.palette()
        for action, name in self._icons.items():
            action.setIcon(icon(name, palette))
        self._copy_button.setIcon(icon("copy", palette))

    # Doing.

    def _show_selection(self, selection: object) -> None:
        self.zoom_here.setEnabled(selection is not None)

    def _offer_steps(self) -> None:
        self.undo.setEnabled(self._window.history.can_undo)
        self.redo.setEnabled(self._window.history.can_redo)

    def _offer_results(self, result: AnalysisResult | None) -> None:
        """Nothing can be exported before there is something, and no figure of what was not inferred."""
        for action in self._on_result:
            action.setEnabled(result is not None)
        drawable = figures_of(result) if result is not None else []
        for name, action in self._on_figure:
            action.setEnabled(name in drawable)

    def _zoom_here(self) -> None:
        self._window.stage.heatmaps.zoom_to_selection()

    def _show_result(self, result: AnalysisResult) -> None:
        """Check what is shown; offer the table of categories where there are any."""
        alone = self._window.stage.heatmaps.difference_alone
        shown = "both" if result.difference is None else "difference" if alone else "all"
        self.pictures[shown].setChecked(True)
        self._save_categories.setVisible(bool(result.categories))

    def _show_pictures(self, name: str) -> None:
        """Show A and B, the difference or all; a difference that is not there yet is asked for."""
        field = self._window.panel.order
        self._window.stage.heatmaps.show_difference_alone(name == "difference")
        if name == "both":
            field.choose_difference(NO_DIFFERENCE)
        elif field.choice[1] == NO_DIFFERENCE:
            field.choose_difference("values")

    def _reset_zoom(self) -> None:
        self._window.stage.heatmaps.reset_zoom()
        self._window.stage.scatter.reset_zoom()

    def _choose_theme(self, name: str) -> None:
        self._window.settings.theme = name
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, name)

    def _show_cache(self) -> None:
        from ui.cache_dialog import CacheDialog  # not before it is wanted

        CacheDialog(self._window).open()

    def _show_keys(self) -> None:
        actions = [action for action in self._window.findChildren(QAction) if not action.shortcut().isEmpty()]
        keys = [
            (action.whatsThis() or action.text().rstrip("…"), QKeySequence.listToString(action.shortcuts()))
            for action in actions
        ]
        show_keys(self._window, keys + CANVAS_KEYS)
