"""The user's choice of theme and text size, remembered."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from ui.settings import Settings
from ui.theme import TEXT_SIZES, apply_text_size, apply_theme


class Look:
    """Changes how the whole program looks, now and at the next start."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def choose_theme(self, name: str) -> None:
        """Take a theme, one of `SCHEMES`."""
        self._settings.theme = name
        apply_theme(_application(), name)

    def choose_text_size(self, percent: int) -> None:
        """Take a text size in per cent of the system's."""
        self._settings.text_size = percent
        apply_text_size(_application(), percent)

    def step_text_size(self, step: int) -> None:
        """Take the next larger (1) or smaller (-1) text size."""
        now = self._settings.text_size
        beyond = [size for size in TEXT_SIZES[::step] if (size - now) * step > 0]
        self.choose_text_size(beyond[0] if beyond else now)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
