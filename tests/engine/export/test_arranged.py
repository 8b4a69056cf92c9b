"""What leaves the program follows the words' order, with clusters, categories and the difference."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from scipy.cluster.hierarchy import leaves_list

from engine.analysis import run_analysis
from engine.colours import CATEGORY_COLOURS, DIFFERENCE_COLOURS, OTHER_CATEGORIES
from engine.description import describe_analysis
from engine.export.figures import FIGURES, FigureOptions, figure_bytes
from engine.export.matrices import write_matrices
from engine.export.run import export_run
from engine.export.style import figure_style
from engine.export.tables import write_categories, write_pairs, write_words
from engine.ordering import ORDERS
from engine.request import AnalysisRequest
from engine.result import AnalysisResult
from engine.session import Session
from engine.words import WordList, WordRule
from tests.engine.export.made import made_result, sample_result
from tests.engine.export.test_figures import drawn, texts

WORDS = ("mother", "money", "father", "world", "business", "school")
ASSIGNED = (("mother", "people"), ("father", "people"), ("money", "trade & co"), ("business", "trade & co"))


@cache
def arranged(order: str, difference: str = "none") -> AnalysisResult:
    return run_analysis(AnalysisRequest(words=WordList(WORDS, ASSIGNED), order=order, difference=difference))


def rows_of(write: object, result: AnalysisResult) -> list[list[str]]:
    assert callable(write)
    file = io.BytesIO()
    write(file, result)
    return list(csv.reader(io.StringIO(file.getvalue().decode())))


def trees(figure: Figure) -> list[Axes]:
    """Where brackets are drawn, one per join of the six words."""
    return [axes for axes in figure.axes if any(len(lines.get_paths()) == 5 for lines in axes.collections)]


@pytest.mark.parametrize("order", ORDERS)
def test_every_table_and_figure_follows_the_order(order: str) -> None:
    result = arranged(order)
    assert [row[1] for row in rows_of(write_words, result)[1:]] == list(result.words)
    pairs = rows_of(write_pairs, result)[1:]
    assert [row[:2] for row in pairs[:5]] == [[result.words[0], word] for word in result.words[1:]]
    for first, second, *values in pairs:
        i, j = result.rows[first], result.rows[second]
        assert [float(value) for value in values[:2]] == [space.similarities.values[i, j] for space in result.spaces]
    axes = drawn("heatmaps", result).axes
    pictures = [one for one in axes if one.images and one.images[0].get_array().shape == (6, 6)]
    assert len(pictures) == 2
    assert [label.get_text() for label in pictures[0].get_yticklabels()] == list(result.words)


@pytest.mark.parametrize("name", ["heatmaps", "difference"])
def test_clusters_are_drawn_beside_their_rows(name: str) -> None:
    result = arranged("cluster_a")
    assert result.tree is not None
    figure = drawn(name, result)
    (tree,) = trees(figure)
    (lines,) = tree.collections
    assert isinstance(lines, LineCollection)
    np.testing.assert_allclose([path.vertices for path in lines.get_paths()], result.tree.joins)
    picture = next(axes for axes in figure.axes if axes.images and axes.images[0].get_array().shape == (6, 6))
    assert tree.get_ylim() == (6, 0)
    for edge in ("y0", "y1"):
        assert getattr(tree.get_position(), edge) == pytest.approx(getattr(picture.get_position(), edge))
    assert tree.get_position().x1 < picture.get_position().x0
    assert not trees(drawn(name, arranged("as_found")))


def test_a_category_is_a_stripe_beside_its_rows_and_below_its_columns() -> None:
    result = arranged("category")
    strips = [axes.images[0].get_array() for axes in drawn("heatmaps", result).axes if axes.images]
    beside = [pixels for pixels in strips if pixels.shape[:2] == (6, 1)]
    below = [pixels for pixels in strips if pixels.shape[:2] == (1, 6)]
    assert (len(beside), len(below)) == (1, 2)
    colours = dict(zip(result.category_names, CATEGORY_COLOURS, strict=False))
    for row, name in enumerate(result.categories):
        for pixel in (beside[0][row, 0], below[0][0, row], below[1][0, row]):
            assert (to_hex(pixel[:3]), pixel[3]) == ((colours[name], 1) if name else ("#000000", 0))


@pytest.mark.parametrize("name", ["heatmaps", "difference"])
def test_the_colours_of_categories_are_explained(name: str) -> None:
    assert {"people", "trade & co"} <= set(texts(name, arranged("category")))
    many = WordList(tuple(f"w{i}" for i in range(12)), tuple((f"w{i}", f"kind {i}") for i in range(12)))
    result = made_result(many.words)
    result = run_analysis(AnalysisRequest(result.request.spaces, many))
    assert {"kind 0", "kind 8", "3 more"} <= set(texts(name, result))
    assert "kind 9" not in texts(name, result)
    patches = [patch for axes in drawn(name, result).axes for patch in axes.patches]
    assert OTHER_CATEGORIES in [to_hex(patch.get_facecolor()) for patch in patches]


def test_categories_keep_their_colours_in_every_order() -> None:
    assert {arranged(order).category_names for order in ORDERS} == {("people", "trade & co")}


@pytest.mark.parametrize("kind", ["none", "values", "ranks"])
def test_the_difference_is_drawn_about_zero_and_says_what_minus_what(kind: str) -> None:
    result = run_analysis(AnalysisRequest(difference=kind))
    figure = drawn("difference", result)
    picture, bar = figure.axes
    (image,) = picture.images
    low, high = image.get_clim()
    assert -low == high > 0
    expected = result.spaces[0].similarities.values - result.spaces[1].similarities.values
    if result.difference is not None:
        expected = result.difference.values
        assert high == result.difference.extent
    np.testing.assert_allclose(image.get_array(), expected * ~np.eye(100, dtype=bool), atol=1e-6)
    assert [to_hex(image.get_cmap()(end)) for end in (0.0, 1.0)] == [DIFFERENCE_COLOURS[0], DIFFERENCE_COLOURS[-1]]
    np.testing.assert_allclose(image.get_cmap()(0.5), to_rgba(DIFFERENCE_COLOURS[5]), atol=0.01)
    assert picture.get_title(loc="left") == "word2vec (sample) − MiniLM (sample)"
    assert bar.get_ylabel() == f"difference of {'percentiles' if kind == 'ranks' else 'similarities'}"


def test_of_categories_there_is_a_table() -> None:
    heading, *rows = rows_of(write_categories, arranged("as_found"))
    assert heading == ["space", "category", "words", "within", "between", "selectivity"]
    means = arranged("as_found").category_means
    assert [row[:3] for row in rows[:3]] == [
        ["word2vec (sample)", "(all)", "4"],
        ["word2vec (sample)", "people", "2"],
        ["word2vec (sample)", "trade & co", "2"],
    ]
    assert [float(row[3]) for row in rows] == [one.within for one in means], "every digit is there"
    assert [row[5] for row in rows] == ["" if one.selectivity is None else repr(one.selectivity) for one in means]


def test_words_are_listed_with_their_category() -> None:
    heading, *rows = rows_of(write_words, arranged("category"))
    assert heading[:3] == ["row", "word", "category"]
    assert [row[2] for row in rows] == ["people", "people", "trade & co", "trade & co", "", ""]


def test_a_run_has_the_categories_and_their_means(tmp_path: Path) -> None:
    result = arranged("category")
    export_run(tmp_path, result, Session(result.request), ())
    read = json.loads((tmp_path / "result.json").read_text())
    assert read["session"]["order"] == "category"
    assert read["words"] == list(result.words)
    assert read["categories"] == ["people", "people", "trade & co", "trade & co", None, None]
    assert read["category_means"][1] == {
        "space": "word2vec (sample)",
        "category": "people",
        "n_words": 2,
        "within": result.category_means[1].within,
        "between": result.category_means[1].between,
        "selectivity": result.category_means[1].selectivity,
    }
    assert (tmp_path / "categories.csv").is_file()
    export_run(tmp_path, sample_result(), Session(), ())
    assert not (tmp_path / "categories.csv").exists(), "without categories there is none"


def test_matrices_have_the_clusters() -> None:
    file = io.BytesIO()
    write_matrices(file, arranged("cluster_b"))
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        np.testing.assert_array_equal(leaves_list(arrays["linkage"]), range(6))


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("as_found", ""),
        ("alphabetical", "; in alphabetical order"),
        ("cluster_b", "; in clusters of MiniLM (sample)"),
        ("cluster_mean", "; in clusters of the mean of all spaces"),
    ],
)
def test_the_order_is_told(order: str, told: str) -> None:
    assert describe_analysis(arranged(order)) == f"6 listed words that both spaces know; cosine similarity{told}."


@pytest.mark.slow
def test_a_tree_of_very_many_words_does_not_make_a_large_file() -> None:
    result = run_analysis(AnalysisRequest(words=WordRule(1, 99, None), order="cluster_a"))
    with figure_style():
        assert set(FIGURES) >= {"heatmaps", "difference"}
    assert len(figure_bytes("heatmaps", result, FigureOptions(resolution=100), "svg")) < 3_000_000
