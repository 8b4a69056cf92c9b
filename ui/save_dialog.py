"""Where to save a file."""

from __future__ import annotations

import os
import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def ask_where_to_save(window: QWidget, title: str, start: Path, filters: str) -> Path | None:
    """The file the user wants; None if they want none after all.

    Parameters
    ----------
    window : QWidget
    title : str
    start : Path
        What is offered.
    filters : str
        As `QFileDialog` takes them; where the chosen one has an ending that was not typed, it is added.
    """
    typed, chosen = QFileDialog.getSaveFileName(window, title, str(start), filters)
    if not typed:
        return None
    path = _with_ending(typed, chosen, start.suffix, filters)
    if str(path) == typed or not os.path.exists(path):  # the dialog has asked for no other name than the typed one
        return path
    question = f"{path.name} exists already. Do you want to replace it?"
    return path if QMessageBox.question(window, title, question) == QMessageBox.StandardButton.Yes else None


def _with_ending(typed: str, chosen: str, usual: str, filters: str) -> Path:
    """The path that was typed, with the chosen filter's ending if it has none that is offered: "fig.v2" has none."""
    suffix = Path(typed).suffix
    wanted = re.search(r"\*(\.\w+)", chosen)
    if suffix.lower() in re.findall(r"\*(\.\w+)", filters) or (suffix and not wanted):
        return Path(typed)
    return Path(typed + (wanted[1] if wanted else usual))
