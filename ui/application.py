"""From a command line to a running window."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from engine.errors import EngineError
from engine.session import Session, read_session
from ui.garbage import GarbageCollection
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.theme import apply_text_size, apply_theme, follow_system


def create_application(arguments: Sequence[str]) -> QApplication:
    """The Qt application, in the program's own look."""
    application = QApplication(list(arguments))
    application.setApplicationName("rsascope")
    QLocale.setDefault(QLocale(QLocale.Language.English))  # numbers in fields as everywhere else in the window
    application.setStyle("Fusion")
    if Settings().text_size != 100:
        apply_text_size(application, Settings().text_size)
    apply_theme(application, Settings().theme)
    follow_system(application, lambda: Settings().theme)
    return application


def open_window(session: Session, path: Path | None = None) -> MainWindow:
    """The window on its way to show a session's analysis."""
    window = MainWindow(Settings(), session, path)
    GarbageCollection(window)
    window.show()
    return window


def run_window(path: str | None) -> int:
    """Show the window until it is closed.

    Parameters
    ----------
    path : str or None
        A session file; None shows the bundled sample.

    Returns
    -------
    int
        Exit status: 0, or 2 if the session is invalid.
    """
    try:
        session = Session() if path is None else read_session(Path(path))
    except EngineError as error:
        print(f"rsascope: {error}", file=sys.stderr)  # noqa: T201  there is no window yet
        return 2
    application = create_application(sys.argv[:1])
    close = partial(QTimer.singleShot, 0, partial(leave, application))  # a window that is still on its way, too
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: close())  # noticed when ui.garbage has Python's turn
    window = open_window(session, None if path is None else Path(path))  # noqa: F841  keeps the window alive
    return application.exec()


def leave(application: QApplication) -> None:
    """Close all windows without a question: who sends a signal may not sit before them."""
    for window in application.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.runner.cancel()
            window.files.follow(None)
    application.closeAllWindows()
