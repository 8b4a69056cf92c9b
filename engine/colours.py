"""How similarities become colours, the same on screen and in figure files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data import SimilarityMatrix

# Known by these names to pyqtgraph and to matplotlib; the value says what the user should know of it.
COLOUR_MAPS = {
    "plasma": "plasma",
    "viridis": "viridis (colour-blind safe)",
    "cividis": "cividis (colour-blind safe)",
    "magma": "magma",
    "inferno": "inferno",
    "turbo": "turbo",
}


@dataclass(frozen=True)
class ColourScale:
    """The colours of the heatmaps.

    Parameters
    ----------
    colour_map : str
        A key of `COLOUR_MAPS`.
    levels : (float, float) or None
        Similarities at the lower and the upper end of the map; None: automatic, from the similarities shown.
    shared : bool
        One scale for all heatmaps, or each its own (these differ only while automatic).
    """

    colour_map: str = "plasma"
    levels: tuple[float, float] | None = (0.1, 0.6)
    shared: bool = True


def colour_levels(scale: ColourScale, matrices: Sequence[SimilarityMatrix]) -> list[tuple[float, float]]:
    """The (low, high) similarity of each matrix's colours, low < high."""
    if scale.levels is not None:
        return [scale.levels] * len(matrices)
    spreads = [matrix.spread for matrix in matrices]
    if scale.shared:
        spreads = [(min(low for low, _ in spreads), max(high for _, high in spreads))] * len(matrices)
    return [_widened(low, high) for low, high in spreads]


def _widened(low: float, high: float) -> tuple[float, float]:
    margin = 0.0 if high > low else max(abs(low), 1.0) * 1e-3  # equal levels would leave every colour undefined
    return low - margin, high + margin
