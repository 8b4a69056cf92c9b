"""The pictures and tables of a result: one file per kind of view, listed here once."""

from __future__ import annotations

from ui.views.anisotropy import AnisotropyView
from ui.views.base import View
from ui.views.distributions import BootstrapView, NullView
from ui.views.heatmaps import HeatmapsView
from ui.views.inspector import InspectorView
from ui.views.neighbours import NeighboursView
from ui.views.notes import NotesView
from ui.views.pairs import PairsView
from ui.views.profile import ProfileView
from ui.views.results import ResultsView
from ui.views.robustness import RobustnessView
from ui.views.scatter import ScatterView
from ui.views.tables import CategoriesView, WordsView

VIEWS: tuple[type[View], ...] = (
    HeatmapsView,
    ScatterView,
    ProfileView,
    PairsView,
    NeighboursView,
    NullView,
    BootstrapView,
    AnisotropyView,
    RobustnessView,
    InspectorView,
    WordsView,
    ResultsView,
    NotesView,
    CategoriesView,
)
