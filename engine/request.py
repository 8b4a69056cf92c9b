"""What is asked for: a frozen value that decides every number of an analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.dimensions import ALL_DIMENSIONS, Dimensions
from engine.sources import SampleSource, Source
from engine.words import WordList, WordRule

if TYPE_CHECKING:  # naming inference is not needing it
    from engine.inference.choices import IntervalKind
    from engine.inference.families import Sided


@dataclass(frozen=True)
class NamedSource:
    """A space as the user asks for it: what to call it, where it comes from, and which of its dimensions."""

    name: str
    source: Source
    dimensions: Dimensions = ALL_DIMENSIONS

    @property
    def full_name(self) -> str:
        """The name with the dimensions: "GPT-2, even dimensions"; no two spaces of an analysis have the same."""
        return ", ".join(filter(None, (self.name, self.dimensions.label)))


SAMPLE_SPACES = (
    NamedSource("word2vec (sample)", SampleSource("word2vec-google-news-1k")),
    NamedSource("MiniLM (sample)", SampleSource("all-MiniLM-L6-v2")),
)


@dataclass(frozen=True)
class StatisticsRequest:
    """What is to be inferred from the words under study; nothing, if left alone.

    Parameters
    ----------
    permutations : int
        Relabellings of the permutation test; 0: no test.
    sided : str
        A key of `SIDES`.
    adaptive : bool
        Whether the test stops as soon as p is clearly below or above 5 %; not with the largest statistic, for which
        all tests need the same relabellings.
    correction : str
        A key of `CORRECTIONS`, for several measures or pairs of spaces tested at once.
    controls : tuple of str
        Keys of `CONFOUNDS` that a partial Mantel test takes out.
    bootstraps : int
        Draws of words with replacement; 0: no intervals.
    interval : str
        A key of `INTERVALS`.
    draws, draw_size : int
        Random draws of so many words for which the measures are computed anew; 0 draws: none.
    bands : int
        Bands of frequency for which they are computed anew; 0: none.
    preprocessings : bool
        Whether they are computed anew under each preprocessing.
    """

    permutations: int = 0
    sided: Sided = "greater"
    adaptive: bool = False
    correction: str = "none"
    controls: tuple[str, ...] = ()
    bootstraps: int = 0
    interval: IntervalKind = "percentile"
    draws: int = 0
    draw_size: int = 100
    bands: int = 0
    preprocessings: bool = False

    @property
    def is_asked_for(self) -> bool:
        """Whether there is anything to infer."""
        return bool(self.permutations or self.bootstraps or self.draws or self.bands or self.preprocessings)


@dataclass(frozen=True)
class AnalysisRequest:
    """All that decides the numbers of an analysis; equal requests give equal results.

    The defaults are the notebook recipe on the bundled sample.

    Parameters
    ----------
    spaces : tuple of NamedSource
        Two or more, of different full names.
    words : WordRule or WordList
    preprocessing : str
        A key of `PREPROCESSINGS`.
    components : int or None
        How many components all-but-the-top removes; None: about a hundredth of the dimensions.
    similarity : str
        A key of `SIMILARITIES`.
    comparisons : tuple of str
        Keys of `COMPARISONS`.
    neighbours : int
        k of the measures that look at nearest neighbours.
    statistics : StatisticsRequest
    seed : int
        For everything random.
    order : str
        A key of `ORDERS`: of the words, so of the rows of everything; no other number depends on it.
    difference : str
        A key of `DIFFERENCES`: what the first space's matrix minus the second's is made of, if it is wanted.
    """

    spaces: tuple[NamedSource, ...] = SAMPLE_SPACES
    words: WordRule | WordList = WordRule()
    preprocessing: str = "none"
    components: int | None = None
    similarity: str = "cosine"
    comparisons: tuple[str, ...] = ("pearson", "cosine")
    neighbours: int = 10
    statistics: StatisticsRequest = StatisticsRequest()
    seed: int = 0
    order: str = "as_found"
    difference: str = "none"
