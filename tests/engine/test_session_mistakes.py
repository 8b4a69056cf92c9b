"""Mistakes in sessions are named by their place, with the way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import ExportError, SessionError
from engine.session import Session, parse_session, read_session, write_session
from tests.engine.sessions import FOLDER, SESSION, SPACES, dimensions_of


def space(**changes: Any) -> dict[str, Any]:
    return {"spaces": [SPACES[0], SPACES[1] | changes]}


@pytest.mark.parametrize(
    ("change", "path", "hint"),
    [
        ({"word": {}}, "word", "did you mean 'words'"),
        (dimensions_of("evn"), "spaces[0].dimensions", "did you mean 'even'"),
        (dimensions_of("random half"), "spaces[0].dimensions", "needs a seed"),
        (dimensions_of([3]), "spaces[0].dimensions", "first and the last"),
        (dimensions_of([3, 4, 5]), "spaces[0].dimensions", "not 3"),
        (dimensions_of([3, 2]), "spaces[0].dimensions", "3 is above 2"),
        (dimensions_of([0, "9"]), "spaces[0].dimensions[1]", "not '9'"),
        (dimensions_of({"random half": -1}), "spaces[0].dimensions['random half']", "from 0"),
        (dimensions_of({"random": 1}), "spaces[0].dimensions.random", "other random half"),
        (dimensions_of({}), "spaces[0].dimensions", "one key"),
        (dimensions_of(None), "spaces[0].dimensions", "null"),
        ({"words": {"min_lenght": 3}}, "words.min_lenght", "did you mean 'min_length'"),
        ({"words": {"list": ["a"], "limit": 3}}, "words.limit", "list, categories"),
        ({"words": {"odd key": 3}}, "words['odd key']", "min_length"),
        ({"colours": {"mapp": "plasma"}}, "colours.mapp", "did you mean 'map'"),
        (space(tokenform="bare"), "spaces[1].tokenform", "did you mean 'token_form'"),
        (space(path="x"), "spaces[1].path", "model"),
        ({"words": {"min_length": 7}}, "words.min_length", "no larger than max_length (6)"),
        ({"words": {"max_length": 5}}, "words.max_length", "no larger than max_length (5)"),
        ({"words": {"min_rank": 9, "max_rank": 8}}, "words.max_rank", "min_rank (9) no larger than max_rank (8)"),
        ({"words": {"min_rank": 0}}, "words.min_rank", "null for no bound"),
        ({"words": {"max_rank": 2.5}}, "words.max_rank", "whole number"),
        ({"words": {"limit": 0}}, "words.limit", "null for all"),
        ({"words": {"limit": True}}, "words.limit", "not true"),
        ({"words": {"limit": 10.0}}, "words.limit", "whole number"),
        ({"words": {"limit": 10**30}}, "words.limit", "2,147,483,647"),
        ({"words": {"min_length": "6"}}, "words.min_length", "not '6'"),
        ({"words": {"pattern": "(s"}}, "words.pattern", "not a regular expression"),
        ({"words": {"pattern": "a{4294967296}"}}, "words.pattern", "not a regular expression"),
        ({"words": {"pattern": "(" * 1000 + ")" * 1000}}, "words.pattern", "not a regular expression"),
        ({"words": {"case": "Lower"}}, "words.case", "did you mean 'lower'"),
        ({"words": {"characters": "digits"}}, "words.characters", "ascii-letters"),
        ({"words": {"pick": "last"}}, "words.pick", "first, random"),
        ({"words": ["moon"]}, "words", "not a list"),
        ({"words": {"list": []}}, "words.list", "1 words or more"),
        ({"words": {"list": ["moon", 3]}}, "words.list[1]", "text in quotes, not 3"),
        ({"words": {"list": "moon"}}, "words.list", "list in brackets"),
        ({"words": {"list": ["moon"], "categories": {"mon": "sky"}}}, "words.categories.mon", "not one of the listed"),
        ({"words": {"list": ["moon"], "categories": {"moon": 1}}}, "words.categories.moon", "text"),
        ({"words": {"categories": {}}}, "words.categories", "goes with a list"),
        ({"spaces": []}, "spaces", "2 spaces or more, not 0"),
        ({"spaces": SPACES[:1]}, "spaces", "2 spaces or more, not 1"),
        ({"spaces": {}}, "spaces", "list in brackets, not an object"),
        ({"spaces": [*SPACES, "GPT-2"]}, "spaces[2]", "object in braces"),
        (space(name="word2vec"), "spaces[1].name", "like that of spaces[0]"),
        (space(name=""), "spaces[1].name", "must be a text"),
        (space(name=None), "spaces[1].name", "not null"),
        (space(source="hugingface"), "spaces[1].source", "did you mean 'huggingface'"),
        (space(source=["sample"]), "spaces[1].source", "a list"),
        (space(model=3), "spaces[1].model", "must be a text"),
        (space(token_form="leading"), "spaces[1].token_form", "bare, leading-space"),
        (space(layer=-1), "spaces[1].layer", "whole number from 0"),
        (space(layer=1.5), "spaces[1].layer", "not 1.5"),
        (space(layer="last"), "spaces[1].layer", "'embedding'"),
        (space(template="The {word}."), "spaces[1].template", "choose the number of a layer"),
        (space(layer=1, template="The word."), "spaces[1].template", "{word} exactly once"),
        (space(layer=1, template=7), "spaces[1].template", "text in quotes"),
        (space(layer=1, pooling="max"), "spaces[1].pooling", "mean, first, last"),
        (space(layer=1, pooling=""), "spaces[1].pooling", "text in quotes"),
        (space(layer=1, device="gpu"), "spaces[1].device", "cpu, cuda, mps"),
        (space(layer=True), "spaces[1].layer", "not true"),
        ({"spaces": [SPACES[1], {"name": "x", "source": "vectors"}]}, "spaces[1].path", "is missing"),
        (
            {"spaces": [SPACES[1], {"name": "x", "source": "vectors", "path": "a\0b"}]},
            "spaces[1].path",
            "name of a file",
        ),
        ({"spaces": [SPACES[1], {"name": "x", "source": "sample", "space": "gpt"}]}, "spaces[1].space", "MiniLM"),
        ({"spaces": [SPACES[1], {"name": "x"}]}, "spaces[1].source", "is missing"),
        ({"preprocessing": "zscore"}, "preprocessing", "none"),
        ({"similarity": "cosin"}, "similarity", "did you mean 'cosine'"),
        ({"similarity": "hamming"}, "similarity", "cosine, pearson, dot, euclidean, cityblock"),
        ({"comparisons": ["pearson", "cka_nope"]}, "comparisons[1]", "there are: pearson, spearman, cosine"),
        ({"comparisons": ["pearson", "pearson"]}, "comparisons[1]", "again"),
        ({"comparisons": [["pearson"]]}, "comparisons[0]", "a list"),
        ({"comparisons": "pearson"}, "comparisons", "list in brackets"),
        ({"permutations": -1}, "permutations", "from 0"),
        ({"components": 0}, "components", "or null for about a hundredth"),
        ({"neighbours": 0}, "neighbours", "from 1"),
        ({"statistics": {"side": "greater"}}, "statistics.side", "did you mean 'sided'"),
        ({"statistics": {"sided": "less"}}, "statistics.sided", "greater, two-sided"),
        ({"statistics": {"controls": ["lenght"]}}, "statistics.controls[0]", "did you mean 'length'"),
        ({"statistics": {"controls": ["length", "length"]}}, "statistics.controls[1]", "again"),
        ({"statistics": {"draw_size": 3}}, "statistics.draw_size", "from 4"),
        ({"statistics": []}, "statistics", "an object in braces"),
        ({"bootstraps": False}, "bootstraps", "not false"),
        ({"seed": -1}, "seed", "from 0"),
        ({"order": "cluster"}, "order", "did you mean 'cluster_"),
        ({"order": None}, "order", "as_found, alphabetical, frequency, category, cluster_a, cluster_b, cluster_mean"),
        ({"difference": "rank"}, "difference", "did you mean 'ranks'"),
        ({"difference": True}, "difference", "none, values, ranks"),
        ({"colours": {"map": "jet"}}, "colours.map", "plasma, viridis"),
        ({"colours": {"levels": [0.6, 0.1]}}, "colours.levels", "0.6 is not below 0.1"),
        ({"colours": {"levels": [-1e308, 1]}}, "colours.levels", "must lie between -1,000,000 and 1,000,000"),
        ({"colours": {"levels": [0.5, 0.5]}}, "colours.levels", "must rise"),
        ({"colours": {"levels": [0.1]}}, "colours.levels", "two numbers"),
        ({"colours": {"levels": "auto"}}, "colours.levels", "'automatic'"),
        ({"colours": {"levels": [0, float("nan")]}}, "colours.levels", "not nan"),
        ({"colours": {"levels": [0, float("inf")]}}, "colours.levels", "not inf"),
        ({"colours": {"levels": [0, 10**400]}}, "colours.levels", "numbers"),
        ({"colours": {"levels": [False, True]}}, "colours.levels", "not false"),
        ({"colours": {"shared": 1}}, "colours.shared", "true or false, not 1"),
        ({"rsascope_session": "1"}, "rsascope_session", "not '1'"),
        ({"rsascope_session": 0}, "rsascope_session", "not 0"),
        ({"rsascope_session": 2, "new": 1}, "rsascope_session", "newer rsascope"),
    ],
)
def test_a_mistake_is_named_by_its_path_with_the_way_out(change: dict[str, Any], path: str, hint: str) -> None:
    with pytest.raises(SessionError) as caught:
        parse_session(SESSION | change, FOLDER)
    assert caught.value.concerns == path
    assert str(caught.value).startswith(path)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("values", [[], "text", None, {}, {"spaces": SPACES}])
def test_something_else_is_no_session(values: object) -> None:
    with pytest.raises(SessionError, match="no rsascope session"):
        parse_session(values, FOLDER)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not valid JSON"),
        (b'{"rsascope_session": 1,', "not valid JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"rsascope_session": 1, "seed": 0, "seed": 1}', "'seed' appears twice"),
        (b"[" * 200_000, "not valid JSON"),
        (b'{"rsascope_session": ' + b"9" * 10_000 + b"}", "not valid JSON"),
        (b" " * ((64 << 20) + 1), "larger than 64 MB"),
    ],
    ids=["empty", "truncated", "not UTF-8", "repeated key", "nested", "digits", "huge"],
)
def test_a_file_that_is_no_session_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    (tmp_path / "s.json").write_bytes(content)
    with pytest.raises(SessionError, match=complaint) as caught:
        read_session(tmp_path / "s.json")
    assert str(tmp_path / "s.json") in str(caught.value)


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(SESSION).encode())
    assert read_session(tmp_path / "s.json").request.spaces[0].name == "word2vec"


@pytest.mark.parametrize(("name", "reason"), [("missing.json", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(SessionError, match=reason) as caught:
        read_session(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_a_mistake_in_a_file_keeps_its_path_and_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(SESSION | {"seed": "x"}))
    with pytest.raises(SessionError, match=r"s\.json: seed must be") as caught:
        read_session(tmp_path / "s.json")
    assert caught.value.concerns == "seed"


def test_a_session_that_cannot_be_saved_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(ExportError, match="is a file"):
        write_session(tmp_path / "file" / "s.json", Session())
    assert (tmp_path / "file").read_text() == "precious"
