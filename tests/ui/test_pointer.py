"""What the status bar says of the pair under the pointer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scipy.stats import rankdata

from engine.request import AnalysisRequest
from engine.session import Session
from ui.main_window import MainWindow
from ui.state import Selection


@pytest.mark.parametrize("kind", ["values", "ranks"])
def test_hovering_names_the_difference_that_is_drawn(
    open_window: Callable[..., MainWindow], qtbot: QtBot, kind: str
) -> None:
    window = open_window(Session(AnalysisRequest(difference=kind)))
    result, view = window.state.result, window.stage.heatmaps
    pairs = [np.asarray(space.similarities.values, float)[np.triu_indices(100, 1)] for space in result.spaces]
    place = list(zip(*np.triu_indices(100, 1), strict=True)).index((10, 20))
    if kind == "values":
        wanted = f"{pairs[0][place] - pairs[1][place]:.3f}".replace("0.", ".")
    else:
        ranks = [rankdata(one)[place] for one in pairs]
        wanted = f"{(ranks[0] - ranks[1]) / len(pairs[0]) * 100:+.1f} percentiles"
    for row, column in ((40, 50), (10, 20)):  # another window may have left the pointer there
        scene = view.difference.box.mapViewToScene(QPointF(column + 0.5, row + 0.5))
        QTest.mouseMove(view.canvas.viewport(), view.canvas.mapFromScene(scene))
        pair = Selection(result.words[row], result.words[column])
        qtbot.waitUntil(lambda pair=pair: window.state.hovered == pair)
    assert window.pointer.text().endswith(f"   A − B {wanted}")
    window.state.select_pair(result.words[3], result.words[3])
    window.state.set_hovered(window.state.selection)
    assert "−" not in window.pointer.text(), "a word with itself is no pair"
