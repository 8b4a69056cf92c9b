"""Session files: what is written is read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.colours import COLOUR_MAPS, ColourScale
from engine.comparison import COMPARISONS
from engine.difference import DIFFERENCES
from engine.dimensions import Dimensions
from engine.inference.choices import CONFOUNDS, CORRECTIONS, INTERVALS, SIDES
from engine.ordering import ORDERS
from engine.preprocessing import PREPROCESSINGS
from engine.request import AnalysisRequest, NamedSource, StatisticsRequest
from engine.session import Session, parse_session, read_session, session_values, write_session
from engine.similarity import SIMILARITIES
from engine.sources import HuggingFaceSource, SampleSource, VectorsSource
from engine.sources.tokens import TOKEN_FORMS
from engine.words import CASES, CHARACTERS, PICKS, WordList, WordRule
from tests.engine.sessions import FOLDER, SESSION, SPACES

paths = st.text("abc äß._-", min_size=1).map(lambda name: VectorsSource(FOLDER / f"x{name}"))
models = st.builds(
    HuggingFaceSource,
    st.from_regex(r"[a-z][a-z0-9]{0,9}/[a-z][a-z0-9-]{0,9}", fullmatch=True),
    st.just("embedding"),
    st.sampled_from(["bare", "leading-space"]),
)
layers = st.builds(
    HuggingFaceSource,
    st.from_regex(r"[a-z][a-z0-9]{0,9}/[a-z][a-z0-9-]{0,9}", fullmatch=True),
    st.integers(0, 200),
    st.sampled_from(list(TOKEN_FORMS)),
    st.just("") | st.tuples(st.text("abc ß“."), st.text("xyz 日.")).map("{word}".join),
    st.sampled_from(["mean", "first", "last"]),
    st.sampled_from(["cpu", "cuda", "mps"]),
)
samples = st.sampled_from(["word2vec-google-news-1k", "all-MiniLM-L6-v2"]).map(SampleSource)
dimensions = st.one_of(
    st.sampled_from(["all", "even", "odd", "first half", "second half"]).map(Dimensions),
    st.builds(Dimensions, st.sampled_from(["random half", "other random half"]), seed=st.integers(0, 2**31 - 1)),
    st.tuples(st.integers(0, 999), st.integers(0, 999)).map(
        lambda two: Dimensions("range", first=min(two), last=max(two))
    ),
)
spaces = st.lists(
    st.builds(NamedSource, st.text(min_size=1), st.one_of(paths, models, layers, samples), dimensions),
    min_size=2,
    max_size=4,
    unique_by=lambda space: space.full_name,
).map(tuple)
rules = st.builds(
    lambda lengths, *rest: WordRule(min(lengths), max(lengths), *rest),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.none() | st.integers(1, 10**6),
    st.sampled_from(["", "s.*", "[^\\W\\d_]+", "ß|é"]),
    st.sampled_from(list(CASES)),
    st.sampled_from(list(CHARACTERS)),
    st.sampled_from(PICKS),
    st.none() | st.integers(1, 500),
    st.none() | st.integers(500, 2**31 - 1),
)
texts = st.text(min_size=1)
lists = st.lists(texts, min_size=1, unique=True).flatmap(
    lambda words: st.dictionaries(st.sampled_from(words), texts).map(
        lambda categories: WordList(tuple(words), tuple(categories.items()))
    )
)
levels = st.tuples(st.floats(-5, 5), st.floats(-5, 5)).filter(lambda two: two[0] < two[1])
counts = st.integers(0, 10**6)
statistics = st.builds(
    StatisticsRequest,
    permutations=counts,
    sided=st.sampled_from(list(SIDES)),
    adaptive=st.booleans(),
    correction=st.sampled_from(list(CORRECTIONS)),
    controls=st.lists(st.sampled_from(list(CONFOUNDS)), unique=True).map(tuple),
    bootstraps=counts,
    interval=st.sampled_from(list(INTERVALS)),
    draws=counts,
    draw_size=st.integers(4, 1000),
    bands=st.integers(0, 20),
    preprocessings=st.booleans(),
)
sessions = st.builds(
    Session,
    st.builds(
        AnalysisRequest,
        spaces=spaces,
        words=rules | lists,
        preprocessing=st.sampled_from(list(PREPROCESSINGS)),
        components=st.none() | st.integers(1, 30),
        similarity=st.sampled_from(list(SIMILARITIES)),
        comparisons=st.lists(st.sampled_from(list(COMPARISONS)), unique=True).map(tuple),
        neighbours=st.integers(1, 100),
        statistics=statistics,
        seed=st.integers(0, 2**31 - 1),
        order=st.sampled_from(list(ORDERS)),
        difference=st.sampled_from(list(DIFFERENCES)),
    ),
    st.builds(ColourScale, st.sampled_from(list(COLOUR_MAPS)), st.none() | levels, st.booleans()),
)


@given(sessions)
def test_what_is_written_is_read_back(session: Session) -> None:
    for folder in (None, FOLDER):
        values = json.loads(json.dumps(session_values(session, folder)))
        assert parse_session(values, FOLDER) == session


def test_a_saved_session_is_opened_again(tmp_path: Path) -> None:
    session = Session(
        AnalysisRequest(
            (
                NamedSource("ours ✓", VectorsSource(tmp_path / "data" / "ours.vec")),
                NamedSource("theirs", VectorsSource(FOLDER / "theirs.bin")),
            ),
            WordList(("moon", "étoile", "日"), (("moon", "sky"),)),
        ),
        ColourScale("viridis", None, False),
    )
    write_session(tmp_path / "my.json", session)
    assert read_session(tmp_path / "my.json") == session
    written = json.loads((tmp_path / "my.json").read_text("utf-8"))
    assert written["spaces"][0]["path"] == "data/ours.vec", "a path below the file's folder moves with it"
    assert written["spaces"][1]["path"] == (FOLDER / "theirs.bin").as_posix()
    assert [path.name for path in tmp_path.iterdir()] == ["my.json"]


def test_everything_left_out_is_the_notebook_recipe() -> None:
    session = parse_session(SESSION, FOLDER)
    expected = AnalysisRequest(
        spaces=(
            NamedSource("word2vec", VectorsSource(FOLDER / "GoogleNews.bin")),
            NamedSource("GPT-2", HuggingFaceSource("openai/gpt2", "embedding", "bare")),
        ),
    )
    assert session == Session(expected, ColourScale("plasma", (0.1, 0.6), True))
    assert expected.words == WordRule(6, 6, 100, "", "any", "any", "first")


def test_a_complete_session_has_every_key() -> None:
    values = session_values(parse_session(SESSION, FOLDER), FOLDER)
    assert values == {
        "rsascope_session": 1,
        "spaces": [
            SPACES[0] | {"dimensions": "all"},
            SPACES[1] | {"template": "", "pooling": "mean", "device": "cpu", "dimensions": "all"},
        ],
        "words": {
            "min_length": 6,
            "max_length": 6,
            "limit": 100,
            "pattern": "",
            "case": "any",
            "characters": "any",
            "pick": "first",
            "min_rank": None,
            "max_rank": None,
        },
        "preprocessing": "none",
        "components": None,
        "similarity": "cosine",
        "comparisons": ["pearson", "cosine"],
        "neighbours": 10,
        "permutations": 0,
        "bootstraps": 0,
        "statistics": {
            "sided": "greater",
            "adaptive": False,
            "correction": "none",
            "controls": [],
            "interval": "percentile",
            "draws": 0,
            "draw_size": 100,
            "bands": 0,
            "preprocessings": False,
        },
        "seed": 0,
        "order": "as_found",
        "difference": "none",
        "colours": {"map": "plasma", "levels": [0.1, 0.6], "shared": True},
    }


def test_a_relative_path_starts_at_the_session_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "s.json").write_text(json.dumps(SESSION))
    monkeypatch.chdir(tmp_path)
    source = read_session(Path("sub/s.json")).request.spaces[0].source
    assert source == VectorsSource(tmp_path / "sub" / "GoogleNews.bin")


def test_null_as_limit_means_all_words() -> None:
    session = parse_session(SESSION | {"words": {"limit": None}}, FOLDER)
    assert session.request.words == WordRule(limit=None)
