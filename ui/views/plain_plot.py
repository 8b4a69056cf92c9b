"""A plot in the colours of the theme, without what pyqtgraph adds of its own."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg

from ui.theme import Colours

SIDES = ("left", "bottom")


class PlainPlot(pg.PlotWidget):
    """No menu, no buttons, no unit prefixes: nothing that is drawn here has a unit to be scaled."""

    def __init__(self, name: str, **how: Any) -> None:
        super().__init__(**how)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setAccessibleName(name)
        for side in SIDES:
            self.getAxis(side).enableAutoSIPrefix(False)

    def show_theme(self, theme: Colours) -> None:
        """Draw ground and axes in a theme's colours."""
        self.setBackground(theme.base)
        for side in SIDES:
            self.getAxis(side).setPen(theme.line)
            self.getAxis(side).setTextPen(theme.text)
