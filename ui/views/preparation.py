"""What pictures of thousands of words need, made before the window is told of a result."""

from __future__ import annotations

from engine.progress import Progress
from engine.result import AnalysisResult


def prepare(result: AnalysisResult, progress: Progress) -> None:
    """Have the result work out, in the calling thread, what would keep the window waiting for a second.

    Raises
    ------
    Cancelled
    """
    for space in result.spaces[:2]:
        progress.step(f"preparing the pictures of {space.name}")
        _ = space.similarities.sorted_pairs
        progress.step(f"preparing the pictures of {space.name}")
        _ = space.similarities.pyramid
        space.similarities.forget_triangle()  # before the pairs are sorted by place, which takes as much again
    if result.difference is not None:
        progress.step("preparing the picture of the difference")
        _ = result.difference.pyramid
    progress.step("preparing the scatter of pairs")
    _ = result.pair_index.overview
    progress.step("agreement of every word")
    _ = result.disagreement.agreement
    progress.step("agreement of every word")
    _ = result.disagreement.weights
