"""The numbers beside the colour bars."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication

from engine.colours import ColourScale
from ui.main_window import MainWindow
from ui.theme import apply_text_size

RANGES = {
    (0.1, 0.6): ("0.1", "0.6"),
    (-0.088, 0.407): ("-0.088", "0.407"),
    (0.9, 0.91): ("0.9", "0.91"),
    (-1250.0, -300.0): ("-1250", "-300"),
    (-5.25, -1.25): ("-5.25", "-1.25"),
    (-0.9023, -0.9001): ("-0.9023", "-0.9001"),
    (-1_000_000.0, 1_000_000.0): ("-1000k", "1000k"),
    (12_345.0, 12_400.0): ("12.345k", "12.4k"),
}


def inked(window: MainWindow) -> tuple[bool, bool]:
    """Whether a number is drawn at the upper and at the lower end of the shared bar, whole."""
    canvas, axis = window.stage.heatmaps.canvas, window.stage.heatmaps.shared_bar.axis
    picture = canvas.viewport().grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.array(picture.constBits()).reshape(picture.height(), picture.bytesPerLine())
    room: QRectF = axis.mapRectToScene(axis.mapRectFromParent(axis.geometry()))
    line = round(QFontMetricsF(QApplication.font()).height())
    left, right = round(room.left()) + 2, round(room.right())  # without the line of the axis
    ends = round(room.top()), round(room.bottom()) - line
    strips = [pixels[top : top + line, left:right] for top in ends]
    assert not any((strip[:, -1] < 200).any() for strip in strips), "cut at the right"
    return strips[0].min() < 100, strips[1].min() < 100


@pytest.mark.parametrize("percent", [100, 150])
def test_both_ends_of_the_bar_are_always_written_and_nothing_moves_with_them(
    open_window: Callable[..., MainWindow], usual: QApplication, percent: int
) -> None:
    apply_text_size(usual, percent)
    window = open_window()
    window.resize(1024, 700)
    window.reset_layout()
    QApplication.processEvents()
    view = window.stage.heatmaps
    rooms = {heatmap.box.sceneBoundingRect().getRect() for heatmap in view.maps}
    for levels, (low, high) in RANGES.items():
        window.state.set_colours(ColourScale(levels=levels))
        QApplication.processEvents()
        assert inked(window) == (True, True), levels
        assert [text for text, _ in view.shared_bar.axis.labels()[:2]] == [high, low]
        assert {heatmap.box.sceneBoundingRect().getRect() for heatmap in view.maps} == rooms


def test_numbers_on_the_bar_stand_where_their_colours_are_and_do_not_touch(window: MainWindow) -> None:
    axis = window.stage.heatmaps.shared_bar.axis
    for low, high in RANGES:
        window.state.set_colours(ColourScale(levels=(low, high)))
        QApplication.processEvents()
        height, line = axis.geometry().height(), QFontMetricsF(axis.fitted_font()).height()
        for text, place in axis.labels():
            value = float(text.rstrip("k")) * (1000 if text.endswith("k") else 1)
            assert abs((high - value) / (high - low) * height - place) <= line, text
        places = np.sort([place for _, place in axis.labels()])
        assert len(places) > 2
        assert np.diff(places).min() >= line
