"""What the command line fetches, and what it opens on trust."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest

from tests.command_line import MAIN, SAMPLE_SPACES, complaint, rsascope, session_file
from tests.engine.downloads.stub import Stub, content, silence, status
from tests.engine.recipe import read_sample
from tests.engine.sources.vector_files import binary_bytes


class TestDownloads:
    """A model of gensim's catalogue, from a mirror on loopback."""

    @pytest.fixture
    def mirror(self) -> Iterator[Stub]:
        words, vectors = read_sample("word2vec-google-news-1k")
        packed = gzip.compress(binary_bytes([word.encode() for word in words], vectors), 1)
        checksum = hashlib.md5(packed, usedforsecurity=False).hexdigest()
        stub = Stub()
        listed = {"models": {"news-1k": {"checksum": checksum, "file_size": len(packed), "parts": 1}}}
        stub.answers["/list.json"] = [content(json.dumps(listed).encode())]
        stub.answers["/news-1k/news-1k.gz"] = [content(packed)]
        yield stub
        stub.close()

    def environment(self, folder: Path, mirror: Stub) -> dict[str, str]:
        own = dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"), str(folder / "cache"))
        return own | {"RSASCOPE_GENSIM_URL": mirror.url(""), "NO_PROXY": "127.0.0.1"}

    def arguments(self, folder: Path) -> list[str]:
        spaces = [{"name": "A", "source": "gensim", "model": "news-1k"}, SAMPLE_SPACES[1]]
        return ["run", str(session_file(folder, spaces=spaces)), "--out", str(folder / "out"), "--figures", "none"]

    def run(self, folder: Path, mirror: Stub, *more: str) -> subprocess.CompletedProcess[str]:
        return rsascope(*self.arguments(folder), *more, **self.environment(folder, mirror))

    def test_without_being_asked_nothing_is_fetched(self, tmp_path: Path, mirror: Stub) -> None:
        run = self.run(tmp_path, mirror)
        assert run.returncode == 1
        assert "news-1k is not on this computer yet" in complaint(run)
        assert "rsascope run SESSION.json --download --out DIR" in complaint(run)
        assert mirror.questions == []
        assert not (tmp_path / "out").exists()

    def test_asked_what_is_lacking_is_fetched_once(self, tmp_path: Path, mirror: Stub) -> None:
        for _ in range(2):
            run = self.run(tmp_path, mirror, "--download")
            assert (run.returncode, run.stderr) == (0, "")
        result = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
        assert result["comparisons"][0]["values"]["pearson"] == pytest.approx(0.52702, abs=1e-5)
        assert [question.path for question in mirror.questions] == ["/list.json", "/news-1k/news-1k.gz"]

    @pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
    def test_interrupted_in_a_stall_it_ends_at_once(self, tmp_path: Path, mirror: Stub) -> None:
        stalled = threading.Event()

        def stall(handler: BaseHTTPRequestHandler) -> None:
            stalled.set()
            silence(handler)

        mirror.answers["/news-1k/news-1k.gz"] = [stall]
        command = [sys.executable, MAIN, *self.arguments(tmp_path), "--download"]
        environment = os.environ | self.environment(tmp_path, mirror)
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        assert stalled.wait(60)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert (process.returncode, said) == (130, "rsascope: interrupted\n")

    @pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX closes the streams")
    def test_closed_standard_streams_are_not_in_the_way_of_other_processes(self, tmp_path: Path, mirror: Stub) -> None:
        command = [sys.executable, MAIN, *self.arguments(tmp_path), "--download"]
        closing = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command]
        run = subprocess.run(closing, env=os.environ | self.environment(tmp_path, mirror), check=False, timeout=60)
        assert run.returncode == 0
        assert (tmp_path / "out" / "result.json").exists()

    def test_a_download_that_fails_is_status_1(self, tmp_path: Path, mirror: Stub) -> None:
        mirror.answers["/news-1k/news-1k.gz"] = [status(404)]
        run = self.run(tmp_path, mirror, "--download")
        assert run.returncode == 1
        assert "has no news-1k.gz any more" in complaint(run)
        assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_pickle_is_opened_if_it_is_named_as_trusted_and_from_then_on(tmp_path: Path) -> None:
    from gensim.models import KeyedVectors

    words = ["common", "window", "planet", "number"]
    keyed = KeyedVectors(5)
    keyed.add_vectors(words, np.random.default_rng(0).normal(size=(4, 5)).astype(np.float32))
    keyed.save(str(tmp_path / "some.kv"))
    spaces = [
        {"name": "A", "source": "vectors", "path": "some.kv"},
        {"name": "B", "source": "vectors", "path": "some.kv"},
    ]
    session = session_file(tmp_path, spaces=spaces)
    out = ("--out", tmp_path / "out", "--figures", "none")

    refused = rsascope("run", session, *out)
    assert refused.returncode == 1
    assert "some.kv is a pickle, which can run code" in complaint(refused)
    assert "--trust FILE" in refused.stderr
    run = rsascope("run", session, *out, "--trust", tmp_path / "some.kv")
    assert run.returncode == 0, run.stderr
    assert json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))["words"] == words
    assert rsascope("run", session, *out).returncode == 0, "the consent is remembered"
    missing = rsascope("run", session, *out, "--trust", tmp_path / "other.kv")
    assert missing.returncode == 1
    assert "other.kv cannot be read" in complaint(missing)
