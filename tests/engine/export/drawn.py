"""Figures drawn for tests."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from matplotlib.figure import Figure

from engine.export.figures import FIGURES, FigureOptions, figure_bytes
from engine.export.style import figure_style
from engine.result import AnalysisResult

SVG = "{http://www.w3.org/2000/svg}"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitän"
LONG_NAME = "a space whose name somebody wrote without thinking of figures " * 3
COARSE = FigureOptions(resolution=60)


def texts(name: str, result: AnalysisResult, options: FigureOptions = COARSE) -> list[str]:
    """Every piece of text in the SVG file."""
    root = ET.fromstring(figure_bytes(name, result, options, "svg"))
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def drawn(name: str, result: AnalysisResult, options: FigureOptions = COARSE) -> Figure:
    with figure_style():
        figure = FIGURES[name](result, options)
        figure.draw_without_rendering()
    return figure
