"""Where the actions stand: menus and toolbar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QSizePolicy, QToolBar, QToolButton, QWidget

from ui.theme import icon, scaled

if TYPE_CHECKING:
    from ui.actions import Actions
    from ui.main_window import MainWindow

Rows = Iterable[Iterable[QAction]]  # the actions of a menu, a line between one group and the next
WIDE = 1000  # pixels that a window must have for text beside its toolbar's icons


class Menus(QObject):
    """Puts the actions into menus and toolbar, with icons of the present theme.

    Attributes
    ----------
    on_result : list of QAction
        Submenus that make sense once there is a result.
    """

    def __init__(self, window: MainWindow, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self._save_figure = self._submenu("Save figure", [actions.save_figures.values()])
        self._copy_figure = self._submenu("Copy figure", [actions.copy_figures.values()])
        self._save_table = self._submenu("Save table", [actions.save_tables.values(), actions.save_spaces])
        self._theme = self._submenu("Theme", [actions.themes.values()])
        self._text_size = self._submenu("Text size", [(actions.larger, actions.smaller, actions.system_size)])
        self.on_result = [menu.menuAction() for menu in (self._save_figure, self._copy_figure, self._save_table)]
        self._fill_menu_bar()
        self._fill_toolbar()
        self._draw_icons()
        self._fit_toolbar()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self._fit_toolbar()
        return super().eventFilter(watched, event)

    def _fill_menu_bar(self) -> None:
        bar, actions = self._window.menuBar(), self._actions
        menus: dict[str, Rows] = {
            "&File": (
                (actions.open, actions.recipe, actions.open_words, actions.save, actions.save_as),
                (actions.export, *self.on_result),
                (actions.cache, actions.trusted, actions.quit),
            ),
            "&Edit": ((actions.undo, actions.redo), (actions.find,), actions.on_selection, actions.pairs.drags),
            "&View": (
                (actions.reset_zoom,),
                actions.pictures.values(),
                (*actions.docks, actions.reset_layout),
                (actions.next_part, actions.previous_part),
                (self._theme.menuAction(), self._text_size.menuAction()),
            ),
            "&Analysis": ((actions.run, actions.cancel), (*actions.choose_spaces, actions.swap, actions.halves)),
            "&Help": ((actions.help, actions.keys, actions.palette), (actions.about,)),
        }
        for title, rows in menus.items():
            _fill(bar.addMenu(title), rows)

    def _submenu(self, title: str, rows: Rows) -> QMenu:
        menu = QMenu(title, self._window)
        _fill(menu, rows)
        return menu

    def _fill_toolbar(self) -> None:
        actions = self._actions
        bar = self._bar = QToolBar("Tools", self._window)
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        for action, text in ((actions.open, "Open"), (actions.save, "Save"), (actions.export, "Export")):
            action.setIconText(text)  # there is little room
        steps, drags = (actions.undo, actions.redo), actions.pairs.drags
        for part in ((actions.open, actions.save), (actions.run, actions.cancel), steps, (actions.reset_zoom,), drags):
            bar.addActions(part)
            bar.addSeparator()
        for action in (*steps, *drags):
            bar.widgetForAction(action).setAccessibleName(action.text())
        bar.addWidget(self._window.find_field)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(space)
        self._copy_button = QToolButton()
        self._copy_button.setText("Copy figure")
        self._copy_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._copy_button.setMenu(self._copy_figure)
        self._copy_button.setToolTip("Put one figure on the clipboard")
        self._copy_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # as toolbars' other buttons; menus have their keys
        bar.addWidget(self._copy_button)
        bar.addAction(actions.export)
        self._window.addToolBar(bar)

    def _fit_toolbar(self) -> None:
        """In a narrow window buttons are icons, so that the field beside them stays."""
        wide = self._window.width() >= scaled(WIDE)
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        self._bar.setToolButtonStyle(style)
        self._copy_button.setToolButtonStyle(style)
        for action in (self._actions.undo, self._actions.redo, *self._actions.pairs.drags):
            button = self._bar.widgetForAction(action)
            assert isinstance(button, QToolButton)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _draw_icons(self) -> None:
        palette = self._window.palette()
        for action, name in self._actions.icons.items():
            action.setIcon(icon(name, palette))
        self._copy_button.setIcon(icon("copy", palette))


def offer(action: QAction, possible: bool, otherwise: str) -> None:
    """Offer an action, or say why not: in the status bar, and beside it in the list of commands."""
    action.setEnabled(possible)
    action.setStatusTip("" if possible else otherwise)


def entries_of(menu: QMenuBar | QMenu, titles: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], QAction]]:
    """Every visible action of a menu and its submenus, after the titles of the menus it is in."""
    for action in menu.actions():
        submenu = action.menu()
        if isinstance(submenu, QMenu):
            yield from entries_of(submenu, (*titles, action.text().replace("&", "")))
        elif not action.isSeparator() and action.isVisible():
            yield titles, action


def _fill(menu: QMenu, rows: Rows) -> None:
    for number, actions in enumerate(rows):
        if number:
            menu.addSeparator()
        menu.addActions(list(actions))
