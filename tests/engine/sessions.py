"""A session as JSON, to be changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SPACES = [
    {"name": "word2vec", "source": "vectors", "path": "GoogleNews.bin"},
    {"name": "GPT-2", "source": "huggingface", "model": "openai/gpt2", "layer": "embedding", "token_form": "bare"},
]
SESSION = {"rsascope_session": 1, "spaces": SPACES}
FOLDER = Path("/some/folder").absolute()


def dimensions_of(value: object) -> dict[str, Any]:
    return {"spaces": [SPACES[0] | {"dimensions": value}, SPACES[1]]}
