"""The sheet every figure is drawn on: what was analysed above, where the spaces come from below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.data import EmbeddingSpace
from engine.description import describe_agreement, describe_analysis, describe_sources, isolated, spelt_out
from engine.export.style import FAINT, INK, SMALL, TEXT, TITLE, fitted, text_width, wrapped
from engine.result import AnalysisResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN = 0.15  # inches
LEADING = 1.35  # line height, in type sizes
MOST_SENTENCES = 10  # on how pairs of spaces agree; ten spaces have 45 of them
NARROWEST = 5.0  # inches of text width: a heading in a narrower column is hard to read


class Sheet:
    """A figure with room for axes between its heading and its sources; all lengths are inches.

    Parameters
    ----------
    result : AnalysisResult
        What the heading and the sources tell of.
    title : str
    width, height : float
        Of the room for axes.

    Attributes
    ----------
    figure : matplotlib Figure
    """

    def __init__(self, result: AnalysisResult, title: str, width: float, height: float) -> None:
        from matplotlib.figure import Figure

        room = max(width, NARROWEST)
        heading = [(line, TITLE, INK, "bold") for line in wrapped(title, room, TITLE, "bold")]
        told = [describe_analysis(result), *_first(describe_agreement(result))]
        heading += [(line, TEXT, INK, "normal") for text in told for line in wrapped(text, room, TEXT)]
        sources = [
            (line, SMALL, FAINT, "normal") for text in describe_sources(result) for line in wrapped(text, room, SMALL)
        ]
        self._top = MARGIN + _height(heading) + 0.1
        self._width = room + 2 * MARGIN
        self._height = self._top + height + 0.1 + _height(sources) + MARGIN
        self.figure: Figure = Figure(figsize=(self._width, self._height), facecolor="white")
        self._write(heading, MARGIN)
        self._write(sources, self._top + height + 0.1)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """New axes in the room, measured from its upper left corner."""
        below = self._height - self._top - top - height
        return self.figure.add_axes(
            (
                (MARGIN + left) / self._width,
                below / self._height,
                width / self._width,
                height / self._height,
            )
        )

    def _write(self, lines: list[tuple[str, float, str, str]], top: float) -> None:
        for text, size, colour, weight in lines:
            self.figure.text(
                MARGIN / self._width, 1 - top / self._height, text, size=size, color=colour, weight=weight, va="top"
            )
            top += size * LEADING / 72


def _first(sentences: list[str]) -> list[str]:
    more = len(sentences) - MOST_SENTENCES
    return sentences if more <= 0 else [*sentences[:MOST_SENTENCES], f"And {more:,} more pairs of spaces."]


def _height(lines: list[tuple[str, float, str, str]]) -> float:
    return sum(size for _, size, _, _ in lines) * LEADING / 72


def space_label(space: EmbeddingSpace, width: float, points: float, before: str = "") -> str:
    """Name and dimensions of a space in at most `width` inches; a long name is cut, the dimensions never."""
    after = f", {space.dimensions:,} d"
    room = width - text_width(before + after, points)
    return before + isolated(fitted(spelt_out(space.name), room, points)) + after


def both_names(names: tuple[str, str], between: str, width: float, points: float) -> str:
    """The names of two spaces in at most `width` inches; each may fill half, and what the other leaves free."""
    room = width - text_width(between, points)
    names = spelt_out(names[0]), spelt_out(names[1])
    needed = [text_width(name, points) for name in names]
    rooms = [max(room / 2, room - needed[1]), max(room / 2, room - needed[0])]
    return between.join(isolated(fitted(name, most, points)) for name, most in zip(names, rooms, strict=True))
