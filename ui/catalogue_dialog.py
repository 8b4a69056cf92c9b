"""gensim's catalogue of word vectors, to choose from."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.request import NamedSource
from engine.sizes import readable_size
from engine.sources import GensimSource
from engine.sources.gensim_catalogue import CatalogueEntry
from engine.sources.gensim_models import find_model
from ui.theme import GRID, scaled, within_screen

EMPTY = "The list is not here yet. <b>Fetch the list</b> asks gensim’s site for it; no model is downloaded by that."
DESCRIPTION_HEIGHT = 96
COLUMNS = ("model", "words", "dimensions", "to download", "on this computer")


class CatalogueDialog(QDialog):
    """Says of each model how large it is and what it is made of.

    Signals
    -------
    fetch_requested()
        The list is to be asked of the network.
    chosen(NamedSource)
    """

    fetch_requested = Signal()
    chosen = Signal(object)

    def __init__(self, entries: Sequence[CatalogueEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Word vectors of gensim’s catalogue")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(within_screen(self, 760, 520))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("name or description contains …")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter")
        self.filter.setToolTip("Show only models whose name or description has this")
        self.filter.textChanged.connect(self._filter)
        self.list = QTreeWidget()
        self.list.setHeaderLabels(COLUMNS)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName("Models")
        self.list.currentItemChanged.connect(self._show_description)
        self.list.itemActivated.connect(self.accept)
        self.description = QLabel()
        self.description.setWordWrap(True)
        self.description.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.description.setMinimumHeight(scaled(DESCRIPTION_HEIGHT))
        self.description.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        layout.setSpacing(GRID)
        for widget in (self.filter, self.list, self.description):
            layout.addWidget(widget)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.choose = buttons.addButton("Choose", QDialogButtonBox.ButtonRole.AcceptRole)
        self.fetch = buttons.addButton("Fetch the list", QDialogButtonBox.ButtonRole.ActionRole)
        self.fetch.clicked.connect(self._on_fetch)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.show_entries(entries)

    def show_entries(self, entries: Sequence[CatalogueEntry]) -> None:
        """Show a catalogue."""
        self._entries = {entry.name: entry for entry in entries}
        self.list.clear()
        for entry in entries:
            size = "" if entry.size is None else readable_size(entry.size)
            here = "yes" if find_model(entry.name) else ""
            item = QTreeWidgetItem([entry.name, _amount(entry.vectors), _amount(entry.dimensions), size, here])
            for column in (1, 2, 3):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.list.addTopLevelItem(item)
        for column in range(len(COLUMNS)):
            self.list.resizeColumnToContents(column)
        self.fetch.setText("Fetch the list again" if entries else "Fetch the list")
        self.fetch.setEnabled(True)
        if entries:
            self.list.setCurrentItem(self.list.topLevelItem(0))  # type: ignore[arg-type]
        self._show_description()

    def show_problem(self, text: str) -> None:
        """Say why the list could not be fetched."""
        self.description.setText(html.escape(text))
        self.fetch.setEnabled(True)

    def give_up(self) -> None:
        """Fetching the list was cancelled: it can be asked for again."""
        self._show_description()
        self.fetch.setEnabled(True)

    def accept(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            name = item.text(0)
            self.chosen.emit(NamedSource(name, GensimSource(name)))
            super().accept()

    def _on_fetch(self) -> None:
        self.fetch.setEnabled(False)
        self.fetch_requested.emit()

    def _filter(self, text: str) -> None:
        wanted = text.casefold()
        for item in self.list.findItems("", Qt.MatchFlag.MatchContains):
            entry = self._entries[item.text(0)]
            item.setHidden(wanted not in f"{entry.name} {entry.description}".casefold())
        current = self.list.currentItem()
        if current is None or current.isHidden():  # Enter must not choose what nobody sees
            shown = (item for item in self.list.findItems("", Qt.MatchFlag.MatchContains) if not item.isHidden())
            self.list.setCurrentItem(next(shown, None))  # type: ignore[arg-type]

    def _show_description(self) -> None:
        item = self.list.currentItem()
        self.choose.setEnabled(item is not None)
        if item is None:
            self.description.setText(EMPTY)
            return
        entry = self._entries[item.text(0)]
        licence = f"<br>Licence: {html.escape(entry.licence)}" if entry.licence else ""
        self.description.setText(f"<b>{html.escape(entry.name)}</b><br>{html.escape(entry.description)}{licence}")


def _amount(number: int | None) -> str:
    return "" if number is None else f"{number:,}"
