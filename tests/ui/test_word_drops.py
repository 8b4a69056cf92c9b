"""Word lists come by dragging: files over the words' field, text from anywhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.words import WordList, WordRule
from ui.drop_target import WORDS
from ui.main_window import MainWindow

COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def text(words: str) -> QMimeData:
    data = QMimeData()
    data.setText(words)
    return data


def drag_enters(widget: QWidget, data: QMimeData, place: QPoint) -> bool:
    """Whether a widget takes a drag."""
    event = QDragEnterEvent(place, COPY, data, LEFT, NONE)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drop_on_words(window: MainWindow, data: QMimeData) -> None:
    """Drag files into the window and let them go over the words' field."""
    assert drag_enters(window, data, QPoint(600, 300))
    target = window.drop_target
    assert target.isVisible()
    drag_enters(target, data, QPoint(600, 300))
    place = target.words_place.center()
    QApplication.sendEvent(target, QDragMoveEvent(place, COPY, data, LEFT, NONE, QEvent.Type.DragMove))
    QApplication.sendEvent(target, QDropEvent(QPointF(place), COPY, data, LEFT, NONE))
    assert not target.isVisible()


def test_a_file_dropped_on_the_words_is_the_list(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    before = window.panel.request().spaces
    path = tmp_path / "words.tsv"
    path.write_text("word\tcategory\npeople\tthem\nbefore\ttime\nsecond\ttime\n", "utf-8")
    with qtbot.waitSignal(window.state.result_changed):
        drop_on_words(window, files(path))
    assert window.state.result.words == ("people", "before", "second")
    assert window.state.result.categories == ("them", "time", "time")
    assert window.panel.request().spaces == before


def test_the_place_for_words_is_where_the_field_is_seen(window: MainWindow) -> None:
    target = window.drop_target
    drag_enters(window, files(Path("x")), QPoint(600, 300))
    field = window.panel.words
    middle = QPointF(field.mapTo(window, field.rect().center()))
    assert target.place_at(middle) == WORDS
    assert target.place_at(QPointF(middle.x(), window.height() - 5)) == 0
    assert target.place_at(QPointF(window.width() - 5, middle.y())) == 1
    panel = window.panel
    panel.verticalScrollBar().setValue(panel.verticalScrollBar().maximum())
    seen = target.words_place
    assert seen.isEmpty() or seen.top() >= panel.mapTo(window, QPoint(0, 0)).y()


def test_a_file_that_is_no_list_is_told_beside_the_words(window: MainWindow, tmp_path: Path) -> None:
    before = window.panel.request()
    table = tmp_path / "table.csv"
    table.write_text("moon,1,2,3,4\nsun,1,2,3,4\n", "utf-8")
    drop_on_words(window, files(table))
    assert "table.csv looks like a table of vectors" in window.panel.words.problem.text()
    drop_on_words(window, files(table, table))
    assert "2 files" in window.panel.words.problem.text()
    (tmp_path / "model.bin").write_bytes(bytes(range(256)))
    drop_on_words(window, files(tmp_path / "model.bin"))
    assert "model.bin is not text" in window.panel.words.problem.text()
    drop_on_words(window, files(tmp_path))
    assert "cannot be read" in window.panel.words.problem.text()
    assert window.panel.request() == before


def test_text_dropped_on_the_words_is_the_list(window: MainWindow, qtbot: QtBot) -> None:
    field, data = window.panel.words, text("people, before; second\nshould")
    assert isinstance(field.words, WordRule)
    assert drag_enters(field, data, QPoint(30, 30))
    with qtbot.waitSignal(window.state.result_changed):
        QApplication.sendEvent(field, QDropEvent(QPointF(30, 30), COPY, data, LEFT, NONE))
    assert window.state.result.words == ("people", "before", "second", "should")
    assert field.words == WordList(("people", "before", "second", "should"))
    assert field.list.isVisible()


def test_files_over_the_words_are_left_to_the_window_and_nothing_to_nobody(window: MainWindow) -> None:
    field, before = window.panel.words, window.panel.words.words
    assert drag_enters(field, files(Path("x.txt")), QPoint(30, 30))
    assert window.drop_target.isVisible()
    window.drop_target.hide()
    QApplication.sendEvent(field, QDropEvent(QPointF(30, 30), COPY, text(" ,; "), LEFT, NONE))
    assert field.words == before
