"""Text that never asks for more room than it is given."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QWidget,
)

from engine.description import shortened

LONGEST_IN_MENU = 30  # characters of a word
ARROW = 24  # pixels that a menu button's frame and arrow take
BESIDE_ICON = 4  # pixels from the icon of a list to its text


def menu_text(word: str) -> str:
    """A word as part of a menu entry: not too long, and its ampersands drawn."""
    return verbatim(shortened(word, LONGEST_IN_MENU))


def verbatim(text: str) -> str:
    """A text for a button or menu, where an ampersand would be left out and underline what follows it."""
    return text.replace("&", "&&")


def as_drawn(text: str) -> str:
    """What one sees of a text that was made `verbatim`."""
    return text.replace("&&", "&")


def plain_tip(text: str) -> str:
    """A tooltip that shows a text as it is: Qt takes for markup what looks like it."""
    looks_like_markup = "<" in text or "&lt;" in text
    return "<br>".join(html.escape(text).splitlines()) if looks_like_markup else text


class ElidedLabel(QLabel):
    """One line, cut with an ellipsis where it does not fit; the tooltip has it whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.full_text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show a text."""
        self.full_text = text
        self.setToolTip(plain_tip(text))
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.contentsRect().width()
        self.setText(self.fontMetrics().elidedText(self.full_text, Qt.TextElideMode.ElideRight, room))


class ElidedMenuButton(QToolButton):
    """A menu button as wide as its column, its text cut where it does not fit; the tooltip has it whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.full_text = ""
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_text(self, text: str) -> None:
        """Show a text."""
        self.full_text = text
        self.setToolTip(plain_tip(text))
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def sizeHint(self) -> QSize:
        return QSize(2 * ARROW, super().sizeHint().height())

    def _elide(self) -> None:
        room = self.width() - ARROW
        self.setText(verbatim(self.fontMetrics().elidedText(self.full_text, Qt.TextElideMode.ElideRight, room)))


class ElidedComboBox(QComboBox):
    """A list of which the chosen entry is cut with an ellipsis where it does not fit; Qt would cut within a letter.

    The wheel chooses only while the list has the keys: else scrolling a panel would choose.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        field = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        icon = 0 if option.currentIcon.isNull() else option.iconSize.width() + BESIDE_ICON
        option.currentText = self.fitted(field.width() - icon)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def fitted(self, room: int) -> str:
        """The chosen entry as it is drawn in so many pixels."""
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room - 2)
