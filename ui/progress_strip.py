"""What is being done and how far it is, with Cancel, in the status bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from ui.elided_text import plain_tip
from ui.theme import GRID, scaled

DELAY = 150  # ms; what is done sooner needs no progress bar, and one that flashes is only noise
BAR_WIDTH = 140  # pixels
STEPS = 1000  # a progress bar counts in 32 bits, bytes do not fit


class ProgressStrip(QWidget):
    """Appears a moment after something has started.

    Parameters
    ----------
    width : int
        Pixels of the message.
    shortcut : str
        The key of the same, if there is one.
    keeps_room : bool
        Whether its room stays free while it is hidden, so that nothing jumps.

    Signals
    -------
    cancel_requested()
    """

    cancel_requested = Signal()

    def __init__(self, width: int = 360, shortcut: str = "", keeps_room: bool = True) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        policy.setRetainSizeWhenHidden(keeps_room)
        self.setSizePolicy(policy)
        self.message = QLabel()
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._message_width = width
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.button = QPushButton("Cancel")
        self.button.setToolTip(f"Stop what is being done{f' ({shortcut})' if shortcut else ''}")
        self.button.clicked.connect(self.cancel_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, GRID // 2, 0)
        for widget in (self.message, self.bar, self.button):
            layout.addWidget(widget)
        self._fit_text()
        self._delay = QTimer(self, singleShot=True, interval=DELAY)
        self._delay.timeout.connect(self.show)
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._fit_text()
        super().changeEvent(event)

    def _fit_text(self) -> None:
        self.message.setFixedWidth(scaled(self._message_width))
        self.bar.setFixedWidth(scaled(BAR_WIDTH))

    def start(self) -> None:
        """Something has started."""
        self.show_progress("", None)
        self._delay.start()

    def stop(self) -> None:
        """Nothing runs any more."""
        self._delay.stop()
        self.hide()

    def show_progress(self, message: str, fraction: float | None) -> None:
        """Say what is being done; `fraction` None means "cannot say how far"."""
        self.message.setText(
            self.message.fontMetrics().elidedText(message, Qt.TextElideMode.ElideMiddle, self.message.width())
        )
        self.message.setToolTip(plain_tip(message))
        self.bar.setUpdatesEnabled(False)  # else it would have the whole window painted at once, and not when Qt would
        self.bar.setRange(0, 0 if fraction is None else STEPS)
        if fraction is not None:
            self.bar.setValue(int(STEPS * min(max(fraction, 0.0), 1.0)))
        self.bar.setUpdatesEnabled(True)
