"""Tables of any kind: how far reading is, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import SourceError
from engine.progress import Cancelled
from engine.sources.table import TableSource
from tests.engine.sources.table_files import opened, pandas_like
from tests.engine.sources.vector_files import Watcher, random_vectors


@pytest.mark.parametrize("ending", ["csv", "npz"])
def test_reading_says_how_far_it_is_and_can_be_cancelled(ending: str, tmp_path: Path) -> None:
    words, path = [f"w{i}" for i in range(3000)], tmp_path / f"table.{ending}"
    if ending == "csv":
        path.write_text(pandas_like(words, random_vectors(3000, 300)))
    else:
        np.savez_compressed(path, words=np.array(words), vectors=random_vectors(3000, 300))
    watcher = Watcher()
    TableSource(path).open(watcher)
    fractions = [fraction for message, fraction in watcher.steps if "vectors" in message or "words" in message]
    assert len(fractions) > 3
    assert all(fraction is not None and 0 <= fraction <= 1 for fraction in fractions)
    with pytest.raises(Cancelled):
        TableSource(path).open(Watcher("reading", Cancelled))


def test_missing_and_forbidden_files_say_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file"):
        opened(tmp_path / "lost.csv")
    with pytest.raises(SourceError, match="is a folder"):
        opened(tmp_path)
    with pytest.raises(SourceError, match="cannot be read"):
        opened(Path("ta\0ble"))
