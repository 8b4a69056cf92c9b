"""The choice of the heatmaps' colours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from engine.colours import COLOUR_MAPS, DIVERGING, FARTHEST_LEVEL, ColourScale, are_signed, colour_levels, is_beyond
from engine.data import SimilarityMatrix
from ui.colour_maps import swatch
from ui.fields.inputs import NARROWEST, AmongOthers, choice
from ui.fields.problem import ProblemLabel
from ui.messages import Problem
from ui.theme import GRID, scaled

SWATCH = QSize(36, 12)  # pixels of a colour map in the list

SCALES = {
    "fixed": "one scale, fixed",
    "shared": "one scale, automatic",
    "own": "own scales, automatic",
}


BEYOND = "All similarities lie beyond the colour scale, so that every cell looks alike."


class ColoursField(QWidget):
    """Colour map and levels of the heatmaps.

    Signals
    -------
    changed(ColourScale)
        The user chose other colours.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map, self.scale = choice(COLOUR_MAPS, "Colour map"), choice(SCALES, "Colour scale")
        self.map.setIconSize(QSize(scaled(SWATCH.width()), scaled(SWATCH.height())))
        self.map.opening.connect(self._draw_swatches)
        for combo in (self.map, self.scale):
            combo.activated.connect(self._on_changed)
        self.low, self.high = _level("Similarity at the dark end"), _level("Similarity at the bright end")
        for level in (self.low, self.high):
            level.valueChanged.connect(self._on_level_changed)
        ends = QWidget()
        row = QHBoxLayout(ends)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self.low, 1)
        row.addWidget(QLabel("to"))
        row.addWidget(self.high, 1)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GRID // 2)
        form.addRow("map", self.map)
        form.addRow("scale", self.scale)
        form.addRow("from", ends)
        self.problem = ProblemLabel()
        form.addRow(self.problem)
        self._fixed = (0.1, 0.6)
        self.shows_nothing = False  # whether all cells of what is shown have the colour of one end
        self.show_colours(ColourScale())

    @property
    def colours(self) -> ColourScale:
        """The colours as chosen now."""
        kind = self.scale.currentData()
        return ColourScale(self.map.currentData(), self._fixed if kind == "fixed" else None, kind != "own")

    def show_colours(self, scale: ColourScale, matrices: Sequence[SimilarityMatrix] = ()) -> None:
        """Show a colour scale without telling anyone; what an automatic one comes to is that of the first matrix."""
        blocked = self.blockSignals(True)
        for widget in (self.low, self.high):
            widget.blockSignals(True)
        kind = "fixed" if scale.levels else "shared" if scale.shared else "own"
        self.map.setCurrentIndex(self.map.findData(scale.colour_map))
        self._draw_swatch(self.map.currentIndex())
        self.scale.setCurrentIndex(self.scale.findData(kind))
        self._fixed = scale.levels or self._fixed  # kept through an automatic scale
        levels = colour_levels(scale, matrices)[0] if matrices else scale.levels
        if levels:
            self.low.setValue(levels[0])
            self.high.setValue(levels[1])
        for widget in (self.low, self.high):
            widget.setEnabled(kind == "fixed")
            widget.blockSignals(False)
        self.blockSignals(blocked)
        if matrices:
            self._offer_diverging(are_signed(matrices))
            self.shows_nothing = is_beyond(scale, matrices)
            self.problem.show_problem(Problem(f"{BEYOND} Choose an automatic one.") if self.shows_nothing else None)

    def choose_automatic(self) -> None:
        """Choose the scale that fits both spaces, as the user would."""
        self.scale.setCurrentIndex(self.scale.findData("shared"))
        self._on_changed()

    def _offer_diverging(self, offered: bool) -> None:
        """Offer the map with zero in its middle, which says nothing where all similarities are of one sign."""
        position = self.map.findData(DIVERGING)
        entries = self.map.model()
        assert isinstance(entries, QStandardItemModel)
        entries.item(position).setEnabled(offered)
        tip = "Zero is white, in the middle of the scale" if offered else "For similarities on both sides of zero"
        self.map.setItemData(position, tip, Qt.ItemDataRole.ToolTipRole)

    def _draw_swatches(self) -> None:
        for position in range(self.map.count()):
            self._draw_swatch(position)

    def _draw_swatch(self, position: int) -> None:
        """Draw a map's picture if it has none yet: reading all maps would keep a window waiting that shows one."""
        if self.map.itemIcon(position).isNull():
            self.map.setItemIcon(position, swatch(self.map.itemData(position), self.map.iconSize()))

    def _on_level_changed(self) -> None:
        """The other end gives way, so that the ends stay in order and apart."""
        if self.map.currentData() == DIVERGING:
            extent = max(abs(self.sender().value()), 10.0 ** -self.low.decimals())  # type: ignore[attr-defined]
            self._fixed = -extent, extent
            self._on_changed()
            return
        step = 10.0 ** -self.low.decimals()
        low, high = self.low.value(), self.high.value()
        if high < low + step:
            low, high = (low, low + step) if self.sender() is self.low else (high - step, high)
        self._fixed = low, high
        self._on_changed()

    def _on_changed(self) -> None:
        self._draw_swatch(self.map.currentIndex())
        self.changed.emit(self.colours)


class _Level(QDoubleSpinBox):
    """A similarity, typed with a decimal point or comma."""

    def validate(self, text: str, place: int) -> object:
        return super().validate(text.replace(",", "."), place)

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace(",", "."))


def _level(name: str) -> QDoubleSpinBox:
    spin = _Level()
    spin.setRange(-FARTHEST_LEVEL, FARTHEST_LEVEL)
    spin.setDecimals(2)
    spin.setSingleStep(0.05)
    spin.setKeyboardTracking(False)
    spin.setAccessibleName(name)
    spin.setToolTip(name)
    spin.setMinimumWidth(NARROWEST)
    AmongOthers(spin)
    return spin
