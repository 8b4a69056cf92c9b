"""One analysis from request to result: the notebook's steps, in the notebook's order."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from engine.anisotropy import anisotropy
from engine.categories import Categories, CategoryMeans, categories_of, category_means
from engine.comparison import COMPARISONS, Options, compare
from engine.data import Compared, Comparison, EmbeddingSpace, FloatArray, IntArray, SimilarityMatrix
from engine.difference import NO_DIFFERENCE, Difference, difference
from engine.dimensions import Subspace, notes_on_parts, taken
from engine.embedding import Embedded, embed
from engine.errors import EngineError, MeasureError, concerning
from engine.ordering import Arrangement, Found, arrange
from engine.pool import Pool, find_pool
from engine.preprocessing import PREPROCESSINGS, Fitted
from engine.progress import SILENT, Progress
from engine.request import AnalysisRequest, NamedSource
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES, similarity_matrix
from engine.sources import OpenSpace
from engine.step_cache import StepCache
from engine.words import SharedWords, WordList, WordRule, find_shared_words


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
        cache.get(f"similarities {i}", measured_by, partial(_similarities, request, i, embedded, progress, cache))
        for i in range(len(spaces))
    ]

    # 4. Any two spaces against each other: their upper triangles, their matrices or their vectors.
    options = Options(request.neighbours)
    comparisons = []
    for first, second in combinations(range(len(spaces)), 2):
        values = {}
        for measure in request.comparisons:
            progress.step(f"comparing {spaces[first].full_name} with {spaces[second].full_name}")
            values[measure] = cache.get(
                "comparisons",
                (first, second, measure, measured_by, request.neighbours),
                partial(compare, measured[first], measured[second], measure, options, progress),
            )
        comparisons.append(Comparison(first, second, len(embedded.words), values))

    # 5. What the categories are to each space.
    matrices = [space.similarities for space in measured]
    categories = _categories(request, embedded)
    means = cache.get("categories", measured_by, partial(_category_means, matrices, categories, progress))

    # 6. The order of rows and columns; no number above depends on it.
    ordered_by = (measured_by, request.order)
    found = Found(embedded.words, embedded.indices[0], categories, tuple(matrices))
    order = cache.get("order", ordered_by, partial(arrange, request.order, found, progress))
    ordered = [
        cache.get(f"similarities in order {i}", ordered_by, partial(order.matrix, matrix))
        for i, matrix in enumerate(matrices)
    ]

    # 7. The first matrix minus the second.
    minus = cache.get("difference", (ordered_by, request.difference), partial(_difference, request, ordered, progress))

    return AnalysisResult(
        request=request,
        words=order.items(embedded.words),
        spaces=tuple(
            EmbeddingSpace(
                name=space.full_name,
                description=space.source.description,
                vocabulary_size=opened[i].vocabulary_size,
                indices=order.vectors(embedded.indices[i]),
                vectors=order.vectors(embedded.vectors[i]),
                compared=Compared(ordered[i], order.vectors(measured[i].vectors)),
                anisotropy=cache.get("anisotropy", (i, measured_by), partial(anisotropy, measured[i])),
                notes=opened[i].notes,
                n_tokens=_in_order(order, embedded.n_tokens[i]),
                numbers=_numbers(opened[i]),
            )
            for i, space in enumerate(spaces)
        ),
        comparisons=tuple(comparisons),
        missing=embedded.missing,
        notes=(
            *_notes(request, shared, embedded, pool, comparisons),
            *_notes_on_tokens(request, opened, embedded),
            *notes_on_parts([space.full_name for space in spaces], opened),
            *order.notes,
        ),
        tree=order.tree,
        difference=minus,
        categories=order.items(categories),
        category_means=means,
    )


def open_spaces(
    request: AnalysisRequest, progress: Progress, cache: StepCache
) -> tuple[list[OpenSpace], tuple[Hashable, ...]]:
    """The spaces, opened once, and what tells them from others and their present files from changed ones."""
    _check_spaces(request.spaces)
    files = tuple((space.source, space.source.stamp) for space in request.spaces)
    opened = [cache.get("open", files[i], partial(_open, request, i, progress)) for i in range(len(files))]
    chosen = tuple(zip(files, (space.dimensions for space in request.spaces), strict=True))
    return [_taken(request, i, whole) for i, whole in enumerate(opened)], chosen


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
    return cache.get("pool", files, partial(find_pool, _named(request, opened), progress))


def rule_pool(request: AnalysisRequest, progress: Progress, cache: StepCache) -> Pool:
    """The shared words that the request's rule or list is about, the rule's limit apart: what draws are taken of."""
    words, pool = request.words, shared_pool(request, progress, cache)
    opened, files = open_spaces(request, progress, cache)
    if any(space.is_costly for space in opened):
        return pool  # the words under study
    if isinstance(words, WordRule) and not words.has_band:
        return pool.only([words.accepts(word) for word in pool.words])
    found = partial(find_pool, _named(request, opened), progress, words)  # they may lie beyond the pool
    return cache.get("rule pool", (files, words), found)


def fitted(
    request: AnalysisRequest, i: int, preprocessing: str, progress: Progress, cache: StepCache
) -> tuple[Fitted, Hashable]:
    """A preprocessing step fitted on the pool's vectors of space i, once; and what it depends on."""
    step = PREPROCESSINGS[preprocessing]
    if step.name == "none":
        return Fitted(), None
    pool = shared_pool(request, progress, cache)
    opened, files = open_spaces(request, progress, cache)
    of_words = (request.words, request.seed) if any(space.is_costly for space in opened) else None
    fitted_by = (i, files, of_words, preprocessing, request.components)
    progress.step(f"vectors of {request.spaces[i].full_name} {step.label}, fitted on {len(pool.words):,} words")
    return cache.get("fitted", fitted_by, lambda: step.fit(pool.vectors[i], request.components)), fitted_by


def _check_spaces(spaces: Sequence[NamedSource]) -> None:
    if len(spaces) < 2:
        raise EngineError("A comparison needs two spaces or more; add one.", "spaces")
    names = [space.full_name for space in spaces]
    for name in names:
        if names.count(name) > 1:
            raise EngineError(f"Two spaces are called {name!r}; rename one.", "spaces")


def _open(request: AnalysisRequest, i: int, progress: Progress) -> OpenSpace:
    with concerning(f"spaces[{i}]"):
        return request.spaces[i].source.open(progress)


def _taken(request: AnalysisRequest, i: int, whole: OpenSpace) -> OpenSpace:
    with concerning(f"spaces[{i}]"):
        return taken(request.spaces[i].name, request.spaces[i].dimensions, whole)


def _find_shared_words(request: AnalysisRequest, opened: Sequence[OpenSpace], progress: Progress) -> SharedWords:
    return find_shared_words(_named(request, opened), request.words, request.seed, progress)


def _named(request: AnalysisRequest, opened: Sequence[OpenSpace]) -> dict[str, OpenSpace]:
    return {space.full_name: one for space, one in zip(request.spaces, opened, strict=True)}


def _similarities(
    request: AnalysisRequest, i: int, embedded: Embedded, progress: Progress, cache: StepCache
) -> Compared:
    step, _ = fitted(request, i, request.preprocessing, progress, cache)
    progress.step(f"similarities in {request.spaces[i].full_name}, {len(embedded.words):,} words")
    preprocessed = step.apply(embedded.vectors[i])
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
        f"The {SIMILARITIES[request.similarity].label} in {request.spaces[i].full_name} is undefined for {first!r}"
        f"{f' and {count - 1:,} more' if count > 1 else ''}; choose another similarity or other words.",
        "similarity",
    )


def _in_order(order: Arrangement, n_tokens: IntArray | None) -> IntArray | None:
    return None if n_tokens is None else order.vectors(n_tokens)


def _numbers(space: OpenSpace) -> IntArray | None:
    return space.numbers if isinstance(space, Subspace) else None


def _categories(request: AnalysisRequest, embedded: Embedded) -> Categories:
    assigned = request.words.categories if isinstance(request.words, WordList) else ()
    return categories_of(embedded.words, assigned)


def _category_means(
    matrices: Sequence[SimilarityMatrix], categories: Categories, progress: Progress
) -> tuple[CategoryMeans, ...]:
    if not categories:
        return ()
    progress.step("similarities within and between categories")
    return tuple(means for i, matrix in enumerate(matrices) for means in category_means(matrix, categories, i))


def _difference(
    request: AnalysisRequest, matrices: Sequence[SimilarityMatrix], progress: Progress
) -> Difference | None:
    if request.difference == NO_DIFFERENCE:
        return None
    progress.step(f"{request.spaces[0].full_name} minus {request.spaces[1].full_name}")
    return difference(request.difference, (matrices[0], matrices[1]), (0, 1), progress)


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
                f"{several:,} of {len(n_tokens):,} words are several tokens in {space.full_name}; their vectors are "
                f"{one.several}."
            )
    return notes
