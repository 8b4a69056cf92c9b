"""The cache can be looked at and cleared from the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMessageBox

from engine import cache
from ui.main_window import MainWindow


def test_the_cache_is_measured_and_cleared_and_other_files_stay(window: MainWindow, tmp_path: Path) -> None:
    cache.clear()  # of what other tests have left
    entry = cache.entry(tmp_path / "vectors.bin", 1, "index")
    cache.prepare(entry)
    entry.write_bytes(bytes(2_500_000))
    mine = cache.folder() / "notes.txt"
    mine.write_text("not the cache's")
    window.commands.cache.trigger()
    box = window.findChild(QMessageBox)
    assert "2.5 MB" in box.text()
    next(button for button in box.buttons() if button.text() == "Clear").click()
    assert not entry.exists()
    assert mine.exists()
    mine.unlink()
    window.commands.cache.trigger()
    assert any("empty" in box.text() for box in window.findChildren(QMessageBox))
