"""Figure files: text is text, the pictures show the numbers, and any word or name can be on them."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from base64 import b64decode
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.image import imread

from engine.colours import ColourScale
from engine.data import SimilarityMatrix
from engine.errors import ExportError
from engine.export.figures import FIGURES, FORMATS, NEEDS, FigureOptions, figure_bytes, save_figure
from tests.engine.export.drawn import COARSE, SVG, drawn, texts
from tests.engine.export.made import EVERYTHING, UNRULY, inferred_sample_result, made_result, sample_result


@pytest.mark.parametrize("name", FIGURES)
def test_what_was_analysed_stands_on_every_figure_as_text(name: str) -> None:
    told = "\n".join(texts(name, inferred_sample_result()))
    dimensions = () if name in NEEDS else ("word2vec (sample), 300 d", "MiniLM (sample), 384 d")
    for fact in (
        "The first 100 words of 6 characters that both spaces know; cosine similarity.",
        *dimensions,
        "r = .527, S_c = .743 over 4,950 pairs",
        "MiniLM (sample): all-MiniLM-L6-v2, token matrix",
    ):
        assert fact in told


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(("format", "head"), [("svg", b"<?xml"), ("pdf", b"%PDF-"), ("png", b"\x89PNG")])
def test_the_suffix_chooses_the_format(tmp_path: Path, name: str, format: str, head: bytes) -> None:
    save_figure(tmp_path / f"figure.{format.upper()}", name, inferred_sample_result(), COARSE)
    (file,) = tmp_path.iterdir()
    assert file.read_bytes().startswith(head)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("format", FORMATS)
def test_equal_results_are_equal_files(name: str, format: str) -> None:
    first, second = (figure_bytes(name, inferred_sample_result(), COARSE, format) for _ in range(2))
    assert first == second


def test_letters_in_a_pdf_are_letters() -> None:
    content = figure_bytes("scatter", sample_result(), COARSE, "pdf")
    assert b"/TrueType" in content or b"/Type0" in content, "a font is embedded"
    assert b"/Type3" not in content, "journals refuse outlines posing as fonts"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
def test_the_text_of_a_pdf_can_be_copied(tmp_path: Path) -> None:
    save_figure(tmp_path / "f.pdf", "heatmaps", sample_result(), COARSE)
    read = subprocess.run(["pdftotext", str(tmp_path / "f.pdf"), "-"], capture_output=True, text=True, check=True)
    assert "The first 100 words of 6 characters" in read.stdout
    assert "people" in read.stdout


def test_the_resolution_is_that_of_the_pixels() -> None:
    widths = [
        imread(io.BytesIO(figure_bytes("scatter", sample_result(), FigureOptions(resolution=dpi), "png"))).shape[1]
        for dpi in (60, 120)
    ]
    assert widths[1] == pytest.approx(2 * widths[0], abs=4)


def test_heatmaps_show_the_matrices_first_word_on_top_under_one_scale() -> None:
    figure = drawn("heatmaps", sample_result())
    first, second, bar = figure.axes
    for axes, space in zip((first, second), sample_result().spaces, strict=True):
        (image,) = axes.images
        np.testing.assert_array_equal(image.get_array(), space.similarities.values)
        assert image.get_clim() == (0.1, 0.6)
        assert image.get_cmap().name == "plasma"
        low, high = axes.get_ylim()
        assert low > high, "row 0 is on top"
    assert bar.get_ylim() == (0.1, 0.6)
    assert bar.get_ylabel() == "cosine similarity"


def test_every_fifth_of_a_hundred_words_is_labelled_at_its_own_row() -> None:
    axes = drawn("heatmaps", sample_result()).axes[0]
    labels = {int(row): label.get_text() for row, label in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)}
    assert labels == {row: sample_result().words[row] for row in range(0, 100, 5)}
    assert [label.get_text() for label in axes.get_xticklabels()] == list(labels.values())


def test_an_asymmetric_matrix_is_not_transposed() -> None:
    result = made_result(("sun", "moon", "star"))
    values = np.arange(9.0).reshape(3, 3)
    space = replace(
        result.spaces[0], compared=replace(result.spaces[0].compared, similarities=SimilarityMatrix(values))
    )
    image = drawn("heatmaps", replace(result, spaces=(space, result.spaces[1]))).axes[0].images[0]
    np.testing.assert_array_equal(image.get_array(), values)


def test_scales_that_differ_have_a_bar_each() -> None:
    own = FigureOptions(ColourScale("viridis", None, shared=False), resolution=60)
    figure = drawn("heatmaps", sample_result(), own)
    first, first_bar, second, second_bar = figure.axes
    for axes, bar in ((first, first_bar), (second, second_bar)):
        assert bar.get_ylim() == axes.images[0].get_clim()
    assert first_bar.get_ylim() != second_bar.get_ylim()


def test_cells_of_a_heatmap_keep_their_edges_in_the_file() -> None:
    """Viewers smooth an image of 5 x 5 pixels into a blur, so the file has it large, in the cells' own colours."""
    root = ET.fromstring(figure_bytes("heatmaps", made_result(tuple("abcde")), FigureOptions(), "svg"))
    sources = [image.attrib["{http://www.w3.org/1999/xlink}href"] for image in root.iter(f"{SVG}image")]
    images = [imread(io.BytesIO(b64decode(source.partition(",")[2]))) for source in sources]
    large = [pixels for pixels in images if min(pixels.shape[:2]) > 900]
    assert len(large) == 2
    for pixels in large:
        assert len(np.unique(pixels.reshape(-1, 4), axis=0)) <= 26  # 25 cells, and what is beside the last


def test_the_scatter_is_every_pair_between_equal_axes_with_zero_lines() -> None:
    (axes,) = drawn("scatter", sample_result()).axes
    first, second = (space.similarities.values for space in sample_result().spaces)
    above = np.triu_indices(100, 1)
    (points,) = (line for line in axes.lines if len(line.get_xdata()) == 4950)
    np.testing.assert_array_equal(points.get_xdata(), first[above])
    np.testing.assert_array_equal(points.get_ydata(), second[above])
    assert axes.get_xlim() == axes.get_ylim() == (-0.2, 1.0)
    lines = [(tuple(line.get_xdata()), tuple(line.get_ydata())) for line in axes.lines if len(line.get_xdata()) == 2]
    assert sorted(lines) == [((0, 0), (0, 1)), ((0, 1), (0, 0))]
    assert axes.get_title(loc="left") == "r = .527, S_c = .743, 4,950 pairs"


def test_no_pair_is_outside_the_scatter() -> None:
    for similarity in ("cosine", "dot", "euclidean"):
        result = made_result([f"w{i}" for i in range(30)], dimensions=3, similarity=similarity)
        (axes,) = drawn("scatter", result).axes
        x, y = (space.similarities.triangle for space in result.spaces)
        assert axes.get_xlim()[0] <= x.min() <= x.max() <= axes.get_xlim()[1]
        assert axes.get_ylim()[0] <= y.min() <= y.max() <= axes.get_ylim()[1]


def test_many_pairs_are_drawn_as_a_density_that_says_so_and_counts_all() -> None:
    result = made_result([f"w{i}" for i in range(210)])
    axes, bar = drawn("scatter", result).axes
    assert axes.images[0].get_array().sum() == 210 * 209 // 2
    assert "pairs per cell" in bar.get_ylabel()
    assert any("Density" in text for text in texts("scatter", result))
    assert len(figure_bytes("scatter", result, FigureOptions(), "svg")) < 300_000


def test_the_profile_is_the_words_vector_in_each_space() -> None:
    for word, row in ((None, 0), ("school", sample_result().rows["school"])):
        figure = drawn("profile", sample_result(), FigureOptions(profile_word=word))
        for axes, space in zip(figure.axes, sample_result().spaces, strict=True):
            (curve,) = (line for line in axes.lines if len(line.get_ydata()) > 2)
            np.testing.assert_array_equal(curve.get_ydata(), space.vectors[row])
        assert sample_result().words[row] in figure.texts[0].get_text()


def test_more_spaces_have_a_panel_each_and_one_per_pair() -> None:
    result = made_result([f"w{i}" for i in range(12)], ("one", "two", "three", "four"))
    assert len([axes for axes in drawn("heatmaps", result).axes if axes.images]) == 4
    assert len(drawn("profile", result).axes) == 4
    labels = [(axes.get_xlabel(), axes.get_ylabel()) for axes in drawn("scatter", result).axes]
    names = [f"cosine similarity in {space.name}, 12 d" for space in result.spaces]
    assert labels == list(combinations(names, 2))


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("format", FORMATS)
def test_any_word_and_name_can_be_drawn(name: str, format: str, recwarn: pytest.WarningsRecorder) -> None:
    result = made_result(UNRULY, ("$A$ & <B>\x01", "東京\n"), statistics=replace(EVERYTHING, draw_size=8))
    for word in UNRULY if (name, format) == ("profile", "svg") else UNRULY[:1]:
        content = figure_bytes(name, result, replace(COARSE, profile_word=word), format)
        if format == "svg":
            ET.fromstring(content)  # refuses what XML does not allow
    assert not recwarn.list


def test_words_are_neither_mathematics_nor_markup_nor_hidden() -> None:
    shown = texts("heatmaps", made_result(UNRULY))
    printed = ("$x_1$", "\\frac{1}{2}", "<b>&amp;", "東京", "bell\\x07\\rring", "\\u202eevil", "half\\ud800", "\\ufffe")
    for word in printed:
        assert word in shown


def test_the_users_own_settings_neither_matter_nor_suffer() -> None:
    expected = figure_bytes("scatter", sample_result(), COARSE, "svg")
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "path", "axes.facecolor": "red"}):
        before = dict(matplotlib.rcParams)
        assert figure_bytes("scatter", sample_result(), COARSE, "svg") == expected
        assert dict(matplotlib.rcParams) == before


def test_figures_leave_pyplot_alone() -> None:
    code = (
        "import sys; from engine.analysis import *; from engine.request import *; from engine.export.figures import *\n"
        "figure_bytes('profile', run_analysis(AnalysisRequest()), FigureOptions(), 'png')\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[3]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.split() == ["False"]
    assert run.stderr == ""


@pytest.mark.parametrize("suffix", [".jpg", "", ".svgz"])
def test_another_format_is_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(ExportError, match="choose one of svg, pdf, png"):
        save_figure(tmp_path / f"figure{suffix}", "scatter", sample_result(), COARSE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("resolution", [0, 49, 1201])
def test_a_resolution_that_cannot_be_drawn_is_refused(resolution: int) -> None:
    with pytest.raises(ExportError, match="from 50 to 1,200"):
        figure_bytes("scatter", sample_result(), FigureOptions(resolution=resolution), "png")


def test_a_word_that_was_not_analysed_has_no_profile() -> None:
    with pytest.raises(ExportError, match="'hovercraft' is not among the words"):
        figure_bytes("profile", sample_result(), FigureOptions(profile_word="hovercraft"), "svg")


def test_a_figure_that_cannot_be_saved_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(ExportError, match="is a file"):
        save_figure(tmp_path / "file" / "f.svg", "scatter", sample_result(), COARSE)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
