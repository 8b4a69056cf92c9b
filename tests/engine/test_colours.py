"""How similarities become colours."""

from __future__ import annotations

import matplotlib
import numpy as np
import pyqtgraph
import pytest

from engine.colours import COLOUR_MAPS, DIVERGING, ColourScale, are_signed, colour_levels, is_beyond
from engine.data import SimilarityMatrix


def matrix(low: float, high: float) -> SimilarityMatrix:
    values = np.zeros((101, 101))
    pairs = np.triu_indices(101, 1)
    values[pairs] = np.linspace(low, high, len(pairs[0]))
    return SimilarityMatrix(values + values.T)


def test_the_default_is_the_notebooks() -> None:
    scale = ColourScale()
    assert scale.colour_map == "plasma"
    assert colour_levels(scale, [matrix(-1, 1), matrix(0, 9)]) == [(0.1, 0.6), (0.1, 0.6)]


def test_automatic_levels_span_all_but_the_extreme_hundredth() -> None:
    [first, second] = colour_levels(ColourScale(levels=None, shared=False), [matrix(0, 100), matrix(-50, 50)])
    np.testing.assert_allclose(first, (1, 99))
    np.testing.assert_allclose(second, (-49, 49))


def test_a_shared_automatic_scale_spans_both_matrices() -> None:
    levels = colour_levels(ColourScale(levels=None, shared=True), [matrix(0, 100), matrix(-50, 50)])
    np.testing.assert_allclose(levels, [(-49, 99), (-49, 99)])


def test_equal_similarities_still_give_a_scale() -> None:
    for value in (0.0, 0.25, -4000.0):
        [(low, high)] = colour_levels(ColourScale(levels=None), [matrix(value, value)])
        assert low < value < high


def test_every_colour_map_exists_on_screen_and_in_figure_files() -> None:
    for name in COLOUR_MAPS.keys() - {DIVERGING}:
        assert name in matplotlib.colormaps
        on_screen = pyqtgraph.colormap.get(name, source="matplotlib")
        assert on_screen is not None


def test_zero_is_in_the_middle_of_the_diverging_map() -> None:
    for levels in (None, (-0.1, 0.6), (-0.9, 0.2)):
        for shared in (True, False):
            scale = ColourScale(DIVERGING, levels, shared)
            for low, high in colour_levels(scale, [matrix(-0.3, 0.2), matrix(0.1, 0.5)]):
                assert low == -high
    own = colour_levels(ColourScale(DIVERGING, None, shared=False), [matrix(-0.3, -0.3), matrix(0.5, 0.5)])
    assert [high for _, high in own] == pytest.approx([0.3, 0.5], abs=0.01)


def test_only_similarities_on_both_sides_of_zero_are_signed() -> None:
    assert are_signed([matrix(-0.3, 0.4)])
    assert are_signed([matrix(0.1, 0.4), matrix(-0.2, -0.1)])
    assert not are_signed([matrix(0.1, 0.4), matrix(0.2, 0.3)])


def test_a_fixed_scale_that_no_matrix_reaches_shows_nothing() -> None:
    assert is_beyond(ColourScale(), [matrix(-3, -1), matrix(0.7, 0.9)])
    assert not is_beyond(ColourScale(), [matrix(-3, -1), matrix(0, 0.5)])
    assert not is_beyond(ColourScale(levels=None), [matrix(-3, -1), matrix(5, 5)])
