"""Models of gensim's catalogue: listed, fetched, and opened without running what comes along."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import cache
from engine.downloads import fetch
from engine.errors import NotDownloaded, SourceError
from engine.progress import SILENT, Cancelled
from engine.sources.gensim import GensimSource
from engine.sources.gensim_catalogue import gensim_folder, read_catalogue, remembered_catalogue
from engine.sources.vectors import VectorsSource
from tests.engine.downloads.stub import Stub, content, silence, status
from tests.engine.sources.vector_files import Watcher, binary_bytes, random_vectors, read_all
from tests.own_cache import use_cache

ROOT = Path(__file__).resolve().parents[3]
WORDS = [b"moon", b"star", b"comet"]
VECTORS = random_vectors(3, 4)
PACKED = gzip.compress(binary_bytes(WORDS, VECTORS), mtime=0)


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def model(**changes: Any) -> dict[str, Any]:
    """An entry as gensim's list.json has them."""
    return {
        "num_records": 3,
        "file_size": len(PACKED),
        "base_dataset": "Wikipedia 2014",
        "reader_code": "https://example.org/__init__.py",
        "license": "http://opendatacommons.org/licenses/pddl/",
        "parameters": {"dimension": 4},
        "description": "Pre-trained vectors\nof three words.",
        "checksum": md5(PACKED),
        "file_name": "tiny-4.gz",
        "parts": 1,
    } | changes


LIST = {
    "corpora": {"text8": model()},
    "models": {
        "tiny-4": model(),
        "google-like": model(license="not found", parameters={"dimension": "300"}, num_records=3_000_000),
        "in-parts": model(parts=2, **{"checksum-0": md5(PACKED[:50]), "checksum-1": md5(PACKED[50:])}),
        "old": model(latest=False),
        "__testing_word2vec-matrix-synopsis": model(),
        "../outside": model(),
        "no-checksum": {key: value for key, value in model().items() if key != "checksum"},
        "nothing": None,
        "endless": model(parts=float("inf")),
        "partless": model(parts=0),
        "bare": {"checksum": "abc"},
    },
}


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """A mirror of the catalogue on loopback, and empty folders."""
    use_cache(monkeypatch, tmp_path / "cache")
    server = Stub()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "gensim-data"))
    monkeypatch.setenv("RSASCOPE_GENSIM_URL", server.url("/mirror"))
    server.answers["/mirror/list.json"] = [content(json.dumps(LIST).encode())]
    server.answers["/mirror/tiny-4/tiny-4.gz"] = [content(PACKED)]
    yield server
    server.close()


class TestTheCatalogue:
    def test_word_vectors_are_listed_with_what_one_wants_to_know(self, stub: Stub) -> None:
        entries = {entry.name: entry for entry in read_catalogue(SILENT)}
        assert list(entries) == ["bare", "google-like", "in-parts", "tiny-4"]
        tiny = entries["tiny-4"]
        assert (tiny.size, tiny.dimensions, tiny.vectors, tiny.parts) == (len(PACKED), 4, 3, 1)
        assert tiny.description == "Pre-trained vectors of three words."
        assert tiny.licence == "http://opendatacommons.org/licenses/pddl/"
        assert tiny.checksums == (md5(PACKED),)
        assert (entries["google-like"].licence, entries["google-like"].dimensions) == ("", 300)
        assert entries["google-like"].vectors == 3_000_000
        assert entries["in-parts"].parts == 2
        assert (entries["bare"].size, entries["bare"].dimensions, entries["bare"].vectors) == (None, None, None)

    def test_it_is_remembered_and_asked_anew(self, stub: Stub) -> None:
        assert remembered_catalogue() == ()
        assert stub.questions == [], "remembering asks nobody"
        first = read_catalogue(SILENT)
        assert remembered_catalogue() == first
        assert len(stub.questions) == 1
        stub.answers["/mirror/list.json"] = [content(json.dumps({"models": {"new": model()}}).encode())]
        assert [entry.name for entry in read_catalogue(SILENT)] == ["new"]
        assert [entry.name for entry in remembered_catalogue()] == ["new"]

    @pytest.mark.parametrize(
        "answer", [status(500), content(b"<html>", kind="text/html"), content(b'{"models": {}}'), content(b"[")]
    )
    def test_offline_what_is_remembered_counts(self, stub: Stub, answer: Any) -> None:
        first = read_catalogue(SILENT)
        stub.answers["/mirror/list.json"] = [answer]
        assert read_catalogue(SILENT) == first
        cache.clear({"catalogue"})
        with pytest.raises(SourceError):
            read_catalogue(SILENT)

    def test_what_gensim_remembers_counts_too(self, stub: Stub) -> None:
        gensim_folder().mkdir()
        (gensim_folder() / "information.json").write_text(json.dumps(LIST))
        stub.answers["/mirror/list.json"] = [status(404)]
        assert len(read_catalogue(SILENT)) == len(remembered_catalogue()) == 4

    def test_a_damaged_memory_is_none(self, stub: Stub) -> None:
        gensim_folder().mkdir()
        (gensim_folder() / "information.json").write_bytes(b"\xff\x00{")
        assert remembered_catalogue() == ()

    def test_cancel(self, stub: Stub) -> None:
        stub.answers["/mirror/list.json"] = [silence]
        with pytest.raises(Cancelled):
            read_catalogue(Watcher("asking", Cancelled))

    def test_addresses_and_folder_are_those_of_gensim(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from gensim import downloader

        from engine.sources import gensim_catalogue

        monkeypatch.setenv("GENSIM_DATA_DIR", downloader.BASE_DIR)
        assert gensim_folder() == Path(downloader.BASE_DIR)
        monkeypatch.delenv("GENSIM_DATA_DIR")
        assert gensim_folder() == Path(os.path.expanduser("~/gensim-data"))
        assert gensim_catalogue.LIST_URL == downloader.DATA_LIST_URL
        assert gensim_catalogue.FILES_URL == downloader.DOWNLOAD_BASE_URL


class TestOpening:
    def test_what_is_not_here_says_how_to_get_it_and_asks_nobody(self, stub: Stub) -> None:
        source = GensimSource("tiny-4")
        with pytest.raises(NotDownloaded, match=r"tiny-4 is not on this computer yet.*--download") as caught:
            source.open(SILENT)
        assert caught.value.model == "tiny-4"
        assert source.stamp is None
        assert stub.questions == []

    def test_what_gensim_has_fetched_is_used_and_its_code_is_not_run(self, stub: Stub, tmp_path: Path) -> None:
        folder = gensim_folder() / "tiny-4"
        folder.mkdir(parents=True)
        (folder / "tiny-4.gz").write_bytes(PACKED)
        (folder / "__init__.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')")
        source = GensimSource("tiny-4")
        assert source.plan_download(SILENT) is None
        space = source.open(SILENT)
        assert read_all(space)[0] == {"moon": 0, "star": 1, "comet": 2}
        np.testing.assert_array_equal(read_all(space)[1], VECTORS)
        assert not (tmp_path / "run").exists()
        assert stub.questions == []
        assert source.stamp is not None
        assert source.description == "tiny-4, gensim's catalogue"

    def test_gensim_is_not_imported(self, stub: Stub) -> None:
        code = (
            "import sys; from engine.progress import SILENT; from engine.sources import GensimSource\n"
            "from engine.sources.gensim_catalogue import remembered_catalogue\n"
            "remembered_catalogue(); source = GensimSource('tiny-4')\n"
            "assert source.stamp is None\n"
            "try: source.open(SILENT)\n"
            "except Exception as error: print(type(error).__name__)\n"
            "print(*{'gensim', 'huggingface_hub', 'http', 'multiprocessing', 'filelock'} & sys.modules.keys())"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
        )
        assert run.stdout.split() == ["NotDownloaded"]

    @pytest.mark.parametrize("name", ["", "../x", "a/b", "C:\\x", ".hidden", "a b", "x\0"])
    def test_a_name_that_cannot_be(self, name: str) -> None:
        source = GensimSource(name)
        for refuse in (source.check, lambda: source.open(SILENT), lambda: source.plan_download(SILENT)):
            with pytest.raises(SourceError, match="is no name of gensim's catalogue") as caught:
                refuse()
            assert caught.value.concerns == "model"
        assert source.stamp is None


class TestFetching:
    def test_the_plan_says_what_and_where(self, stub: Stub) -> None:
        plan = GensimSource("tiny-4").plan_download(SILENT)
        assert plan is not None
        assert (plan.title, plan.size, plan.licence) == (
            "tiny-4",
            len(PACKED),
            "http://opendatacommons.org/licenses/pddl/",
        )
        assert plan.folder == cache.folder() / "downloaded"
        assert stub.ranges("/mirror/tiny-4/tiny-4.gz") == [], "a plan fetches no model"

    def test_a_fetched_model_is_opened(self, stub: Stub) -> None:
        source = GensimSource("tiny-4")
        plan = source.plan_download(SILENT)
        assert plan is not None
        fetch(plan, SILENT)
        space = source.open(SILENT)
        np.testing.assert_array_equal(read_all(space)[1], VECTORS)
        assert source.plan_download(SILENT) is None
        assert not gensim_folder().exists(), "gensim's own folder is gensim's"
        assert cache.sizes()["downloaded"] == len(PACKED)
        cache.clear({"downloaded"})
        with pytest.raises(NotDownloaded):
            source.open(SILENT)

    def test_the_words_are_those_of_the_file(self, stub: Stub) -> None:
        source = GensimSource("tiny-4")
        plan = source.plan_download(SILENT)
        assert plan is not None
        fetch(plan, SILENT)
        direct = VectorsSource(plan.files[0].target).open(SILENT)
        assert list(source.open(SILENT).words(SILENT)) == list(direct.words(SILENT))

    def test_a_model_in_parts_is_joined(self, stub: Stub) -> None:
        for part, data in enumerate((PACKED[:50], PACKED[50:])):
            stub.answers[f"/mirror/in-parts/in-parts.gz_0{part}"] = [content(data)]
        source = GensimSource("in-parts")
        plan = source.plan_download(SILENT)
        assert plan is not None
        assert plan.size is None, "the catalogue tells no sizes of parts"
        fetch(plan, SILENT)
        np.testing.assert_array_equal(read_all(source.open(SILENT))[1], VECTORS)
        assert [path.name for path in plan.folder.iterdir()] == ["in-parts.gz"]

    def test_another_file_than_the_catalogue_means_is_not_taken(self, stub: Stub) -> None:
        stub.answers["/mirror/tiny-4/tiny-4.gz"] = [content(PACKED[:-1] + b"x")]
        plan = GensimSource("tiny-4").plan_download(SILENT)
        assert plan is not None
        with pytest.raises(SourceError, match="checksum"):
            fetch(plan, SILENT)
        with pytest.raises(NotDownloaded):
            GensimSource("tiny-4").open(SILENT)

    def test_a_name_that_is_not_in_the_catalogue(self, stub: Stub) -> None:
        for name, hint in (("tiny-5", r"did you mean tiny-4\?"), ("xyz", "there are bare, google-like"), ("text8", "")):
            with pytest.raises(SourceError, match=f"no word vectors called {name}; .*{hint}") as caught:
                GensimSource(name).plan_download(SILENT)
            assert caught.value.concerns == "model"
