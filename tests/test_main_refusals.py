"""What the command line cannot do, and how it says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest

from tests.command_line import MAIN, ROOT, SAMPLE_SPACES, complaint, rsascope, session_file


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"wrods": {}}, "wrods is not a key"),
        ({"words": {"min_length": "six"}}, "words.min_length must be"),
        ({"similarity": "cosin"}, "similarity is 'cosin'; did you mean 'cosine'"),
        ({"rsascope_session": 99}, "newer rsascope"),
    ],
)
def test_an_invalid_session_is_named_by_its_path_with_status_2(
    tmp_path: Path, changes: dict[str, Any], path: str
) -> None:
    run = rsascope("run", session_file(tmp_path, **changes), "--out", tmp_path / "out")
    assert run.returncode == 2
    assert path in complaint(run)
    assert not (tmp_path / "out").exists()


def test_a_session_that_is_not_there_is_status_2(tmp_path: Path) -> None:
    run = rsascope("run", "missing.json", "--out", tmp_path / "out")
    assert run.returncode == 2
    assert "missing.json" in complaint(run)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["run"], "--out"),
        (["run", "--out"], "--out"),
        (["run", "--out", "x", "--figures", "svg,gif"], "'gif' is not one of svg, pdf, png"),
        (["run", "--out", "x", "--figures", "svg,none"], "'none' is not one of"),
        (["run", "a.json", "b.json", "--out", "x"], "b.json"),
        (["run", "", "--out", "x"], "the session's name is empty"),
        ([""], "the session's name is empty"),
        (["--figure"], "--figure"),
        (["a.json", "b.json"], "b.json"),
    ],
)
def test_wrong_use_is_said_in_one_line_with_status_2(tmp_path: Path, arguments: list[str], hint: str) -> None:
    run = rsascope(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert hint in complaint(run)
    assert list(tmp_path.iterdir()) == []


def test_an_analysis_that_fails_is_status_1(tmp_path: Path) -> None:
    spaces = [SAMPLE_SPACES[0], {"name": "gone", "source": "vectors", "path": "gone.bin"}]
    run = rsascope("run", session_file(tmp_path, spaces=spaces), "--out", tmp_path / "out")
    assert run.returncode == 1
    assert str(tmp_path / "gone.bin") in complaint(run)
    assert not (tmp_path / "out").exists()


def test_too_few_words_is_status_1(tmp_path: Path) -> None:
    words = {"list": ["water", "hovercraft"]}
    run = rsascope("run", session_file(tmp_path, words=words), "--out", tmp_path / "out")
    assert run.returncode == 1
    assert "at least 3" in complaint(run)


def test_a_folder_that_cannot_be_written_is_status_1(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    run = rsascope("run", "--out", tmp_path / "file" / "out", "--figures", "none")
    assert run.returncode == 1
    assert str(tmp_path / "file" / "out") in complaint(run)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_cannot_be_written_is_known_before_the_analysis(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    spaces = [SAMPLE_SPACES[0], {"name": "gone", "source": "vectors", "path": "gone.bin"}]
    run = rsascope("run", session_file(tmp_path, spaces=spaces), "--out", tmp_path / "file")
    assert run.returncode == 1
    assert str(tmp_path / "file") in complaint(run)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere memory is not limited so")
def test_a_lack_of_memory_is_said_in_one_line(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(46_000, 2)).astype(np.float32)
    np.savez(tmp_path / "many.npz", words=np.array([f"w{k}" for k in range(46_000)]), vectors=vectors)
    spaces = [{"name": name, "source": "table", "path": "many.npz"} for name in "AB"]
    words = {"min_length": 1, "max_length": 9, "limit": None}
    session = session_file(tmp_path, spaces=spaces, words=words)
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (6 << 30,) * 2); import main"
    arguments = ["run", str(session), "--out", str(tmp_path / "out")]
    script = f"{limited}; sys.exit(main.main({arguments}))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "not enough memory" in complaint(run)
    assert not (tmp_path / "out").exists()


def run_into(output: IO[str] | int, out: Path) -> subprocess.CompletedProcess[str]:
    """A run that writes to the folder `out` and says so on `output`."""
    command = [sys.executable, MAIN, "run", "--out", str(out), "--figures", "none"]
    return subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, check=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_standard_output_that_is_full_is_said_in_one_line(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Path("/dev/full").open("w") as full:
        run = run_into(full, out)
    assert run.returncode == 1
    said = "rsascope: All is written, but standard output cannot be: No space left on device."
    assert run.stderr.splitlines() == [said]
    assert (out / "result.json").exists()


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise there")
def test_who_closes_standard_output_hears_nothing_more(tmp_path: Path) -> None:
    out = tmp_path / "out"
    reader, writer = os.pipe()
    os.close(reader)
    run = run_into(writer, out)
    os.close(writer)
    assert (run.returncode, run.stderr) == (0, "")
    assert (out / "result.json").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_one_line_names_run_with_status_2() -> None:
    run = rsascope(QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert run.returncode == 2
    assert "rsascope run" in complaint(run)
