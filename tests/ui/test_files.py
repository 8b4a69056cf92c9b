"""Sessions, figures, tables and everything: out of the window and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from engine.colours import ColourScale
from engine.request import SAMPLE_SPACES, AnalysisRequest, NamedSource, StatisticsRequest
from engine.session import Session, read_session
from engine.sources import VectorsSource
from engine.words import WordList, WordRule
from ui.application import leave
from ui.export_dialog import ExportChoice, ExportDialog
from ui.file_commands import NOT_WRITTEN
from ui.main_window import MainWindow
from ui.settings import Settings


def answer_with(monkeypatch: pytest.MonkeyPatch, path: Path, chosen_filter: str = "") -> None:
    """The user picks this path in the next file dialog."""
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), chosen_filter))


def click_when_asked(answer: str) -> list[str]:
    """Have the next question answered by a click on this button; what it asked, once it has."""
    asked: list[str] = []

    def click() -> None:
        if isinstance(box := QApplication.activeModalWidget(), QMessageBox):
            asked.append(box.text())
            QTest.mouseClick(box.button(QMessageBox.StandardButton[answer]), Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, click)
    return asked


def test_a_saved_session_opens_as_it_was(
    open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.state.result_changed, timeout=30_000):
        window.panel.show_words(WordRule(5, 7, 30))
    window.state.set_colours(ColourScale("cividis", None, False))
    answer_with(monkeypatch, tmp_path / "mine.json")
    window.commands.save.trigger()
    other = open_window()
    with qtbot.waitSignal(other.state.result_changed, timeout=30_000):
        other.commands.open.trigger()
    assert other.panel.request() == window.panel.request()
    assert other.state.result.words == window.state.result.words
    assert other.state.colours == ColourScale("cividis", None, False)
    assert other.windowTitle().startswith("mine.json")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"rsascope_session": 1, "spaces": [], "wrods": {}}', "wrods"),
        ('{"rsascope_session": 99, "spaces": []}', "newer"),
        ("not json", "JSON"),
    ],
)
def test_an_invalid_session_is_told_and_changes_nothing(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str, told: str
) -> None:
    before = window.state.result
    (tmp_path / "bad.json").write_text(content, "utf-8")
    answer_with(monkeypatch, tmp_path / "bad.json")
    window.commands.open.trigger()
    assert told in window.message.label.text()
    assert window.message.isVisible()
    assert window.state.result is before


def test_saving_below_a_file_is_told(window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer_with(monkeypatch, tmp_path / "file" / "session.json")
    window.commands.save_as.trigger()
    assert "session.json" in window.message.label.text()


def test_everything_is_exported_as_the_window_shows_it(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.state.set_colours(ColourScale("viridis", (0.0, 0.5)))
    with qtbot.waitSignal(window.files.written, timeout=30_000):
        window.files.export_to(ExportChoice(tmp_path / "out", ("svg", "pdf"), 150))
    report = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    assert report["words"] == list(window.state.result.words)
    assert report["comparisons"][0]["values"]["pearson"] == pytest.approx(0.52702, abs=5e-6)
    assert report["session"]["colours"]["map"] == "viridis"
    assert (tmp_path / "out" / "heatmaps.pdf").read_bytes().startswith(b"%PDF")
    with np.load(tmp_path / "out" / "matrices.npz", allow_pickle=False) as matrices:
        assert tuple(matrices["words"]) == window.state.result.words


def test_an_export_has_what_is_still_being_inferred(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    asked = StatisticsRequest(permutations=99, bootstraps=50)
    with qtbot.waitSignal(window.state.result_changed, timeout=30_000):
        window.run(replace(window.panel.request(), statistics=asked))
    assert window.state.result.statistics is None
    with qtbot.waitSignal(window.files.written, timeout=30_000):
        window.files.export_to(ExportChoice(tmp_path / "out"))
    report = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    shown = window.state.result.statistics.pairs[0]
    assert report["comparisons"][0]["p_values"]["pearson"] == shown.tests["pearson"].p
    assert {"null.svg", "bootstrap.svg"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_a_table_of_statistics_can_be_saved_once_there_are_some(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    save = window.commands.save_tables["statistics"]
    assert not save.isEnabled()
    with qtbot.waitSignal(window.state.statistics_changed, timeout=30_000):
        window.run(replace(window.panel.request(), statistics=StatisticsRequest(permutations=99)))
    answer_with(monkeypatch, tmp_path / "found")
    with qtbot.waitSignal(window.files.written, timeout=30_000):
        save.trigger()
    heading, first, second = (tmp_path / "found.csv").read_text("utf-8").splitlines()
    assert heading.startswith("first,second,measure,words,value,")
    assert first.startswith("word2vec (sample),MiniLM (sample),Pearson r,100,0.527")
    assert "99 relabellings" in second


def test_an_export_that_cannot_be_written_is_told_and_leaves_nothing(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("")
    with qtbot.waitSignal(window.runner.failed, timeout=30_000):
        window.files.export_to(ExportChoice(tmp_path / "file" / "out"))
    assert "file" in window.message.label.text()
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
    with qtbot.waitSignal(window.files.written, timeout=30_000) as told:
        window.files.export_to(ExportChoice(tmp_path / "out", ("svg",)))
    assert window.message.isHidden()
    assert f'href="{QUrl.fromLocalFile(str(tmp_path / "out")).toString()}"' in told.args[0]


def test_the_export_dialog_offers_what_was_chosen_last(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.files.written, timeout=30_000):
        window.files.export_to(ExportChoice(tmp_path / "out", ("png",), 100))
    window.commands.export.trigger()
    dialog = window.findChild(ExportDialog)
    assert dialog.choice == ExportChoice(tmp_path / "out", ("png",), 100)
    dialog.folder.setText("  ")
    assert not dialog.export.isEnabled()
    dialog.reject()


@pytest.mark.parametrize(("name", "start"), [("a.svg", b"<?xml"), ("a.pdf", b"%PDF"), ("a.png", b"\x89PNG")])
def test_a_figure_is_saved_in_the_format_of_its_ending(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot, name: str, start: bytes
) -> None:
    answer_with(monkeypatch, tmp_path / name)
    with qtbot.waitSignal(window.files.written, timeout=30_000):
        window.files.save_figure("heatmaps")
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["figure", "figure.v2"])
def test_the_filters_ending_is_added_where_none_was_typed(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    answer_with(monkeypatch, tmp_path / name, "PDF (*.pdf)")
    with qtbot.waitSignal(window.files.written, timeout=30_000):
        window.files.save_figure("scatter")
    assert (tmp_path / f"{name}.pdf").exists()


@pytest.mark.parametrize("answer", ["Save", "Discard", "Cancel"])
def test_closing_a_changed_session_asks_whether_to_save_it(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    path = tmp_path / "mine.json"
    answer_with(monkeypatch, path)
    window.commands.save.trigger()
    saved = path.read_text("utf-8")
    window.panel.words.limit.setValue(40)
    asked = click_when_asked(answer)
    assert window.close() == (answer != "Cancel")
    assert asked == ["mine.json has not been saved since it was changed. Save it?"]
    assert (path.read_text("utf-8") == saved) == (answer != "Save")


@pytest.mark.parametrize("answer", ["Save", "Discard", "Cancel"])
def test_closing_asks_about_a_list_of_words_that_no_session_has(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    path = tmp_path / "mine.json"
    answer_with(monkeypatch, path)
    window.panel.show_words(WordList(("people", "school", "number", "public")))
    asked = click_when_asked(answer)
    assert window.close() == (answer != "Cancel")
    assert asked == ["The list of words has not been saved in a session. Save one?"]
    assert path.exists() == (answer == "Save")


def test_closing_does_not_ask_where_nothing_was_typed(window: MainWindow) -> None:
    window.panel.words.limit.setValue(40)
    assert window.close()


def test_opening_another_session_asks_about_the_one_before(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer_with(monkeypatch, tmp_path / "mine.json")
    window.commands.save.trigger()
    (tmp_path / "other.json").write_bytes((tmp_path / "mine.json").read_bytes())
    window.panel.words.pattern.setText("zzz.*")
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    for name in ("mine.json", "other.json"):
        window.files.open_session_file(tmp_path / "other.json")
        assert window.windowTitle() == f"{name} – rsascope"
    assert not answers


def test_a_name_too_long_for_a_file_is_told(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    answer_with(monkeypatch, tmp_path / ("x" * 252), "rsascope sessions (*.json)")
    window.files.save_session_as()
    assert "cannot be written" in window.message.label.text()


def test_files_asked_for_one_after_the_other_are_all_written(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    window.files.export_to(ExportChoice(tmp_path / "all", ("svg",), 100))
    for name in ("pairs", "words", "matrices"):
        answer_with(monkeypatch, tmp_path / name)
        window.commands.save_tables[name].trigger()
    qtbot.waitUntil(lambda: not window.runner.is_busy, timeout=60_000)
    assert {path.name for path in tmp_path.iterdir()} == {"all", "pairs.csv", "words.csv", "matrices.npz"}
    assert (tmp_path / "all" / "heatmaps.svg").exists()


def test_a_cancelled_export_is_told(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.files.written, timeout=60_000):
        window.files.export_to(ExportChoice(tmp_path / "first", (), 100))
    window.files.export_to(ExportChoice(tmp_path / "second", ("svg", "pdf", "png"), 600))
    QTest.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert window.notice.label.text() == NOT_WRITTEN
    assert not (tmp_path / "second").exists()


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_closing_asks_while_files_are_written(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot, answer: str
) -> None:
    asked = list[str]()

    def reply(parent: object, title: str, question: str, *_: object) -> QMessageBox.StandardButton:
        asked.append(question)
        return QMessageBox.StandardButton[answer]

    monkeypatch.setattr(QMessageBox, "question", reply)
    window.files.export_to(ExportChoice(tmp_path / "all", ("svg", "pdf", "png"), 600))
    assert window.close() == (answer == "Yes")
    assert asked == ["Files are still being written. Close without them?"]
    if answer == "No":
        qtbot.waitUntil(lambda: not window.runner.is_busy, timeout=60_000)
        assert (tmp_path / "all" / "result.json").exists()
        assert window.close()


def test_a_signal_closes_the_window_without_a_question(
    window: MainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer_with(monkeypatch, tmp_path / "mine.json")
    window.commands.save.trigger()
    window.panel.words.pattern.setText("zzz.*")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Cancel)
    assert not window.close()
    leave(qapp)
    assert not window.isVisible()


def test_closing_what_is_saved_or_has_no_file_asks_nothing(
    window: MainWindow, open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer_with(monkeypatch, tmp_path / "mine.json")
    window.panel.words.limit.setValue(40)
    window.commands.save.trigger()
    other = open_window()
    other.commands.open.trigger()
    for each in (window, other, open_window()):
        assert each.close()


@pytest.mark.parametrize("answer", ["No", "Yes"])
def test_a_file_whose_ending_was_added_is_replaced_only_if_the_user_agrees(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot, answer: str
) -> None:
    old = tmp_path / "mine.json"
    old.write_text("precious")
    answer_with(monkeypatch, tmp_path / "mine", "rsascope sessions (*.json)")
    asked = click_when_asked(answer)
    window.files.save_session_as()
    assert asked == ["mine.json exists already. Do you want to replace it?"]
    assert (old.read_text("utf-8") == "precious") == (answer == "No")


def test_a_copied_figure_is_a_picture_on_the_clipboard(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    with qtbot.waitSignal(window.files.written, timeout=30_000):
        window.files.copy_figure("profile")
    assert QGuiApplication.clipboard().image().width() > 500


@pytest.mark.parametrize("name", ["words", "pairs", "matrices"])
def test_tables_are_saved(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    answer_with(monkeypatch, tmp_path / name, "")
    with qtbot.waitSignal(window.files.written, timeout=30_000):
        window.files.save_table(name)
    (path,) = tmp_path.iterdir()
    if name == "matrices":
        assert set(np.load(path, allow_pickle=False)) >= {"words"}
    else:
        n_lines = {"words": 101, "pairs": 4951}[name]
        assert len(path.read_text("utf-8").splitlines()) == n_lines


def test_saving_a_session_that_could_not_be_analysed_loses_nothing_of_it(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    spaces = (NamedSource("gone", VectorsSource(tmp_path / "gone.bin")), SAMPLE_SPACES[1])
    request = AnalysisRequest(spaces=spaces, words=WordRule(4, 5, 60))
    with qtbot.waitSignal(window.runner.failed, timeout=30_000):
        window.open_session(Session(request))
    answer_with(monkeypatch, tmp_path / "mine.json")
    window.commands.save.trigger()
    assert read_session(tmp_path / "mine.json").request == request
    assert window.windowTitle().startswith("mine.json")


def test_nothing_is_offered_for_export_before_there_is_a_result(qapp: object, qtbot: QtBot, tmp_path: Path) -> None:
    spaces = (NamedSource("gone", VectorsSource(tmp_path / "gone.bin")), SAMPLE_SPACES[1])
    window = MainWindow(Settings(), Session(AnalysisRequest(spaces=spaces)))
    with qtbot.waitSignal(window.runner.failed, timeout=30_000):
        pass
    assert not window.commands.export.isEnabled()
    with qtbot.waitSignal(window.state.result_changed, timeout=30_000):
        window.open_session(Session())
    assert window.commands.export.isEnabled()
    window.close()


def test_a_space_named_with_a_slash_is_offered_as_a_file_of_the_folder(
    open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    spaces = (replace(SAMPLE_SPACES[0], name='owner/"model"'), SAMPLE_SPACES[1])
    window = open_window(Session(AnalysisRequest(spaces=spaces)))
    offered = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *asked: (offered.append(Path(asked[2])), ("", ""))[1])
    window.commands.save_spaces[0].trigger()
    assert [(path.parent, path.name) for path in offered] == [(Path(Settings().folder), "owner--model-.npz")]


def test_the_link_to_a_file_leads_to_its_folder_whatever_that_is_called(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "Ann's <b> & 'co'"
    folder.mkdir()
    answer_with(monkeypatch, folder / "words.csv")
    with qtbot.waitSignal(window.files.written, timeout=20_000) as told:
        window.commands.save_tables["words"].trigger()
    document = QTextDocument()
    document.setHtml(told.args[0])
    assert str(folder / "words.csv") in document.toPlainText()
    links = [part.fragment().charFormat().anchorHref() for part in document.begin() if part.fragment().isValid()]
    assert str(folder) in {QUrl(link).toLocalFile() for link in links}
