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
    order : str
        A key of `ORDERS`: of the words, so of the rows of everything; no other number depends on it.
    difference : str
        A key of `DIFFERENCES`: what the first space's matrix minus the second's is made of, if it is wanted.
    """

    spaces: tuple[NamedSource, ...] = SAMPLE_SPACES
    words: WordRule | WordList = WordRule()
    preprocessing: str = "none"
    similarity: str = "cosine"
    comparisons: tuple[str, ...] = ("pearson", "cosine")
    seed: int = 0
    order: str = "as_found"
    difference: str = "none"
