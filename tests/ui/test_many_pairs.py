"""Hundreds of words: the scatter changes between points and density, heatmaps lose no cell, pointing stays exact."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.analysis import run_analysis
from engine.density import pair_density
from engine.progress import Cancelled
from engine.pyramid import pyramid
from engine.request import AnalysisRequest
from engine.session import Session
from engine.words import WordRule
from tests.ui.conftest import click, wheel
from ui.main_window import MainWindow
from ui.state import Selection
from ui.theme import DARK, LIGHT
from ui.views.matrix_image import MatrixImage
from ui.views.pair_picture import MOST_POINTS
from ui.views.preparation import prepare


@pytest.fixture
def many(open_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """The window on all words of the sample."""
    window = open_window(Session(AnalysisRequest(words=WordRule(1, 99, None))))
    settled(window, qtbot)
    return window


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.stage.scatter.pairs.is_complete)
    QApplication.processEvents()


def place_in_scatter(window: MainWindow, x: float, y: float) -> QPoint:
    plot = window.stage.scatter.plot
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y)))


def shown_pairs(window: MainWindow) -> np.ndarray:
    """Which pairs lie in the shown range."""
    (left, right), (bottom, top) = window.stage.scatter.plot.getViewBox().viewRange()
    x, y = (space.similarities.triangle for space in window.state.result.spaces)
    return (x >= left) & (x <= right) & (y >= bottom) & (y <= top)


def nearest_pair(window: MainWindow, place: QPoint) -> Selection:
    """The pair nearest to a pixel, by looking at all of them in double precision."""
    box, words = window.stage.scatter.plot.getViewBox(), window.state.result.words
    at = box.mapSceneToView(window.stage.scatter.plot.mapToScene(place))
    width, height = box.viewPixelSize()
    x, y = (space.similarities.triangle.astype(float) for space in window.state.result.spaces)
    nearest = int(np.argmin(((x - at.x()) / width) ** 2 + ((y - at.y()) / height) ** 2))
    i, j = (rows[nearest] for rows in np.triu_indices(len(words), 1))
    return Selection(words[i], words[j])


def test_few_pairs_are_points(window: MainWindow) -> None:
    pairs = window.stage.scatter.pairs
    assert pairs.points.isVisible()
    assert not pairs.density.isVisible()
    assert not pairs.legend.isVisible()
    x, y = (space.similarities.triangle for space in window.state.result.spaces)
    assert sorted(zip(pairs.points.x, pairs.points.y, strict=True)) == sorted(zip(x, y, strict=True))


def test_many_pairs_are_a_density_and_points_again_when_one_zooms_in(many: MainWindow, qtbot: QtBot) -> None:
    pairs, viewport = many.stage.scatter.pairs, many.stage.scatter.plot.viewport()
    assert pairs.density.isVisible()
    assert pairs.legend.isVisible()
    assert not pairs.points.isVisible()
    middle = place_in_scatter(many, 0.15, 0.05)
    wheel(viewport, middle, 3)
    settled(many, qtbot)
    assert shown_pairs(many).sum() > MOST_POINTS
    assert not pairs.points.isVisible()
    wheel(viewport, middle, 11)
    settled(many, qtbot)
    inside = shown_pairs(many)
    assert 20 < inside.sum() < MOST_POINTS
    assert pairs.points.isVisible()
    assert not pairs.density.isVisible()
    x, y = (space.similarities.triangle[inside] for space in many.state.result.spaces)
    assert set(zip(x, y, strict=True)) <= set(zip(pairs.points.x, pairs.points.y, strict=True))
    many.stage.scatter.reset_zoom()
    assert pairs.density.isVisible()
    assert not pairs.points.isVisible()


def test_the_density_is_counted_anew_for_the_shown_range(many: MainWindow, qtbot: QtBot) -> None:
    density, spaces = many.stage.scatter.pairs.density, many.state.result.spaces
    coarse = density.mapRectToParent(density.boundingRect())
    wheel(many.stage.scatter.plot.viewport(), place_in_scatter(many, 0.1, 0.1), 3)
    settled(many, qtbot)
    fine = density.mapRectToParent(density.boundingRect())
    assert fine.width() < coarse.width()
    assert fine.contains(many.stage.scatter.plot.getViewBox().viewRect())
    counts = pair_density(
        *(space.similarities for space in spaces),
        (fine.left(), fine.right()),
        (fine.top(), fine.bottom()),
        density.image.shape,
    )
    shown = density.image > density.getLevels()[0] + 1e-6
    assert np.mean(shown == (counts > 0)) > 0.999  # the edges of the cells went through a matrix of Qt's
    order = np.argsort(counts.ravel(), kind="stable")
    assert np.corrcoef(np.log1p(counts.ravel()[order]), density.image.ravel()[order])[0, 1] > 0.9


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_where_no_pair_is_the_background_shows_and_a_single_pair_is_seen(
    many: MainWindow, theme: object, qtbot: QtBot
) -> None:
    many.stage.scatter.show_theme(theme)
    picture = many.stage.scatter.plot.grab().toImage()
    empty = picture.pixelColor(place_in_scatter(many, 0.9, -0.15))
    assert empty == pg.mkColor(theme.base)
    x, y = (space.similarities.triangle for space in many.state.result.spaces)
    alone = int(np.argmax(x - 2 * y))  # furthest from the others
    at = place_in_scatter(many, x[alone], y[alone])
    around = [picture.pixelColor(at + QPoint(right, down)) for right in range(-3, 4) for down in range(-3, 4)]
    assert max(abs(colour.lightness() - empty.lightness()) for colour in around) > 40


@pytest.mark.parametrize("notches", [0, 4, 15])
def test_a_click_picks_the_true_nearest_pair_however_it_is_drawn(many: MainWindow, notches: int, qtbot: QtBot) -> None:
    wheel(many.stage.scatter.plot.viewport(), place_in_scatter(many, 0.12, 0.06), notches)
    settled(many, qtbot)
    assert many.stage.scatter.pairs.points.isVisible() == (notches == 15)
    for x, y in ((0.12, 0.06), (0.1201, 0.0598)):
        place = place_in_scatter(many, x, y)
        click(many.stage.scatter.plot, place)
        assert many.state.selection == nearest_pair(many, place)


def test_pointing_at_the_density_names_the_nearest_pair_and_at_nothing_none(many: MainWindow, qtbot: QtBot) -> None:
    place = place_in_scatter(many, 0.2, 0.1)
    QTest.mouseMove(many.stage.scatter.plot.viewport(), place)
    qtbot.waitUntil(lambda: many.state.hovered == nearest_pair(many, place))
    QTest.mouseMove(many.stage.scatter.plot.viewport(), place_in_scatter(many, 0.9, -0.15))
    qtbot.waitUntil(lambda: many.state.hovered is None)


def test_what_takes_long_is_made_before_the_window_is_told_and_can_be_cancelled() -> None:
    class CancelledAt:
        def __init__(self, message: str) -> None:
            self.message = message

        def step(self, message: str, fraction: float | None = None) -> None:
            if self.message in message:
                raise Cancelled

    result = run_analysis(AnalysisRequest())
    with pytest.raises(Cancelled):
        prepare(result, CancelledAt("scatter"))
    assert "pair_index" not in vars(result)
    prepare(result, CancelledAt("nothing"))
    assert "overview" in vars(vars(result)["pair_index"])
    for space in result.spaces:
        assert {"sorted_pairs", "pyramid"} <= vars(space.similarities).keys()


@pytest.fixture
def picture(qtbot: QtBot) -> pg.PlotWidget:
    """A plot of 300 pixels, for a matrix of thousands of cells."""
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.hideAxis("left")
    plot.hideAxis("bottom")
    plot.getViewBox().setDefaultPadding(0)
    plot.invertY(True)
    plot.resize(300, 300)
    plot.show()
    return plot


def lightest(plot: pg.PlotWidget) -> list[tuple[float, float]]:
    """Where the picture is bright, as (row, column)."""
    image = plot.grab().toImage()
    bright = [
        QPoint(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).red() > 128
    ]
    places = [plot.getViewBox().mapSceneToView(QPointF(point) + QPointF(0.5, 0.5)) for point in bright]
    return [(place.y(), place.x()) for place in places]


@pytest.mark.parametrize("size", [2000.0, 700.0, 301.0, 120.0, 10.0])
def test_a_hot_cell_among_millions_is_seen_where_it_is_however_far_one_zooms(
    picture: pg.PlotWidget, size: float
) -> None:
    values = np.zeros((2000, 2000), np.float32)
    values[1203, 777] = 1.0
    image = MatrixImage()
    picture.addItem(image)
    image.setImage(values, levels=(0.0, 1.0), coarser=pyramid(values, 0.1))
    picture.setRange(xRange=(0, 2000), yRange=(0, 2000), padding=0)
    QApplication.processEvents()
    left, top = min(777 - size / 3, 2000 - size), min(1203 - size / 2, 2000 - size)
    left, top = max(left, 0), max(top, 0)
    picture.setRange(xRange=(left, left + size), yRange=(top, top + size), padding=0)
    places = lightest(picture)
    assert places
    near = max(2 * size / 300, 1.0) + 1
    assert all(abs(row - 1203.5) <= near and abs(column - 777.5) <= near for row, column in places)


def test_gaps_never_reach_the_picture(picture: pg.PlotWidget) -> None:
    values = np.full((1500, 1500), 0.5, np.float32)
    np.fill_diagonal(values, np.nan)
    values[3, 900] = np.inf
    image = MatrixImage()
    picture.addItem(image)
    image.setImage(values, levels=(0.0, 1.0))
    for size in (1500, 100):
        picture.setRange(xRange=(0, size), yRange=(0, size), padding=0)
        colour = picture.grab().toImage().pixelColor(150, 150)
        assert 120 < colour.red() < 135  # on the diagonal, as everywhere
