"""A space's dimensions are chosen beside it; one command compares a space with itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from engine.dimensions import DIMENSIONS, Dimensions
from engine.request import SAMPLE_SPACES, NamedSource
from ui.main_window import MainWindow


def pick(combo: QComboBox, value: str) -> None:
    """Choose an entry as the keyboard does."""
    combo.setFocus()
    down = combo.findData(value) - combo.currentIndex()
    for _ in range(abs(down)):
        QTest.keyClick(combo, Qt.Key.Key_Down if down > 0 else Qt.Key.Key_Up)


def test_all_kinds_are_offered_and_the_sample_has_all_dimensions(window: MainWindow) -> None:
    field = window.panel.spaces[0].dimensions
    assert [field.kind.itemData(i) for i in range(field.kind.count())] == list(DIMENSIONS)
    assert field.dimensions == Dimensions()
    assert not field.seed.isVisible()
    assert not field.first.isVisible()


def test_even_against_odd_dimensions_of_one_space(window: MainWindow, qtbot: QtBot) -> None:
    window.panel.spaces[1].choose(SAMPLE_SPACES[0])
    for field, kind in zip(window.panel.spaces, ("even", "odd"), strict=True):
        pick(field.dimensions.kind, kind)
    names = ["word2vec (sample), even dimensions", "word2vec (sample), odd dimensions"]
    qtbot.waitUntil(lambda: [one.name for one in window.state.result.spaces] == names, timeout=10_000)
    titles = [heatmap.title.text for heatmap in window.stage.heatmaps.maps]
    assert titles == [f"{name}, 150 d · cosine similarity" for name in names]
    shown = window.stage.profile.plots
    assert shown.curves[0][0].getData()[0].tolist() == list(range(0, 300, 2))
    assert shown.curves[1][0].getData()[0].tolist() == list(range(1, 300, 2))
    assert "reliability diagnostic" in window.side.tables[2].text.toPlainText()


def test_a_range_is_typed_and_stays_possible(window: MainWindow, qtbot: QtBot) -> None:
    field = window.panel.spaces[0].dimensions
    pick(field.kind, "range")
    assert field.first.isVisible()
    assert not field.seed.isVisible()
    field.first.setFocus()
    field.first.selectAll()
    QTest.keyClicks(field.first, "200")
    QTest.keyClick(field.first, Qt.Key.Key_Return)
    assert field.dimensions == Dimensions("range", first=200, last=200)
    field.last.setValue(299)
    qtbot.waitUntil(lambda: window.state.result.spaces[0].dimensions == 100, timeout=10_000)
    with qtbot.waitSignal(window.runner.failed):
        field.last.setValue(300)
    assert "0 to 299" in window.panel.spaces[0].problem.text()


def test_one_command_compares_a_with_itself(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.state.result_changed):
        window.commands.halves.trigger()
    assert [one.dimensions for one in window.panel.request().spaces] == [
        Dimensions("random half"),
        Dimensions("other random half"),
    ]
    numbers = [number for one in window.state.result.spaces for number in one.dimension_numbers]
    assert sorted(numbers) == list(range(300))
    for field in window.panel.spaces:
        field.dimensions.seed.setValue(3)
    qtbot.waitUntil(lambda: "other half 3" in window.state.result.spaces[1].name, timeout=10_000)


def test_another_space_has_all_its_dimensions_again(window: MainWindow) -> None:
    field = window.panel.spaces[0]
    pick(field.dimensions.kind, "odd")
    field.choose(NamedSource("MiniLM", SAMPLE_SPACES[1].source))
    assert field.space.dimensions == Dimensions()
    assert all(space.dimensions == Dimensions() for space in window.settings.recent_spaces)


def test_both_halves_can_be_told_apart_on_the_axes(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.state.result_changed):
        window.commands.halves.trigger()
    plot = window.stage.scatter.plot
    drawn = plot.getViewBox().size()
    bottom, left = plot.getAxis("bottom").label, plot.getAxis("left").label
    assert "random half 0: cosine similarity" in bottom.toPlainText()
    assert left.toPlainText().strip().endswith("half 0")
    assert bottom.boundingRect().width() <= drawn.width() + 8  # its margins
    assert left.boundingRect().width() <= drawn.height() + 8
    middle = bottom.pos().x() + bottom.boundingRect().width() / 2
    assert abs(middle - plot.getAxis("bottom").size().width() / 2) < 2
