"""The command line, as the real process."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine import __version__
from tests.command_line import MAIN, ROOT, SAMPLE_SPACES, rsascope, session_file
from tests.engine.recipe import notebook_recipe, read_sample


def test_a_band_of_ranks_and_halves_of_a_space_are_analysed_and_told(tmp_path: Path) -> None:
    halves = [SAMPLE_SPACES[0] | {"dimensions": kind} for kind in ("even", "odd")]
    words = {"min_length": 5, "max_length": 6, "limit": 60, "min_rank": 51, "max_rank": 400}
    session = session_file(tmp_path, spaces=halves, words=words)
    run = rsascope("run", session, "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    known, vectors = read_sample("word2vec-google-news-1k")
    expected = [word for word in known[50:400] if len(word) in (5, 6)][:60]
    result = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    assert result["words"] == expected
    rows = vectors[[known.index(word) for word in expected]].astype(float)
    triangles = []
    for half in (rows[:, ::2], rows[:, 1::2]):
        half = half / np.linalg.norm(half, axis=1)[:, None]
        triangles.append((half @ half.T)[np.triu_indices(len(half), 1)])
    assert result["comparisons"][0]["values"]["pearson"] == pytest.approx(np.corrcoef(*triangles)[0, 1], abs=1e-5)
    assert result["session"]["words"]["max_rank"] == 400
    assert [space["dimensions"] for space in result["session"]["spaces"]] == ["even", "odd"]
    assert [space["dimension_numbers"][:2] for space in result["spaces"]] == [[0, 2], [1, 3]]
    assert "ranks 51 to 400 of A" in run.stdout
    assert "A, even dimensions and A, odd dimensions: r = " in run.stdout
    assert "reliability diagnostic" in run.stdout
    figure = (tmp_path / "out" / "heatmaps.svg").read_text("utf-8")
    assert "A, even dimensions, 150 d" in figure
    assert "ranks 51 to 400 of A" in figure


def test_without_a_session_the_bundled_sample_is_analysed(tmp_path: Path) -> None:
    run = rsascope("run", "--out", tmp_path / "out", "--figures", "none", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stderr == "", "no terminal, no progress"
    recipe = notebook_recipe()
    result = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    values = result["comparisons"][0]["values"]
    assert values["pearson"] == pytest.approx(0.52702, abs=1e-5)
    assert values["cosine"] == pytest.approx(0.74271, abs=1e-5)
    assert values["pearson"] == pytest.approx(recipe.r, abs=1e-6)
    assert values["cosine"] == pytest.approx(recipe.S_c, abs=1e-6)
    assert result["words"] == recipe.words
    with np.load(tmp_path / "out" / "matrices.npz", allow_pickle=False) as arrays:
        np.testing.assert_allclose(arrays["similarities_0"], recipe.S_A, atol=1e-6)
        np.testing.assert_allclose(arrays["similarities_1"], recipe.S_B, atol=1e-6)
    with (tmp_path / "out" / "pairs.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + recipe.pairs_a.size
    assert "r = .527, S_c = .743" in run.stdout


def test_a_run_needs_neither_window_nor_models_nor_figures(tmp_path: Path) -> None:
    code = (
        "import runpy, sys\n"
        f"sys.argv = ['main.py', 'run', '--out', {str(tmp_path / 'out')!r}, '--figures', 'none']\n"
        f"try: runpy.run_path({MAIN!r}, run_name='__main__')\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.splitlines()[-1].split())
    assert "numpy" in loaded
    heavy = {"PySide6", "shiboken6", "pyqtgraph", "torch", "transformers", "gensim", "scipy", "matplotlib"}
    assert not loaded & (heavy | {"tokenizers", "safetensors", "huggingface_hub", "ui"})


def test_a_session_decides_and_its_numbers_are_numpys(tmp_path: Path) -> None:
    session = session_file(tmp_path, words={"min_length": 4, "max_length": 4, "limit": 50}, comparisons=["cosine"])
    run = rsascope("run", session, "--out", tmp_path / "out", "--figures", "png")
    assert run.returncode == 0, run.stderr
    result = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    recipe = notebook_recipe(4, 50)
    assert result["words"] == recipe.words
    assert result["comparisons"][0]["values"] == {"cosine": pytest.approx(recipe.S_c, abs=1e-6)}
    assert {path.name for path in (tmp_path / "out").glob("*.*g")} == set(
        map("{}.png".format, ("heatmaps", "scatter", "profile"))
    )


def test_what_a_session_wants_inferred_is_told_and_written(tmp_path: Path) -> None:
    session = session_file(tmp_path, permutations=99, bootstraps=50, statistics={"sided": "two-sided"}, seed=4)
    run = rsascope("run", session, "--out", tmp_path / "out", "--figures", "svg")
    assert run.returncode == 0, run.stderr
    assert "A and B, Pearson r = .527  [" in run.stdout
    assert "two-sided, seed 4" in run.stdout
    assert "95 % percentile interval, 50 bootstrap draws of 100 words, seed 4" in run.stdout
    (comparison,) = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))["comparisons"]
    assert set(comparison["p_values"]) == set(comparison["confidence_intervals"]) == {"pearson", "cosine"}
    assert (tmp_path / "out" / "null.svg").is_file()
    assert not (tmp_path / "out" / "robustness.svg").exists()


def test_svg_is_the_default_and_several_formats_can_be_named(tmp_path: Path) -> None:
    session = session_file(tmp_path, words={"limit": 12})
    rsascope("run", session, "--out", tmp_path / "default")
    rsascope("run", session, "--out", tmp_path / "both", "--figures", "svg, PDF")
    assert {path.suffix for path in (tmp_path / "default").glob("heatmaps.*")} == {".svg"}
    assert {path.suffix for path in (tmp_path / "both").glob("heatmaps.*")} == {".svg", ".pdf"}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_is_status_130_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    pipe = tmp_path / "endless.txt"
    os.mkfifo(pipe)  # reading a pipe nobody fills lasts until we interrupt it
    spaces = [SAMPLE_SPACES[0], {"name": "slow", "source": "vectors", "path": str(pipe)}]
    arguments = [sys.executable, MAIN, "run", session_file(tmp_path, spaces=spaces), "--out", tmp_path / "out"]
    process = subprocess.Popen(list(map(str, arguments)), stderr=subprocess.PIPE, text=True)
    with pipe.open("w"):  # opens once the process reads: it is in the middle of its work
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == "rsascope: interrupted\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_window_closes(tmp_path: Path, number: signal.Signals) -> None:
    pipe = tmp_path / "endless.txt"
    os.mkfifo(pipe)
    spaces = [SAMPLE_SPACES[0], {"name": "slow", "source": "vectors", "path": str(pipe)}]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, MAIN, str(session_file(tmp_path, spaces=spaces))]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    with pipe.open("w"):
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_the_version() -> None:
    run = rsascope("--version")
    assert (run.returncode, run.stdout) == (0, f"rsascope {__version__}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"]])
def test_help_names_the_other_form_or_the_files(arguments: list[str]) -> None:
    run = rsascope(*arguments)
    assert run.returncode == 0
    assert "SESSION.json" in run.stdout
    assert "--out" in run.stdout


def test_a_session_called_run_is_not_in_the_way(tmp_path: Path) -> None:
    session_file(tmp_path, words={"limit": 12}).rename(tmp_path / "run")
    run = rsascope("run", "run", "--out", "out", "--figures", "none", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert len(json.loads((tmp_path / "out" / "result.json").read_text())["words"]) == 12


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
def test_a_terminal_sees_progress_that_goes_again(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, MAIN, "run", "--out", str(tmp_path / "out"), "--figures", "none"],
        stderr=theirs,
        stdout=subprocess.DEVNULL,
    )
    assert process.wait(30) == 0
    os.close(theirs)
    seen = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "reading the bundled space" in seen
    assert seen.endswith("\r\x1b[K")
