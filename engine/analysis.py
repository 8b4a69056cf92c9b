"""One analysis from request to result: the notebook's steps, in the notebook's order."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations

import numpy as np

from engine.anisotropy import anisotropy
from engine.comparison import COMPARISONS, Options, compare
from engine.data import Compared, Comparison, EmbeddingSpace, FloatArray, MissingWords
from engine.embedding import Embedded, embed
from engine.errors import EngineError, MeasureError, concerning
from engine.inference.findings import PairStatistics, Statistics
from engine.pool import Pool, find_pool
from engine.preprocessing import PREPROCESSINGS
from engine.progress import SILENT, Progress
from engine.request import AnalysisRequest, NamedSource
from engine.similarity import SIMILARITIES, similarity_matrix
from engine.sources import OpenSpace
from engine.step_cache import StepCache
from engine.words import SharedWords, find_shared_words


@dataclass(frozen=True, eq=False)
class AnalysisResult:
    """What an analysis found.

    Parameters
    ----------
    request : AnalysisRequest
        What was asked.
    words : tuple of str
        The n words under study, the order of every matrix.
    spaces : tuple of EmbeddingSpace
        One per space of the request, in its order.
    comparisons : tuple of Comparison
        One per pair of spaces.
    missing : tuple of MissingWords
    notes : tuple of str
        Facts that are not failures.
    statistics : Statistics or None
        What `engine.statistics` inferred from it since; None: nothing yet.
    """

    request: AnalysisRequest
    words: tuple[str, ...]
    spaces: tuple[EmbeddingSpace, ...]
    comparisons: tuple[Comparison, ...]
    missing: tuple[MissingWords, ...] = ()
    notes: tuple[str, ...] = ()
    statistics: Statistics | None = None

    @cached_property
    def rows(self) -> dict[str, int]:
        """Word -> its row in every matrix."""
        return {word: row for row, word in enumerate(self.words)}

    @property
    def inferred(self) -> list[tuple[Comparison, PairStatistics]]:
        """Every comparison with what was inferred of it; empty before anything was."""
        return list(zip(self.comparisons, self.statistics.pairs, strict=True)) if self.statistics else []


def run_analysis(
    request: AnalysisRequest, progress: Progress = SILENT, cache: StepCache | None = None
) -> AnalysisResult:
    """Compare embedding spaces by representational similarity analysis.

    Parameters
    ----------
    request : AnalysisRequest
    progress : Progress
        Told what is being done; raises `Cancelled` from any step.
    cache : StepCache, optional
        Steps whose inputs are unchanged since an earlier call with the same cache are not repeated.

    Returns
    -------
    AnalysisResult

    Raises
    ------
    EngineError
        With a message fit for the user; `concerns` says which part of the request.
    Cancelled
    """
    cache = cache or StepCache()
    spaces = request.spaces

    # 1. Open the spaces; find the words that all of them have.
    opened, files = open_spaces(request, progress, cache)
    chosen_by = (spaces, files, request.words, request.seed)
    shared = cache.get("words", chosen_by, partial(_find_shared_words, request, opened, progress))

    # 2. Stack the words' vectors, one row a word: E_A (n x d_A), E_B (n x d_B).
    embedded = cache.get("vectors", chosen_by, partial(embed, request, opened, shared, progress))

    # 3. Preprocess the vectors; similarities of all words in each space (n x n).
    pool = None if request.preprocessing == "none" else shared_pool(request, progress, cache)
    measured_by = (chosen_by, request.preprocessing, request.components, request.similarity)
    measured = [
        cache.get("similarities", (i, measured_by), partial(_similarities, request, i, embedded, pool, progress))
        for i in range(len(spaces))
    ]

    # 4. Any two spaces against each other: their upper triangles, their matrices or their vectors.
    options = Options(request.neighbours)
    comparisons = []
    for first, second in combinations(range(len(spaces)), 2):
        values = {}
        for measure in request.comparisons:
            progress.step(f"comparing {spaces[first].name} with {spaces[second].name}")
            values[measure] = cache.get(
                "comparisons",
                (first, second, measure, measured_by, request.neighbours),
                partial(compare, measured[first], measured[second], measure, options, progress),
            )
        comparisons.append(Comparison(first, second, len(embedded.words), values))

    return AnalysisResult(
        request=request,
        words=embedded.words,
        spaces=tuple(
            EmbeddingSpace(
                name=space.name,
                description=space.source.description,
                vocabulary_size=opened[i].vocabulary_size,
                indices=embedded.indices[i],
                vectors=embedded.vectors[i],
                compared=measured[i],
                anisotropy=cache.get("anisotropy", (i, measured_by), partial(anisotropy, measured[i])),
                notes=opened[i].notes,
                n_tokens=embedded.n_tokens[i],
            )
            for i, space in enumerate(spaces)
        ),
        comparisons=tuple(comparisons),
        missing=embedded.missing,
        notes=(
            *_notes(request, shared, embedded, pool, comparisons),
            *_notes_on_tokens(request, opened, embedded),
        ),
    )


def open_spaces(
    request: AnalysisRequest, progress: Progress, cache: StepCache
) -> tuple[list[OpenSpace], tuple[Hashable, ...]]:
    """The spaces, opened once, and what tells their present files from changed ones."""
    _check_spaces(request.spaces)
    files = tuple((space.source, space.source.stamp) for space in request.spaces)
    opened = [cache.get("open", files[i], partial(_open, request, i, progress)) for i in range(len(files))]
    return opened, files


def shared_pool(request: AnalysisRequest, progress: Progress, cache: StepCache) -> Pool:
    """All words that the spaces share, or many of them; found once.

    Where a space has to run a model for every word, the words under study have to do.
    """
    opened, files = open_spaces(request, progress, cache)
    if any(space.is_costly for space in opened):
        chosen_by = (request.spaces, files, request.words, request.seed)
        shared = cache.get("words", chosen_by, partial(_find_shared_words, request, opened, progress))
        embedded = cache.get("vectors", chosen_by, partial(embed, request, opened, shared, progress))
        return Pool(embedded.words, embedded.indices, embedded.vectors, "the words under study")
    named = {space.name: one for space, one in zip(request.spaces, opened, strict=True)}
    return cache.get("pool", files, partial(find_pool, named, progress))


def _check_spaces(spaces: Sequence[NamedSource]) -> None:
    if len(spaces) < 2:
        raise EngineError("A comparison needs two spaces or more; add one.", "spaces")
    names = [space.name for space in spaces]
    for name in names:
        if names.count(name) > 1:
            raise EngineError(f"Two spaces are called {name!r}; rename one.", "spaces")


def _open(request: AnalysisRequest, i: int, progress: Progress) -> OpenSpace:
    with concerning(f"spaces[{i}]"):
        return request.spaces[i].source.open(progress)


def _find_shared_words(request: AnalysisRequest, opened: Sequence[OpenSpace], progress: Progress) -> SharedWords:
    named = {space.name: one for space, one in zip(request.spaces, opened, strict=True)}
    return find_shared_words(named, request.words, request.seed, progress)


def _similarities(
    request: AnalysisRequest, i: int, embedded: Embedded, pool: Pool | None, progress: Progress
) -> Compared:
    progress.step(f"similarities in {request.spaces[i].name}, {len(embedded.words):,} words")
    vectors = embedded.vectors[i]
    fitted = PREPROCESSINGS[request.preprocessing].fit(pool.vectors[i] if pool else vectors, request.components)
    preprocessed = fitted.apply(vectors)
    similarities = similarity_matrix(preprocessed, request.similarity, progress)
    _check_defined(request, i, embedded.words, similarities.values)
    return Compared(similarities, preprocessed)


def _check_defined(request: AnalysisRequest, i: int, words: Sequence[str], values: FloatArray) -> None:
    if np.isfinite(values.min()) and np.isfinite(values.max()):  # no n x n mask, as isfinite of all would need
        return
    undefined = ~np.isfinite(values.diagonal())
    if not undefined.any():
        undefined = ~np.array([np.isfinite(row).all() for row in values])
    first, count = words[int(np.argmax(undefined))], int(undefined.sum())
    raise MeasureError(
        f"The {SIMILARITIES[request.similarity].label} in {request.spaces[i].name} is undefined for {first!r}"
        f"{f' and {count - 1:,} more' if count > 1 else ''}; choose another similarity or other words.",
        "similarity",
    )


def _notes(
    request: AnalysisRequest,
    shared: SharedWords,
    embedded: Embedded,
    pool: Pool | None,
    comparisons: Sequence[Comparison],
) -> tuple[str, ...]:
    notes = list(shared.notes)
    if pool is not None:
        label = PREPROCESSINGS[request.preprocessing].label
        notes.append(f"Vectors {label}, fitted on {pool.description}.")
    left_out = len(shared.words) - len(embedded.words)
    if left_out:
        notes.append(f"{left_out:,} shared words were left out because a space has no usable vector for them.")
    undefined = {name for comparison in comparisons for name, value in comparison.values.items() if value is None}
    notes += [
        f"{measure.label} is undefined, because {measure.why_undefined}."
        for name, measure in COMPARISONS.items()
        if name in undefined
    ]
    return tuple(notes)


def _notes_on_tokens(request: AnalysisRequest, opened: Sequence[OpenSpace], embedded: Embedded) -> list[str]:
    notes = []
    for space, one, n_tokens in zip(request.spaces, opened, embedded.n_tokens, strict=True):
        if n_tokens is not None and (several := int((n_tokens > 1).sum())):
            notes.append(
                f"{several:,} of {len(n_tokens):,} words are several tokens in {space.name}; their vectors are "
                f"{one.several}."
            )
    return notes
