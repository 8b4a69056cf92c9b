"""The choice of a space's dimensions: all, or some, so that a space can be compared with itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.dimensions import DIMENSIONS, Dimensions
from ui.fields.inputs import Number, choice
from ui.theme import GRID

MOST_DIMENSIONS = 99_999
TOOLTIP = (
    "Compare with these dimensions of the vectors only, counted from 0. Two halves of one space against each other are "
    "a reliability diagnostic: how far a space agrees with itself."
)


class DimensionsField(QWidget):
    """The kind of dimensions, and below it what that kind needs to be told.

    Signals
    -------
    changed()
        The user chose others.
    """

    changed = Signal()

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        labels = {name: kind.choice for name, kind in DIMENSIONS.items()}
        self.kind = choice(labels, f"Dimensions of space {letter}")
        self.kind.setToolTip(TOOLTIP)
        self.seed = Number(0, 2**31 - 1, f"Seed of the random half of space {letter}")
        self.seed.setToolTip("Which random half; the other half has the same seed")
        self.first = Number(0, MOST_DIMENSIONS, f"First dimension of space {letter}")
        self.last = Number(0, MOST_DIMENSIONS, f"Last dimension of space {letter}")
        self.last.setValue(99)
        self._labels = {"seed": QLabel("seed"), "last": QLabel("to")}
        self._lay_out()
        self._show_settings()
        self.kind.activated.connect(self._on_changed)
        for spin in (self.seed, self.first, self.last):
            spin.valueChanged.connect(self._on_changed)

    def _lay_out(self) -> None:
        self._settings = QWidget()
        row = QHBoxLayout(self._settings)
        for widget in (self._labels["seed"], self.seed, self.first, self._labels["last"], self.last):
            row.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
        column = QVBoxLayout(self)
        column.addWidget(self.kind)
        column.addWidget(self._settings)
        for layout in (row, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(GRID // 2)

    @property
    def dimensions(self) -> Dimensions:
        """Those chosen now."""
        kind = self.kind.currentData()
        return Dimensions(kind, **{name: getattr(self, name).value() for name in DIMENSIONS[kind].settings})

    def show_dimensions(self, dimensions: Dimensions) -> None:
        """Show others without telling anyone."""
        blocked = self.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(dimensions.kind))
        for name in DIMENSIONS[dimensions.kind].settings:
            getattr(self, name).setValue(getattr(dimensions, name))
        self._show_settings()
        self.blockSignals(blocked)

    def _show_settings(self) -> None:
        needed = DIMENSIONS[self.kind.currentData()].settings
        self._settings.setVisible(bool(needed))
        for name in ("seed", "first", "last"):
            for widget in filter(None, (getattr(self, name), self._labels.get(name))):
                widget.setVisible(name in needed)

    def _on_changed(self) -> None:
        if self.sender() is self.first:  # the other end gives way, so that no range is impossible
            self.last.setValue(max(self.first.value(), self.last.value()))
        elif self.sender() is self.last:
            self.first.setValue(min(self.first.value(), self.last.value()))
        self._show_settings()
        self.changed.emit()
