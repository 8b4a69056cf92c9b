"""How much the cache holds, and a way to clear it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from engine import cache


def show_cache(parent: QWidget) -> QMessageBox:
    """Say what the cache is, where and how large, and offer to clear it."""
    box = QMessageBox(QMessageBox.Icon.Information, "Cache", _told(cache.size()), parent=parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setInformativeText(f"Indices of large files and unpacked files, made again when needed, in {cache.folder()}.")
    clear = box.addButton("Clear", QMessageBox.ButtonRole.DestructiveRole)
    clear.setEnabled(cache.size() > 0)
    box.addButton(QMessageBox.StandardButton.Close)
    clear.clicked.connect(lambda: cache.clear())
    box.open()
    return box


def _told(size: int) -> str:
    unit, name = next(
        (unit, name)
        for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "bytes"))
        if size >= unit or unit == 1
    )
    return f"The cache holds {size / unit:.3g} {name}." if size else "The cache is empty."
