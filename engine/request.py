"""What is asked for: a frozen value that decides every number of an analysis."""

from __future__ import annotations

from dataclasses import dataclass

from engine.sources import SampleSource, Source
from engine.words import WordList, WordRule


@dataclass(frozen=True)
class NamedSource:
    """A space as the user asks for it: what to call it and where it comes from."""

    name: str
    source: Source


SAMPLE_SPACES = (
    NamedSource("word2vec (sample)", SampleSource("word2vec-google-news-1k")),
    NamedSource("MiniLM (sample)", SampleSource("all-MiniLM-L6-v2")),
)


@dataclass(frozen=True)
class AnalysisRequest:
    """All that decides the numbers of an analysis; equal requests give equal results.

    The defaults are the notebook recipe on the bundled sample.

    Parameters
    ----------
    spaces : tuple of NamedSource
        Two or more, of different names.
    words : WordRule or WordList
    preprocessing : str
        A key of `PREPROCESSINGS`.
    similarity : str
        A key of `SIMILARITIES`.
    comparisons : tuple of str
        Keys of `COMPARISONS`.
    seed : int
        For everything random.
    """

    spaces: tuple[NamedSource, ...] = SAMPLE_SPACES
    words: WordRule | WordList = WordRule()
    preprocessing: str = "none"
    similarity: str = "cosine"
    comparisons: tuple[str, ...] = ("pearson", "cosine")
    seed: int = 0
