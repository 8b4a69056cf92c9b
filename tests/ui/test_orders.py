"""Orders, clusters, the difference and categories in the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.colours import CATEGORY_COLOURS
from engine.ordering import ORDERS
from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordList
from tests.ui.conftest import cell_position, click
from tests.ui.test_linked_views import assert_marked_everywhere, similarity
from ui.main_window import MainWindow
from ui.state import Selection
from ui.views.category_legend import CategoryLegend
from ui.views.heatmap_picture import Heatmap
from ui.views.word_axis import STRIP, STRIP_GAP

Open = Callable[..., MainWindow]

LIST = WordList(
    ("mother", "money", "father", "world", "business", "bank", "wife", "paper"),
    (
        *((word, "family") for word in ("mother", "father", "wife")),
        *((w, "trade") for w in ("money", "business", "bank")),
    ),
)


def session(**changes: object) -> Session:
    return Session(replace(AnalysisRequest(), **changes))


def choose(window: MainWindow, qtbot: QtBot, order: str | None = None, difference: str | None = None) -> None:
    """Pick from the panel's lists as a user does, and wait for the result."""
    with qtbot.waitSignal(window.state.result_changed, timeout=20_000):
        for combo, name in ((window.panel.order.order, order), (window.panel.order.difference, difference)):
            if name is not None:
                combo.setCurrentIndex(combo.findData(name))
                combo.activated.emit(combo.currentIndex())
    QApplication.processEvents()


def shown(window: MainWindow) -> list[Heatmap]:
    return [
        heatmap
        for heatmap in window.stage.heatmaps.canvas.heatmaps
        if heatmap.box in window.stage.heatmaps.canvas.ci.items
    ]


@pytest.mark.parametrize("order", ORDERS)
def test_a_click_in_any_order_selects_the_words_that_stand_there(open_window: Open, order: str) -> None:
    window = open_window(session(order=order))
    words = window.state.result.words
    for heatmap, (row, column) in enumerate([(35, 1), (8, 60)]):
        click(window.stage.heatmaps.canvas, cell_position(window.stage.heatmaps, row, column, heatmap))
        assert window.state.selection == Selection(words[row], words[column])
        assert_marked_everywhere(window, words[row], words[column])
    values = window.stage.heatmaps.maps[0].image.image
    assert values[35, 1] == pytest.approx(similarity(window, 0, words[35], words[1]), abs=1e-6)


def test_another_order_keeps_the_selected_words_and_moves_their_mark(window: MainWindow, qtbot: QtBot) -> None:
    words = window.state.result.words
    window.state.select_pair(words[3], words[8])
    choose(window, qtbot, "alphabetical")
    assert window.state.result.words == tuple(sorted(words))
    assert_marked_everywhere(window, words[3], words[8])
    column = [window.side.tables[0].model.data(window.side.tables[0].model.index(k, 0)) for k in range(100)]
    assert column == sorted(words), "the table follows"
    assert [row for row, _ in window.stage.heatmaps.rows.labels() if row == sorted(words).index(words[3])]


def test_another_order_neither_zooms_nor_resizes_the_pictures(window: MainWindow, qtbot: QtBot) -> None:
    window.stage.heatmaps._zoom_to(50, 50)
    before = window.stage.heatmaps.maps[0].box.viewRange(), window.stage.heatmaps.maps[0].box.sceneBoundingRect()
    choose(window, qtbot, "alphabetical")
    after = window.stage.heatmaps.maps[0].box.viewRange(), window.stage.heatmaps.maps[0].box.sceneBoundingRect()
    np.testing.assert_allclose(before[0], after[0], atol=0.01)
    assert before[1] == after[1]


def test_clusters_stand_beside_the_rows_and_only_where_there_are_any(window: MainWindow, qtbot: QtBot) -> None:
    clusters, grid = window.stage.heatmaps.canvas.clusters, window.stage.heatmaps.canvas.ci
    assert clusters not in grid.items
    choose(window, qtbot, "cluster_b")
    assert clusters in grid.items
    place, picture = clusters.sceneBoundingRect(), window.stage.heatmaps.maps[0].box.sceneBoundingRect()
    assert place.top() == pytest.approx(picture.top(), abs=1)
    assert place.bottom() == pytest.approx(picture.bottom(), abs=1)
    assert place.right() <= picture.left()
    assert clusters.isVisible()
    assert clusters.toolTip() == "Words in clusters of MiniLM (sample); average linkage"
    choose(window, qtbot, "frequency")
    assert clusters not in grid.items


def test_clusters_pan_and_zoom_with_the_rows(open_window: Open) -> None:
    window = open_window(session(order="cluster_a"))
    clusters, box = window.stage.heatmaps.canvas.clusters, window.stage.heatmaps.maps[0].box
    for zoomed in (False, True):
        if zoomed:
            window.stage.heatmaps._zoom_to(70, 20)
            QApplication.processEvents()
        for row in (65.5, 72):
            expected = box.mapViewToScene(QPointF(0, row)).y()
            found = clusters.mapToScene(clusters._to_pixels().map(QPointF(0, row))).y()
            assert found == pytest.approx(expected, abs=1)


def test_a_bracket_is_drawn_where_two_words_join(open_window: Open) -> None:
    window = open_window(session(words=LIST, order="cluster_a"))
    clusters = window.stage.heatmaps.canvas.clusters
    picture = QImage(int(clusters.width()), int(clusters.height()), QImage.Format.Format_ARGB32)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    clusters.paint(painter)
    painter.end()
    for bracket in clusters.tree.joins:
        (_, _), (distance, top), (_, bottom), (_, _) = bracket
        middle = clusters._to_pixels().map(QPointF(distance, (top + bottom) / 2)).toPoint()
        around = [picture.pixelColor(middle.x() + dx, middle.y()).lightness() for dx in (-1, 0, 1)]
        assert min(around) < 200, "an upright line between the two"


def test_the_difference_is_hidden_until_it_is_asked_for(window: MainWindow, qtbot: QtBot) -> None:
    assert shown(window) == list(window.stage.heatmaps.maps)
    choose(window, qtbot, difference="values")
    assert shown(window) == [*window.stage.heatmaps.maps, window.stage.heatmaps.difference]
    difference = window.stage.heatmaps.difference
    assert difference.title.text == "word2vec (sample) − MiniLM (sample) · values"
    assert difference.image.levels.tolist() == pytest.approx(
        [-window.state.result.difference.extent, window.state.result.difference.extent]
    )
    choose(window, qtbot, difference="none")
    assert shown(window) == list(window.stage.heatmaps.maps)


def test_blue_is_more_alike_in_a_and_orange_in_b(open_window: Open) -> None:
    window = open_window(session(difference="values"))
    view = window.stage.heatmaps
    values = window.state.result.difference.values
    picture = view.canvas.grab().toImage()
    for extreme, sign in ((values.argmax(), 1), (values.argmin(), -1)):
        row, column = np.unravel_index(extreme, values.shape)
        place = view.canvas.mapFromScene(view.difference.box.mapViewToScene(QPointF(column + 0.5, row + 0.5)))
        seen = picture.pixelColor(place)
        assert sign * (seen.blue() - seen.red()) > 60, seen.name()


def test_the_difference_is_linked_to_the_others(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(session(difference="ranks"))
    view, words = window.stage.heatmaps, window.state.result.words
    place = view.canvas.mapFromScene(view.difference.box.mapViewToScene(QPointF(20.5, 10.5)))
    QTest.mouseMove(view.canvas.viewport(), place)
    qtbot.waitUntil(lambda: window.state.hovered == Selection(words[10], words[20]))
    click(view.canvas, place)
    assert_marked_everywhere(window, words[10], words[20])
    assert view.difference.frame.cell == (10, 20)
    view.difference.box.translateBy(x=7, y=-4)
    for heatmap in view.maps:
        np.testing.assert_allclose(heatmap.box.viewRange(), view.difference.box.viewRange(), atol=0.3)


def test_the_difference_alone_takes_the_room_of_both(window: MainWindow, qtbot: QtBot) -> None:
    view, actions = window.stage.heatmaps, window.commands.pictures
    with qtbot.waitSignal(window.state.result_changed):
        actions["difference"].trigger()
    QApplication.processEvents()
    assert shown(window) == [view.difference]
    assert view.difference.box.height() >= 360
    np.testing.assert_allclose(view.difference.box.viewRange()[1], [0, 100], atol=1)
    place = view.canvas.mapFromScene(view.difference.box.mapViewToScene(QPointF(20.5, 10.5)))
    click(view.canvas, place)
    words = window.state.result.words
    assert window.state.selection == Selection(words[10], words[20])
    assert [row for row, _ in view.rows.labels()][-1] == 10, "rows are labelled"
    actions["all"].trigger()
    assert shown(window) == list(view.canvas.heatmaps)
    with qtbot.waitSignal(window.state.result_changed):
        actions["both"].trigger()
    assert shown(window) == list(view.maps)
    assert actions["both"].isChecked()
    assert window.panel.request().difference == "none"


@pytest.mark.parametrize("alone", [False, True])
def test_switching_pictures_keeps_the_part_that_is_seen(open_window: Open, alone: bool) -> None:
    window = open_window(session(difference="values"))
    view = window.stage.heatmaps
    view.show_difference_alone(not alone)
    QApplication.processEvents()
    view._zoom_to(60, 30)
    centre = [np.mean(limits) for limits in view.canvas.lead.viewRange()]
    view.show_difference_alone(alone)
    QApplication.processEvents()
    np.testing.assert_allclose([np.mean(limits) for limits in view.canvas.lead.viewRange()], centre, atol=1.5)


def test_order_and_difference_are_shown_and_saved(open_window: Open) -> None:
    window = open_window(session(order="cluster_mean", difference="ranks"))
    request = window.panel.request()
    assert (request.order, request.difference) == ("cluster_mean", "ranks")


def strip_pixel(window: MainWindow, row: int, heatmap: int | None = None) -> str:
    """The colour beside a row, or below a column of a heatmap."""
    view = window.stage.heatmaps
    middle = STRIP_GAP + STRIP / 2
    if heatmap is None:
        edge = view.maps[0].box.mapViewToScene(QPointF(0, row + 0.5))
        place = QPointF(view.rows.sceneBoundingRect().right() - middle, edge.y())
    else:
        edge = view.maps[heatmap].box.mapViewToScene(QPointF(row + 0.5, 0))
        place = QPointF(edge.x(), view.maps[heatmap].columns.geometry().top() + middle)
    return view.canvas.grab().toImage().pixelColor(view.canvas.mapFromScene(place)).name()


@pytest.mark.parametrize("order", ["as_found", "category", "cluster_a"])
@pytest.mark.parametrize("zoomed", [False, True])
def test_categories_colour_the_edges_beside_their_words(open_window: Open, order: str, zoomed: bool) -> None:
    window = open_window(session(words=LIST, order=order))
    if zoomed:
        window.stage.heatmaps.canvas.lead.setRange(xRange=(2, 7), yRange=(2, 7), padding=0)
        QApplication.processEvents()
    colours = dict(zip(("family", "trade"), CATEGORY_COLOURS, strict=False))
    assigned = dict(LIST.categories)
    for row in (3, 4, 5) if zoomed else range(8):
        category = assigned.get(window.state.result.words[row])
        expected = colours[category] if category else window.stage.heatmaps.theme.base
        assert [strip_pixel(window, row, edge) for edge in (None, 0, 1)] == [expected] * 3


def test_the_legend_names_the_categories_and_is_there_only_with_them(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(session(words=LIST))
    legend = window.stage.heatmaps.canvas.legend
    assert [(text, colour) for _, text, colour in legend.entries()] == [
        ("family", CATEGORY_COLOURS[0]),
        ("trade", CATEGORY_COLOURS[1]),
    ]
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.show_words(WordList(LIST.words))
    assert legend not in window.stage.heatmaps.canvas.ci.items


def test_a_legend_without_room_counts_the_rest(qapp: QApplication) -> None:
    legend = CategoryLegend()
    legend.show_categories([f"a category with a long name {k}" for k in range(12)])
    legend.setGeometry(QRectF(0, 0, 400, 20))
    *named, (left, rest, _) = legend.entries()
    assert rest == f"and {12 - len(named)} more"
    assert len(named) >= 2
    assert left < 400
    assert legend.toolTip().count("\n") == 11


def test_the_table_of_categories_is_there_only_with_them(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(session(words=LIST))
    dock, model = window.side.docks["categories"], window.side.categories.model
    assert not dock.isHidden()
    result = window.state.result
    rows = [[model.data(model.index(row, column)) for column in range(4)] for row in range(model.rowCount())]
    assert [row[0] for row in rows] == ["A  all", "A  family", "A  trade", "B  all", "B  family", "B  trade"]
    for row, means in zip(rows, result.category_means, strict=True):
        assert row[1] == f"{means.within:.3f}".replace("0.", ".")
        assert row[3] == ("–" if means.selectivity is None else f"{means.selectivity:.2f}")
    dock.hide()
    choose(window, qtbot, "category")
    assert dock.isHidden(), "who has closed it keeps it closed"
    with qtbot.waitSignal(window.state.result_changed):
        window.panel.show_words(WordList(LIST.words))
    assert dock.isHidden()
    assert not dock.toggleViewAction().isVisible()
    assert open_window().side.docks["categories"].isHidden()


def test_titles_that_do_not_fit_say_the_most_important(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, difference="values")
    first, _, minus = (heatmap.title for heatmap in window.stage.heatmaps.canvas.heatmaps)
    assert first.fitted(2000) == "word2vec (sample), 300 d · cosine similarity"
    assert first.fitted(230) == "word2vec (sample), 300 d"
    assert minus.fitted(2000) == "word2vec (sample) − MiniLM (sample) · values"
    assert minus.fitted(150) == "A − B · values"
    assert "…" in first.fitted(60)
