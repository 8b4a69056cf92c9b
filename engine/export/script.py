"""reproduce.py: a script that makes a run's figures again, with nothing of ours but the arrays."""

from __future__ import annotations

from engine.colours import DIFFERENCE_COLOURS, colour_levels
from engine.description import describe_analysis, describe_sources, shortened
from engine.export.difference import shown_difference
from engine.export.figures import FigureOptions
from engine.export.profile import profile_row
from engine.export.style import LONGEST_LABEL
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES


def reproduce_script(result: AnalysisResult, options: FigureOptions) -> str:
    """The text of reproduce.py: what may be changed at the top, the drawing below.

    It needs numpy and matplotlib and, beside it, the matrices.npz of the same result.
    """
    levels = colour_levels(options.colours, [space.similarities for space in result.spaces])
    settings = {
        "TITLE": describe_analysis(result),
        "SPACES": [f"{shortened(space.name, LONGEST_LABEL)}, {space.dimensions:,} d" for space in result.spaces],
        "SOURCES": describe_sources(result),
        "SIMILARITY": SIMILARITIES[result.request.similarity].label,
        "COLOUR_MAP": options.colours.colour_map,
        "LEVELS": [(float(low), float(high)) for low, high in levels],
        "DIFFERENCE": shown_difference(result).kind,
        "DIFFERENCE_COLOURS": list(DIFFERENCE_COLOURS),
        "PROFILE_ROW": profile_row(result, options.profile_word),
        "LONGEST_LABEL": LONGEST_LABEL,
        "FORMAT": "png",
        "RESOLUTION": options.resolution,
    }
    comments = {
        "LEVELS": "similarities at the ends of the colour map, per space",
        "DIFFERENCE": 'of "values" or of "ranks"',
        "PROFILE_ROW": "the row of the word whose vectors are shown",
        "LONGEST_LABEL": "characters of a word; longer ones are cut",
        "FORMAT": '"png", "svg" or "pdf"',
        "RESOLUTION": "dots per inch",
    }
    lines = [
        f"{name} = {value!r}{f'  # {comments[name]}' if name in comments else ''}" for name, value in settings.items()
    ]
    return IMPORTS + "\n".join(lines) + BODY


IMPORTS = '''\
"""Draws heatmaps, difference, scatter plot and profile again from matrices.npz; needs numpy and matplotlib only."""

from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

'''

BODY = """

FOLDER = Path(__file__).resolve().parent
plt.rcParams.update({"text.parse_math": False, "svg.fonttype": "none", "pdf.fonttype": 42})
plt.rcParams.update({"font.size": 8, "axes.titlesize": 8})


def shown(word):
    word = "".join(c if c.isprintable() or c in "\\u200c\\u200d" else c.encode("unicode_escape").decode() for c in word)
    return word if len(word) <= LONGEST_LABEL else word[: LONGEST_LABEL - 1] + "…"


def colour_bar(image, panels, label, values):
    below, above = np.min(values) < image.norm.vmin, np.max(values) > image.norm.vmax
    extend = "both" if below and above else "min" if below else "max" if above else "neither"
    image.figure.colorbar(image, ax=panels, label=label, shrink=0.7, extend=extend)


def save(figure, name):
    figure.suptitle("\\n".join([TITLE, *SOURCES]), x=0.01, ha="left", fontsize=7, wrap=True)
    figure.savefig(FOLDER / f"{name}-redrawn.{FORMAT}", dpi=RESOLUTION, bbox_inches="tight")


def percentiles(values):
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    return 100 * (np.cumsum(counts) - counts / 2)[group] / len(values)


with np.load(FOLDER / "matrices.npz") as file:
    words = [shown(word) for word in file["words"].tolist()]
    matrices = [file[f"similarities_{i}"] for i in range(len(SPACES))]
    vectors = [file[f"vectors_{i}"] for i in range(len(SPACES))]
    dimensions = [file[f"dimensions_{i}"] for i in range(len(SPACES))]
above = ~np.tri(len(words), dtype=bool)  # the cells above the diagonal, one per pair
pairs = [matrix[above].astype(float) for matrix in matrices]
between = list(combinations(range(len(SPACES)), 2))

# The numbers: Pearson r and cosine S_c of the pairs' similarities.
values = {}
for a, b in between:
    with np.errstate(invalid="ignore"):  # undefined (nan) where all similarities are equal
        r = np.corrcoef(pairs[a], pairs[b])[0, 1]
        s_c = pairs[a] @ pairs[b] / (np.linalg.norm(pairs[a]) * np.linalg.norm(pairs[b]))
    values[a, b] = f"r = {r:.3f}, S_c = {s_c:.3f}, {len(pairs[a]):,} pairs"
    print(f"{SPACES[a]} and {SPACES[b]}: r = {r!s}, S_c = {s_c!s}".encode("ascii", "backslashreplace").decode())

# Heatmaps: first word on top.
colours = LinearSegmentedColormap.from_list("difference", DIFFERENCE_COLOURS)
colour_map = colours if COLOUR_MAP == "diverging" else COLOUR_MAP
figure, panels = plt.subplots(1, len(SPACES), figsize=(4 * len(SPACES), 4.5), layout="constrained")
labelled = range(0, len(words), max(1, len(words) // 20))
for panel, matrix, space, (low, high) in zip(panels, matrices, SPACES, LEVELS):
    image = panel.imshow(matrix, cmap=colour_map, vmin=low, vmax=high, interpolation="nearest")
    panel.set_xticks(labelled, [words[i] for i in labelled], rotation=90, fontsize=6)
    panel.set_yticks(labelled, [words[i] for i in labelled], fontsize=6)
    panel.set_title(space)
    if len(set(LEVELS)) > 1:
        colour_bar(image, panel, SIMILARITY, matrix)
if len(set(LEVELS)) == 1:
    colour_bar(image, panels, SIMILARITY, matrices)
save(figure, "heatmaps")

# Difference: the first matrix minus the second, of values or of ranks.
minus = matrices[0] - matrices[1]
if DIFFERENCE == "ranks":
    minus[above] = percentiles(pairs[0]) - percentiles(pairs[1])
    minus.T[above] = minus[above]
np.fill_diagonal(minus, 0)
limit = np.quantile(abs(minus[above]), 0.99) or 1
figure, panel = plt.subplots(figsize=(5, 4.5), layout="constrained")
image = panel.imshow(minus, cmap=colours, vmin=-limit, vmax=limit, interpolation="nearest")
panel.set_xticks(labelled, [words[i] for i in labelled], rotation=90, fontsize=6)
panel.set_yticks(labelled, [words[i] for i in labelled], fontsize=6)
panel.set_title(f"{SPACES[0]}\\nminus {SPACES[1]}")
colour_bar(image, panel, f"difference of {DIFFERENCE}", minus)
save(figure, "difference")

# Scatter: one panel per pair of spaces; of many pairs, their density.
figure, panels = plt.subplots(1, len(between), figsize=(4 * len(between), 4.3), squeeze=False, layout="constrained")
for panel, (a, b) in zip(panels[0], between):
    if len(pairs[a]) > 20_000:
        panel.hexbin(pairs[a], pairs[b], gridsize=120, bins="log", mincnt=1, linewidths=0)
    else:
        panel.plot(pairs[a], pairs[b], ".", markersize=2, alpha=0.5)
    low, high = min(pairs[a].min(), pairs[b].min()), max(pairs[a].max(), pairs[b].max())
    if -1.001 <= low and high <= 1.001:
        panel.set(xlim=(min(low, -0.2), max(high, 1)), ylim=(min(low, -0.2), max(high, 1)))
    panel.axhline(0, color="lightgray", linewidth=0.8, zorder=0)
    panel.axvline(0, color="lightgray", linewidth=0.8, zorder=0)
    panel.set(xlabel=f"{SIMILARITY}\\nin {SPACES[a]}", ylabel=f"{SIMILARITY}\\nin {SPACES[b]}", title=values[a, b])
save(figure, "scatter")

# Profile: one word's value on every dimension of each space.
figure, panels = plt.subplots(len(SPACES), figsize=(7, 2 * len(SPACES)), layout="constrained")
for panel, numbers, rows, space in zip(panels, dimensions, vectors, SPACES):
    panel.plot(numbers, rows[PROFILE_ROW], linewidth=0.6)
    panel.axhline(0, color="lightgray", linewidth=0.8, zorder=0)
    panel.set(title=f"{space}: {words[PROFILE_ROW]}", xlabel="dimension", ylabel="value")
save(figure, "profile")
"""
