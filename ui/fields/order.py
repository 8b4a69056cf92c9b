"""The choice of the words' order, and of the difference of the two matrices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from engine.difference import DIFFERENCES
from engine.ordering import ORDERS
from ui.fields.inputs import choice
from ui.theme import GRID


class OrderField(QWidget):
    """In which order the words stand, and what A minus B is made of.

    Signals
    -------
    changed()
        The user chose another order or difference.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order = _table_choice(ORDERS, "Order of the words")
        self.difference = _table_choice(DIFFERENCES, "Difference of A and B")
        for combo in (self.order, self.difference):
            combo.activated.connect(self.changed)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GRID // 2)
        form.addRow("words", self.order)
        form.addRow("A − B", self.difference)

    @property
    def choice(self) -> tuple[str, str]:
        """Order and difference as chosen now."""
        return self.order.currentData(), self.difference.currentData()

    def show_choice(self, order: str, difference: str) -> None:
        """Show an order and a difference without telling anyone."""
        self.order.setCurrentIndex(self.order.findData(order))
        self.difference.setCurrentIndex(self.difference.findData(difference))

    def choose_difference(self, difference: str) -> None:
        """Choose a difference as the user would."""
        if difference != self.difference.currentData():
            self.difference.setCurrentIndex(self.difference.findData(difference))
            self.changed.emit()


def _table_choice(table: Mapping[str, Any], name: str) -> QComboBox:
    labels = {entry: one.label for entry, one in table.items()}
    return choice(labels, name, {entry: one.description for entry, one in table.items()})
