"""Text size, theme and colour maps, while the window is open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QStandardItemModel
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from engine.colours import COLOUR_MAPS, DIVERGING, ColourScale
from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordList
from tests.ui.conftest import cell_position, click, styled
from tests.ui.inferring import tab
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.theme import DARK, LIGHT, apply_text_size


def line(window: MainWindow) -> float:
    return QFontMetricsF(window.note_line.sentence.font()).height()


def test_text_grows_with_all_that_holds_it_and_returns_to_the_systems_size(
    window: MainWindow, usual: QApplication, qtbot: QtBot
) -> None:
    commands, rows = window.commands, window.stage.heatmaps.rows
    sizes = line(window), window.panel.width(), rows.width(), window.find_field.width()
    table = window.side.tables[0].table.verticalHeader()
    row = table.defaultSectionSize()
    for _ in range(3):  # to 150 %
        commands.larger.trigger()
    qtbot.waitUntil(lambda: bool(window.styleSheet()) and table.defaultSectionSize() >= row + 6)
    larger = line(window), window.panel.width(), rows.width(), window.find_field.width()
    assert larger[0] == pytest.approx(1.5 * sizes[0], rel=0.1)
    assert larger[1] == pytest.approx(1.5 * sizes[1], rel=0.1)
    assert larger[3] == pytest.approx(1.5 * sizes[3], rel=0.1)
    assert 1.3 * sizes[2] < larger[2] < 1.6 * sizes[2]
    assert {widget.font().pointSizeF() for widget in window.findChildren(QWidget)} == {usual.font().pointSizeF()}
    assert Settings().text_size == 150

    def is_as_before() -> None:
        assert (line(window), window.panel.width(), rows.width(), window.find_field.width()) == sizes

    commands.system_size.trigger()
    qtbot.waitUntil(is_as_before)
    assert table.defaultSectionSize() == row
    commands.smaller.trigger()
    assert Settings().text_size == 90


def test_no_tab_is_cut_at_1280(open_window: Callable[..., MainWindow]) -> None:
    names = ("people", "before", "second", "should")
    window = open_window(Session(AnalysisRequest(words=WordList(names, tuple((name, "a") for name in names)))))
    assert window.side.docks["categories"].isVisible()
    shown = [bar for bar in window.findChildren(QTabBar) if not bar.visibleRegion().isEmpty()]
    assert len(shown) == 2
    for bar in shown:
        for k in range(bar.count()):
            assert bar.tabRect(k).width() >= bar.tabSizeHint(k).width(), bar.tabText(k)


def test_the_docks_grow_with_the_text(window: MainWindow, usual: QApplication, qtbot: QtBot) -> None:
    window.state.select_pair(*window.state.result.words[:2])
    for _ in range(3):  # to 150 %
        window.commands.larger.trigger()
    qtbot.waitUntil(lambda: window.side.inspector.width() >= 1.4 * 186)
    qtbot.waitUntil(lambda: window.side.inspector.report.minimumSizeHint().width() <= window.side.inspector.width())


def test_rows_of_neighbours_grow_with_the_text(window: MainWindow, usual: QApplication, qtbot: QtBot) -> None:
    table = tab(window, "Neighbours").lists[0].table
    window.state.select_pair(*window.state.result.words[:2])
    qtbot.waitUntil(lambda: table.rowCount() > 0)
    for _ in range(3):  # to 150 %
        window.commands.larger.trigger()
    styled(window, qtbot)
    qtbot.waitUntil(lambda: table.fontMetrics().height() > 20)
    assert all(table.rowHeight(row) > table.fontMetrics().height() for row in range(table.rowCount()))


def test_large_text_is_not_cut_in_the_panel(window: MainWindow, usual: QApplication) -> None:
    apply_text_size(usual, 150)
    window.resize(1600, 1000)
    QApplication.processEvents()
    panel = window.panel
    assert panel.widget().minimumSizeHint().width() <= panel.viewport().width()
    for label in panel.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.width() >= label.sizeHint().width(), label.text()


def test_the_field_to_find_words_is_there_in_a_narrow_window_with_large_text(
    window: MainWindow, usual: QApplication
) -> None:
    apply_text_size(usual, 150)
    window.resize(900, 700)
    QApplication.processEvents()
    assert window.find_field.visibleRegion().boundingRect() == window.find_field.rect()
    for action in (window.commands.run, window.commands.export):
        assert action.toolTip()  # says what its icon means
    window.resize(1600, 1000)
    QApplication.processEvents()
    assert window.find_field.visibleRegion().boundingRect() == window.find_field.rect()


def test_the_text_size_is_that_of_the_last_time(usual: QApplication, qtbot: QtBot) -> None:
    points = usual.font().pointSizeF()
    Settings().text_size = 125
    if Settings().text_size != 100:
        apply_text_size(usual, Settings().text_size)
    assert usual.font().pointSizeF() == pytest.approx(1.25 * points)


class Paintings(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_the_window_is_painted_with_its_new_text_and_after_that(
    window: MainWindow, usual: QApplication, qtbot: QtBot
) -> None:
    canvas = window.stage.heatmaps.canvas
    paintings = Paintings(canvas.viewport())
    window.commands.larger.trigger()
    canvas.viewport().update()  # a painting is under way
    styled(window, qtbot)
    qtbot.waitUntil(lambda: paintings.count > 0)
    paintings.count = 0
    click(canvas, cell_position(window.stage.heatmaps, 4, 9))
    qtbot.waitUntil(lambda: paintings.count > 0)


def test_the_systems_theme_is_followed_while_it_is_chosen(
    window: MainWindow, qtbot: QtBot, usual: QApplication
) -> None:
    changed = QGuiApplication.styleHints().colorSchemeChanged
    window.commands.themes["system"].trigger()
    for scheme, theme in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        changed.emit(scheme)
        styled(window, qtbot)
        assert window.stage.heatmaps.canvas.backgroundBrush().color().name() == theme.base
    window.commands.themes["dark"].trigger()
    changed.emit(Qt.ColorScheme.Light)
    styled(window, qtbot)
    assert window.stage.heatmaps.canvas.backgroundBrush().color().name() == DARK.base


def entry(maps: QComboBox, name: str) -> bool:
    model = maps.model()
    assert isinstance(model, QStandardItemModel)
    return model.item(maps.findData(name)).isEnabled()


def test_every_colour_map_shows_itself_in_the_list(window: MainWindow) -> None:
    maps = window.panel.colours.map
    assert not maps.itemIcon(maps.currentIndex()).isNull()
    maps.showPopup()
    for k in range(maps.count()):
        picture = maps.itemIcon(k).pixmap(maps.iconSize()).toImage()
        ends = [picture.pixelColor(x, picture.height() // 2) for x in (0, picture.width() - 1)]
        assert ends[0] != ends[1]
    assert {name for name, label in COLOUR_MAPS.items() if "colour-blind safe" in label} >= {"cividis", "viridis"}


def test_the_diverging_map_is_offered_for_signed_similarities_and_puts_zero_in_its_middle(
    window: MainWindow, qtbot: QtBot
) -> None:
    field = window.panel.colours
    assert entry(field.map, DIVERGING)
    field.map.setCurrentIndex(field.map.findData(DIVERGING))
    field.map.activated.emit(field.map.currentIndex())
    assert window.stage.heatmaps.shared_bar.levels() == (-0.6, 0.6)
    assert (field.low.value(), field.high.value()) == (-0.6, 0.6)
    field.low.setValue(-0.4)
    assert window.stage.heatmaps.shared_bar.levels() == (-0.4, 0.4)
    with qtbot.waitSignal(window.state.result_changed):
        window.open_session(Session(AnalysisRequest(similarity="euclidean")))
    assert not entry(field.map, DIVERGING)


def test_a_scale_that_no_similarity_lies_on_says_so_until_another_is_chosen(window: MainWindow, qtbot: QtBot) -> None:
    problem, similarity = window.panel.colours.problem, window.panel.similarity
    assert problem.isHidden()
    with qtbot.waitSignal(window.state.result_changed, timeout=30_000):
        similarity.setCurrentIndex(similarity.findData("euclidean"))
        similarity.activated.emit(similarity.currentIndex())
    assert "beyond the colour scale" in problem.text()
    assert not problem.isHidden()
    assert window.notice.isVisible()
    assert "beyond the colour scale" in window.notice.label.text()
    window.state.set_colours(ColourScale(levels=(-3.0, -0.5)))
    assert window.notice.isHidden()
    window.state.set_colours(ColourScale())
    with qtbot.waitSignal(window.state.result_changed, timeout=30_000):
        window.panel.run()
    assert window.notice.isVisible()
    window.notice.link_activated.emit("colours")
    assert problem.isHidden()
    assert window.notice.isHidden()
    low, high = (tuple(one.image.getLevels()) for one in window.stage.heatmaps.maps)
    assert low == high
    assert low[0] < low[1] < 0


def test_the_scatter_keeps_room_beside_the_widest_tab_in_the_smallest_window(window: MainWindow) -> None:
    window.resize(900, 600)
    window.reset_layout()
    window.stage.show_neighbours()
    QApplication.processEvents()
    assert window.width() == 900
    assert window.stage.scatter.width() >= 200
