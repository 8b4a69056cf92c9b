"""What all tests share: a Qt without a display, no network, folders of their own, and no thread left behind."""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SECONDS_TO_END = 5
HOME = tempfile.TemporaryDirectory(prefix="rsascope-tests-")

# Before anything imports Qt, a model library or platformdirs: they read these once.
faulthandler.enable()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"
for variable, folder in {
    "HOME": "home",
    "USERPROFILE": "home",
    "APPDATA": "config",
    "LOCALAPPDATA": "cache",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "HF_HOME": "huggingface",
    "GENSIM_DATA_DIR": "gensim",
    "MPLCONFIGDIR": "matplotlib",
}.items():
    os.environ[variable] = str(Path(HOME.name, folder))
    Path(HOME.name, folder).mkdir(exist_ok=True)

sys.path.insert(0, str(ROOT))  # pytest's own `pythonpath` comes into force after this file

from ui.system import install_hint, missing_packages  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    missing = missing_packages(window=os.environ["QT_QPA_PLATFORM"] == "xcb")
    if missing:
        pytest.exit(install_hint(missing), returncode=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What measures the window comes first: widgets that other tests leave behind would be measured, too."""
    items.sort(key=lambda item: "test_monkey" not in item.nodeid)


def pytest_unconfigure(config: pytest.Config) -> None:
    HOME.cleanup()


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    """Fails the test that leaves a thread running: it would abort Qt at exit, in the name of another test."""
    before = set(threading.enumerate())
    yield
    new = [thread for thread in threading.enumerate() if thread not in before and not _is_harmless(thread)]
    if new:
        gc.collect()  # a library's thread pool ends its threads when it is collected
    for thread in new:
        thread.join(SECONDS_TO_END)
    left = [thread for thread in new if thread.is_alive()]
    assert not left, f"threads left behind: {', '.join(thread.name for thread in left)}"


def _is_harmless(thread: threading.Thread) -> bool:
    return thread.name.startswith(("tqdm", "Thread-auto_conversion"))  # library monitors; daemons that hold nothing
