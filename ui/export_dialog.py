"""Where to export everything, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.export.figures import FORMATS, HIGHEST_RESOLUTION, LOWEST_RESOLUTION
from ui.theme import GRID, scaled

CONTENTS = (
    "Every figure that there is something to show for; words.csv, pairs.csv; matrices.npz; result.json; and "
    "reproduce.py, which redraws heatmaps, difference, scatter and profile with numpy and matplotlib alone. All files "
    "are written, or none."
)


@dataclass(frozen=True)
class ExportChoice:
    """What the user chose.

    Parameters
    ----------
    folder : Path
    formats : tuple of str
        Of the figures.
    resolution : int
        Dots per inch of PNG figures.
    """

    folder: Path
    formats: tuple[str, ...] = ("svg",)
    resolution: int = 300


class ExportDialog(QDialog):
    """Asks for folder, figure formats and resolution."""

    def __init__(self, choice: ExportChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export everything")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.folder = QLineEdit(str(choice.folder))
        self.folder.setAccessibleName("Folder")
        self.folder.setToolTip("The folder that all files go to; it is made if need be")
        self.folder.setMinimumWidth(min(scaled(360), self.screen().availableSize().width() // 2))
        browse = QPushButton("Browse…")
        browse.setAutoDefault(False)  # Enter means Export
        browse.clicked.connect(self._browse)
        folder = QHBoxLayout()
        folder.addWidget(self.folder, 1)
        folder.addWidget(browse)
        self.formats = {name: QCheckBox(name.upper()) for name in FORMATS}
        formats = QHBoxLayout()
        for name, box in self.formats.items():
            box.setChecked(name in choice.formats)
            formats.addWidget(box)
        formats.addStretch(1)
        self.resolution = resolution_box(choice.resolution)
        contents = QLabel(CONTENTS)
        contents.setWordWrap(True)
        form = QFormLayout()
        form.addRow("Folder", folder)
        form.addRow("Figures as", formats)
        form.addRow("PNG resolution", self.resolution)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addLayout(form)
        layout.addWidget(contents)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.export = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.folder.textChanged.connect(lambda text: self.export.setEnabled(bool(text.strip())))
        layout.addWidget(self.buttons)
        self.export.setDefault(True)

    @property
    def choice(self) -> ExportChoice:
        """What is chosen now."""
        formats = tuple(name for name, box in self.formats.items() if box.isChecked())
        return ExportChoice(Path(self.folder.text().strip()).expanduser(), formats, self.resolution.value())

    def _browse(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, "Export to", self.folder.text()):
            self.folder.setText(folder)


def resolution_box(value: int) -> QSpinBox:
    """A field for dots per inch."""
    box = QSpinBox()
    box.setRange(LOWEST_RESOLUTION, HIGHEST_RESOLUTION)
    box.setSingleStep(50)
    box.setSuffix(" dpi")
    box.setValue(value)
    box.setAccessibleName("PNG resolution")
    box.setToolTip("Dots per inch of PNG figures")
    return box
