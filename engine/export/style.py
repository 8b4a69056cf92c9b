"""The look of figure files: fonts, colours, and texts cut and wrapped to measured widths.

matplotlib is imported where it is used, because a run without figures does not need it.
"""

from __future__ import annotations

import logging
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from engine.description import END_OF_ISOLATE, ISOLATE

TITLE, TEXT, SMALL, LABEL = 10.0, 8.0, 6.5, 6.0  # points
INK, FAINT, LINE = "#1d212a", "#646b79", "#d3d7de"
SPACE_HUES = ("#2563c9", "#c2570c", "#7a3fb5", "#4d7c0f")  # as in the window

LONGEST_LABEL = 28  # characters of a word beside a matrix

# Fonts with the scripts that matplotlib's own font lacks, on Linux, Windows and macOS.
FALLBACK_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Noto Sans JP",
    "Noto Sans KR",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "SimHei",
    "Yu Gothic",
    "Malgun Gothic",
    "PingFang SC",
    "Hiragino Sans",
    "Apple SD Gothic Neo",
    "Arial Unicode MS",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Nirmala UI",
    "Leelawadee UI",
    "Noto Emoji",
    "Segoe UI Symbol",
    "Unifont",
)


@contextmanager
def figure_style() -> Iterator[None]:
    """Our settings instead of the user's, for as long as figures are drawn and saved; then the user's again."""
    from matplotlib import style

    fonts = logging.getLogger("matplotlib.font_manager")
    level = fonts.level
    with style.context(["default", _settings()]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)  # no installed font has it: a box is drawn
        fonts.setLevel(logging.ERROR)  # a fallback font without a bold face is good enough
        try:
            yield
        finally:
            fonts.setLevel(level)


def _settings() -> dict[str, object]:
    return {
        "font.family": ["DejaVu Sans", *_fallback_fonts()],
        "font.size": TEXT,
        "text.color": INK,
        "text.parse_math": False,  # a word may be "$x_1$"
        "axes.edgecolor": FAINT,
        "axes.labelcolor": INK,
        "axes.labelsize": TEXT,
        "axes.linewidth": 0.6,
        "xtick.color": FAINT,
        "ytick.color": FAINT,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "svg.fonttype": "none",  # text stays text
        "svg.hashsalt": "rsascope",  # equal figures are equal files
        "pdf.fonttype": 42,
    }


@lru_cache(maxsize=1)
def _fallback_fonts() -> list[str]:
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return [name for name in FALLBACK_FONTS if name in installed]


def text_width(text: str, points: float, weight: str = "normal") -> float:
    """The width of one line of text, in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    width, _, _ = text_to_path.get_text_width_height_descent(text, FontProperties(size=points, weight=weight), False)
    return float(width) / 72


def fitted(text: str, width: float, points: float) -> str:
    """The text, or as much of its beginning as fits into `width` inches, with an ellipsis."""
    if text_width(text, points) <= width:
        return text
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if text_width(text[:middle] + "…", points) <= width else (low, middle)
    return text[:low].rstrip() + "…"


def wrapped(text: str, width: float, points: float, weight: str = "normal") -> list[str]:
    """The text in lines of at most `width` inches, broken at spaces where there are any.

    Where a line ends within isolated text, the rest is isolated again: else what is written from right to left would
    turn the line that it begins.
    """
    lines = [""]
    for word in text.split(" "):
        candidate = f"{lines[-1]} {word}".strip()
        if text_width(candidate, points, weight) <= width:
            lines[-1] = candidate
        else:
            lines += _pieces(word, width, points, weight)
    return _isolated_in_each([line for line in lines if line])


def _pieces(word: str, width: float, points: float, weight: str) -> list[str]:
    pieces = [""]
    for character in word:
        if text_width(pieces[-1] + character, points, weight) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _isolated_in_each(lines: list[str]) -> list[str]:
    whole, again = [], ""
    for line in lines:
        begun = again + line
        _, isolate, name = begun.rpartition(ISOLATE)
        again = ISOLATE + _direction(name) if isolate and END_OF_ISOLATE not in name else ""
        whole.append(begun + END_OF_ISOLATE if again else begun)
    return whole


def _direction(text: str) -> str:
    """The mark of the direction that a text has by its first letter, for the rest of it."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "\u200e" if first == "L" else "\u200f"
