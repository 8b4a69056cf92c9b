"""All keys: those of the menus, and those that the pictures and lists answer themselves."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QTreeWidgetItem, QVBoxLayout, QWidget

from ui.elided_text import as_drawn
from ui.palette import Entry, command_list, filter_commands
from ui.theme import GRID, within_screen

WIDTH, HEIGHT = 560, 600
BESIDE_MENUS = {
    "Heatmaps": (
        ("Move the marked cell", "Arrow keys"),
        ("First or last cell of the row", "Home, End"),
        ("First or last cell of the column", "Ctrl+Home, Ctrl+End"),
        ("Nearer to the cell, or further off", "+, -"),
        ("Open the inspector", "Return"),
        ("What can be done with the pair", "Menu, Shift+F10"),
        ("Clear selection and brush", "Esc"),
        ("Brush a block", "Shift+drag, Shift+Arrow keys, Shift+Home, Shift+End"),
        ("Brush another block besides", "Ctrl+Shift+drag"),
    ),
    "Scatter": (
        ("To the next pair in that direction", "Arrow keys"),
        ("To the next pair of the same word", "Shift+Arrow keys"),
        ("Least or most alike in A", "Home, End"),
        ("Least or most alike in B", "Ctrl+Home, Ctrl+End"),
        ("Nearer to the pair, or further off", "+, -"),
        ("Open the inspector", "Return"),
        ("What can be done with the pair", "Menu, Shift+F10"),
        ("Clear selection and brush", "Esc"),
        ("Brush a rectangle, or with a lasso", "Shift+drag, Ctrl+drag"),
        ("Brush another rectangle besides", "Ctrl+Shift+drag"),
    ),
    "Tables": (
        ("Sort by the first, second … column; again: the other way", "1, 2, …"),
        ("First or last row", "Home, End"),
        ("Copy the selected words", "Ctrl+C"),
    ),
    "Find word": (
        ("Select the next match everywhere", "Return"),
        ("Select the match before", "Shift+Return"),
        ("Another word of the list", "Up, Down"),
        ("Back to where one was", "Esc"),
    ),
    "Everywhere": (
        ("Next or previous control", "Tab, Shift+Tab"),
        ("Open a list or menu button", "Space"),
        ("Menu bar", "Alt+F, Alt+E, …"),
    ),
}


class KeysDialog(QDialog):
    """Keys by menu, with a field that shows only those that one looks for."""

    def __init__(self, entries: Iterable[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(within_screen(self, WIDTH, HEIGHT))
        self.field = QLineEdit()
        self.field.setPlaceholderText("part of a command or key")
        self.field.setAccessibleName("Find key")
        self.field.setToolTip("Show only the commands and keys that have these words")
        self.field.setClearButtonEnabled(True)
        self.list = command_list("Keys")
        self.field.textChanged.connect(lambda text: filter_commands(self.list, text))
        groups: dict[str, list[tuple[str, str]]] = {}
        for titles, action in entries:
            what = " › ".join((*titles[1:], as_drawn(action.text()).rstrip("…")))
            groups.setdefault(titles[0], []).append((what, ", ".join(key.toString() for key in action.shortcuts())))
        for title, rows in (*groups.items(), *BESIDE_MENUS.items()):
            group = QTreeWidgetItem([title])
            group.addChildren([QTreeWidgetItem(list(row)) for row in rows])
            self.list.addTopLevelItem(group)
        self.list.expandAll()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        for widget in (self.field, self.list):
            layout.addWidget(widget)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
