"""Dims the pictures while they are about to change."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

DELAY = 300  # ms; what is done sooner should not flicker
OPACITY = 0.45


class Veil(QWidget):
    """Lies over a widget, lets the mouse through, and appears a moment after `start`."""

    def __init__(self, covered: QWidget) -> None:
        super().__init__(covered)
        self._covered = covered
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._delay = QTimer(self, singleShot=True, interval=DELAY)
        self._delay.timeout.connect(self._appear)
        covered.installEventFilter(self)
        self.hide()

    def start(self) -> None:
        """What is below is about to change."""
        self._delay.start()

    def stop(self) -> None:
        """What is below is as it should be."""
        self._delay.stop()
        self.hide()

    def _appear(self) -> None:
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._covered.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(OPACITY)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
