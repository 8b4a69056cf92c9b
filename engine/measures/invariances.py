"""Names for the changes that leave a measure as it is; the tables' tooltips and the property tests use the same."""

from __future__ import annotations

from typing import Final

# Changes of a space's vectors.
ROTATION: Final = "rotation"
ORDER_OF_DIMENSIONS: Final = "order of the dimensions"
COMMON_SHIFT: Final = "common shift"  # the same vector added to all
OWN_SHIFT: Final = "shift of a vector"  # to all dimensions of a vector the same number is added, to each vector its own
COMMON_SCALING: Final = "common scaling"  # all vectors times the same positive number
OWN_SCALING: Final = "scaling of a vector"  # each vector times its own positive number
LINEAR_MAP: Final = "invertible linear map"

# Changes of a similarity matrix.
SHIFT_OF_SIMILARITIES: Final = "shift of the similarities"
SCALING_OF_SIMILARITIES: Final = "scaling of the similarities"
INCREASING_MAP: Final = "increasing map of the similarities"

OF_VECTORS: Final = frozenset(
    {ROTATION, ORDER_OF_DIMENSIONS, COMMON_SHIFT, OWN_SHIFT, COMMON_SCALING, OWN_SCALING, LINEAR_MAP}
)
OF_SIMILARITIES: Final = frozenset({SHIFT_OF_SIMILARITIES, SCALING_OF_SIMILARITIES, INCREASING_MAP})


def in_words(invariances: frozenset[str]) -> str:
    """The end of a tooltip: "Unchanged by common shift, rotation." """
    return f"Unchanged by {', '.join(sorted(invariances))}."


def range_in_words(limits: tuple[float, float]) -> str:
    """A range as a tooltip says it: "-1 to 1", "at most 0", "unbounded"."""
    low, high = limits
    if abs(low) == abs(high) == float("inf"):
        return "unbounded"
    if low == float("-inf"):
        return f"at most {high:g}"
    return f"{low:g} to {high:.4g}"
