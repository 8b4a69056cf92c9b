"""The dialog for what should never happen."""

from __future__ import annotations

import logging

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.messages import Problem


def show_bug(parent: QWidget, problem: Problem) -> QMessageBox:
    """Log a bug and show one dialog from which its details can be copied."""
    logging.getLogger("rsascope").error("%s", problem.details)
    box = QMessageBox(QMessageBox.Icon.Warning, "rsascope", problem.text, QMessageBox.StandardButton.Close, parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setInformativeText("This is a fault of the program. Please report it with the details.")
    copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(problem.details))
    box.open()
    return box
