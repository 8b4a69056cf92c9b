"""The choice of second-order measures: by which numbers two spaces are compared."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QMenu, QVBoxLayout, QWidget, QWidgetAction

from engine.comparison import COMPARISONS
from ui.elided_text import ElidedMenuButton
from ui.fields.inputs import Number
from ui.theme import GRID

MOST_NEIGHBOURS = 1000
GROUPS = {
    "pairs": "of the pairs’ similarities",
    "matrices": "of neighbourhoods",
    "vectors": "of the vectors themselves",
}


class MeasuresField(QWidget):
    """A button that names the measures; its menu has a box for each.

    Signals
    -------
    changed()
        The user chose other measures, or another number of neighbours.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = {name: _check_box(name) for name in COMPARISONS}
        self._shown: tuple[str, ...] = ()
        self.neighbours = Number(1, MOST_NEIGHBOURS, "Neighbours")
        self.neighbours.setToolTip("How many nearest neighbours of each word are compared")
        self.button = ElidedMenuButton()
        self.button.setAccessibleName("Second-order measures")
        self.button.setMenu(self._menu())
        self._k = QWidget()
        form = QFormLayout(self._k)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("neighbours", self.neighbours)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.button)
        layout.addWidget(self._k)
        for box in self.boxes.values():
            box.clicked.connect(partial(self._on_clicked, box))
        self.neighbours.valueChanged.connect(self.changed)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures chosen now, those that were shown first in their order."""
        ordered = dict.fromkeys((*self._shown, *self.boxes))
        return tuple(name for name in ordered if self.boxes[name].isChecked())

    def show_measures(self, measures: tuple[str, ...], neighbours: int) -> None:
        """Show a choice without telling anyone."""
        self._shown = measures
        for name, box in self.boxes.items():
            box.setChecked(name in measures)
        blocked = self.blockSignals(True)
        self.neighbours.setValue(neighbours)
        self.blockSignals(blocked)
        self._show_names()

    def _menu(self) -> QMenu:
        menu = QMenu(self.button)
        page = _Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID // 2)
        for takes, title in GROUPS.items():
            heading = QLabel(title)
            heading.setObjectName("groupHeading")
            column.addWidget(heading)
            for name, box in self.boxes.items():
                if COMPARISONS[name].takes == takes:
                    column.addWidget(box)
        action = QWidgetAction(menu)  # boxes, unlike actions, leave the menu open
        action.setDefaultWidget(page)
        menu.addAction(action)
        menu.aboutToShow.connect(partial(QTimer.singleShot, 0, page.start))
        return menu

    def _on_clicked(self, clicked: QCheckBox) -> None:
        if not self.measures:
            clicked.setChecked(True)  # a comparison by no measure says nothing
            return
        self._show_names()
        self.changed.emit()

    def _show_names(self) -> None:
        self.button.set_text(", ".join(COMPARISONS[name].symbol for name in self.measures))
        self._k.setVisible(any(COMPARISONS[name].takes == "matrices" for name in self.measures))


class _Page(QWidget):
    """Boxes in a menu, which would keep the keys to itself: Tab and arrow keys walk through them, Space ticks."""

    def start(self) -> None:
        """Take the keyboard."""
        self._boxes()[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        boxes = self._boxes()
        now = next((k for k, box in enumerate(boxes) if box.hasFocus()), -1)
        boxes[(now + (1 if forwards else -1)) % len(boxes)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def _boxes(self) -> list[QCheckBox]:
        return self.findChildren(QCheckBox)


def _check_box(name: str) -> QCheckBox:
    box = QCheckBox(COMPARISONS[name].label)
    box.setToolTip(COMPARISONS[name].tooltip)
    return box
