"""What the cache holds, and a way to clear it, kind by kind."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from engine import cache
from engine.sizes import readable_size
from ui.theme import GRID, within_screen

AGAIN = "made again when needed"
KINDS = {
    "index": ("indices of large files", AGAIN),
    "unpacked": ("unpacked files", AGAIN),
    "converted": ("converted files", AGAIN),
    "layers": ("vectors of hidden layers", AGAIN),
    "catalogue": ("list of gensim’s catalogue", "fetched again when asked for"),
    "partial": ("downloads that have not ended", "would go on where they stopped"),
    "downloaded": ("downloaded word vectors", "would have to be downloaded again"),
    "draft": ("unfinished files", "of work that goes on, or was ended by force"),
}

WIDTH = 600  # pixels; the consequences have a line each then


class CacheDialog(QDialog):
    """Shows each kind with its size; what has a tick is cleared."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Cache")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.total = QLabel()
        self._boxes: dict[str, QCheckBox] = {}
        self._sizes: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * GRID)
        grid.setColumnStretch(2, 1)
        self.setMinimumWidth(within_screen(self, WIDTH, 0).width())
        for row, (kind, (label, consequence)) in enumerate(KINDS.items()):
            self._boxes[kind] = QCheckBox(label)
            self._boxes[kind].setChecked(consequence == AGAIN)
            self._boxes[kind].toggled.connect(self._offer)
            self._sizes[kind] = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            note = QLabel(consequence)
            note.setObjectName("noteLine")
            note.setWordWrap(True)
            for column, widget in enumerate((self._boxes[kind], self._sizes[kind], note)):
                grid.addWidget(widget, row, column)
        place = QLabel(f"In {cache.folder()}. Models of the Hugging Face hub are in that library’s own cache.")
        place.setWordWrap(True)
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.total)
        layout.addLayout(grid)
        layout.addWidget(place)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.clear = buttons.addButton("Clear what is ticked", QDialogButtonBox.ButtonRole.ActionRole)
        self.clear.clicked.connect(self._clear)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._show_sizes()

    def _show_sizes(self) -> None:
        sizes = cache.sizes()
        total = sum(sizes.values())
        self.total.setText(f"<b>The cache holds {readable_size(total)}.</b>" if total else "<b>The cache is empty.</b>")
        for kind, label in self._sizes.items():
            size = sizes.get(kind, 0)
            label.setText(readable_size(size) if size else "–")
            self._boxes[kind].setEnabled(size > 0)
        self._offer()

    def _ticked(self) -> list[str]:
        return [kind for kind, box in self._boxes.items() if box.isEnabled() and box.isChecked()]

    def _offer(self) -> None:
        self.clear.setEnabled(bool(self._ticked()))

    def _clear(self) -> None:
        cache.clear(self._ticked())
        self._show_sizes()
