"""A cache of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import cache


def use_cache(monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """Have the program keep its cache below `home`, here and in processes started from here."""
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(home))
    assert cache.folder().is_relative_to(home)
    return cache.folder()
