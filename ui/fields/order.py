"""The choice of the words' order, and of the difference of the two matrices."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from engine.difference import DIFFERENCES
from engine.ordering import ORDERS
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
        self.order = _combo(ORDERS, "Order of the words")
        self.difference = _combo(DIFFERENCES, "Difference of A and B")
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


def _combo(table: dict, name: str) -> QComboBox:
    combo = QComboBox()
    for position, entry in enumerate(table.values()):
        combo.addItem(entry.label, entry.name)
        combo.setItemData(position, entry.description, Qt.ItemDataRole.ToolTipRole)
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
