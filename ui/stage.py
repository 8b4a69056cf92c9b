"""The pictures in the middle of the window: heatmaps above, the scatter and the other views below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from ui.state import AppState
from ui.theme import scaled
from ui.veil import Veil
from ui.views.anisotropy import AnisotropyView
from ui.views.distributions import BootstrapView, NullView
from ui.views.heatmaps import HeatmapsView
from ui.views.neighbours import NeighboursView
from ui.views.pairs import PairsView
from ui.views.profile import ProfileView
from ui.views.robustness import RobustnessView
from ui.views.scatter import ScatterView

CHROME = 128  # pixels of menu, toolbar, lines of text and status bar
LEAST = 80  # pixels of width that the scatter and what is beside it keep; text has no say, or they would overlap
LABELS = 36  # pixels by which a heatmap with title and labels is higher than wide


class Stage(QWidget):
    """Lays out the pictures and dims them while they are about to change."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heatmaps, self.scatter = HeatmapsView(state), ScatterView(state)
        self.profile, self.pairs, self.neighbours = ProfileView(state), PairsView(state), NeighboursView(state)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("Pictures beside the scatter")
        for view in (
            self.profile,
            self.pairs,
            self.neighbours,
            *(kind(state) for kind in (NullView, BootstrapView, AnisotropyView, RobustnessView)),
        ):
            self.tabs.addTab(view, view.title)
        for part in (self.scatter, self.tabs):  # whatever the widest page asks for
            part.setMinimumWidth(LEAST)
        self.splitters: dict[str, QSplitter] = {}
        below = self._splitter("below", Qt.Orientation.Horizontal, self.scatter, self.tabs)
        pictures = self._splitter("pictures", Qt.Orientation.Vertical, self.heatmaps, below)
        self.veil = Veil(self)  # which must not become a part of a splitter
        filling = QVBoxLayout(self)
        filling.setContentsMargins(0, 0, 0, 0)
        filling.addWidget(pictures)

    def size_parts(self, width: int, window_height: int) -> None:
        """Heatmaps as high as they can use at this width, but leave the scatter some."""
        height = window_height - scaled(CHROME)
        squares = min(width // 2 + LABELS, height * 7 // 10)
        self.splitters["pictures"].setSizes([squares, height - squares])
        self.splitters["below"].setSizes([width // 2, width // 2])

    def show_neighbours(self) -> None:
        """Bring the neighbours to the front."""
        self.tabs.setCurrentWidget(self.neighbours)
        self.neighbours.field.setFocus()

    def _splitter(self, name: str, orientation: Qt.Orientation, *parts: QWidget) -> QSplitter:
        splitter = QSplitter(orientation)
        splitter.setChildrenCollapsible(False)
        for widget in parts:
            splitter.addWidget(widget)
        self.splitters[name] = splitter
        return splitter
