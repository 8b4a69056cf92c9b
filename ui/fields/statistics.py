"""What is inferred from the words under study: tests, intervals, draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout, QWidget

from engine.inference.choices import CONFOUNDS, CORRECTIONS, INTERVALS, PARTIAL, SIDES
from engine.request import StatisticsRequest
from engine.session_statistics import FEWEST_IN_A_DRAW
from ui.fields.inputs import Number, choice
from ui.theme import GRID

MOST = 1_000_000


class StatisticsField(QWidget):
    """Which inference is asked for, and how.

    Signals
    -------
    changed()
        The user changed something.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._several = self._partial = True
        self.permutations = _count(
            "Permutations",
            "How many relabellings of the words the permutation test compares, or a few more: they come in whole sets "
            "of as many as there are words",
            (0, 999, 9_999, 99_999),
        )
        self.sided = _choice(SIDES, "Sides of the test: more agreement than chance, or any difference from it")
        self.adaptive = QCheckBox("stop when p is clear")
        self.adaptive.setToolTip("End the test as soon as p is clearly below or above 5 %; the result says so")
        self.bootstraps = _count(
            "Bootstrap draws", "How many draws of words with replacement the interval is made of", (0, 1_000, 10_000)
        )
        self.interval = _choice(INTERVALS, "Kind of interval")
        self.correction = _choice(
            CORRECTIONS, "Where several measures or spaces are tested: by the largest statistic, or Benjamini-Hochberg"
        )
        self.controls = {name: QCheckBox(confound.label) for name, confound in CONFOUNDS.items()}
        self.draws = _count(
            "Random draws", "For how many random sets of words the agreement is computed", (0, 100, 1_000)
        )
        self.draw_size = _count("Words in a draw", "How many words a random draw has", (20, 50, 100, 200, 500))
        self.draw_size.setMinimum(FEWEST_IN_A_DRAW)
        self.draw_size.setSpecialValueText("")
        self.bands = _count(
            "Frequency bands", "In how many bands of frequency the agreement is computed anew", (0, 3, 5, 10)
        )
        self.preprocessings = QCheckBox("under each preprocessing")
        self.preprocessings.setToolTip("Compute the agreement anew under each preprocessing, for the anisotropy view")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._form = form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GRID // 2)
        form.addRow("permute", self.permutations)
        form.addRow("test", self.sided)
        form.addRow(self.adaptive)
        form.addRow("bootstrap", self.bootstraps)
        form.addRow("interval", self.interval)
        form.addRow("several", self.correction)
        for name, box in self.controls.items():
            box.setToolTip(CONFOUNDS[name].description)
            form.addRow("control" if name == next(iter(self.controls)) else "", box)
        form.addRow("draws", self.draws)
        form.addRow("of words", self.draw_size)
        form.addRow("bands", self.bands)
        form.addRow(self.preprocessings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)

    def _connect(self) -> None:
        for spin in (self.permutations, self.bootstraps, self.draws, self.draw_size, self.bands):
            spin.valueChanged.connect(self._on_changed)
        for combo in (self.sided, self.interval, self.correction):
            combo.activated.connect(self._on_changed)
        for box in (self.adaptive, self.preprocessings, *self.controls.values()):
            box.clicked.connect(self._on_changed)

    @property
    def request(self) -> StatisticsRequest:
        """What is asked for now."""
        return StatisticsRequest(
            permutations=self.permutations.value(),
            sided=self.sided.currentData(),
            adaptive=self.adaptive.isChecked(),
            bootstraps=self.bootstraps.value(),
            interval=self.interval.currentData(),
            correction=self.correction.currentData(),
            controls=tuple(name for name, box in self.controls.items() if box.isChecked()),
            draws=self.draws.value(),
            draw_size=self.draw_size.value(),
            bands=self.bands.value(),
            preprocessings=self.preprocessings.isChecked(),
        )

    def show_request(self, request: StatisticsRequest) -> None:
        """Show what is asked for without telling anyone."""
        blocked = self.blockSignals(True)
        self.permutations.setValue(request.permutations)
        self.bootstraps.setValue(request.bootstraps)
        self.draws.setValue(request.draws)
        self.draw_size.setValue(request.draw_size)
        self.bands.setValue(request.bands)
        self.preprocessings.setChecked(request.preprocessings)
        for combo, value in (
            (self.sided, request.sided),
            (self.interval, request.interval),
            (self.correction, request.correction),
        ):
            combo.setCurrentIndex(combo.findData(value))
        self.adaptive.setChecked(request.adaptive)
        for name, box in self.controls.items():
            box.setChecked(name in request.controls)
        self._show_parts()
        self.blockSignals(blocked)

    def show_context(self, measures: Sequence[str], spaces: int) -> None:
        """Offer what means something for these second-order measures of so many spaces."""
        self._several = len(measures) > 1 or spaces > 2
        self._partial = any(measure in PARTIAL for measure in measures)
        self._show_parts()

    def _show_parts(self) -> None:
        """What means something only beside something else."""
        tests, intervals = self.permutations.value() > 0, self.bootstraps.value() > 0
        for widget, shown in (
            (self.sided, tests),
            (self.adaptive, tests and self.correction.currentData() == "none"),
            (self.correction, (tests or intervals) and self._several),
            *((box, tests and self._partial) for box in self.controls.values()),
            (self.interval, intervals),
            (self.draw_size, self.draws.value() > 0),
        ):
            self._form.setRowVisible(widget, shown)

    def _on_changed(self) -> None:
        self._show_parts()
        self.changed.emit()


def _count(name: str, tip: str, usual: tuple[int, ...]) -> Number:
    count = Number(0, MOST, name, usual)
    count.setSpecialValueText("none")
    count.setToolTip(tip)
    return count


def _choice(labels: Mapping[Any, str], name: str) -> QComboBox:
    combo = choice(labels, name)
    combo.setToolTip(name)
    return combo
