"""One line above the pictures for what concerns the window as a whole."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from ui.theme import GRID, renew_links


class MessageBar(QFrame):
    """A sentence that stays until it is closed or replaced; takes no room while there is none.

    Signals
    -------
    link_activated(str)
    closed()
        The user closed it.
    """

    link_activated = Signal(str)
    closed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.label = QLabel()
        self.label.setAccessibleName("Message")
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.label.linkActivated.connect(self.link_activated)
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Close this message")
        close.setAccessibleName("Close this message")
        close.clicked.connect(self._on_closed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, GRID // 2, GRID // 2, GRID // 2)
        layout.addWidget(self.label, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_text(self, text: str, text_format: Qt.TextFormat = Qt.TextFormat.PlainText) -> None:
        """Show a sentence; rich text may have links."""
        self.label.setTextFormat(text_format)
        by_key = Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        mouse = Qt.TextInteractionFlag.LinksAccessibleByMouse
        self.label.setTextInteractionFlags(mouse | by_key if "<a " in text else mouse)  # else Tab has no business here
        self.label.setText(text)
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            renew_links(self.label)
        super().changeEvent(event)

    def _on_closed(self) -> None:
        self.hide()
        self.closed.emit()
