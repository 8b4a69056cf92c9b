"""Before a download: how much it is, where it goes, under which licence."""

from __future__ import annotations

import html
import shutil
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from engine.downloads import Download
from engine.sizes import readable_size
from ui.theme import GRID, scaled

WIDTH = 520


class DownloadDialog(QDialog):
    """Asks whether some models may be downloaded; nothing is before it is accepted."""

    def __init__(self, downloads: Sequence[Download], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Download")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(scaled(WIDTH))
        self.text = QLabel(_summary(downloads))
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.start = buttons.addButton("Download", QDialogButtonBox.ButtonRole.AcceptRole)
        self.start.setDefault(True)
        self.start.setFocus()
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


def _summary(downloads: Sequence[Download]) -> str:
    known = [download.size for download in downloads if download.size is not None]
    total = f"{readable_size(sum(known))}" if len(known) == len(downloads) else "an unknown amount"
    return f"<p><b>This downloads {total}.</b></p>" + "".join(map(_one, downloads))


def _one(download: Download) -> str:
    size = "size unknown" if download.size is None else readable_size(download.size)
    lines = [
        f"<b>{html.escape(download.title)}</b>, {size}",
        html.escape(download.description),
        f"Licence: {html.escape(download.licence)}" if download.licence else "",
        f"Goes to {html.escape(str(download.folder))}, where {_free(download.folder)} are free.",
    ]
    return f"<p>{'<br>'.join(filter(None, lines))}</p>"


def _free(folder: Path) -> str:
    """Room on the disk that a folder, which need not exist yet, is on."""
    existing = next((path for path in (folder, *folder.parents) if path.exists()), Path.home())
    return readable_size(shutil.disk_usage(existing).free)
