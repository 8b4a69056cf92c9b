"""Take the screenshots of the documentation.

    python docs/make_screenshots.py

Opens the real window on the bundled sample, without a display (Qt's offscreen platform), and writes PNG files beside
this script.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()  # the default layout, whatever the user has

from PySide6.QtWidgets import QApplication  # noqa: E402

from engine.session import Session  # noqa: E402
from ui.application import create_application, open_window  # noqa: E402
from ui.main_window import MainWindow  # noqa: E402
from ui.theme import apply_theme  # noqa: E402

SIZES = ((1280, 800), (2560, 1440))
THEMES = ("light", "dark")
PAIR = ("person", "people")


def main() -> None:
    """Take every screenshot."""
    application = create_application(["rsascope"])
    for theme in THEMES:
        apply_theme(application, theme)
        for width, height in SIZES:
            window = open_window(Session())
            window.resize(width, height)
            window.reset_layout()
            take(window, HERE / f"window-{theme}{f'-{width}' if width > SIZES[0][0] else ''}.png")


def take(window: MainWindow, path: Path) -> None:
    """Wait for the result and the count of words, select a pair and save what the window shows."""
    while window.state.result is None or window.runner.is_busy or not window.panel.words.count.text():
        QApplication.processEvents()
    window.state.select_pair(*PAIR)
    for _ in range(20):  # let layouts and paints that follow one another settle
        QApplication.processEvents()
    window.grab().save(str(path))
    window.close()


if __name__ == "__main__":
    main()
