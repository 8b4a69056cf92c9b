"""Where models of gensim's catalogue are on this computer."""

from __future__ import annotations

import os
import re
from pathlib import Path

from engine import cache

FOLDER_VARIABLE, FOLDER = "GENSIM_DATA_DIR", "~/gensim-data"  # as gensim.downloader has them in gensim 4.4
NAME = re.compile(r"\w[\w.-]*", re.ASCII)  # what a model can be called; no path


def gensim_folder() -> Path:
    """Where gensim's own downloader puts models; it need not exist."""
    return Path(os.environ.get(FOLDER_VARIABLE) or os.path.expanduser(FOLDER))


def download_path(model: str) -> Path:
    """Where a model goes: a folder of our own, since gensim would take one of its own without its code for broken."""
    return cache.downloaded(f"{model}.gz")


def find_model(model: str) -> Path | None:
    """A model's file on this computer, our own or gensim's; None if there is none."""
    own, theirs = download_path(model), gensim_folder() / model / f"{model}.gz"
    return next((path for path in (own, theirs) if os.path.isfile(path)), None)
