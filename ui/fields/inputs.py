"""The inputs that the panel's fields are made of: narrow, with a name for who cannot see them, one change at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QSpinBox

from ui.elided_text import ElidedComboBox

NARROWEST = 40  # pixels
LARGEST = 2**31 - 1  # that Qt counts to


def choice(labels: Mapping[Any, str], name: str, tips: Mapping[Any, str] | None = None) -> Choice:
    """A combo box of values and their labels.

    Parameters
    ----------
    labels : mapping of value to label
    name : str
        What is chosen, for screen readers.
    tips : mapping of value to tooltip, optional
    """
    combo = Choice()
    for position, (value, label) in enumerate(labels.items()):
        combo.addItem(label, value)
        combo.setItemData(position, (tips or {}).get(value), Qt.ItemDataRole.ToolTipRole)
    combo.setAccessibleName(name)
    combo.setToolTip(name)
    return combo


class Choice(ElidedComboBox):
    """A combo box as narrow as its column, whose list is as wide as its entries.

    Signals
    -------
    opening()
        The list is about to be shown.
    """

    opening = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def showPopup(self) -> None:
        self.opening.emit()
        entries = self.view()
        entries.setMinimumWidth(entries.sizeHintForColumn(0) + entries.verticalScrollBar().sizeHint().width())
        super().showPopup()


class AmongOthers(QObject):
    """What a box for a number must not do in a panel.

    The wheel changes it only while it has the keys: else scrolling the panel would change the analysis. And undo takes
    back what was analysed even then: of a number no typing is worth to be taken back.

    Parameters
    ----------
    box : QAbstractSpinBox
    """

    def __init__(self, box: QAbstractSpinBox) -> None:
        super().__init__(box)
        self._box = box
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and not self._box.hasFocus():
            event.ignore()
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_undo(event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def _is_undo(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


class Number(QSpinBox):
    """A whole number that is typed, or stepped one by one or through the usual ones.

    Parameters
    ----------
    low, high : int
    name : str
        What is counted, for screen readers.
    usual : tuple of int, optional
    """

    def __init__(self, low: int, high: int, name: str, usual: tuple[int, ...] = ()) -> None:
        super().__init__()
        self._usual = usual
        self.setRange(low, high)
        self.setGroupSeparatorShown(True)
        self.setKeyboardTracking(False)  # "100" is one change, not three
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setMinimumWidth(NARROWEST)
        AmongOthers(self)

    def setValue(self, value: int) -> None:
        """Show a number: a session's may be larger than what is to be had by typing."""
        value = min(value, LARGEST)
        self.setMaximum(max(self.maximum(), value))
        super().setValue(value)

    @property
    def typed(self) -> int:
        """The number as it stands there, even before it is entered; the entered one while it is none."""
        state = self.validate(self.text(), 0)[0]  # type: ignore[index]  # PySide6 does not say that it is a tuple
        return self.valueFromText(self.text()) if state == QValidator.State.Acceptable else self.value()

    def stepBy(self, steps: int) -> None:
        if not self._usual:
            super().stepBy(steps)
        elif steps > 0:
            self.setValue(min((one for one in self._usual if one > self.value()), default=self.value()))
        else:
            self.setValue(max((one for one in self._usual if one < self.value()), default=self.value()))
