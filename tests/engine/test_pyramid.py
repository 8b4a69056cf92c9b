"""Coarser copies of a matrix: what one sees from afar, and no cell that stands out is lost."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data import SimilarityMatrix
from engine.pyramid import pyramid


def block_means(values: np.ndarray, size: int) -> np.ndarray:
    n = len(values) // size
    return values.reshape(n, size, n, size).mean(axis=(1, 3))


def test_each_level_holds_the_means_of_blocks_twice_as_large() -> None:
    values = np.random.default_rng(0).normal(size=(512, 512)).astype(np.float32)
    levels = pyramid(values, outstanding=100.0)
    assert [len(level) for level in levels] == [256, 128, 64]
    for k, level in enumerate(levels, start=1):
        np.testing.assert_allclose(level, block_means(values, 2**k), atol=1e-6)


@pytest.mark.parametrize("n", [65, 257, 1001])
@pytest.mark.parametrize("hot", [1.0, -1.0])
def test_one_cell_among_thousands_is_seen_at_every_level(n: int, hot: float) -> None:
    for row, column in ((0, 0), (n - 1, n - 1), (n // 3, n // 2), (n - 1, 7)):
        values = np.zeros((n, n), np.float32)
        values[row, column] = hot
        for k, level in enumerate(pyramid(values, outstanding=0.1), start=1):
            assert level.shape == 2 * (-(-n // 2**k),)
            assert level[row >> k, column >> k] == hot
            assert np.count_nonzero(level) == 1


def test_of_two_that_stand_out_the_further_is_seen() -> None:
    values = np.zeros((128, 128), np.float32)
    values[5, 5], values[4, 4] = 0.5, -0.9
    assert pyramid(values, outstanding=0.1)[0][2, 2] == np.float32(-0.9)


def test_a_matrix_no_larger_than_a_picture_needs_none() -> None:
    assert pyramid(np.ones((64, 64), np.float32), 1.0) == ()


def test_an_asymmetric_matrix_is_not_transposed() -> None:
    values = np.zeros((200, 200), np.float32)
    values[10, 150] = 1.0
    level = pyramid(values, outstanding=0.1)[0]
    assert (level[5, 75], level[75, 5]) == (1.0, 0.0)


def test_similarities_of_double_precision_become_single_and_stay_as_they_were() -> None:
    values = np.random.default_rng(0).normal(size=(100, 100))
    before = values.copy()
    levels = SimilarityMatrix(values).pyramid
    assert {level.dtype for level in levels} == {np.dtype(np.float32)}
    assert not any(level.flags.writeable for level in levels)
    np.testing.assert_array_equal(values, before)
