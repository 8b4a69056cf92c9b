"""What only gensim reads is opened with consent alone, in another process, once; and nothing of a failure remains."""

from __future__ import annotations

import os
import pickle
import shutil
from collections import namedtuple
from pathlib import Path

import gensim
import numpy as np
import pytest
from gensim.models import FastText, KeyedVectors, Word2Vec
from gensim.models.fasttext import load_facebook_vectors

from engine import cache, consent
from engine.child import STARTING
from engine.errors import ConsentNeeded, EngineError, SourceError
from engine.progress import SILENT, Cancelled
from engine.sources.vectors import VectorsSource
from tests.engine.sources.vector_files import Watcher, gensim_vectors, opened, random_vectors, read_all
from tests.own_cache import use_cache

pytestmark = pytest.mark.slow  # each opening starts a process that imports gensim

WORDS = ["moon", "New York", "東京", "two\nlines", "\nfirst", " ", "a" * 500, *(f"w{i}" for i in range(993))]
VECTORS = random_vectors(1000, 20)
FASTTEXT = Path(gensim.__file__).parent / "test" / "test_data" / "crime-and-punishment.bin"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache and config of the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return use_cache(monkeypatch, tmp_path / "cache")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of gensim's."""
    path = tmp_path / "some.kv"
    gensim_vectors(WORDS, VECTORS).save(str(path))
    return path


def left_in(folder: Path) -> list[str]:
    kept = ("index.rsascope", "converted.rsascope")
    return sorted(path.name for path in folder.glob("*") if not path.name.endswith(kept)) if folder.exists() else []


def converted_in(folder: Path) -> Path:
    (path,) = folder.glob("*.converted.rsascope")
    return path


class Payload:
    """What runs when it is unpickled."""

    def __init__(self, call: object, *arguments: object) -> None:
        self._call, self._arguments = call, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self._call, self._arguments


def test_without_consent_nothing_in_the_file_runs(tmp_path: Path, folder: Path) -> None:
    mark, path = tmp_path / "mark", tmp_path / "evil.kv"
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        path.write_bytes(pickle.dumps(Payload(os.mkdir, str(mark)), protocol))
        source = VectorsSource(path)
        assert source.stamp
        assert source.description == "evil.kv"
        with pytest.raises(ConsentNeeded, match=r"^evil\.kv is a pickle, which can run code.*allow it only if"):
            source.open(SILENT)
    with pytest.raises(ConsentNeeded) as caught:
        opened(path)
    assert (caught.value.path, caught.value.concerns) == (path, "path")
    assert not mark.exists()
    assert not folder.exists()
    consent.give(path)  # the test's own payload: what consent is about
    with pytest.raises(SourceError, match=r"evil\.kv holds no word vectors that gensim can load"):
        opened(path)
    assert mark.exists()
    assert left_in(folder) == []


def test_a_file_exchanged_after_the_consent_was_looked_up_does_not_run(
    path: Path, tmp_path: Path, folder: Path
) -> None:
    mark = tmp_path / "mark"
    consent.give(path)

    class Exchanger:
        def step(self, message: str, fraction: float | None = None) -> None:
            if message == STARTING and path.stat().st_size > 1000:
                path.write_bytes(pickle.dumps(Payload(os.mkdir, str(mark))))

    with pytest.raises(ConsentNeeded):
        VectorsSource(path).open(Exchanger())
    assert not mark.exists()
    assert left_in(folder) == []


def test_a_file_exchanged_in_its_middle_does_not_run(tmp_path: Path, folder: Path) -> None:
    """Another one of the same size, time and ends."""
    mark, path = tmp_path / "mark", tmp_path / "some.kv"
    evil = pickle.dumps(Payload(os.mkdir, str(mark)), 2)[2:-1] + b"0"  # made and dropped, as each None around it is
    harmless = b"N\x850" * (len(evil) % 2) + b"N0" * ((len(evil) - 3 * (len(evil) % 2)) // 2)
    around = b"N0" * (3 << 19)
    path.write_bytes(b"\x80\x02" + around + harmless + around + b"N.")
    consent.give(path)
    with pytest.raises(SourceError, match=r"some\.kv holds no word vectors"):
        opened(path)
    status = path.stat()
    path.write_bytes(b"\x80\x02" + around + evil + around + b"N.")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert consent.is_given(path)
    with pytest.raises(ConsentNeeded):
        opened(path)
    assert not mark.exists()


def test_with_consent_it_is_read_as_gensim_reads_it_and_no_word_is_lost(path: Path) -> None:
    consent.give(path)
    space = opened(path)
    assert (space.vocabulary_size, space.dimensions) == (1000, 20)
    assert list(space.words(SILENT)) == list(enumerate(WORDS))
    lookup, rows = read_all(space)
    reference = KeyedVectors.load(str(path))
    assert lookup == reference.key_to_index
    np.testing.assert_array_equal(rows, reference.vectors)
    assert space.notes == ()


def test_the_second_opening_starts_no_process(path: Path, folder: Path) -> None:
    consent.give(path)
    first = Watcher()
    VectorsSource(path).open(first)
    messages = [message for message, _ in first.steps if message.startswith("converting some.kv")]
    assert messages[-1] == "converting some.kv, 0 of 1,000 words"
    second = Watcher()
    space = VectorsSource(path).open(second)
    assert [message for message, _ in second.steps] == ["opening some.kv"]
    np.testing.assert_array_equal(read_all(space)[1], VECTORS)
    assert converted_in(folder).stat().st_size < 100_000 + VECTORS.nbytes


def test_a_file_that_changed_needs_consent_again(path: Path, folder: Path) -> None:
    consent.give(path)
    opened(path)
    gensim_vectors(WORDS[:10], VECTORS[:10]).save(str(path))
    with pytest.raises(ConsentNeeded):
        opened(path)
    consent.give(path)
    assert len(read_all(opened(path))[0]) == 10
    converted_in(folder)
    consent.withdraw(path)
    with pytest.raises(ConsentNeeded):
        opened(path)


def test_arrays_beside_the_file_belong_to_it(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "large.kv"
    keyed = gensim_vectors(WORDS, VECTORS)
    keyed.save(str(path), sep_limit=1000)
    beside = tmp_path / "large.kv.vectors.npy"
    consent.give(path)
    np.testing.assert_array_equal(read_all(opened(path))[1], VECTORS)
    np.save(beside, 2 * VECTORS)
    os.utime(beside, ns=(1, 1))
    np.testing.assert_array_equal(read_all(opened(path))[1], 2 * VECTORS)
    converted_in(folder)
    cache.clear()
    beside.unlink()
    with pytest.raises(SourceError, match=r"large\.kv holds no word vectors .*large\.kv\.vectors\.npy.*beside it"):
        opened(path)
    assert left_in(folder) == []


@pytest.mark.parametrize("kind", [Word2Vec, FastText])
def test_whole_models_give_their_word_vectors(kind: type, tmp_path: Path) -> None:
    texts = [["the", "moon", "and", "the", "star"], ["the", "comet"]] * 3
    extra = {"bucket": 100} if kind is FastText else {}
    model = kind(texts, vector_size=8, min_count=1, workers=1, **extra)
    path = tmp_path / "some.model"
    model.save(str(path))
    consent.give(path)
    lookup, rows = read_all(opened(path))
    assert lookup == model.wv.key_to_index
    np.testing.assert_array_equal(rows, model.wv.vectors)


def test_fasttext_models_are_read_by_gensims_loader(tmp_path: Path) -> None:
    path = tmp_path / "cc.bin"
    shutil.copy(FASTTEXT, path)
    with pytest.raises(ConsentNeeded, match=r"fastText model, which gensim's loader.*allow it only.*\.vec file"):
        opened(path)
    consent.give(path)
    lookup, rows = read_all(opened(path))
    reference = load_facebook_vectors(str(FASTTEXT))
    assert lookup == reference.key_to_index
    np.testing.assert_array_equal(rows, reference.vectors)


def test_words_that_cannot_be_kept_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "odd.kv"
    gensim_vectors(["moon", "nu\0ll", "half\ud800", "x" * 10_001, "star"], VECTORS[:5]).save(str(path))
    consent.give(path)
    space = opened(path)
    lookup, rows = read_all(space)
    assert lookup == {"moon": 0, "star": 4}
    np.testing.assert_array_equal(rows, VECTORS[[0, 4]])
    assert space.notes == ("Words of odd.kv that are not valid UTF-8 and match nothing: 3.",)


UNKNOWN = r"bad\.model holds no word vectors that gensim can load .*KeyedVectors\.save"
MODEL = FASTTEXT.read_bytes()
BAD = {
    "a dict": (pickle.dumps({"moon": [0.1, 0.2]}), UNKNOWN),
    "cut off": (pickle.dumps(list(range(1000)))[:500], UNKNOWN),
    "no words": (pickle.dumps(KeyedVectors(3)), UNKNOWN),
    "no vectors": (pickle.dumps(Word2Vec), UNKNOWN),
    "it exits": (pickle.dumps(Payload(exit, "bye")), UNKNOWN),
    "cut off fastText": (MODEL[:2000], "cut off or damaged; get it again"),
    "cut off header": (MODEL[:50], "cut off or damaged; get it again"),
    "a lying fastText": (
        MODEL[:8] + b"\xff\xff\xff\x7f" + MODEL[12:],
        "cut off or damaged",
    ),
    "a damaged fastText": (MODEL[:90] + bytes(10**6), UNKNOWN),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD.keys())
def test_what_holds_no_vectors_says_so(content: bytes, message: str, tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "bad.model"
    path.write_bytes(content)
    consent.give(path)
    with pytest.raises(SourceError, match=message):
        opened(path)
    assert left_in(folder) == []


def test_a_process_that_dies_leaves_nothing(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "bad.kv"
    path.write_bytes(pickle.dumps(Payload(os._exit, 3)))
    consent.give(path)
    with pytest.raises(EngineError, match="ended by itself"):
        opened(path)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("moment", ["converting some.kv: gensim reads it", "converting some.kv, "])
def test_cancel_leaves_nothing(moment: str, path: Path, folder: Path) -> None:
    consent.give(path)
    with pytest.raises(Cancelled):
        VectorsSource(path).open(Watcher(moment, Cancelled))
    assert list(folder.iterdir()) == []


def test_a_damaged_or_cleared_copy_is_made_again(path: Path, folder: Path) -> None:
    consent.give(path)
    space = opened(path)
    for damage in (b"", b"rsascope vectors" + bytes(40), converted_in(folder).read_bytes()[:-1]):
        converted_in(folder).write_bytes(damage)
        np.testing.assert_array_equal(read_all(opened(path))[1], VECTORS)
    assert cache.clear() == 0
    np.testing.assert_array_equal(read_all(space)[1], VECTORS)
    content = bytearray(converted_in(folder).read_bytes())
    content[-5:] = b"\0\0\0\0\0"
    converted_in(folder).write_bytes(content)
    with pytest.raises(SourceError, match=r"copy of some\.kv in the cache is damaged; clear the cache"):
        opened(path).lookup(SILENT)


def test_it_leaves_room_on_the_disk(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12, 10**6))
    consent.give(path)
    with pytest.raises(SourceError, match=r"too little room in .* to convert some\.kv; free some, or save the vectors"):
        opened(path)
    assert list(folder.iterdir()) == []
