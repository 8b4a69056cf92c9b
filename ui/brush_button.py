"""How much is brushed, and what can be done with it, in the status bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from engine.brush import Brush
from engine.description import describe_brush


class BrushButton(QToolButton):
    """There while anything is brushed; a click shows what can be done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("brushed")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Copy, keep, leave out or save what is brushed")
        self.setMenu(QMenu(self))
        self.hide()

    def offer(self, actions: Sequence[QAction]) -> None:
        """What its menu has."""
        self.menu().addActions(actions)

    def show_brush(self, brush: Brush | None) -> None:
        """Say how much is brushed."""
        if brush is not None:
            self.setText(describe_brush(brush))
        self.setVisible(brush is not None)
