"""The words nearest to one word in each space: of those under study, or of a space's whole vocabulary.

Larger similarity is nearer. Of equally similar words the one that stands first in the space's own vocabulary is the
nearer one. The word itself is left out, and a word whose vector is all zeros or has values that are not numbers is
nobody's neighbour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from engine.analysis import fitted, open_spaces
from engine.data import FloatArray, IntArray, is_usable, read_only
from engine.description import printable
from engine.errors import concerning
from engine.preprocessing import Fitted
from engine.progress import SILENT, Progress
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES, similarities_to_one
from engine.sources.base import OpenSpace
from engine.step_cache import StepCache

MOST = 100  # nearest words that are found; fewer may be shown
SHOWN, VOCABULARY = "shown", "vocabulary"
SCOPES = {SHOWN: "words shown", VOCABULARY: "whole vocabulary"}


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The words nearest to a word in one space, the nearest first.

    Parameters
    ----------
    space : str
        Its name.
    among : str
        A key of `SCOPES`: what they are the nearest of.
    pool : int
        How many words that is, the word itself apart.
    words : tuple of m str
    similarities : (m,) floating array
    note : str
        A sentence on why there are none, or none of the whole vocabulary; else empty.
    """

    space: str
    among: str
    pool: int = 0
    words: tuple[str, ...] = ()
    similarities: FloatArray = field(default_factory=lambda: np.array([]))
    note: str = ""

    def __post_init__(self) -> None:
        read_only(self.similarities)

    def first(self, k: int) -> Neighbours:
        """The k nearest, or all if there are fewer."""
        return replace(self, words=self.words[:k], similarities=self.similarities[:k])


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The words nearest to a word in the first two spaces of an analysis.

    Parameters
    ----------
    word : str
    scope : str
        A key of `SCOPES`: what was asked for.
    spaces : tuple of Neighbours
    """

    word: str
    scope: str
    spaces: tuple[Neighbours, ...]

    def first(self, k: int) -> Neighbourhood:
        """The k nearest in each space."""
        return replace(self, spaces=tuple(space.first(k) for space in self.spaces))

    @property
    def shared(self) -> frozenset[str]:
        """The words that are in every space's list."""
        return frozenset.intersection(*(frozenset(space.words) for space in self.spaces))

    @property
    def expected_shared(self) -> float | None:
        """How many words unrelated lists of these lengths would share, k k'/pool; None where their pools differ."""
        if any(space.among != SHOWN or not space.words for space in self.spaces):
            return None
        share = 1.0
        for space in self.spaces:
            share *= len(space.words) / space.pool
        return share * self.spaces[0].pool


def neighbours_shown(result: AnalysisResult, word: str) -> Neighbourhood:
    """The nearest of the words under study to one of them, by their similarity matrices."""
    found = tuple(_of_shown(result, i, word, space.similarities.values) for i, space in enumerate(result.spaces[:2]))
    return Neighbourhood(word, SHOWN, found)


def find_neighbours(
    result: AnalysisResult, word: str, scope: str, progress: Progress = SILENT, cache: StepCache | None = None
) -> Neighbourhood:
    """The nearest words to any word, whether or not it is under study.

    Vectors are preprocessed as those under study were, by the step fitted on the same words, and compared by the same
    first-order measure. Where every word costs a run of a model, only the words under study are compared.

    Parameters
    ----------
    result : AnalysisResult
    word : str
    scope : str
        A key of `SCOPES`.
    progress : Progress
    cache : StepCache, optional
        Of the analyses; remembers the latest searches too.

    Raises
    ------
    EngineError
    Cancelled
    """
    cache = cache or StepCache()
    opened, files = open_spaces(result.request, progress, cache)
    found = []
    for i, space in enumerate(opened[:2]):
        with concerning(f"spaces[{i}]"):
            if scope == SHOWN or space.is_costly:
                note = _why_shown(result, i) if scope != SHOWN else ""
                found.append(_among_shown(result, i, word, note, space, progress, cache))
            else:
                step, fitted_by = fitted(result.request, i, result.request.preprocessing, progress, cache)
                inputs = (files[i], fitted_by, result.request.similarity, word)
                compute = partial(_in_vocabulary, result, i, word, step, space, progress)
                found.append(cache.get(f"neighbours {i}", inputs, compute))
    return Neighbourhood(word, scope, tuple(found))


# In one space.


def _among_shown(
    result: AnalysisResult, i: int, word: str, note: str, space: OpenSpace, progress: Progress, cache: StepCache
) -> Neighbours:
    if word in result.rows:
        return replace(_of_shown(result, i, word, result.spaces[i].similarities.values), note=note)
    name, compared = result.spaces[i].name, result.spaces[i].compared.vectors
    _, vector, problem = _vector(name, word, space, progress)
    if vector is None:
        return Neighbours(name, SHOWN, note=problem)
    step, _ = fitted(result.request, i, result.request.preprocessing, progress, cache)
    one = step.apply(vector)
    row = similarities_to_one(compared, one[0], result.request.similarity)
    return replace(_of_shown(result, i, word, row[None]), note=note)


def _of_shown(result: AnalysisResult, i: int, word: str, matrix: FloatArray) -> Neighbours:
    """By the word's row of similarities to all words shown; by the only row, if it is none of them."""
    space, row = result.spaces[i], result.rows.get(word)
    similarities = np.array(matrix[row or 0])
    if row is not None:
        similarities[row] = np.nan
    usable = np.isfinite(similarities)
    count = min(MOST, int(usable.sum()))
    if not count:
        return Neighbours(space.name, SHOWN, note=_undefined(result, space.name, word))
    least = np.partition(similarities[usable], -count)[-count]
    candidates = np.flatnonzero(similarities >= least).tolist()  # undefined ones compare with nothing
    indices = space.indices
    candidates.sort(key=lambda j: (-similarities[j], indices[j], result.words[j]))
    places = np.array(candidates[:count])
    return Neighbours(
        space.name,
        SHOWN,
        len(result.words) - (row is not None),
        tuple(result.words[j] for j in places),
        similarities[places],
    )


def _in_vocabulary(
    result: AnalysisResult, i: int, word: str, fitted: Fitted, space: OpenSpace, progress: Progress
) -> Neighbours:
    name, measure = result.spaces[i].name, result.request.similarity
    index, vector, problem = _vector(name, word, space, progress)
    if vector is None:
        return Neighbours(name, VOCABULARY, note=problem)
    one = fitted.apply(vector)[0]

    def similarities(rows: FloatArray) -> FloatArray:
        return similarities_to_one(fitted.apply(rows), one, measure)

    indices, values, pool = nearest(space.blocks(progress), similarities, MOST, left_out=index)
    if not pool:
        return Neighbours(name, VOCABULARY, note=f"{printable(name)} has no other word.")
    if not len(indices):
        return Neighbours(name, VOCABULARY, pool, note=_undefined(result, name, word))
    return Neighbours(name, VOCABULARY, pool, tuple(space.words_at(indices, progress)), values)


def nearest(
    blocks: Iterable[tuple[IntArray, FloatArray]],
    similarities: Callable[[FloatArray], FloatArray],
    k: int,
    left_out: int = -1,
) -> tuple[IntArray, FloatArray, int]:
    """Indices and similarities of the k most similar vectors, the most similar first, and of how many they are.

    Parameters
    ----------
    blocks : iterable of (indices, vectors)
        In ascending order of the indices; each may be changed when the next one comes.
    similarities : callable
        (n, d) vectors -> (n,) numbers; what is not finite is never among the most similar.
    k : int
    left_out : int, optional
        An index that is not counted.
    """
    best, values, pool = np.empty(0, np.int64), np.empty(0), 0
    for indices, rows in blocks:
        found = similarities(rows)
        pool += len(indices) - int((indices == left_out).sum())
        least = values[-1] if len(values) == k else -np.inf
        better = np.flatnonzero(found > least)  # nearly always none or a few: so much for the cost of what follows
        better = better[np.isfinite(found[better]) & is_usable(rows[better]) & (indices[better] != left_out)]
        if len(better):
            best, values = np.append(best, indices[better]), np.append(values, found[better])
            order = np.argsort(-values, kind="stable")[:k]  # of equals the earlier ones
            best, values = best[order], values[order]
    return best, values, pool


def _vector(name: str, word: str, space: OpenSpace, progress: Progress) -> tuple[int, FloatArray | None, str]:
    """The word's index, its (1, d) vector as stored, and if it has none that is usable, why."""
    indices = space.find([word], progress)
    if indices[0] < 0:
        return -1, None, f"{printable(name)} does not know “{printable(word)}”."
    vector = space.vectors(indices, progress)
    if not is_usable(vector)[0]:
        why = "is all zeros, not numbers, or too large or small to compute with"
        return -1, None, f"The vector of “{printable(word)}” in {printable(name)} {why}."
    return int(indices[0]), vector, ""


def _why_shown(result: AnalysisResult, i: int) -> str:
    space = result.spaces[i]
    return (
        f"Only of the words shown: {printable(space.name)} would have to run its model for each of "
        f"{space.vocabulary_size:,} words."
    )


def _undefined(result: AnalysisResult, space: str, word: str) -> str:
    label = SIMILARITIES[result.request.similarity].label
    return f"The {label} of “{printable(word)}” with any other word is undefined in {printable(space)}."
