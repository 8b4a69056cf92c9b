"""reproduce.py needs nothing of ours: it runs beside matrices.npz and comes to the same numbers and pictures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from engine.analysis import run_analysis
from engine.colours import ColourScale
from engine.dimensions import Dimensions
from engine.errors import ExportError
from engine.export.figures import FigureOptions, figures_of
from engine.export.matrices import save_matrices
from engine.export.profile import draw_profile
from engine.export.script import reproduce_script
from engine.request import SAMPLE_SPACES, AnalysisRequest
from engine.result import AnalysisResult
from tests.engine.export.drawn import LONG_NAME, drawn
from tests.engine.export.made import UNRULY, made_result, sample_result
from tests.engine.recipe import notebook_recipe

GUARD = """\
import importlib.abc, sys
class Guard(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("engine", "ui", "scipy", "PySide6"):
            raise ImportError(name)
sys.meta_path.insert(0, Guard())
"""


def reproduced(folder: Path, result: AnalysisResult, options: FigureOptions, then: str = "") -> str:
    """What the script prints, run from another folder and without our packages, and what is said of it `then`."""
    save_matrices(folder / "matrices.npz", result)
    (folder / "reproduce.py").write_text(reproduce_script(result, options), "utf-8")
    code = f"{GUARD}import runpy; runpy.run_path({str(folder / 'reproduce.py')!r}, run_name='__main__')\n{then}"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd="/",
        env=environment | {"MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_notebooks_numbers_come_out_again(tmp_path: Path) -> None:
    printed = reproduced(tmp_path, sample_result(), FigureOptions(resolution=60))
    found = re.findall(r"(r|S_c) = ([-.\d]+)", printed)
    recipe = notebook_recipe()
    assert float(dict(found)["r"]) == pytest.approx(recipe.r, abs=1e-6) == pytest.approx(0.52702, abs=1e-5)
    assert float(dict(found)["S_c"]) == pytest.approx(recipe.S_c, abs=1e-6) == pytest.approx(0.74271, abs=1e-5)
    assert float(dict(found)["r"]) == pytest.approx(sample_result().comparisons[0].values["pearson"], abs=1e-12)


def test_all_figures_are_drawn_again(tmp_path: Path) -> None:
    reproduced(tmp_path, sample_result(), FigureOptions(resolution=60))
    for name in figures_of(sample_result()):
        pixels = imread(tmp_path / f"{name}-redrawn.png")
        assert min(pixels.shape[:2]) > 150
        assert pixels[..., :3].std() > 0.05, "not an empty page"


@pytest.mark.slow
def test_unruly_words_many_spaces_and_densities_are_drawn_too(tmp_path: Path) -> None:
    words = (*UNRULY, *(f"w{i}" for i in range(200)))
    result = made_result(words, ("one", "$A$ \\ '\"", "half\ud800"), similarity="dot", difference="ranks")
    options = FigureOptions(ColourScale("viridis", None, shared=False), words[3], 60)
    assert len(reproduced(tmp_path, result, options).splitlines()) == 3
    assert len(list(tmp_path.glob("*-redrawn.png"))) == len(figures_of(result))


def test_some_dimensions_keep_their_numbers(tmp_path: Path) -> None:
    spaces = tuple(replace(SAMPLE_SPACES[0], dimensions=Dimensions(kind)) for kind in ("even", "odd"))
    result = run_analysis(AnalysisRequest(spaces))
    printed = reproduced(tmp_path, result, FigureOptions(resolution=60))
    r = dict(re.findall(r"(r|S_c) = ([-.\d]+)", printed))["r"]
    assert float(r) == pytest.approx(result.comparisons[0].values["pearson"], abs=1e-12)
    with np.load(tmp_path / "matrices.npz") as arrays:
        assert arrays["dimensions_1"].tolist() == list(range(1, 300, 2))
    lines = draw_profile(result, None).axes[1].lines
    assert lines[-1].get_xdata().tolist() == list(range(1, 300, 2))


def test_long_words_and_names_leave_room_for_the_pictures(tmp_path: Path) -> None:
    sizes = []
    for i, (word, names) in enumerate(
        ((("w", ("one", "two", "three"))), ("x" * 300, (LONG_NAME, "مساحة " * 20, "three")))
    ):
        folder = tmp_path / str(i)
        folder.mkdir()
        reproduced(folder, made_result([word, *(f"w{i}" for i in range(9))], names), FigureOptions(resolution=60))
        sizes.append([imread(path).shape[:2] for path in sorted(folder.glob("*-redrawn.png"))])
    for short, long in zip(*sizes, strict=True):
        assert np.all(np.array(long) < 1.3 * np.array(short) + 20)


@pytest.mark.parametrize(
    ("levels", "extend"), [((-1.1, 1.1), "neither"), ((-1.1, 0.5), "max"), ((0.9, 1.1), "min"), ((0.2, 0.5), "both")]
)
def test_a_colour_bar_points_to_what_lies_beyond_it_as_the_figures_do(
    tmp_path: Path, levels: tuple[float, float], extend: str
) -> None:
    options = FigureOptions(ColourScale(levels=levels), resolution=60)
    then = "import matplotlib.pyplot as plt; print(plt.figure(1).axes[-1]._colorbar.extend)"
    again = reproduced(tmp_path, sample_result(), options, then).splitlines()[-1]
    assert again == extend == drawn("heatmaps", sample_result(), options).axes[-1]._colorbar.extend


def test_it_is_short_and_readable() -> None:
    lines = reproduce_script(sample_result(), FigureOptions()).splitlines()
    assert len(lines) < 120


def test_what_may_be_changed_stands_at_the_top() -> None:
    options = FigureOptions(ColourScale("cividis", (0.0, 0.5)), "school", 600)
    settings: dict[str, object] = {}
    exec(reproduce_script(sample_result(), options).partition("FOLDER =")[0], settings)
    assert settings["COLOUR_MAP"] == "cividis"
    assert settings["LEVELS"] == [(0.0, 0.5), (0.0, 0.5)]
    assert settings["PROFILE_ROW"] == sample_result().words.index("school")
    assert settings["RESOLUTION"] == 600


def test_a_word_that_was_not_analysed_has_no_profile() -> None:
    with pytest.raises(ExportError, match="'hovercraft' is not among"):
        reproduce_script(sample_result(), FigureOptions(profile_word="hovercraft"))
