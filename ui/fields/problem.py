"""A sentence on what is wrong, beside the field that caused it, with a button where there is a way out to press."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.messages import REMEDIES, Problem
from ui.theme import GRID


class ProblemLabel(QWidget):
    """Takes no room while all is well.

    Signals
    -------
    remedy_requested(Problem)
        The user pressed the button.
    """

    remedy_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.label = QLabel()
        self.label.setObjectName("problem")
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.button = QPushButton()
        self.button.setAccessibleName("What can be done about it")
        self.button.setToolTip("What can be done about it")
        self.button.clicked.connect(lambda: self.remedy_requested.emit(self._problem))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.label)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_problem(None)

    def text(self) -> str:
        """The sentence, empty while all is well."""
        return self.label.text()

    def show_problem(self, problem: Problem | None) -> None:
        """Show a problem, or with None nothing."""
        self._problem = problem
        self.label.setText(problem.text if problem else "")
        remedy = problem.remedy if problem else ""
        self.button.setText(REMEDIES.get(remedy, ""))
        self.button.setVisible(bool(remedy))
        self.setVisible(problem is not None)
