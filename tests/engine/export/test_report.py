"""result.json: the promised keys, full precision, no NaN."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.analysis import run_analysis
from engine.colours import ColourScale
from engine.data import Comparison, MissingWords
from engine.export.report import report
from engine.request import AnalysisRequest
from engine.session import Session, json_text, parse_session
from engine.words import WordList
from tests.engine.export.made import sample_result
from tests.engine.recipe import notebook_recipe


def test_the_contract() -> None:
    read = json.loads(json_text(report(sample_result(), Session())))
    recipe = notebook_recipe()
    assert list(read) == ["session", "words", "spaces", "missing", "comparisons", "anisotropy", "notes"]
    assert read["words"] == recipe.words
    assert [(space["name"], space["dimensions"], space["vocabulary_size"]) for space in read["spaces"]] == [
        ("word2vec (sample)", 300, 1000),
        ("MiniLM (sample)", 384, 993),
    ]
    assert read["spaces"][1]["indices"] == sample_result().spaces[1].indices.tolist()
    (comparison,) = read["comparisons"]
    assert (comparison["first"], comparison["second"]) == ("word2vec (sample)", "MiniLM (sample)")
    assert (comparison["n_words"], comparison["n_pairs"]) == (100, 4950)
    assert comparison["values"]["pearson"] == pytest.approx(recipe.r, abs=1e-6)
    assert comparison["values"]["cosine"] == pytest.approx(recipe.S_c, abs=1e-6)
    assert comparison["values"] == sample_result().comparisons[0].values, "every digit is there"


def test_its_session_makes_the_same_result_again() -> None:
    colours = ColourScale("viridis", None, False)
    values = json.loads(json_text(report(sample_result(), Session(colours=colours))))["session"]
    assert parse_session(values, Path("/elsewhere")) == Session(AnalysisRequest(), colours)


def test_the_session_is_that_of_the_result_not_of_what_is_asked_next() -> None:
    later = Session(AnalysisRequest(similarity="dot"))
    assert report(sample_result(), later)["session"]["similarity"] == "cosine"


def test_missing_words_and_notes_are_told() -> None:
    words = WordList(("water", "home", "paper", "river", "hovercraft"))
    found = report(run_analysis(AnalysisRequest(words=words)), Session())
    assert found["words"] == ["water", "home", "paper", "river"]
    assert {missing["space"]: missing["words"] for missing in found["missing"]} == {
        "word2vec (sample)": ("hovercraft",),
        "MiniLM (sample)": ("hovercraft",),
    }
    space = replace(sample_result().spaces[0], notes=("2 words are twice in the file.",))
    noted = replace(sample_result(), spaces=(space, *sample_result().spaces[1:]), notes=("A fact.",))
    assert report(noted, Session())["notes"] == ["A fact.", "word2vec (sample): 2 words are twice in the file."]


def test_what_is_undefined_is_null() -> None:
    values = {"pearson": None, "cosine": float("nan"), "spearman": float("inf")}
    result = replace(sample_result(), comparisons=(Comparison(0, 1, 100, values),))

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    read = json.loads(json_text(report(result, Session())), parse_constant=refuse)
    assert read["comparisons"][0]["values"] == {"pearson": None, "cosine": None, "spearman": None}


def test_half_characters_do_not_break_the_file() -> None:
    missing = MissingWords("a", "not in the vocabulary", ("half\ud800", "日本"), 2)
    read = json.loads(json_text(report(replace(sample_result(), missing=(missing,)), Session())))
    assert read["missing"][0]["words"] == ["half\ud800", "日本"]
    assert np.isfinite(read["comparisons"][0]["values"]["pearson"])
