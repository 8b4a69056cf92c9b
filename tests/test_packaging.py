"""The installed program: what is in the wheel, what it is called, and that others' `ui` and `engine` do not matter."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import engine

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SHIPPED = ("engine", "ui", "resources", "main.py", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the tree as it is, built elsewhere: setuptools leaves a build folder behind."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in (*SHIPPED, "tests"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        "dist",
        ".",
    ]
    run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    [built] = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, as site-packages has it, beside another distribution's `ui` and `engine`."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    for name in ("ui", "engine"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise ImportError('the wrong one')\n")
    return folder


def test_every_package_is_listed() -> None:
    inits = [path for top in ("engine", "ui") for path in (ROOT / top).rglob("__init__.py")]
    packages = {".".join(("rsascope", *path.parent.relative_to(ROOT).parts)) for path in inits}
    assert {"rsascope", *packages} == set(PROJECT["tool"]["setuptools"]["packages"])


def test_constraints_pin_exact_versions_for_everyone() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
    for line in lines:
        name, _, version = line.partition("==")
        assert name.replace("-", "").replace("_", "").replace(".", "").isalnum(), line
        assert version.replace(".", "").isalnum(), line  # no local build, no path, no marker


def test_every_direct_dependency_is_pinned() -> None:
    def normal(name: str) -> str:
        return name.lower().replace("_", "-")

    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {normal(line.partition("==")[0]) for line in lines}
    extras = PROJECT["project"]["optional-dependencies"]
    asked = [*PROJECT["project"]["dependencies"], *extras["test"], *extras["lint"]]
    assert {normal(one.partition(">=")[0]) for one in asked} <= pinned


@pytest.mark.slow
def test_the_wheel_holds_the_program_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"rsascope", f"rsascope-{engine.__version__}.dist-info"}
    for top in ("engine", "ui"):
        modules = {f"rsascope/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / top).rglob("*.py")}
        assert modules == {name for name in names if name.startswith(f"rsascope/{top}/")}
    resources = (path for path in (ROOT / "resources").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    shipped = {name for name in names if name.startswith("rsascope/resources/")}
    assert shipped == {f"rsascope/{path.relative_to(ROOT).as_posix()}" for path in resources}
    rest = {name for name in names if name.startswith("rsascope/") and name.count("/") == 1}
    assert rest == {"rsascope/main.py"}


@pytest.mark.slow
def test_the_installed_program_runs_beside_a_clashing_distribution(installed: Path, tmp_path: Path) -> None:
    entry = PROJECT["project"]["scripts"]["rsascope"]
    module, function = entry.split(":")
    code = (
        f"import sys; sys.path.insert(0, {str(installed)!r}); from {module} import {function}; sys.exit({function}())"
    )
    command = [sys.executable, "-c", code, "run", "--out", str(tmp_path / "out"), "--figures", "none"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert {"result.json", "words.csv", "pairs.csv", "matrices.npz"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }


@pytest.mark.slow
def test_the_installed_program_knows_its_version(installed: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from rsascope.main import main; sys.exit(main())"
    run = subprocess.run(
        [sys.executable, "-c", code, "--version"], cwd=installed, capture_output=True, text=True, check=False
    )
    assert run.stdout.split() == ["rsascope", engine.__version__], run.stderr


def test_the_bundled_vectors_are_those_whose_checksums_are_published() -> None:
    folder = ROOT / "resources" / "sample"
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.npz")}
