"""How similarities become colours, the same on screen and in figure files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data import SimilarityMatrix

DIVERGING = "diverging"
FARTHEST_LEVEL = 1_000_000  # an end of a fixed scale lies no farther from zero

# Known by these names to pyqtgraph and to matplotlib, but for the last; the value says what the user should know of it.
COLOUR_MAPS = {
    "plasma": "plasma",
    "viridis": "viridis (colour-blind safe)",
    "cividis": "cividis (colour-blind safe)",
    "magma": "magma",
    "inferno": "inferno",
    "turbo": "turbo",
    DIVERGING: "orange – blue, zero white (colour-blind safe)",
}

# From below zero to above it: orange where space B finds a pair more alike, blue where A does, as their names are
# coloured; safe for colour-blind eyes. The halves are those of ColorBrewer's PuOr and RdBu, equally light.
DIFFERENCE_COLOURS = (
    *("#7f3b08", "#b35806", "#e08214", "#fdb863", "#fee0b6"),
    *("#f7f7f7", "#d1e5f0", "#92c5de", "#4393c3", "#2166ac", "#053061"),
)

# Paul Tol's "muted" scheme (SRON/EPS/TN/09-002): told apart by colour-blind eyes too; more colours would not be.
CATEGORY_COLOURS = (
    *("#cc6677", "#332288", "#ddcc77", "#117733", "#88ccee"),
    *("#882255", "#44aa99", "#999933", "#aa4499"),
)
OTHER_CATEGORIES = "#9a9a9a"


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
    """The (low, high) similarity of each matrix's colours, low < high; zero is in the middle of a diverging map."""
    spreads = [scale.levels or matrix.spread for matrix in matrices]
    if scale.shared:
        spreads = [(min(low for low, _ in spreads), max(high for _, high in spreads))] * len(matrices)
    if scale.colour_map == DIVERGING:
        spreads = [(-extent, extent) for extent in (max(abs(low), abs(high)) for low, high in spreads)]
    return [_widened(low, high) for low, high in spreads]


def is_beyond(scale: ColourScale, matrices: Sequence[SimilarityMatrix]) -> bool:
    """Whether the scale shows nothing: nearly all similarities of each matrix lie beyond one of its ends."""
    levels = colour_levels(scale, matrices)
    return all(
        matrix.spread[1] <= low or matrix.spread[0] >= high
        for matrix, (low, high) in zip(matrices, levels, strict=True)
    )


def are_signed(matrices: Sequence[SimilarityMatrix]) -> bool:
    """Whether similarities lie on both sides of zero, so that a diverging map means something."""
    lows, highs = zip(*(matrix.spread for matrix in matrices), strict=True)
    return bool(min(lows) < 0 < max(highs))


def category_colours(names: Sequence[str]) -> dict[str, str]:
    """Category -> colour; those beyond the colours that can be told apart are grey."""
    beyond = [OTHER_CATEGORIES] * (len(names) - len(CATEGORY_COLOURS))
    return dict(zip(names, [*CATEGORY_COLOURS, *beyond], strict=False))


def category_legend(names: Sequence[str]) -> list[tuple[str, str]]:
    """(what, colour) of each entry: the coloured categories, then how many are grey."""
    entries = list(category_colours(names[: len(CATEGORY_COLOURS)]).items())
    more = len(names) - len(entries)
    return entries + [(f"{more:,} more", OTHER_CATEGORIES)] if more > 0 else entries


def _widened(low: float, high: float) -> tuple[float, float]:
    margin = 0.0 if high > low else max(abs(low), 1.0) * 1e-3  # equal levels would leave every colour undefined
    return low - margin, high + margin
