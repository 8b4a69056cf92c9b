"""What the statistics say, in sentences for a reader who is no statistician."""

from __future__ import annotations

from engine.comparison import COMPARISONS, Options
from engine.data import Comparison
from engine.description import printable, three_digits
from engine.inference.bootstrap import Interval
from engine.inference.choices import CONFOUNDS
from engine.inference.differences import Difference
from engine.inference.findings import PairStatistics
from engine.inference.partial import PartialMantel
from engine.inference.permutation import PermutationTest
from engine.result import AnalysisResult

CLEAR = 0.05  # what is called more than chance


def p_in_words(p: float) -> str:
    """ "p = .012", "p < .001" """
    return "p < .001" if p < 0.001 else f"p = {three_digits(p)}"


def describe_test(test: PermutationTest) -> str:
    """One or two sentences on whether an agreement is more than chance."""
    if test.p is None or test.observed is None:
        return test.reason
    p, by = (test.p, "") if test.corrected_p is None else (test.corrected_p, f", corrected by {test.correction}")
    verdict = "more than chance" if p <= CLEAR else "no more than chance explains"
    extreme = "as far from chance" if test.sided == "two-sided" else "as much agreement"
    count = round(test.p * (test.permutations + 1)) - 1
    how_many = "None" if count <= 0 else f"{count:,}"
    return (
        f"This is {verdict} ({p_in_words(p)}{by}). {how_many} of {test.permutations:,} relabellings of the words show "
        f"{extreme}. {test.method}."
    )


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
    names = " and ".join(CONFOUNDS[name].label for name in partial.confounds) or "nothing"
    without = f", {three_digits(partial.without)} before" if partial.without is not None else ""
    idle = "".join(f" {CONFOUNDS[name].label.capitalize()} explains nothing here." for name in partial.left_out)
    return (
        f"With {names} taken out it is {three_digits(test.observed)}{without} ({p_in_words(test.p)}; {test.method})."
        f"{idle}"
    )


def describe_difference(difference: Difference) -> str:
    """A sentence on whether two agreements differ: "Pearson r - Spearman ρ = .113 (.089 to .144), p = .002"."""
    interval = difference.interval
    if interval.observed is None:
        return interval.reason
    names = " − ".join(
        COMPARISONS[name].symbol if name in COMPARISONS else name for name in interval.measure.split(" - ")
    )
    span = "" if interval.low is None else f" ({three_digits(interval.low)} to {three_digits(interval.high)})"
    p = "" if difference.p is None else f", {p_in_words(difference.p)}"
    return f"{names} = {three_digits(interval.observed)}{span}{p}"


def describe_measure(
    result: AnalysisResult, comparison: Comparison, measure: str, found: PairStatistics | None
) -> tuple[str, list[str]]:
    """The headline of a measure ("Pearson r = .527  [.495, .569]") and the sentences below it."""
    entry, value = COMPARISONS[measure], comparison.values[measure]
    head = f"{entry.label} = {three_digits(value)}"
    sentences = []
    interval = found.intervals.get(measure) if found else None
    if interval and interval.low is not None:
        head += f"  [{three_digits(interval.low)}, {three_digits(interval.high)}]"
    if entry.chance is not None:
        by_chance = entry.chance(comparison.n_words, Options(result.request.neighbours))
        sentences.append(f"{three_digits(by_chance)} would be chance, for {result.request.neighbours} neighbours.")
    if value is None:
        sentences.append(f"Undefined, because {entry.why_undefined}.")
    if found and measure in found.tests:
        sentences.append(describe_test(found.tests[measure]))
    if interval:
        sentences.append(describe_interval(interval))
    if found and measure in found.partial:
        sentences.append(describe_partial(found.partial[measure]))
    return head, sentences


def names_of(result: AnalysisResult, comparison: Comparison) -> str:
    """The two spaces compared."""
    first, second = result.spaces[comparison.first], result.spaces[comparison.second]
    return f"{printable(first.name)} and {printable(second.name)}"


def describe_inferred(result: AnalysisResult) -> list[str]:
    """A line per pair of spaces and measure on what was inferred, for a terminal."""
    lines = []
    for comparison, found in result.inferred:
        for measure in comparison.values:
            head, sentences = describe_measure(result, comparison, measure, found)
            if sentences:
                lines.append(f"{names_of(result, comparison)}, {head}: {' '.join(sentences)}")
    return lines
