"""Everything a run leaves behind, written together or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from engine.errors import ExportError
from engine.export.figures import FIGURES, FORMATS, FigureOptions, figure_bytes, figures_of
from engine.export.matrices import write_matrices
from engine.export.report import report
from engine.export.script import reproduce_script
from engine.export.tables import write_categories, write_pairs, write_statistics, write_words
from engine.progress import SILENT, Progress
from engine.result import AnalysisResult
from engine.session import Session, json_text
from engine.writing import check_writable, named_errors, write, written_together

REPORT = "result.json"
BEGINNING = re.compile(rb'\s*\{\s*"session"\s*:\s*\{\s*"rsascope_session"')  # of a report, and not of a session
OURS = (
    REPORT,
    "words.csv",
    "pairs.csv",
    "categories.csv",
    "statistics.csv",
    "matrices.npz",
    "reproduce.py",
    *(f"{name}.{format}" for name in FIGURES for format in FORMATS),
)


def export_run(
    folder: Path,
    result: AnalysisResult,
    session: Session,
    figures: Sequence[str] = ("svg",),
    options: FigureOptions | None = None,
    progress: Progress = SILENT,
) -> None:
    """Write result.json, words.csv, pairs.csv, matrices.npz, reproduce.py and the figures into a folder.

    Where words have categories, categories.csv too; where anything was inferred, statistics.csv.

    Parameters
    ----------
    folder : Path
        Made if it is not there. Files of an earlier run in it are replaced, also those this run has none of;
        other files stay.
    result : AnalysisResult
    session : Session
        Its colours are those of the figures, if `options` does not say otherwise.
    figures : sequence of str
        Formats, of `FORMATS`; none: no figures, and matplotlib is not needed.
    options : FigureOptions, optional
    progress : Progress

    Raises
    ------
    ExportError
        If the folder cannot be written, or has files of these names that no run wrote; it is as it was.
    Cancelled
        Likewise.
    """
    options = options or FigureOptions(session.colours)
    check_folder(folder)
    with written_together(folder, OURS) as drafts:
        write(drafts / "words.csv", partial(write_words, result=result))
        write(drafts / "pairs.csv", partial(write_pairs, result=result, progress=progress))
        if result.categories:
            write(drafts / "categories.csv", partial(write_categories, result=result))
        if result.inferred:
            write(drafts / "statistics.csv", partial(write_statistics, result=result))
        write(drafts / "matrices.npz", partial(write_matrices, result=result))
        write(drafts / "reproduce.py", reproduce_script(result, options).encode("utf-8"))
        drawn = [(name, format) for name in figures_of(result) for format in figures]
        for i, (name, format) in enumerate(drawn):
            progress.step(f"drawing {name}.{format}", i / len(drawn))
            write(drafts / f"{name}.{format}", figure_bytes(name, result, options, format))
        write(drafts / REPORT, json_text(report(result, session)))


def check_folder(folder: Path) -> None:
    """Nothing, if a run may be written to the folder.

    Raises
    ------
    ExportError
        If it cannot be written to, or has files of our names that no earlier run wrote: somebody's words.csv is
        not ours to replace.
    """
    check_writable(folder)
    with named_errors(folder):
        taken = [name for name in OURS if os.path.lexists(folder / name)]
        strange = [name for name in taken if not _is_run(folder) or not (folder / name).is_file()]
    if strange:
        raise ExportError(
            f"{folder} has a {strange[0]} that no earlier run wrote; choose another folder or move that file away."
        )


def _is_run(folder: Path) -> bool:
    if not (folder / REPORT).is_file():
        return False
    with (folder / REPORT).open("rb") as file:
        return BEGINNING.match(file.read(200)) is not None
