"""Second-order measures: two spaces' view of the same words -> one number.

A new measure is one function and one entry of `COMPARISONS`; the panel, sessions, headless runs and the
parametrised tests find it there. Those of similarities look at the n(n-1)/2 pairs of different words only: the
diagonal, equal in every space, would inflate any agreement.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt

import numpy as np

from engine.data import Compared, FloatArray
from engine.errors import MeasureError
from engine.measures import alignment, kendall, kernels, neighbourhoods, pairs, ranks
from engine.measures.entry import ComparisonMeasure, Compute, Options
from engine.measures.invariances import (
    COMMON_SCALING,
    COMMON_SHIFT,
    INCREASING_MAP,
    ORDER_OF_DIMENSIONS,
    ROTATION,
    SCALING_OF_SIMILARITIES,
    SHIFT_OF_SIMILARITIES,
)
from engine.progress import SILENT, Progress

__all__ = ["COMPARISONS", "Compared", "ComparisonMeasure", "Options", "compare", "measure_input"]


def compare(
    first: Compared, second: Compared, measure: str, options: Options = Options(), progress: Progress = SILENT
) -> float | None:
    """How much two spaces agree about the same words.

    Parameters
    ----------
    first, second : Compared
        n words each, in the same order.
    measure : str
        A key of `COMPARISONS`.
    options : Options, optional
    progress : Progress, optional
        Told how far the long ones are, block by block.

    Returns
    -------
    float or None
        None where the measure is undefined; its `why_undefined` says when that is.

    Raises
    ------
    MeasureError
        If there are too few words for it, or values that are not numbers.
    """
    entry = COMPARISONS[measure]
    n = len(first.vectors)
    if n < entry.fewest_words:
        raise MeasureError(
            f"{entry.label} needs {entry.fewest_words} words or more, and there are {n}; "
            "choose more words or another measure.",
            "comparisons",
        )
    return entry.compute(measure_input(first, entry), measure_input(second, entry), options, progress)


def measure_input(space: Compared, entry: ComparisonMeasure) -> FloatArray:
    """What `entry.compute` takes of a space.

    Raises
    ------
    MeasureError
        If it has values that are not numbers.
    """
    of_vectors = entry.takes == "vectors"
    values = space.vectors if of_vectors else space.similarities.triangle
    extremes = (values.min(), values.max()) if of_vectors else space.similarities.extremes
    if not np.isfinite(extremes).all():
        raise MeasureError(
            f"{entry.label} cannot be computed: some values are not numbers; choose other words or another similarity.",
            "comparisons",
        )
    return space.similarities.values if entry.takes == "matrices" else values


def _plain(function: Callable[[FloatArray, FloatArray], float | None]) -> Compute:
    """A measure without options that is too short for progress."""
    return lambda first, second, options, progress=SILENT: function(first, second)


def _in_blocks(function: Callable[[FloatArray, FloatArray, Progress], float | None]) -> Compute:
    """A measure without options that goes block by block."""
    return lambda first, second, options, progress=SILENT: function(first, second, progress)


def _of_neighbours(function: Callable[[FloatArray, FloatArray, int, Progress], float | None]) -> Compute:
    """A measure of the k nearest neighbours."""
    return lambda first, second, options, progress=SILENT: function(first, second, options.neighbours, progress)


ALL_EQUAL = "all similarities of a space are equal"
ALL_ZERO = "all similarities of a space are 0"
NO_SPREAD = "all vectors of a space are equal"
ALL_ALIKE = "all vectors of a space are equal, or equally far apart"
LINEAR = frozenset({SHIFT_OF_SIMILARITIES, SCALING_OF_SIMILARITIES})
MONOTONE = frozenset({SHIFT_OF_SIMILARITIES, SCALING_OF_SIMILARITIES, INCREASING_MAP})
RIGID = frozenset({ROTATION, ORDER_OF_DIMENSIONS, COMMON_SHIFT, COMMON_SCALING})
KORNBLITH = "Kornblith, Norouzi, Lee & Hinton 2019, ICML."
WILLIAMS = "Williams, Kunz, Kornblith & Linderman 2021, NeurIPS 34."
SCHUETT = "Schütt, Kipnis, Diedrichsen & Kriegeskorte 2023, eLife 12:e82566."


def _chance_overlap(n: int, options: Options) -> float:
    return neighbourhoods.chance_overlap(n, options.neighbours)


def _chance_jaccard(n: int, options: Options) -> float:
    return neighbourhoods.chance_jaccard(n, options.neighbours)


COMPARISONS: dict[str, ComparisonMeasure] = {
    measure.name: measure
    for measure in (
        ComparisonMeasure(
            "pearson",
            "Pearson r",
            "r",
            "pairs",
            _plain(pairs.pearson),
            (-1, 1),
            LINEAR,
            "Pearson 1895, Proc. R. Soc. Lond. 58.",
            "Linear agreement of the pairs' similarities.",
            ALL_EQUAL,
        ),
        ComparisonMeasure(
            "spearman",
            "Spearman ρ",
            "ρ",
            "pairs",
            _plain(ranks.spearman),
            (-1, 1),
            MONOTONE,
            "Spearman 1904, Am. J. Psychol. 15.",
            "Pearson r of the pairs' ranks; equal similarities share their middle rank.",
            ALL_EQUAL,
        ),
        ComparisonMeasure(
            "cosine",
            "cosine S_c (of similarities)",
            "S_c",
            "pairs",
            _plain(pairs.cosine),
            (-1, 1),
            frozenset({SCALING_OF_SIMILARITIES}),
            "Diedrichsen et al. 2021, Neurons Behav. Data Anal. Theory 5.",
            "u'v / (|u||v|) of the similarities themselves. Not centred: high mean similarity alone raises it, and "
            "distances instead of similarities would give another number.",
            ALL_ZERO,
        ),
        ComparisonMeasure(
            "kendall_tau_a",
            "Kendall τ-a",
            "τ_a",
            "pairs",
            _plain(kendall.tau_a),
            (-1, 1),
            MONOTONE,
            "Kendall 1938, Biometrika 30.",
            "Share of pairs of pairs in the same order less share in opposite order; ties count as neither.",
            ALL_EQUAL,
        ),
        ComparisonMeasure(
            "kendall_tau_b",
            "Kendall τ-b",
            "τ_b",
            "pairs",
            _plain(kendall.tau_b),
            (-1, 1),
            MONOTONE,
            "Kendall 1945, Biometrika 33.",
            "Kendall's τ among what is not tied, so that spaces with many ties can reach 1.",
            ALL_EQUAL,
        ),
        ComparisonMeasure(
            "rho_a",
            "ρ-a (tie-fair Spearman)",
            "ρ_a",
            "pairs",
            _plain(ranks.rho_a),
            (-1, 1),
            MONOTONE,
            SCHUETT,
            "Spearman's ρ expected if ties were broken at random, so that ties bring no gain: "
            "12 x'y/(m³-m) - 3(m+1)/(m-1) of the ranks x, y of m pairs.",
            ALL_EQUAL,
        ),
        ComparisonMeasure(
            "cka",
            "CKA, linear",
            "CKA",
            "vectors",
            _plain(alignment.cka),
            (0, 1),
            RIGID,
            KORNBLITH,
            "|Y'X|² / (|X'X| |Y'Y|) of the centred vectors. Near 1 for unrelated spaces of few words and many "
            "dimensions; prefer the debiased one.",
            NO_SPREAD,
        ),
        ComparisonMeasure(
            "cka_debiased",
            "CKA, debiased",
            "CKA_d",
            "vectors",
            _plain(alignment.cka_debiased),
            (-1, 1),
            RIGID,
            "Song et al. 2012, JMLR 13; Nguyen, Raghu & Kornblith 2021, ICLR.",
            "Linear CKA with the unbiased estimate of HSIC: about 0 for unrelated spaces of any size, so it may be "
            "negative.",
            ALL_ALIKE,
            fewest_words=4,
        ),
        ComparisonMeasure(
            "cka_rbf",
            "CKA, Gaussian kernel",
            "CKA_rbf",
            "vectors",
            _in_blocks(kernels.cka_rbf),
            (0, 1),
            RIGID,
            KORNBLITH,
            "CKA of exp(-|a - b|²/(2s²)), s² the median of a space's squared distances: near words count most.",
            "half of all pairs of words in a space or more have equal vectors",
        ),
        ComparisonMeasure(
            "procrustes",
            "Procrustes distance",
            "d_P",
            "vectors",
            _plain(alignment.procrustes),
            (0, sqrt(2)),
            RIGID,
            WILLIAMS,
            "sqrt(2 - 2|X'Y|_*), what is left between the centred vectors, each space of norm 1, after the best "
            "rotation: 0 means equal.",
            NO_SPREAD,
            dissimilarity=True,
        ),
        ComparisonMeasure(
            "procrustes_angle",
            "Procrustes angle",
            "θ_P",
            "vectors",
            _plain(alignment.procrustes_angle),
            (0, pi / 2),
            RIGID,
            WILLIAMS,
            "arccos |X'Y|_*, in radians, between the centred vectors after the best rotation: 0 means equal. Its "
            "cosine is the normalised Bures similarity.",
            NO_SPREAD,
            dissimilarity=True,
        ),
        ComparisonMeasure(
            "rv",
            "RV coefficient",
            "RV",
            "vectors",
            _plain(alignment.cka),
            (0, 1),
            RIGID,
            "Robert & Escoufier 1976, Appl. Stat. 25.",
            "tr(XX'YY') / sqrt(tr((XX')²) tr((YY')²)) of the centred vectors: the same number as linear CKA.",
            NO_SPREAD,
        ),
        ComparisonMeasure(
            "knn_overlap",
            "k-NN overlap",
            "O_k",
            "matrices",
            _of_neighbours(neighbourhoods.overlap),
            (0, 1),
            MONOTONE,
            "Wendlandt, Kummerfeld & Mihalcea 2018, NAACL; Huh et al. 2024, ICML.",
            "Mean share of a word's k nearest neighbours that both spaces agree on; by chance k/(n-1). Of equally near "
            "words the first ones count.",
            ALL_EQUAL,
            chance=_chance_overlap,
        ),
        ComparisonMeasure(
            "knn_jaccard",
            "k-NN Jaccard",
            "J_k",
            "matrices",
            _of_neighbours(neighbourhoods.jaccard),
            (0, 1),
            MONOTONE,
            "Jaccard 1912, New Phytol. 11; Antoniak & Mimno 2018, TACL 6.",
            "Mean of |N ∩ M| / |N ∪ M| of a word's k nearest neighbours in either space. Of equally near words the "
            "first ones count.",
            ALL_EQUAL,
            chance=_chance_jaccard,
        ),
        ComparisonMeasure(
            "distance_correlation",
            "distance correlation dCor²",
            "dCor²",
            "vectors",
            _in_blocks(kernels.distance_correlation),
            (-1, 1),
            RIGID,
            "Székely & Rizzo 2013, J. Multivar. Anal. 117.",
            "Bias-corrected square of the distance correlation, of U-centred Euclidean distances: about 0 for "
            "unrelated spaces, so it may be negative.",
            ALL_ALIKE,
            fewest_words=4,
        ),
    )
}
