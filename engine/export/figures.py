"""Figure files for papers: SVG and PDF in which text is text, and PNG.

A new figure is one drawing function and one entry of `FIGURES`; exports and menus find it there.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.colours import ColourScale
from engine.errors import ExportError
from engine.export.style import figure_style
from engine.result import AnalysisResult
from engine.writing import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "pdf", "png")
LOWEST_RESOLUTION, HIGHEST_RESOLUTION = 50, 1200  # dots per inch


@dataclass(frozen=True)
class FigureOptions:
    """How figures look.

    Parameters
    ----------
    colours : ColourScale
        Of the heatmaps.
    profile_word : str or None
        Whose profile; None: the first word's.
    resolution : int
        Dots per inch of PNG files, and of matrices inside SVG and PDF files; 50 to 1,200.
    """

    colours: ColourScale = ColourScale()
    profile_word: str | None = None
    resolution: int = 300


# Each drawing is imported when it is drawn: a run without figures needs none of them.


def _heatmaps(result: AnalysisResult, options: FigureOptions) -> Figure:
    from engine.export.heatmaps import draw_heatmaps

    return draw_heatmaps(result, options.colours)


def _difference(result: AnalysisResult, options: FigureOptions) -> Figure:
    from engine.export.difference import draw_difference

    return draw_difference(result)


def _scatter(result: AnalysisResult, options: FigureOptions) -> Figure:
    from engine.export.scatter import draw_scatter

    return draw_scatter(result)


def _profile(result: AnalysisResult, options: FigureOptions) -> Figure:
    from engine.export.profile import draw_profile

    return draw_profile(result, options.profile_word)


def _null(result: AnalysisResult, options: FigureOptions) -> Figure:
    from engine.export.distributions import draw_null

    return draw_null(result)


def _bootstrap(result: AnalysisResult, options: FigureOptions) -> Figure:
    from engine.export.distributions import draw_bootstrap

    return draw_bootstrap(result)


def _anisotropy(result: AnalysisResult, options: FigureOptions) -> Figure:
    from engine.export.robustness import draw_anisotropy

    return draw_anisotropy(result)


def _robustness(result: AnalysisResult, options: FigureOptions) -> Figure:
    from engine.export.robustness import draw_robustness

    return draw_robustness(result)


FIGURES: dict[str, Callable[[AnalysisResult, FigureOptions], Figure]] = {
    "heatmaps": _heatmaps,
    "difference": _difference,
    "scatter": _scatter,
    "profile": _profile,
    "null": _null,
    "bootstrap": _bootstrap,
    "anisotropy": _anisotropy,
    "robustness": _robustness,
}
NEEDS: dict[str, Callable[[AnalysisResult], object]] = {  # what figures of what was asked for cannot do without
    "difference": lambda result: result.difference is not None,
    "null": lambda result: any(found.tests for _, found in result.inferred),
    "bootstrap": lambda result: any(found.intervals for _, found in result.inferred),
    "anisotropy": lambda result: any(found.by_preprocessing for _, found in result.inferred),
    "robustness": lambda result: any(found.draws or found.bands for _, found in result.inferred),
}


def figures_of(result: AnalysisResult) -> list[str]:
    """Keys of `FIGURES` that the result has something to show for."""
    return [name for name in FIGURES if name not in NEEDS or NEEDS[name](result)]


def save_figure(path: Path, name: str, result: AnalysisResult, options: FigureOptions) -> None:
    """Save a figure, whole or not at all.

    Parameters
    ----------
    path : Path
        Its suffix chooses the format: .svg, .pdf or .png.
    name : str
        A key of `FIGURES`.
    result : AnalysisResult
    options : FigureOptions

    Raises
    ------
    ExportError
    """
    write_atomically(path, figure_bytes(name, result, options, path.suffix.removeprefix(".").lower()))


def figure_bytes(name: str, result: AnalysisResult, options: FigureOptions, format: str) -> bytes:
    """A figure file's content; equal results and options give equal bytes.

    Raises
    ------
    ExportError
        If the format is none of `FORMATS`, the resolution out of range, or the profile's word not in the result.
    """
    if format not in FORMATS:
        raise ExportError(f"{format!r} is not a figure format; choose one of {', '.join(FORMATS)}.")
    if not LOWEST_RESOLUTION <= options.resolution <= HIGHEST_RESOLUTION:
        limits = f"from {LOWEST_RESOLUTION} to {HIGHEST_RESOLUTION:,} dots per inch"
        raise ExportError(f"A figure of {options.resolution:,} dots per inch cannot be drawn; choose {limits}.")
    file = io.BytesIO()
    with figure_style():
        figure = FIGURES[name](result, options)
        figure.savefig(
            file,
            format=format,
            dpi=options.resolution,
            bbox_inches="tight",
            pad_inches=0.1,
            metadata=_metadata(name, format),
        )
    return file.getvalue()


def _metadata(name: str, format: str) -> dict[str, Any]:
    """What the file says of itself: no date, so that equal figures are equal files."""
    undated: dict[str, dict[str, Any]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}
    return {"Title": f"rsascope: {name}", **undated[format]}
