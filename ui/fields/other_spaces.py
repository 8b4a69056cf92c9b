"""The spaces of a session beyond A and B: compared as well, but not drawn until one of them takes A's or B's place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QToolButton, QWidget

from engine.request import NamedSource
from ui.elided_text import menu_text
from ui.fields.problem import ProblemLabel
from ui.theme import GRID


class OtherSpaces(QWidget):
    """Names them; offers to draw one, or to leave them out. Takes no room where there are none.

    Signals
    -------
    wanted(int, int)
        The user wants to see the k-th of them as A (0) or B (1).
    left_out()
        The user wants A and B alone.
    """

    wanted = Signal(int, int)
    left_out = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.spaces: tuple[NamedSource, ...] = ()
        self.label, self.problem = QLabel(), ProblemLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.draw, self.leave_out = QToolButton(), QToolButton()
        self.draw.setText("draw…")
        self.draw.setToolTip("See one of these as A or B, which takes its place here")
        self.draw.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.draw.setMenu(QMenu(self.draw))
        self.leave_out.setText("A and B only")
        self.leave_out.setToolTip("Compare A and B, and these no longer")
        self.leave_out.clicked.connect(self.left_out)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.label, 0, 0, 1, 3)
        layout.addWidget(self.problem, 1, 0, 1, 3)
        layout.addWidget(self.draw, 2, 1)
        layout.addWidget(self.leave_out, 2, 2)
        layout.setColumnStretch(0, 1)

    def show_spaces(self, spaces: Sequence[NamedSource]) -> None:
        """Show which they are."""
        self.spaces = tuple(spaces)
        self.label.setText("also: " + ", ".join(space.full_name for space in spaces))
        menu = self.draw.menu()
        menu.clear()
        for k, space in enumerate(spaces):
            for side, letter in enumerate("AB"):
                menu.addAction(f"{menu_text(space.full_name)} as {letter}", partial(self.wanted.emit, k, side))
        self.setVisible(bool(spaces))
