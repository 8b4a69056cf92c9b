"""Whoever cannot see the window is told what each control is, and whoever points at one what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QGraphicsView,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextBrowser,
    QWidget,
)

from engine.downloads import Download
from engine.request import AnalysisRequest, NamedSource
from engine.session import Session
from engine.sources import HuggingFaceSource
from engine.sources.gensim_catalogue import CatalogueEntry
from ui.cache_dialog import CacheDialog
from ui.catalogue_dialog import CatalogueDialog
from ui.chooser import Chooser
from ui.download_dialog import DownloadDialog
from ui.export_dialog import ExportChoice, ExportDialog
from ui.keys_dialog import KeysDialog
from ui.main_window import MainWindow
from ui.menus import entries_of
from ui.palette import Palette
from ui.trusted_dialog import TrustedDialog

INPUTS = (QComboBox, QAbstractSpinBox, QLineEdit, QPlainTextEdit)
VIEWS = (QAbstractItemView, QTextBrowser, QGraphicsView, QTabBar)
QTS = {"qt_menubar_ext_button", "qt_toolbar_ext_button", "qt_dockwidget_closebutton", "qt_dockwidget_floatbutton"}


def is_part_of_another(widget: QWidget) -> bool:
    """Whether Qt made it inside a control that has a name itself."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (*INPUTS, *VIEWS)):
            return True
        parent = parent.parentWidget()
    return isinstance(widget, QHeaderView) or widget.objectName() in QTS


def controls(part: QWidget) -> Iterator[QWidget]:
    for widget in part.findChildren(QWidget):
        if isinstance(widget, (QAbstractButton, *INPUTS, *VIEWS)) and not is_part_of_another(widget):
            yield widget


def nameless(part: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        for widget in controls(part)
        if not widget.accessibleName() and not (isinstance(widget, QAbstractButton) and widget.text().strip("✕ "))
    ]


def unexplained(part: QWidget) -> list[str]:
    """Inputs, and buttons without words, that have no tooltip."""
    return [
        f"{type(widget).__name__} {widget.accessibleName()}"
        for widget in controls(part)
        if not widget.toolTip()
        and (isinstance(widget, INPUTS) or (isinstance(widget, QAbstractButton) and not widget.text().strip("✕ ")))
    ]


@pytest.fixture
def full(open_window: Callable[..., MainWindow]) -> MainWindow:
    """A window with all that can be in it."""
    window = open_window(Session(AnalysisRequest(difference="values", comparisons=("pearson", "spearman"))))
    window.state.select_pair(*window.state.result.words[:2])
    window.panel.spaces[1].show_space(NamedSource("gpt2", HuggingFaceSource("gpt2", layer=3, template="a {word}")))
    window.panel.statistics.permutations.setValue(10)
    return window


def test_every_control_of_the_window_has_a_name_and_says_what_it_is_for(full: MainWindow) -> None:
    assert len(list(controls(full))) > 50
    assert nameless(full) == []
    assert unexplained(full) == []


DIALOGS: dict[str, Callable[[MainWindow], QDialog]] = {
    "export": lambda window: ExportDialog(ExportChoice(Path("out")), window),
    "cache": CacheDialog,
    "trusted": TrustedDialog,
    "catalogue": lambda window: CatalogueDialog(
        [CatalogueEntry("glove", 1000, "of Wikipedia", "", 50, 400_000, ())], window
    ),
    "download": lambda window: DownloadDialog([Download("glove", (), Path("."))], window),
    "keys": lambda window: KeysDialog(entries_of(window.menuBar()), window),
    "commands": lambda window: Palette(entries_of(window.menuBar()), window),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_every_control_of_a_dialog_has_a_name_and_says_what_it_is_for(window: MainWindow, name: str) -> None:
    dialog = DIALOGS[name](window)
    dialog.open()
    assert nameless(dialog) == []
    assert unexplained(dialog) == []
    dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("name", ["help", "keys", "palette", "cache", "trusted", "export"])
def test_what_the_menus_open_has_names(window: MainWindow, name: str) -> None:
    getattr(window.commands, name).trigger()
    (dialog,) = (one for one in window.findChildren(QDialog) if one.isVisible())
    assert nameless(dialog) == []
    dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_list_above_a_plot_tells_its_choice_whole(qapp: QApplication) -> None:
    chooser = Chooser("Pair of spaces", 10)
    chooser.offer(["Pearson r, word2vec (sample) and MiniLM (sample)", "short"])
    assert chooser.toolTip() == "Pearson r, word2vec (sample) and MiniLM (sample)"
    chooser.setCurrentIndex(1)
    assert chooser.toolTip() == "short"
    chooser.offer(["another"])
    assert chooser.toolTip() == "another"
    chooser.offer([])
    assert chooser.toolTip() == "Pair of spaces"
