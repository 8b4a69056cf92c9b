"""The files that may be opened although they can run code, and a way to take that back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QVBoxLayout, QWidget

from engine import consent
from engine.errors import EngineError
from ui.theme import GRID, within_screen

WIDTH = 480
SOME = "These files are opened although files of their kind can run code, because you said so."
NONE = "You have trusted no file that can run code."


class TrustedDialog(QDialog):
    """Lists them; what is marked is trusted no longer.

    Signals
    -------
    failed(Exception)
        A consent could not be withdrawn.
    """

    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Trusted files")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(within_screen(self, WIDTH, 0).width())
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Trusted files")
        self.list.setToolTip("Files that can run code and are opened all the same, as they were when you said so")
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.text)
        layout.addWidget(self.list)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.withdraw = buttons.addButton("Trust no longer", QDialogButtonBox.ButtonRole.ActionRole)
        self.withdraw.clicked.connect(self._withdraw)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.list.itemSelectionChanged.connect(self._offer)
        self._show_files()

    def _show_files(self) -> None:
        self.list.clear()
        self.list.addItems(list(map(str, consent.trusted())))
        self.text.setText(SOME if self.list.count() else NONE)
        self._offer()

    def _offer(self) -> None:
        self.withdraw.setEnabled(bool(self.list.selectedItems()))

    def _withdraw(self) -> None:
        try:
            for item in self.list.selectedItems():
                consent.withdraw(Path(item.text()))
        except EngineError as error:
            self.failed.emit(error)
        self._show_files()
