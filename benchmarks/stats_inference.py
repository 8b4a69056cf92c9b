"""Permutation test and bootstrap side by side with scikit-bio and rsatoolbox.

    python benchmarks/stats_inference.py

All in: from two similarity matrices to p or interval. One run of each in turn, medians; where theirs take minutes,
fewer permutations or draws are timed and scaled, which the table says. Of scikit-bio's engines, Cython's and, where
numba is installed (the extra "bench"), numba's, the faster one counts.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
from timing import ROOT, machine

sys.path.insert(0, str(ROOT))

from engine.comparison import Compared
from engine.inference.bootstrap import bootstrap_intervals
from engine.inference.permutation import permutation_tests
from engine.similarity import similarity_matrix

RUNS = 3
PERMUTATIONS, DRAWS = 9_999, 1_000
ROW = "| {what} | {theirs} | {ours} | {ratio:.0f} | {note} |"
HEADER = "| | theirs | ours | times faster | |\n|---|---|---|---|---|"
SHARES = (0.95, 0.99)


def main() -> None:
    print(machine("scipy", "scikit-bio", "rsatoolbox"), HEADER, sep="\n\n")
    nulls = [permutation_test(n, theirs) for n, theirs in ((100, 9_999), (1_000, 999), (5_000, 30))]
    draws = [bootstrap(n, theirs) for n, theirs in ((100, 1_000), (1_000, 15))]
    print("\nNull distributions: mean, standard deviation, 95 and 99 % points", *nulls, sep="\n")
    print("\n95 % percentile intervals", *draws, sep="\n")


def spaces(n: int) -> tuple[Compared, Compared]:
    rng = np.random.default_rng(n)
    x = rng.normal(size=(n, 50)).astype(np.float32)
    y = (rng.normal(size=(n, 50)) + 0.3 * x).astype(np.float32)
    return tuple(Compared(similarity_matrix(vectors, "cosine"), vectors) for vectors in (x, y))  # type: ignore[return-value]


def permutation_test(n: int, theirs: int) -> str:
    """Prints the row; the null distributions in words."""
    from skbio.stats.distance import DistanceMatrix, mantel
    from skbio.stats.distance._mantel import _mantel_stats_pearson

    first, second = spaces(n)
    apart = [DistanceMatrix(_distances(one), validate=False) for one in (first, second)]
    engines = ["cython", "numba"] if importlib.util.find_spec("numba") else ["cython"]

    def mantel_test(engine: str, permutations: int = theirs) -> float:
        return mantel(*apart, permutations=permutations, alternative="greater", seed=0, engine=engine)[1]

    def ours() -> float:
        fresh = [Compared(type(one.similarities)(one.similarities.values), one.vectors) for one in (first, second)]
        return permutation_tests(*fresh, ["pearson"], permutations=PERMUTATIONS)["pearson"].p or 1.0

    single = [partial(mantel_test, engine, 1) for engine in engines]
    *taken, our_seconds = _alternating(*single, *(partial(mantel_test, engine) for engine in engines), ours)
    scaled = [  # what a test takes whatever the permutations is no part of what is scaled
        once + (some - once) * (PERMUTATIONS - 1) / (theirs - 1)
        for once, some in zip(taken[: len(engines)], taken[len(engines) :], strict=True)
    ]
    fastest = min(scaled)
    engine = engines[scaled.index(fastest)]
    what = f"permutation test, {n:,} words, {PERMUTATIONS:,} permutations; {engine}"
    _print_row(what, fastest, our_seconds, "" if theirs == PERMUTATIONS else f"theirs scaled from {theirs:,}")
    null = permutation_tests(first, second, ["pearson"], permutations=PERMUTATIONS)["pearson"].null
    their_null = _mantel_stats_pearson(*apart, min(theirs, PERMUTATIONS), 0, engine)[2]
    return (
        f"{n:,} words: theirs ({len(their_null):,}) {_described(their_null)}; ours ({len(null):,}) {_described(null)}"
    )


def bootstrap(n: int, theirs: int) -> str:
    """Prints the row; the intervals in words."""
    from rsatoolbox.inference import eval_bootstrap_pattern
    from rsatoolbox.model import ModelFixed
    from rsatoolbox.rdm import RDMs

    first, second = spaces(n)
    rdms = [RDMs(1 - one.similarities.triangle[None].astype(float)) for one in (first, second)]
    model = ModelFixed("first", rdms[0])
    found: list[np.ndarray] = []

    def their_bootstrap() -> None:
        with contextlib.redirect_stderr(io.StringIO()):  # its progress bar
            evaluated = eval_bootstrap_pattern([model], rdms[1], method="corr", N=theirs, boot_noise_ceil=False)
        found.append(evaluated.evaluations[:, 0])

    def ours() -> None:
        fresh = [Compared(type(one.similarities)(one.similarities.values), one.vectors) for one in (first, second)]
        bootstrap_intervals(*fresh, ["pearson"], draws=DRAWS)

    their_seconds, our_seconds = _alternating(their_bootstrap, ours)
    note = "" if theirs == DRAWS else f"theirs scaled from {theirs:,}"
    _print_row(f"bootstrap, {n:,} words, {DRAWS:,} draws", their_seconds * DRAWS / theirs, our_seconds, note)
    their_draws = np.concatenate(found)
    interval = bootstrap_intervals(first, second, ["pearson"], draws=DRAWS)["pearson"]
    low, high = np.quantile(their_draws, (0.025, 0.975))
    ours_in_words = f"ours ({DRAWS:,}) {interval.low:.4f} to {interval.high:.4f}"
    return f"{n:,} words: theirs ({len(their_draws):,}) {low:.4f} to {high:.4f}; {ours_in_words}"


def _distances(space: Compared) -> np.ndarray:
    distances = 1 - space.similarities.values.astype(float)
    np.fill_diagonal(distances, 0)
    return (distances + distances.T) / 2


def _alternating(*ways: Callable[[], object]) -> list[float]:
    """Median seconds of each; a first run of each, not counted, imports and compiles."""
    taken: list[list[float]] = [[] for _ in ways]
    for run in range(RUNS + 1):
        for function, seconds in zip(ways, taken, strict=True):
            started = time.perf_counter()
            function()
            if run:
                seconds.append(time.perf_counter() - started)
    return [statistics.median(seconds) for seconds in taken]


def _print_row(what: str, theirs: float, ours: float, note: str) -> None:
    row = ROW.format(what=what, theirs=_time(theirs), ours=_time(ours), ratio=theirs / ours, note=note)
    print(row, flush=True)


def _described(null: np.ndarray) -> str:
    points = ", ".join(f"{point:.5f}" for point in np.quantile(null, SHARES))
    return f"{null.mean():+.5f}, {null.std():.5f}, {points}"


def _time(seconds: float) -> str:
    return f"{seconds:,.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
