"""A run's folder holds exactly one run, all of it, whatever happens."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from engine.analysis import run_analysis
from engine.colours import ColourScale
from engine.errors import ExportError
from engine.export.figures import FigureOptions
from engine.export.run import export_run
from engine.progress import Cancelled
from engine.request import AnalysisRequest
from engine.session import Session, write_session
from engine.words import WordRule
from tests.engine.export.made import sample_result

ALWAYS = {"result.json", "words.csv", "pairs.csv", "matrices.npz", "reproduce.py"}
ALWAYS_DRAWN = ("heatmaps", "scatter", "profile")


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, hidden files too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_files_of_a_run(tmp_path: Path) -> None:
    export_run(tmp_path / "a" / "run", sample_result(), Session(), ("svg", "pdf"), FigureOptions(resolution=60))
    figures = {f"{name}.{format}" for name in ALWAYS_DRAWN for format in ("svg", "pdf")}
    assert set(contents(tmp_path / "a" / "run")) == ALWAYS | figures
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["run"]


def test_equal_runs_are_equal_files(tmp_path: Path) -> None:
    for name in ("1", "2"):
        export_run(tmp_path / name, sample_result(), Session(), ())
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_a_later_run_leaves_nothing_of_the_earlier_one_and_all_that_is_others(tmp_path: Path) -> None:
    export_run(tmp_path, sample_result(), Session(), ("png",), FigureOptions(resolution=60))
    (tmp_path / "paper.tex").write_text("precious")
    (tmp_path / "heatmaps.tiff").write_text("precious")
    smaller = run_analysis(AnalysisRequest(words=WordRule(limit=10)))
    export_run(tmp_path, smaller, Session(smaller.request), ())
    assert set(contents(tmp_path)) == ALWAYS | {"paper.tex", "heatmaps.tiff"}
    assert len(json.loads((tmp_path / "result.json").read_text())["words"]) == 10


@pytest.mark.parametrize("name", ["words.csv", "heatmaps.pdf", "result.json", "reproduce.py"])
def test_a_file_of_our_name_that_no_run_wrote_is_not_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("precious")
    with pytest.raises(ExportError, match=f"{name} that no earlier run wrote"):
        export_run(tmp_path, sample_result(), Session(), ())
    assert contents(tmp_path) == {name: b"precious"}


def test_a_session_called_as_a_report_is_no_earlier_run(tmp_path: Path) -> None:
    write_session(tmp_path / "result.json", Session())
    (tmp_path / "words.csv").write_text("precious")
    before = contents(tmp_path)
    with pytest.raises(ExportError, match="that no earlier run wrote"):
        export_run(tmp_path, sample_result(), Session(), ())
    assert contents(tmp_path) == before


def test_a_link_of_our_name_that_leads_nowhere_now_is_not_replaced(tmp_path: Path) -> None:
    link = tmp_path / "words.csv"
    link.symlink_to(tmp_path / "unmounted")
    with pytest.raises(ExportError, match=r"words\.csv that no earlier run wrote"):
        export_run(tmp_path, sample_result(), Session(), ())
    assert [path.is_symlink() for path in tmp_path.iterdir()] == [True]


def test_a_folder_of_our_name_is_not_replaced(tmp_path: Path) -> None:
    export_run(tmp_path, sample_result(), Session(), ())
    (tmp_path / "heatmaps.svg").mkdir()
    with pytest.raises(ExportError, match=r"heatmaps\.svg"):
        export_run(tmp_path, sample_result(), Session(), ())
    assert (tmp_path / "heatmaps.svg").is_dir()


class CancelledAt:
    """A user who presses Cancel at a step of this name."""

    def __init__(self, message: str) -> None:
        self._message = message

    def step(self, message: str, fraction: float | None = None) -> None:
        if message.startswith(self._message):
            raise Cancelled


@pytest.mark.parametrize("step", ["writing the pairs", "drawing scatter.svg"])
def test_a_cancelled_export_changes_nothing(tmp_path: Path, step: str) -> None:
    with pytest.raises(Cancelled):
        export_run(tmp_path / "new", sample_result(), Session(), progress=CancelledAt(step))
    assert contents(tmp_path) == {}
    export_run(tmp_path, sample_result(), Session(), ())
    before = contents(tmp_path)
    with pytest.raises(Cancelled):
        export_run(tmp_path, sample_result(), Session(), progress=CancelledAt(step))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("room", [0, 1, 3, 5, 7])
def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """The disk takes `room` files and is full."""
    export_run(tmp_path, sample_result(), Session(), ())
    before = contents(tmp_path)
    left = [room]
    sync = os.fsync

    def full(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    smaller = run_analysis(AnalysisRequest(words=WordRule(limit=10)))
    with pytest.raises(ExportError, match="the disk is full; free some space"):
        export_run(tmp_path, smaller, Session(smaller.request))
    assert contents(tmp_path) == before


def test_files_that_cannot_be_moved_in_place_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_run(tmp_path, sample_result(), Session(), ())
    before = contents(tmp_path)
    replace = os.replace

    def refusing(source: Any, target: Any) -> None:
        if Path(target) == tmp_path / "result.json" and Path(source).parent.name == "new":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        replace(source, target)

    monkeypatch.setattr(os, "replace", refusing)
    smaller = run_analysis(AnalysisRequest(words=WordRule(limit=10)))
    with pytest.raises(ExportError, match="may not be written to") as caught:
        export_run(tmp_path, smaller, Session(smaller.request), ())
    assert str(tmp_path) in str(caught.value)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["file", "file/run", "a" * 300])
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(ExportError, match="choose") as caught:
        export_run(tmp_path / name, sample_result(), Session(), ())
    assert str(tmp_path / name) in str(caught.value)
    assert contents(tmp_path) == {"file": b"precious"}


def test_figures_have_the_sessions_colours(tmp_path: Path) -> None:
    export_run(tmp_path, sample_result(), Session(colours=ColourScale("cividis", (0.0, 0.5))), ())
    script = (tmp_path / "reproduce.py").read_text("utf-8")
    assert "COLOUR_MAP = 'cividis'" in script
    assert "LEVELS = [(0.0, 0.5), (0.0, 0.5)]" in script
