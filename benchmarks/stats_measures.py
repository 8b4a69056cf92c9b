"""Measures of thousands of words: the usual way and ours, alternating in one run.

    python benchmarks/stats_measures.py

Prints the median time of each way, how many times faster ours is, and by how much the numbers differ; at the end the
memory of a whole analysis of 10,000 words, in a process of its own.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from timing import ROOT, machine

sys.path.insert(0, str(ROOT))

from scipy.stats import kendalltau, spearmanr

from engine.data import SimilarityMatrix
from engine.measures import alignment, closed_form, kendall, ranks
from engine.measures.neighbourhoods import overlap
from engine.similarity import similarity_matrix

RUNS = 3
WORDS, MANY_WORDS = 5_000, 10_000
Way = Callable[[], float | None]


def main() -> None:
    whole = whole_analysis()  # first: a process begins with the most memory that the one it comes from ever held
    first, second = vectors(WORDS)
    s, t = (similarity_matrix(one, "cosine") for one in (first, second))
    u, v = s.triangle, t.triangle
    many = vectors(MANY_WORDS)
    print(machine("scipy"), "", "| | theirs | ours | times faster | difference |", "|---|---|---|---|---|", sep="\n")
    rows: dict[str, tuple[Way, Way]] = {
        "Spearman, 12.5 M pairs, exact; scipy": (lambda: spearmanr(u, v).statistic, lambda: ranks.spearman(u, v)),
        "Spearman, 12.5 M pairs, binned, for random draws; scipy": (
            lambda: spearmanr(u, v).statistic,
            lambda: ranks.spearman_binned(u, v),
        ),
        "Kendall tau-b, 12.5 M pairs; scipy": (
            lambda: kendalltau(u, v, method="asymptotic").statistic,
            lambda: kendall.tau_b(u, v),
        ),
        "linear CKA, 10,000 words; n x n": (lambda: cka_by_grams(*many), lambda: alignment.cka(*many)),
        "linear CKA, 10,000 words; n x n, all in place": (
            lambda: cka_by_grams_in_place(*many),
            lambda: alignment.cka(*many),
        ),
        "Pearson and cosine, 5,000 words from vectors; the notebook's lines": (
            lambda: notebook(first, second)[0],
            lambda: closed_form.pair_agreement(first, second).pearson,
        ),
        "upper triangle, 5,000 words; triu_indices": (
            lambda: float(s.values[np.triu_indices(WORDS, 1)][-1]),
            lambda: float(SimilarityMatrix(s.values).triangle[-1]),
        ),
        "10 nearest neighbours, 5,000 words; argsort": (
            lambda: overlap_by_sorting(s.values, t.values, 10),
            lambda: overlap(s.values, t.values, 10),
        ),
    }
    for what, (theirs, ours) in rows.items():
        print(row(what, theirs, ours), flush=True)
    published = "linear CKA, 10,000 words; n x n as its authors publish it, once"
    print(row(published, lambda: cka_by_checked_grams(*many), lambda: alignment.cka(*many), runs=1), flush=True)
    print(f"\nthe three products of linear CKA alone, in single precision: {bare_products(*many):.3f} s")
    print("\n10,000 words, in one process (matrices, Pearson, Spearman, CKA):", whole)


def vectors(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Two spaces of 300 and 768 dimensions that have half of what they say in common."""
    rng = np.random.default_rng(0)
    common = rng.normal(size=(n, 40))
    return tuple(  # type: ignore[return-value]
        (common @ rng.normal(size=(40, d)) + 4 * rng.normal(size=(n, d)) + 1).astype(np.float32) for d in (300, 768)
    )


def cka_by_grams(x: np.ndarray, y: np.ndarray) -> float:
    """Linear CKA by its definition, from centred Gram matrices; in double precision, to compare numbers."""
    grams = [one @ one.T for one in (x.astype(float), y.astype(float))]
    k, m = (one - one.mean(axis=0) - one.mean(axis=1)[:, None] + one.mean() for one in grams)
    return float(np.sum(k * m) / np.sqrt(np.sum(k * k) * np.sum(m * m)))


def cka_by_grams_in_place(x: np.ndarray, y: np.ndarray) -> float:
    """The same with no copy of any Gram matrix: as fast as the n x n way gets."""
    grams = []
    for one in (x, y):
        gram = one.astype(float) @ one.T.astype(float)
        means = gram.mean(axis=0)
        means -= means.mean() / 2
        gram -= means[:, None]
        gram -= means[None, :]
        grams.append(gram.ravel())
    return float(np.dot(*grams) / (np.linalg.norm(grams[0]) * np.linalg.norm(grams[1])))


def cka_by_checked_grams(x: np.ndarray, y: np.ndarray) -> float:
    """The code published with the measure, which checks the matrices and copies them."""
    centred = []
    for one in (x.astype(float), y.astype(float)):
        gram = one @ one.T
        assert np.allclose(gram, gram.T)
        gram = gram.copy()
        means = gram.mean(axis=0)
        means -= means.mean() / 2
        gram -= means[:, None]
        gram -= means[None, :]
        centred.append(gram.ravel())
    return float(np.dot(*centred) / (np.linalg.norm(centred[0]) * np.linalg.norm(centred[1])))


def bare_products(x: np.ndarray, y: np.ndarray) -> float:
    """Median seconds of X'X, Y'Y and X'Y: what no way by d x d products can be faster than."""
    taken = []
    for _ in range(2 * RUNS + 1):
        started = time.perf_counter()
        for one, other in ((x, x), (y, y), (x, y)):
            one.T @ other
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def notebook(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Pearson r and cosine as the notebook has them: normalise, multiply, take the triangles, add up with sum()."""
    s, t = (one @ one.T for one in (one / np.linalg.norm(one, axis=1, keepdims=True) for one in (x, y)))
    above = np.triu_indices(len(s), k=1)
    a, b = s[above], t[above]
    r = np.corrcoef(a, b)[0, 1]
    return float(r), float(sum(a * b) / (np.sqrt(sum(a * a)) * np.sqrt(sum(b * b))))


def overlap_by_sorting(s: np.ndarray, t: np.ndarray, k: int) -> float:
    nearest = []
    for matrix in (s, t):
        others = matrix.copy()
        np.fill_diagonal(others, -np.inf)
        nearest.append(np.argsort(-others, axis=1, kind="stable")[:, :k])
    return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(*nearest, strict=True)]))


def row(what: str, theirs: Way, ours: Way, runs: int = RUNS) -> str:
    """A line of the table; one run of each in turn, so that a busy moment falls on both."""
    took: tuple[list[float], list[float]] = ([], [])
    values: list[float] = [0, 0]
    for _ in range(runs):
        for i, way in enumerate((theirs, ours)):
            started = time.perf_counter()
            values[i] = way() or 0.0
            took[i].append(time.perf_counter() - started)
    usual, fast = (statistics.median(each) for each in took)
    return f"| {what} | {usual:.3f} s | {fast:.3f} s | {usual / fast:.1f} | {abs(values[1] - values[0]):.0e} |"


WHOLE = """
import json, resource, sys, time
sys.path[:0] = ["benchmarks", "."]
import stats_measures as bench
from engine.comparison import Compared, compare
from engine.similarity import similarity_matrix
started = time.perf_counter()
spaces = [Compared(similarity_matrix(one, "cosine"), one) for one in bench.vectors(bench.MANY_WORDS)]
values = {measure: compare(*spaces, measure) for measure in ("pearson", "spearman", "cka", "cka_debiased")}
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9]))
"""


def whole_analysis() -> str:
    run = subprocess.run([sys.executable, "-c", WHOLE], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, gigabytes = json.loads(run.stdout.splitlines()[-1])
    return f"{seconds:.1f} s, at most {gigabytes:.2f} GB"


if __name__ == "__main__":
    main()
