"""One analysis from request to result: the notebook's steps, in the notebook's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations

import numpy as np

from engine.categories import Categories, CategoryMeans, categories_of, category_means
from engine.comparison import compare
from engine.data import Comparison, EmbeddingSpace, FloatArray, IntArray, MissingWords, SimilarityMatrix, read_only
from engine.difference import NO_DIFFERENCE, Difference, difference
from engine.errors import EngineError, MeasureError, WordsError, concerning
from engine.ordering import Found, Tree, arrange
from engine.preprocessing import PREPROCESSINGS
from engine.progress import SILENT, Progress
from engine.request import AnalysisRequest, NamedSource
from engine.similarity import SIMILARITIES, similarity_matrix
from engine.sources import OpenSpace
from engine.step_cache import StepCache
from engine.words import SharedWords, WordList, find_shared_words

FEWEST_WORDS = 3  # two words are one pair, and one pair correlates with nothing


@dataclass(frozen=True, eq=False)
class AnalysisResult:
    """What an analysis found.

    Parameters
    ----------
    request : AnalysisRequest
        What was asked.
    words : tuple of str
        The n words under study in the order asked for, which is that of every matrix.
    spaces : tuple of EmbeddingSpace
        One per space of the request, in its order.
    comparisons : tuple of Comparison
        One per pair of spaces.
    missing : tuple of MissingWords
    notes : tuple of str
        Facts that are not failures.
    tree : Tree or None
        How the words join, where their order is that of clusters.
    difference : Difference or None
        The first space's matrix minus the second's, if asked for.
    categories : tuple of (str or None)
        One per word; empty if no word has any.
    category_means : tuple of CategoryMeans
        Of each space in turn, all categories together first; empty if no word has any.
    """

    request: AnalysisRequest
    words: tuple[str, ...]
    spaces: tuple[EmbeddingSpace, ...]
    comparisons: tuple[Comparison, ...]
    missing: tuple[MissingWords, ...] = ()
    notes: tuple[str, ...] = ()
    tree: Tree | None = None
    difference: Difference | None = None
    categories: Categories = ()
    category_means: tuple[CategoryMeans, ...] = ()

    @cached_property
    def rows(self) -> dict[str, int]:
        """Word -> its row in every matrix."""
        return {word: row for row, word in enumerate(self.words)}

    @property
    def category_names(self) -> tuple[str, ...]:
        """The categories there are, in the same order in whatever order the words are."""
        return tuple(one.category for one in self.category_means if one.space == 0 and one.category is not None)


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
    _check_spaces(spaces)

    # 1. Open the spaces; find the words that all of them have.
    files = tuple((space.source, space.source.stamp) for space in spaces)
    opened = [cache.get("open", files[i], partial(_open, request, i, progress)) for i in range(len(spaces))]
    chosen_by = (spaces, files, request.words, request.seed)
    shared = cache.get("words", chosen_by, partial(_find_shared_words, request, opened, progress))

    # 2. Stack the words' vectors, one row a word: E_A (n x d_A), E_B (n x d_B).
    embedded = cache.get("vectors", chosen_by, partial(_embed, request, opened, shared, progress))

    # 3. Similarities of all words in each space (n x n).
    measured_by = (chosen_by, request.preprocessing, request.similarity)
    matrices = [
        cache.get("similarities", (i, measured_by), partial(_similarities, request, i, embedded, progress))
        for i in range(len(spaces))
    ]

    # 4. The upper triangles of any two matrices against each other.
    comparisons = []
    for first, second in combinations(range(len(spaces)), 2):
        values = {}
        for measure in request.comparisons:
            progress.step(f"comparing {spaces[first].name} with {spaces[second].name}")
            values[measure] = cache.get(
                "comparisons",
                (first, second, measure, measured_by),
                partial(compare, matrices[first], matrices[second], measure),
            )
        comparisons.append(Comparison(first, second, len(embedded.words), values))

    # 5. What the categories are to each space.
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
                name=space.name,
                description=space.source.description,
                vocabulary_size=opened[i].vocabulary_size,
                indices=order.vectors(embedded.indices[i]),
                vectors=order.vectors(embedded.vectors[i]),
                similarities=ordered[i],
                notes=opened[i].notes,
            )
            for i, space in enumerate(spaces)
        ),
        comparisons=tuple(comparisons),
        missing=embedded.missing,
        notes=_notes(shared, embedded, comparisons) + order.notes,
        tree=order.tree,
        difference=minus,
        categories=order.items(categories),
        category_means=means,
    )


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


@dataclass(frozen=True, eq=False)
class _Embedded:
    words: tuple[str, ...]
    indices: tuple[IntArray, ...]
    vectors: tuple[FloatArray, ...]
    missing: tuple[MissingWords, ...]


def _embed(request: AnalysisRequest, opened: Sequence[OpenSpace], shared: SharedWords, progress: Progress) -> _Embedded:
    """The shared words' vectors, without the words that some space has no usable vector for."""
    vectors = []
    for i, one in enumerate(opened):
        with concerning(f"spaces[{i}]"):
            vectors.append(one.vectors(shared.indices[i], progress))
    missing = list(shared.missing)
    usable = np.ones(len(shared.words), bool)
    for space, rows in zip(request.spaces, vectors, strict=True):
        finite = np.isfinite(rows).all(axis=1)
        for reason, bad in {
            "the vector has values that are not numbers": ~finite,
            "the vector is all zeros": finite & ~rows.any(axis=1),
        }.items():
            if bad.any():
                words = tuple(shared.words[k] for k in np.flatnonzero(bad))
                missing.append(MissingWords(space.name, reason, words, len(words)))
                usable &= ~bad
    _check_enough(request, int(usable.sum()))
    return _Embedded(
        tuple(word for word, keep in zip(shared.words, usable, strict=True) if keep),
        tuple(read_only(indices[usable]) for indices in shared.indices),
        tuple(read_only(rows[usable]) for rows in vectors),
        tuple(missing),
    )


def _check_enough(request: AnalysisRequest, n_words: int) -> None:
    if n_words < FEWEST_WORDS:
        raise WordsError(
            f"The spaces share {n_words} usable word{'s' * (n_words != 1)} of those asked for; an analysis needs at "
            f"least {FEWEST_WORDS}. Widen the word rule or choose other spaces.",
            "words",
        )


def _similarities(request: AnalysisRequest, i: int, embedded: _Embedded, progress: Progress) -> SimilarityMatrix:
    progress.step(f"similarities in {request.spaces[i].name}, {len(embedded.words):,} words")
    preprocessed = PREPROCESSINGS[request.preprocessing].apply(embedded.vectors[i])
    similarities = similarity_matrix(preprocessed, request.similarity)
    _check_defined(request, i, embedded.words, similarities.values)
    return similarities


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


def _categories(request: AnalysisRequest, embedded: _Embedded) -> Categories:
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
    progress.step(f"{request.spaces[0].name} minus {request.spaces[1].name}")
    return difference(request.difference, (matrices[0], matrices[1]), (0, 1), progress)


def _notes(shared: SharedWords, embedded: _Embedded, comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    notes = list(shared.notes)
    left_out = len(shared.words) - len(embedded.words)
    if left_out:
        notes.append(f"{left_out:,} shared words were left out because a space has no usable vector for them.")
    if any(value is None for comparison in comparisons for value in comparison.values.values()):
        notes.append("A measure is undefined, because all similarities of a space are equal.")
    return tuple(notes)
