"""result.json: everything an analysis found, but the matrices."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from typing import Any

from engine.export.inferred import inferred, overall
from engine.result import AnalysisResult
from engine.session import Session, session_values


def report(result: AnalysisResult, session: Session) -> dict[str, Any]:
    """What result.json holds: full precision, None where a number is undefined.

    Parameters
    ----------
    result : AnalysisResult
    session : Session
        For its colours; the request reported is the result's own.
    """
    notes = [f"{space.name}: {note}" for space in result.spaces for note in space.notes]
    return {
        "session": session_values(replace(session, request=result.request)),
        "words": list(result.words),
        "spaces": [
            {
                "name": space.name,
                "description": space.description,
                "dimensions": space.dimensions,
                "vocabulary_size": space.vocabulary_size,
                "indices": space.indices.tolist(),
                **({} if space.numbers is None else {"dimension_numbers": space.numbers.tolist()}),
                **({} if space.n_tokens is None else {"n_tokens": space.n_tokens.tolist()}),
            }
            for space in result.spaces
        ],
        "missing": [asdict(missing) for missing in result.missing],
        "comparisons": [_comparison(result, k) for k in range(len(result.comparisons))],
        "anisotropy": {space.name: asdict(space.anisotropy) for space in result.spaces},
        **overall(result),
        "notes": [*result.notes, *notes],
        **_categories(result),
    }


def _categories(result: AnalysisResult) -> dict[str, Any]:
    """Nothing, if there are no categories."""
    if not result.categories:
        return {}
    means = [
        {
            "space": result.spaces[one.space].name,
            "category": one.category,
            "n_words": one.n_words,
            "within": one.within,
            "between": one.between,
            "selectivity": one.selectivity,
        }
        for one in result.category_means
    ]
    return {"categories": list(result.categories), "category_means": means}


def _comparison(result: AnalysisResult, k: int) -> dict[str, Any]:
    comparison = result.comparisons[k]
    values = {
        "first": result.spaces[comparison.first].name,
        "second": result.spaces[comparison.second].name,
        "n_words": comparison.n_words,
        "n_pairs": comparison.n_pairs,
        "values": {measure: _finite(value) for measure, value in comparison.values.items()},
    }
    return values if result.statistics is None else values | inferred(result.statistics.pairs[k])


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
