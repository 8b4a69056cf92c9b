"""From one part of the window to the next by keyboard: the panel, the pictures, the docks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def move_to_part(window: MainWindow, step: int) -> None:
    """Focus the first control of the next part (step 1) or the one before (-1)."""
    parts = [part for part in _parts(window) if first_control(part) is not None]
    focused = QApplication.focusWidget()
    here = [
        k for k, part in enumerate(parts) if focused is not None and (part is focused or part.isAncestorOf(focused))
    ]
    place = here[0] + step if here else 0 if step > 0 else -1
    control = first_control(parts[place % len(parts)])
    if control is not None:
        control.setFocus(Qt.FocusReason.ShortcutFocusReason)


def first_control(part: QWidget) -> QWidget | None:
    """The control of a part that the Tab key reaches first."""
    widget: QWidget | None = part
    while widget is not None:
        if _takes_focus(widget) and _holds(part, widget):
            return widget
        widget = widget.nextInFocusChain()
        if widget is part:
            break
    return None


def _parts(window: MainWindow) -> list[QWidget]:
    stage = window.stage
    docks = [dock.widget() for dock in window.side.docks.values()]
    parts = (window.panel, stage.heatmaps, stage.scatter, stage.tabs, *docks)
    return [part for part in parts if part.isVisible() and not window.side.hides(part)]


def _takes_focus(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isEnabled() and widget.isVisible() and widget.focusProxy() is None


def _holds(part: QWidget, widget: QWidget) -> bool:
    return part is widget or part.isAncestorOf(widget)
