"""Whatever a session file holds: it is a session, the same after saving, or one clear error. 10,000 inputs in all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from engine.errors import SessionError
from engine.session import Session, parse_session, read_session, session_values
from tests.engine.fuzzing import CHANGES, EDITS, Changes, Edits, changed, edited, often

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.usefixtures("little_memory")]

SESSION = session_values(Session()) | {
    "spaces": [
        {"name": "A", "source": "sample", "space": "word2vec-google-news-1k"},
        {"name": "B", "source": "vectors", "path": "/some/vectors.bin"},
        {"name": "C", "source": "huggingface", "model": "gpt2", "layer": "embedding", "token_form": "bare"},
        {"name": "E", "source": "sample", "space": "all-MiniLM-L6-v2", "dimensions": {"random half": 3}},
        {"name": "E", "source": "sample", "space": "all-MiniLM-L6-v2", "dimensions": [2, 9]},
        {"name": "D", "source": "table", "path": "/some/table.csv"},
    ],
    "colours": {"map": "plasma", "levels": [0.1, 0.6], "shared": True},
}
WORD_LIST = SESSION | {"words": {"list": ["moon", "star"], "categories": {"moon": "sky"}}}


def session_or_refusal(folder: Path, content: bytes) -> None:
    path = folder / "session.json"
    path.write_bytes(content)
    try:
        session = read_session(path)
    except SessionError as error:
        if str(path) not in str(error):
            raise
        return
    again = parse_session(json.loads(json.dumps(session_values(session))), folder)
    assert again == session


@pytest.mark.parametrize("values", [SESSION, WORD_LIST], ids=["rule", "list"])
@often(2_500)
@given(edits=EDITS)
def test_damaged_sessions(folder: Path, values: object, edits: Edits) -> None:
    session_or_refusal(folder, edited(json.dumps(values, ensure_ascii=False).encode(), edits))


@pytest.mark.parametrize("values", [SESSION, WORD_LIST], ids=["rule", "list"])
@often(2_500)
@given(changes=CHANGES)
def test_odd_sessions(folder: Path, values: object, changes: Changes) -> None:
    session_or_refusal(folder, json.dumps(changed(values, changes)).encode())
