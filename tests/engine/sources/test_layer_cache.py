"""The database of hidden layers: what was stored comes back, and nothing else ever does."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from engine import cache
from engine.data import FloatArray
from engine.sources.layer_cache import LayerCache, Place
from tests.own_cache import use_cache

WORDS = ["moon", "東京", "don't", "half of it", "🙂"]
PLACES = [Place("I saw the {word} today.", "mean", word) for word in WORDS]
N_TOKENS = [1, 2, 3, 4, 5]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return use_cache(monkeypatch, tmp_path)


def layers(seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).normal(size=(len(WORDS), 3, 7)).astype(np.float32)


def database(
    stamp: object = (("config.json", (1, 2)),), model: str = "/models/gpt2", dimensions: int = 7
) -> LayerCache:
    return LayerCache(Path(model), stamp, dimensions)


def write(into: LayerCache) -> None:
    into.write(PLACES, N_TOKENS, layers())


def check_whole(found: LayerCache) -> None:
    for layer in range(3):
        rows = found.read(PLACES, layer)
        assert [rows[place].n_tokens for place in PLACES] == N_TOKENS
        np.testing.assert_array_equal([rows[place].vector for place in PLACES], layers()[:, layer])


def test_every_layer_of_every_word_comes_back_to_the_bit() -> None:
    write(database())
    check_whole(database())
    assert cache.size() == database().path.stat().st_size
    assert cache.clear() == 0
    assert database().read(PLACES, 0) == {}


@pytest.mark.parametrize(
    "other",
    [
        Place("{word}", "mean", "moon"),
        Place("I saw the {word} today.", "first", "moon"),
        Place("I saw the {word} today.", "mean", "Moon"),
    ],
)
def test_another_context_pooling_or_word_is_not_there(other: Place) -> None:
    write(database())
    assert database().read([other], 0) == {}
    assert database().read(PLACES[:1], 3) == {}


def test_reading_makes_no_file() -> None:
    assert database().read(PLACES, 0) == {}
    assert not database().path.exists()


@pytest.mark.parametrize("other", [database("changed"), database(model="/models/other"), database(dimensions=8)])
def test_another_model_finds_nothing_even_in_the_same_file(other: LayerCache) -> None:
    write(database())
    content = database().path.read_bytes()
    other.path.write_bytes(content)
    assert other.read(PLACES, 0) == {}


def test_the_database_of_an_earlier_state_of_the_model_goes() -> None:
    write(database("earlier"))
    write(database("later"))
    assert not database("earlier").path.exists()
    check_whole(database("later"))


def garbage(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def zeroed_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:8192] = bytes(4096)
    path.write_bytes(content)


def schema_that_is_no_text(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE", b"CREATE T\xc4BLE"))


def somebody_elses(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table vectors (id integer, name text)")
        connection.execute("insert into vectors values (1, 'moon')")


def changed_values(path: Path) -> None:
    change(path, "update vectors set vector = zeroblob(28)")


def changed_length(path: Path) -> None:
    change(path, "update vectors set vector = zeroblob(24)")


def changed_kind(path: Path) -> None:
    change(path, "update vectors set vector = 'text', n_tokens = 'many'")


def changed_words(path: Path) -> None:
    change(path, "update vectors set word = 'new' where word = 'moon'")
    change(path, "update vectors set word = 'moon' where word = '🙂'")


def changed_number_of_tokens(path: Path) -> None:
    change(path, "update vectors set n_tokens = n_tokens + 1")


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "damage",
    [
        garbage,
        cut_off,
        emptied,
        zeroed_page,
        schema_that_is_no_text,
        somebody_elses,
        changed_values,
        changed_length,
        changed_kind,
        changed_words,
        changed_number_of_tokens,
    ],
)
def test_what_is_damaged_or_foreign_is_never_believed_and_is_made_again(damage: Callable[[Path], None]) -> None:
    write(database())
    damage(database().path)
    for layer in range(3):
        found = database().read(PLACES, layer)
        for place, row in found.items():  # rows of undamaged pages may be left
            np.testing.assert_array_equal(row.vector, layers()[PLACES.index(place), layer])
    write(database())
    check_whole(database())


@pytest.mark.slow
def test_every_damaged_byte_is_noticed() -> None:
    write(database())
    whole = database().path.read_bytes()
    for position in range(0, len(whole), 13):
        content = bytearray(whole)
        content[position] ^= 0x55
        database().path.write_bytes(content)
        for place, row in database().read(PLACES, 1).items():
            np.testing.assert_array_equal(row.vector, layers()[PLACES.index(place), 1])
            assert row.n_tokens == N_TOKENS[PLACES.index(place)]


def test_many_may_write_and_read_at_once() -> None:
    places = [Place("{word}", "mean", f"w{k}") for k in range(200)]
    values = np.arange(200 * 2 * 7, dtype=np.float32).reshape(200, 2, 7)

    def work(start: int) -> None:
        one = database()
        for k in range(start, 200, 8):
            one.write(places[k : k + 8], [1] * len(places[k : k + 8]), values[k : k + 8])
            assert len(one.read(places[k : k + 8], 1)) == len(places[k : k + 8])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, [0, 2, 4, 6]))
    found = database().read(places, 1)
    np.testing.assert_array_equal([found[place].vector for place in places], values[:, 1])


def test_without_a_cache_folder_it_goes_without(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(b"a file in the way")
    write(database())
    assert database().read(PLACES, 0) == {}


def test_a_read_only_cache_is_read(monkeypatch: pytest.MonkeyPatch, ordinary_user: None) -> None:
    with tempfile.TemporaryDirectory() as home:
        use_cache(monkeypatch, Path(home))
        write(database())
        database().path.chmod(0o400)
        cache.folder().chmod(0o500)
        check_whole(database())
        write(database())
        check_whole(database())
        cache.folder().chmod(0o700)
