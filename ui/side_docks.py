"""The docks at the right of the window: the inspector above the tables."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

from ui.state import AppState
from ui.theme import scaled
from ui.views.inspector import WIDTH, InspectorView
from ui.views.notes import NotesView
from ui.views.results import ResultsView
from ui.views.tables import CategoriesView, WordsView


class SideDocks(QObject):
    """Beside square matrices width is to be had, height is not.

    Attributes
    ----------
    docks : dict of str to QDockWidget
        By the name of their view.
    """

    def __init__(self, window: QMainWindow, state: AppState) -> None:
        super().__init__(window)
        self._window = window
        self.inspector = InspectorView(state)
        self.notes = NotesView(state)
        self.tables = (WordsView(state), ResultsView(state), self.notes)
        self.categories = CategoriesView(state)
        self.docks: dict[str, QDockWidget] = {}
        for view in (self.inspector, *self.tables, self.categories):
            dock = QDockWidget(view.title)
            dock.setObjectName(f"dock.{view.name}")
            dock.setFont(_title_font())
            dock.setWidget(view)
            dock.toggleViewAction().setToolTip(f"Show or hide {view.title}")
            dock.visibilityChanged.connect(self._name_tabs)
            self.docks[view.name] = dock
        self._place()
        self._first_layout = window.saveState()

    @property
    def width(self) -> int:
        """What they take at first."""
        return max(scaled(WIDTH), self._window.width() // 6)

    def hides(self, widget: QWidget) -> bool:
        """Whether a widget is in a dock behind another, of which only the tab is seen."""
        return any(dock.isAncestorOf(widget) and dock.visibleRegion().isEmpty() for dock in self.docks.values())

    def offer_categories(self, there_are_some: bool) -> None:
        """The table of categories is there only when words have any."""
        dock = self.docks["categories"]
        new = there_are_some and not dock.toggleViewAction().isVisible()
        dock.toggleViewAction().setVisible(there_are_some)
        if new or not there_are_some:  # who has closed it meanwhile keeps it closed
            dock.setVisible(there_are_some)

    def show_view(self, name: str) -> None:
        """Bring a view to the front."""
        self.docks[name].show()
        self.docks[name].raise_()

    def reset(self) -> None:
        """As at the first start."""
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.hide()  # Qt shows the one it uses, and would leave the others below it
        self._window.restoreState(self._first_layout)
        self.docks["categories"].setVisible(self.docks["categories"].toggleViewAction().isVisible())

    def size_parts(self) -> None:
        """Widths and heights as at the first start."""
        inspector, words = self.docks["inspector"], self.docks["words"]
        self._window.resizeDocks([inspector], [self.width], Qt.Orientation.Horizontal)
        self._window.resizeDocks([inspector, words], [58, 42], Qt.Orientation.Vertical)

    def _name_tabs(self, shown: bool) -> None:
        """Qt makes and takes away these bars as docks are put behind each other."""
        if not shown:  # perhaps for ever
            return
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setAccessibleName("Tables behind each other")

    def _place(self) -> None:
        for dock in self.docks.values():
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        words, results, notes = (self.docks[view.name] for view in self.tables)
        self._window.splitDockWidget(self.docks["inspector"], words, Qt.Orientation.Vertical)
        self._window.tabifyDockWidget(words, results)
        self._window.tabifyDockWidget(results, notes)
        self._window.tabifyDockWidget(notes, self.docks["categories"])
        self.offer_categories(False)
        words.raise_()


def _title_font() -> QFont:
    """The program's font, of any later size too: a dock whose font differs in nothing keeps its first for the title."""
    font = QFont()
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)  # as fonts are drawn anyway
    return font
