"""What a user may choose about inference: names as written in session files, and as shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.inference.families import Sided
    from engine.inference.partial import PartialMeasure

IntervalKind = Literal["percentile", "bca"]

SIDES: dict[Sided, str] = {"greater": "one-sided", "two-sided": "two-sided"}
CORRECTIONS = {
    "none": "no correction",
    "max_statistic": "largest statistic",
    "benjamini_hochberg": "Benj.-Hochberg",
}
PARTIAL: tuple[PartialMeasure, ...] = ("pearson", "spearman")  # the measures that confounds can be taken out of
INTERVALS: dict[IntervalKind, str] = {"percentile": "percentile", "bca": "BCa"}


@dataclass(frozen=True)
class Confound:
    """Something besides meaning that words have in common.

    Parameters
    ----------
    name : str
        As written in session files.
    label : str
        As shown to the user.
    description : str
        What is compared, for the tooltip.
    """

    name: str
    label: str
    description: str


CONFOUNDS = {
    confound.name: confound
    for confound in (
        Confound("length", "word length", "Differences in the number of characters"),
        Confound(
            "frequency",
            "frequency rank",
            "Differences of the logarithm of the rank in the first space, whose words are taken to come by frequency; "
            "words of several tokens count as rarer than all others",
        ),
        Confound("edit_distance", "edit distance", "Characters to insert, delete or replace: words that look alike"),
    )
}
