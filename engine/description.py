"""An analysis in words: what the note line, the figures and the reports say of it."""

from __future__ import annotations

import unicodedata

from engine.brush import Brush
from engine.comparison import COMPARISONS
from engine.data import Comparison, EmbeddingSpace, MissingWords
from engine.difference import Difference
from engine.missing import NOT_IN_VOCABULARY
from engine.preprocessing import PREPROCESSINGS
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES
from engine.sources.token_words import ONLY_BARE, ONLY_SPACED, SEVERAL
from engine.words import WordList, WordRule

# Around text that has its own direction. The mark before it tells rich text, which looks into isolates, that the
# paragraph runs from left to right.
ISOLATE, END_OF_ISOLATE = "\u200e\u2068", "\u2069"
JOINERS = "\u200c\u200d"
MISSING_NAMED = 5  # words that a sentence names


def printable(word: str) -> str:
    """The word as it can stand in a sentence.

    Characters that have no picture (control, direction marks, lone surrogates) are written as escapes. What is written
    from right to left is isolated, so that it does not turn the words around it.
    """
    return isolated(spelt_out(word))


def shortened(word: str, most: int) -> str:
    """The word as it can be printed, in at most so many characters."""
    word = spelt_out(word)
    return isolated(word if len(word) <= most else word[: most - 1] + "…")


def spelt_out(word: str) -> str:
    """The word where it stands alone, may be copied or edited: with escapes for what has no picture, and no more."""
    if word.isprintable():
        return word
    neighbours = zip(f" {word}", word, f"{word[1:]} ", strict=False)
    return "".join(
        char if char.isprintable() or _joins(before, char, after) else char.encode("unicode_escape").decode("ascii")
        for before, char, after in neighbours
    )


def _joins(before: str, char: str, after: str) -> bool:
    """Whether a character joins or parts its neighbours, as the spelling of Persian, Hindi and emoji needs it."""
    return char in JOINERS and not before.isascii() and not after.isascii()


def isolated(text: str) -> str:
    """A text within others that are written from left to right, whatever its own direction."""
    turned = not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
    return f"{ISOLATE}{text}{END_OF_ISOLATE}" if turned else text


def describe_space(space: EmbeddingSpace) -> str:
    """ "word2vec, 300 d" """
    return f"{printable(space.name)}, {space.dimensions:,} d"


def describe_place(space: EmbeddingSpace, row: int) -> str:
    """Where a word stands in a space's own vocabulary, or of how many tokens it is made: "1,204", "3 tokens"."""
    if space.n_tokens is not None and space.n_tokens[row] > 1:
        return f"{space.n_tokens[row]:,} tokens"
    return f"{space.indices[row]:,}"


def describe_words(result: AnalysisResult) -> str:
    """One sentence part on which words were analysed: "the first 100 words of 6 characters that both spaces know"."""
    words, n = result.request.words, len(result.words)
    who = "both spaces know" if len(result.spaces) == 2 else f"all {len(result.spaces)} spaces know"
    if isinstance(words, WordList):
        return f"{n:,} listed words that {who}"
    complete = words.limit is None or n + _left_out(result) < words.limit
    drawn = f"a random draw (seed {result.request.seed}) of"
    which = "all" if complete else drawn if words.pick == "random" else "the first"
    return f"{which} {n:,} words of {_form(words)}{_band(words, result.request.spaces[0].name)} that {who}"


def _left_out(result: AnalysisResult) -> int:
    """Shared words that some space has no usable vector for."""
    shared = (missing for missing in result.missing if missing.reason != NOT_IN_VOCABULARY)
    return len({word for missing in shared for word in missing.words})


def _form(rule: WordRule) -> str:
    length = f"{rule.min_length}" if rule.min_length == rule.max_length else f"{rule.min_length} to {rule.max_length}"
    unit = {"any": "characters", "letters": "letters", "ascii-letters": "letters a to z"}[rule.characters]
    if rule.max_length == rule.min_length == 1:
        unit = unit.replace("characters", "character").replace("letters", "letter", 1)
    case = {"any": "", "lower": ", lower case", "upper": ", upper case", "title": ", capitalised"}[rule.case]
    pattern = f", matching {printable(rule.pattern)}" if rule.pattern else ""
    return f"{length} {unit}{case}{pattern}"


def _band(rule: WordRule, first: str) -> str:
    """ ", ranks 1,001 to 2,000 of word2vec"; empty if all ranks are allowed."""
    if rule.min_rank is None and rule.max_rank is None:
        return ""
    if rule.max_rank is None:
        ranks = f"from rank {rule.min_rank:,} on"
    else:
        ranks = f"ranks {rule.min_rank or 1:,} to {rule.max_rank:,}"
    return f", {ranks} of {printable(first)},"


def describe_analysis(result: AnalysisResult) -> str:
    """One sentence on what was analysed."""
    request = result.request
    step = PREPROCESSINGS[request.preprocessing]
    vectors = "" if step.name == "none" else f", vectors {step.label}"
    measured = f"{SIMILARITIES[request.similarity].label}{vectors}"
    sentence = "; ".join(filter(None, (describe_words(result), measured, describe_order(result)))) + "."
    return sentence[0].upper() + sentence[1:]


def describe_order(result: AnalysisResult) -> str:
    """ "in clusters of word2vec"; empty where the words stand as found."""
    if result.tree is not None:
        space = result.tree.space
        return f"in clusters of {'the mean of all spaces' if space is None else printable(result.spaces[space].name)}"
    orders = {"alphabetical": "in alphabetical order", "frequency": "by frequency", "category": "by category"}
    return orders.get(result.request.order, "")


def describe_difference(result: AnalysisResult, minus: Difference) -> str:
    """What minus what: "word2vec − GPT-2"."""
    return " − ".join(printable(result.spaces[space].name) for space in (minus.first, minus.second))


def describe_brush(brush: Brush) -> str:
    """How much is picked together: "1,204 pairs of 96 words brushed"."""
    return f"{brush.n_pairs:,} pair{'s' * (brush.n_pairs != 1)} of {len(brush.rows):,} words brushed"


def describe_values(comparison: Comparison) -> str:
    """The measures in one line with three digits: "r = .527, S_c = .743"."""
    return ", ".join(f"{COMPARISONS[name].symbol} = {three_digits(value)}" for name, value in comparison.values.items())


def names_of(result: AnalysisResult, comparison: Comparison) -> str:
    """The two spaces compared: "word2vec and GPT-2"."""
    return " and ".join(map(printable, result.names(comparison)))


def describe_agreement(result: AnalysisResult) -> list[str]:
    """A sentence per pair of spaces: "word2vec and GPT-2: r = .527, S_c = .743 over 4,950 pairs." """
    return [
        f"{names_of(result, comparison)}: {describe_values(comparison)} over {comparison.n_pairs:,} pairs."
        for comparison in result.comparisons
        if comparison.values
    ]


def describe_sources(result: AnalysisResult) -> list[str]:
    """A line per space on where its vectors come from: "GPT-2: gpt2, token matrix, tokens without leading space"."""
    return [f"{printable(space.name)}: {printable(space.description)}" for space in result.spaces]


def count_missing(result: AnalysisResult) -> int:
    """How many words could not take part; a word that several spaces lack counts once, where all of them are listed."""
    if any(missing.count > len(missing.words) for missing in result.missing):
        return max(missing.count for missing in result.missing)
    return len({word for missing in result.missing for word in missing.words})


def describe_missing(result: AnalysisResult) -> list[str]:
    """Sentences on what spaces lack, and advice: "2 missing in GPT-2 (not in the vocabulary): become, summer."."""
    sentences = []
    for missing in result.missing:
        named = describe_missing_words(missing, MISSING_NAMED)
        more = [f"{missing.count - len(named):,} more"] if missing.count > len(named) else []
        words = ", ".join(named + more)
        sentences.append(f"{missing.count:,} missing in {printable(missing.space)} ({missing.reason}): {words}.")
        sentences += filter(None, [advise(missing)])
    return sentences


def describe_missing_words(missing: MissingWords, most: int) -> list[str]:
    """The first words, each with why it is missing where more is known: "Apple (there as 'apple')"."""
    why = missing.why
    return [
        f"{printable(word)} ({printable(why[word])})" if word in why else printable(word)
        for word in missing.words[:most]
    ]


def advise(missing: MissingWords) -> str:
    """What could be chosen to have more of the words, as a sentence; empty if nothing."""
    if not any(one.why.startswith((ONLY_SPACED, ONLY_BARE, SEVERAL)) for one in missing.explained):
        return ""
    return (
        f"Other token forms of {printable(missing.space)} take more words: “either” those that are one token with or "
        "without leading space, “pieces” any word."
    )


def three_digits(value: float | None) -> str:
    """A number as shown to a reader: ".527", "-.012", "1.000"; "undefined" for None."""
    if value is None:
        return "undefined"
    text = f"{round(value, 3) + 0.0:.3f}"  # + 0.0: no minus sign before .000
    return text.replace("0.", ".", 1) if abs(value) < 0.9995 else text


def describe_disagreement(kind: str, value: float) -> str:
    """By how much two spaces differ on a pair, as shown to a reader: "+1.23" z-scores, "-12.3" percentile points."""
    forms = {"z": ".2f", "ranks": ".1f"}
    if kind not in forms:
        return three_digits(value)
    return f"{round(value, int(forms[kind][1])) + 0.0:+{forms[kind]}}"  # + 0.0: no minus sign before 0.00
