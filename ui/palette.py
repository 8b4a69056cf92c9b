"""Every command of the menus, found by typing a part of its name."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.elided_text import as_drawn
from ui.theme import GRID, within_screen

Entry = tuple[tuple[str, ...], QAction]  # the titles of the menus it is in, and the action
ACTION = Qt.ItemDataRole.UserRole
WIDTH, HEIGHT = 560, 420
KEYS_OF_THE_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Palette(QDialog):
    """Lists commands with their keys; Enter runs the marked one. What cannot be done now is grey, and says why."""

    def __init__(self, entries: Iterable[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Commands")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(within_screen(self, WIDTH, HEIGHT))
        self.field = QLineEdit()
        self.field.setPlaceholderText("part of a command, as in “save words”")
        self.field.setAccessibleName("Find command")
        self.field.setToolTip("Words of a command in any order; arrow keys choose, Enter runs, Esc closes")
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list = command_list("Commands")
        self.list.setRootIsDecorated(False)
        self.list.itemActivated.connect(self._run)
        self.list.currentItemChanged.connect(self._explain)
        self.note = QLabel()
        self.note.setObjectName("noteLine")
        self.note.setWordWrap(True)
        for titles, action in entries:
            self.list.addTopLevelItem(_item(" › ".join((*titles, as_drawn(action.text()))), action))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        for widget in (self.field, self.list, self.note):
            layout.addWidget(widget)
        self._filter("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in KEYS_OF_THE_LIST:
                self.list.event(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        filter_commands(self.list, text)
        shown = [item for item in _items(self.list) if not item.isHidden()]
        wanted = text.strip().casefold()
        best = next((item for item in shown if _name(item).startswith(wanted)), shown[0] if shown else None)
        self.list.setCurrentItem(best)  # type: ignore[arg-type]
        if best is not None:
            self.list.scrollToItem(best)
        self._explain()

    def _explain(self) -> None:
        item = self.list.currentItem()
        if item is None or item.isHidden():
            self.note.setText("No command has these words.")
            return
        action = item.data(0, ACTION)
        self.note.setText("" if action.isEnabled() else action.statusTip() or "This cannot be done now.")

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is not None and not item.isHidden() and item.data(0, ACTION).isEnabled():
            self.accept()
            item.data(0, ACTION).trigger()


def command_list(name: str) -> QTreeWidget:
    """An empty list of commands and their keys."""
    tree = QTreeWidget()
    tree.setAccessibleName(name)
    tree.setHeaderLabels(["command", "key"])
    tree.setUniformRowHeights(True)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)  # a long list of keys may be cut
    return tree


def filter_commands(tree: QTreeWidget, text: str) -> None:
    """Show only what has every word of a text in its row, or has such rows below it."""
    words = text.casefold().split()
    for item in _items(tree):
        rows = [item.child(k) for k in range(item.childCount())]
        for row in rows:
            row.setHidden(not _has(row, words))
        item.setHidden(all(row.isHidden() for row in rows) if rows else not _has(item, words))


def _has(item: QTreeWidgetItem, words: list[str]) -> bool:
    text = f"{item.text(0)} {item.text(1)}".casefold()
    return all(word in text for word in words)


def _item(text: str, action: QAction) -> QTreeWidgetItem:
    item = QTreeWidgetItem([text, action.shortcut().toString()])
    item.setData(0, ACTION, action)
    if not action.isEnabled():
        item.setForeground(0, QTreeWidget().palette().placeholderText())
        item.setForeground(1, QTreeWidget().palette().placeholderText())
    return item


def _items(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    return [tree.topLevelItem(k) for k in range(tree.topLevelItemCount())]  # type: ignore[misc]


def _name(item: QTreeWidgetItem) -> str:
    return item.text(0).split(" › ")[-1].casefold()
