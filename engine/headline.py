"""What the statistics say, in sentences for a reader who is no statistician."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.comparison import COMPARISONS, Options
from engine.data import Comparison
from engine.description import names_of, three_digits
from engine.inference.choices import CONFOUNDS
from engine.preprocessing import PREPROCESSINGS
from engine.result import AnalysisResult
from engine.words import listed

if TYPE_CHECKING:
    from engine.inference.bootstrap import Interval
    from engine.inference.differences import Difference
    from engine.inference.findings import Between, PairStatistics
    from engine.inference.partial import PartialMantel
    from engine.inference.permutation import PermutationTest


CLEAR = 0.05  # what is called more than chance
NEARLY_ZERO = 0.05  # an agreement by chance that need not be told


def p_in_words(p: float) -> str:
    """ "p = .012", "p < .001" """
    return "p < .001" if p < 0.001 else f"p = {three_digits(p)}"


def describe_test(test: PermutationTest) -> str:
    """One or two sentences on whether an agreement is more than chance."""
    if test.p is None or test.observed is None:
        return test.reason
    p = test.p if test.corrected_p is None else test.corrected_p
    verdicts = {
        "greater": ("no more than chance explains", "more than chance"),
        "two-sided": ("no more different from chance than relabelled words are", "different from chance"),
    }
    verdict = f"This is {verdicts[test.sided][p <= CLEAR]} ({_significance(test)})."
    if 1 / (test.permutations + 1) > CLEAR:  # whatever the agreement
        verdict = f"So few relabellings cannot tell whether this is {verdicts[test.sided][1]} ({_significance(test)})."
    extreme = "an agreement as far from chance" if test.sided == "two-sided" else "as much agreement"
    count = round(test.p * (test.permutations + 1)) - 1
    how_many = "None" if count <= 0 else f"{count:,}"
    alone = "" if test.corrected_p is None else f" ({p_in_words(test.p)} before the correction)"
    return (
        f"{verdict} {how_many} of {test.permutations:,} relabellings of the words "
        f"{'shows' if count == 1 else 'show'} {extreme}{alone}. {sentence(test.method)}"
    )


def describe_how_many(result: AnalysisResult) -> str:
    """A sentence that warns of several tests, none of them corrected for the others; empty where there is no need."""
    tests = [test for _, found in result.inferred for test in found.tests.values() if test.p is not None]
    if len(tests) < 2 or any(test.corrected_p is not None for test in tests):
        return ""
    return (
        f"{len(tests):,} agreements were tested, each by itself: where nothing is related, one test in 20 has p below "
        ".05. A correction makes p count for all of them."
    )


def p_in_short(test: PermutationTest) -> str:
    """ "p = .012" or "p = .036, corrected"; nothing where there is no p."""
    if test.p is None:
        return ""
    return p_in_words(test.p) if test.corrected_p is None else f"{p_in_words(test.corrected_p)}, corrected"


def _significance(test: PermutationTest | Difference) -> str:
    """ "p = .012, corrected by Benjamini-Hochberg" """
    if test.p is None:
        return ""
    if test.corrected_p is None:
        return p_in_words(test.p)
    return f"{p_in_words(test.corrected_p)}, corrected by {test.correction}"


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def describe_interval(interval: Interval) -> str:
    """A sentence on how sure an agreement is."""
    if interval.low is None or interval.high is None:
        return interval.reason
    return (
        f"For other words like these it lies between {three_digits(interval.low)} and {three_digits(interval.high)} "
        f"({interval.method})."
    )


def describe_partial(partial: PartialMantel) -> str:
    """A sentence on what is left when confounds are taken out."""
    test = partial.test
    if test.observed is None or test.p is None:
        return test.reason
    if not partial.confounds:
        idle = listed([CONFOUNDS[name].label for name in partial.left_out])
        return f"{idle.capitalize()} could not be taken out, being the same for all pairs of words."
    names = listed([CONFOUNDS[name].label for name in partial.confounds])
    without = f", {three_digits(partial.without)} before" if partial.without is not None else ""
    idle = "".join(f" {CONFOUNDS[name].label.capitalize()} explains nothing here." for name in partial.left_out)
    return (
        f"With {names} taken out it is {three_digits(test.observed)}{without} ({_significance(test)}; {test.method})."
        f"{idle}"
    )


def describe_difference(difference: Difference, names: str = "") -> str:
    """A line on whether two agreements differ: "r − ρ = .113 (.089 to .144), p = .002".

    Parameters
    ----------
    difference : Difference
    names : str, optional
        What is subtracted from what, where that is not two measures.
    """
    interval = difference.interval
    if interval.observed is None:
        return interval.reason
    names = names or " − ".join(COMPARISONS[name].symbol for name in interval.measure.split(" - "))
    if interval.low is None:
        return f"{names} = {three_digits(interval.observed)}. {interval.reason}"
    span = f"{three_digits(interval.low)} to {three_digits(interval.high)}"
    return f"{names} = {three_digits(interval.observed)} ({span}), {_significance(difference)}"


def describe_between(result: AnalysisResult, between: Between) -> str:
    """A line on whether two pairs of spaces agree differently."""
    first, second = (names_of(result, result.comparisons[k]) for k in (between.first, between.second))
    symbol = COMPARISONS[result.request.comparisons[0]].symbol
    return describe_difference(between.difference, f"{symbol} of {first} − {symbol} of {second}")


def describe_differences(differences: Sequence[Difference]) -> str:
    """How these were found, as they were all found alike: "95 % percentile interval, ..., seed 0; p two-sided"."""
    methods = [one.interval.method for one in differences if one.interval.low is not None]
    return f"{methods[0]}; p two-sided" if methods else ""


def describe_measure(
    result: AnalysisResult, comparison: Comparison, measure: str, found: PairStatistics | None
) -> tuple[str, list[str]]:
    """The headline of a measure ("Pearson r = .527  [.495, .569]") and the sentences below it."""
    entry, value = COMPARISONS[measure], comparison.values[measure]
    head = f"{entry.label} = {three_digits(value)}"
    sentences = []
    interval = found.intervals.get(measure) if found else None
    if interval is not None and interval.low is not None:
        head += f"  [{three_digits(interval.low)}, {three_digits(interval.high)}]"
    if value is None:
        return head, [f"Undefined, because {entry.why_undefined}."]
    test = found.tests.get(measure) if found else None
    mean = test.null_mean if test else None
    if entry.chance is not None:
        k = result.request.neighbours
        by_chance = entry.chance(comparison.n_words, Options(k))
        # Where similarities tie, both spaces take the same of equally near words: relabelled words know, a formula not.
        if test and mean is not None and abs(mean - by_chance) > test.null.std():
            by_chance = mean
        sentences.append(f"{three_digits(by_chance)} would be chance, for {k} neighbour{'s' * (k != 1)}.")
    elif mean is not None and abs(mean) > NEARLY_ZERO:
        sentences.append(f"Relabelled words give {three_digits(mean)} on average.")
    if test:
        sentences.append(describe_test(test))
    if interval:
        sentences.append(describe_interval(interval))
    if found and measure in found.partial:
        sentences.append(describe_partial(found.partial[measure]))
    return head, sentences


def describe_agreement_found(comparison: Comparison, found: PairStatistics | None) -> str:
    """The measures in one line, with what was inferred of the first: "r = .527 [.478, .580], p < .001; S_c = .743"."""
    (name, value), *others = comparison.values.items()
    told = ", ".join(_in_short(other, its_value, None) for other, its_value in others)
    return _in_short(name, value, found) + (f"; {told}" if told else "")


def _in_short(measure: str, value: float | None, found: PairStatistics | None) -> str:
    text = f"{COMPARISONS[measure].symbol} = {three_digits(value)}"
    interval, test = (found.intervals.get(measure), found.tests.get(measure)) if found else (None, None)
    if interval is not None and interval.low is not None:
        text += f" [{three_digits(interval.low)}, {three_digits(interval.high)}]"
    if test is not None and test.p is not None:
        text += f", {p_in_short(test)}"
    return text


def describe_inferred(result: AnalysisResult) -> list[str]:
    """Lines on all that was inferred of each pair of spaces, for a terminal."""
    lines = []
    for comparison, found in result.inferred:
        names = names_of(result, comparison)
        for measure in comparison.values:
            head, sentences = describe_measure(result, comparison, measure, found)
            if sentences:
                lines.append(f"{names}, {head}: {' '.join(sentences)}")
        lines += [f"{names}: {line}" for line in describe_robustness(found)]
        if found.differences:
            told = dict.fromkeys(map(describe_difference, found.differences))
            lines.append(f"{names}: {_with_method('; '.join(told), found.differences)}")
    lines += [warning] if (warning := describe_how_many(result)) else []
    between = result.statistics.between if result.statistics else ()
    lines += [_with_method(describe_between(result, one), [one.difference]) for one in between]
    return lines


def _with_method(told: str, differences: Sequence[Difference]) -> str:
    """The lines on differences and how these were found; where none is defined, why not is all there is to say."""
    how = describe_differences(differences)
    return f"{told} ({how})." if how else told


def describe_robustness(found: PairStatistics) -> list[str]:
    """Sentences on other words and other vectors: random draws, bands of frequency, each preprocessing."""
    lines = []
    if found.draws is not None:
        middles = {name: found.draws.middle(name) for name in found.draws.values}
        without = {name: f" ({count:,} undefined)" if count else "" for name, count in found.draws.undefined.items()}
        spans = [
            f"{COMPARISONS[name].symbol} between {three_digits(middle[0])} and {three_digits(middle[1])}{without[name]}"
            for name, middle in middles.items()
            if middle is not None
        ]
        share = "In 95 % of" if found.draws.has_tails else "In"
        lines.append(f"{share} {found.draws.method}: {', '.join(spans) or 'undefined'}.")
    if found.bands is not None:
        values = [
            f"{COMPARISONS[name].symbol} = {', '.join(three_digits(one.observed) for one in intervals)}"
            for name, intervals in found.bands.intervals.items()
        ]
        lines.append(f"From frequent to rare words {'; '.join(values)} ({found.bands.method}).")
    if found.by_preprocessing:
        steps = [
            f"{PREPROCESSINGS[step].label}: "
            + ", ".join(f"{COMPARISONS[name].symbol} = {three_digits(value)}" for name, value in values.items())
            for step, values in found.by_preprocessing.items()
        ]
        lines.append(f"With vectors {'; '.join(steps)}.")
    return lines
