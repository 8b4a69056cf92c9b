"""The command line as the real process, for tests of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MAIN = str(ROOT / "main.py")
SAMPLE_SPACES = [
    {"name": "A", "source": "sample", "space": "word2vec-google-news-1k"},
    {"name": "B", "source": "sample", "space": "all-MiniLM-L6-v2"},
]


def rsascope(*arguments: object, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """The process from start to end, started anywhere."""
    return subprocess.run(
        [sys.executable, MAIN, *map(str, arguments)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def session_file(folder: Path, **changes: Any) -> Path:
    path = folder / "session.json"
    path.write_text(json.dumps({"rsascope_session": 1, "spaces": SAMPLE_SPACES} | changes))
    return path


def complaint(run: subprocess.CompletedProcess[str]) -> str:
    """The one line on standard error."""
    (line,) = run.stderr.splitlines()
    assert line.startswith("rsascope: ")
    assert run.stdout == ""
    return line
