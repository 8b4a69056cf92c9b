"""What import-linter cannot see: lists that must be complete, and libraries that must stay asleep."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import engine
from engine.sources import SOURCES, Source
from ui.views import VIEWS
from ui.views.base import View

ROOT = Path(__file__).resolve().parents[1]
MODELS_AND_STATISTICS = (
    "torch",
    "transformers",
    "gensim",
    "matplotlib",
    "scipy",
    "huggingface_hub",
    "tokenizers",
    "safetensors",
)
WINDOW = ("PySide6", "shiboken6", "pyqtgraph")


def modules_of(package: ModuleType) -> list[str]:
    return [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]


def classes_in(folder: str, base: type) -> set[type]:
    """The concrete classes of `base` that any module of the folder defines, listed or not."""
    names = [f"{folder.replace('/', '.')}.{path.stem}" for path in (ROOT / folder).glob("*.py") if path.stem[0] != "_"]
    members = [(name, member) for name in names for _, member in inspect.getmembers(importlib.import_module(name))]
    return {
        member
        for name, member in members
        if inspect.isclass(member) and issubclass(member, base) and member is not base and member.__module__ == name
    }


def awake_after(statement: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after the statement."""
    code = f"{statement}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_every_source_is_listed_under_its_kind() -> None:
    assert set(SOURCES.values()) == classes_in("engine/sources", Source)
    assert all(source.kind == kind for kind, source in SOURCES.items())


def test_every_view_is_listed_once() -> None:
    assert set(VIEWS) == {view for view in classes_in("ui/views", View) if hasattr(view, "name")}
    assert len(set(VIEWS)) == len(VIEWS)


def test_importing_all_of_the_engine_wakes_neither_qt_nor_any_heavy_library() -> None:
    awake = awake_after("import " + ", ".join(modules_of(engine)))
    assert "numpy" in awake
    assert awake.isdisjoint((*MODELS_AND_STATISTICS, *WINDOW))


def test_the_bundled_analysis_needs_neither_qt_nor_models() -> None:
    awake = awake_after("from engine.analysis import *; from engine.request import *; run_analysis(AnalysisRequest())")
    assert awake.isdisjoint({*MODELS_AND_STATISTICS, *WINDOW})


@pytest.mark.parametrize("module", ["main", "ui.system"])
def test_the_command_line_starts_without_qt_and_numpy(module: str) -> None:
    assert awake_after(f"import {module}").isdisjoint({*MODELS_AND_STATISTICS, *WINDOW, "numpy"})


def test_importing_the_window_wakes_no_heavy_library() -> None:
    awake = awake_after("import ui.application, ui.main_window")
    assert "PySide6" in awake
    assert awake.isdisjoint(MODELS_AND_STATISTICS)
