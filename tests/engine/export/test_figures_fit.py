"""Text in figures is neither cut nor covered, whatever is drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from matplotlib.figure import Figure

from engine.colours import ColourScale
from engine.comparison import COMPARISONS
from engine.export.figures import FIGURES, FigureOptions
from engine.result import AnalysisResult
from tests.engine.export.drawn import COARSE, LONG_NAME, LONG_WORD, drawn
from tests.engine.export.made import EVERYTHING, made_result

OWN = FigureOptions(ColourScale(levels=None, shared=False), resolution=60)
SMALLER = replace(EVERYTHING, draw_size=8, bands=2, bootstraps=20, permutations=29)
RESULTS = {
    "few": lambda: made_result(("a", "b", "c")),
    "long": lambda: made_result(
        [f"{LONG_WORD}{i}" for i in range(60)], (LONG_NAME, LONG_NAME.replace(" ", "")), statistics=EVERYTHING
    ),
    "many": lambda: made_result([f"w{i}" for i in range(300)], tuple("ABCDE"), similarity="dot"),
    "three spaces": lambda: made_result([f"w{i}" for i in range(30)], ("one", "two", "three"), statistics=SMALLER),
    "all measures": lambda: made_result(
        [f"w{i}" for i in range(20)], comparisons=tuple(COMPARISONS), neighbours=3, statistics=SMALLER
    ),
}


@pytest.fixture(scope="module", params=RESULTS.values(), ids=RESULTS)
def any_result(request: pytest.FixtureRequest) -> AnalysisResult:
    return request.param()


@pytest.mark.parametrize(("name", "options"), [*((name, COARSE) for name in FIGURES), ("heatmaps", OWN)])
def test_no_text_is_cut_or_covers_another(any_result: AnalysisResult, name: str, options: FigureOptions) -> None:
    figure = drawn(name, any_result, options)
    figure.canvas.draw_idle()
    renderer = figure._get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in visible_texts(figure)]
    for (first, one), (second, other) in combinations(boxes, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        down = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert min(across, down) < 1.5, f"{first!r} covers {second!r}"
    page = figure.get_tightbbox(renderer)
    for text, box in boxes:
        assert box.x0 / figure.dpi >= page.x0 - 0.01, text
        assert box.x1 / figure.dpi <= page.x1 + 0.01, text


@pytest.mark.parametrize("name", ["difference", "null", "bootstrap", "robustness", "anisotropy"])
def test_both_spaces_are_named_above_a_panel_however_long_one_name_is(name: str) -> None:
    words = [f"w{i}" for i in range(30)]
    for names in ((LONG_NAME, "short one"), ("short one", LONG_NAME), (LONG_NAME, f"Second {LONG_NAME}")):
        result = made_result(words, names, statistics=replace(SMALLER, bootstraps=50), difference="values")
        titles = list(filter(None, (axes.get_title(loc="left") for axes in drawn(name, result).axes)))
        assert titles
        for title in titles:
            first, _, second = title.partition(" − " if name == "difference" else " and ")
            for shown, whole in ((first, names[0]), (second, names[1])):
                assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1]) and len(shown) > 8)


def visible_texts(figure: Figure) -> list[Any]:
    def inside(text: Any) -> bool:
        return bool(text.get_text().strip()) and text.get_visible()

    found = list(filter(inside, figure.texts))
    for axes in figure.axes:
        labels = [
            tick.label1 if tick.label1.get_visible() else tick.label2
            for axis in (axes.xaxis, axes.yaxis)
            for tick in axis._update_ticks()
        ]
        titles = [axes._left_title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
        legend = axes.get_legend()
        found += filter(inside, labels + titles + (legend.get_texts() if legend else []))
    return found
