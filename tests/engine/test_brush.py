"""Pairs picked together keep their words, whatever order these come in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.brush import ALL, Brush, brush_block, brush_pairs

WORDS = tuple("abcdef")


def named(brush: Brush | None) -> set[frozenset[str]]:
    """The pairs by word."""
    if brush is None:
        return set()
    return {frozenset((brush.words[i], brush.words[j])) for i, j in zip(*brush.pairs, strict=True)}


def test_a_block_holds_every_pair_of_its_rows_with_its_columns_once() -> None:
    brush = brush_block(WORDS, range(1, 4), range(2, 5))
    wanted = {frozenset((a, b)) for a in "bcd" for b in "cde" if a != b}
    assert brush is not None
    assert named(brush) == wanted
    assert brush.n_pairs == len(wanted)
    assert brush.brushed_words == ("b", "c", "d", "e")


def test_a_word_with_itself_is_no_pair() -> None:
    assert brush_block(WORDS, [2], [2]) is None


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=20),
    st.permutations(WORDS).flatmap(lambda order: st.integers(1, 6).map(lambda n: tuple(order[:n]))),
)
def test_pairs_move_with_their_words(pairs: list[tuple[int, int]], words: tuple[str, ...]) -> None:
    first, second = (np.array([pair[k] for pair in pairs], np.int64) for k in (0, 1))
    brush = brush_pairs(WORDS, first, second)
    before = {frozenset((WORDS[i], WORDS[j])) for i, j in pairs if i != j}
    assert named(brush) == before
    if brush is not None:
        moved = brush.moved_to(words)
        assert named(moved) == {pair for pair in before if pair <= set(words)}
        if moved is not None:
            assert moved.words == words
            assert set(moved.brushed_words) == set().union(*named(moved))
            assert list(moved.rows) == sorted(moved.rows)


def masked(brush: Brush) -> np.ndarray:
    """Which cells of a heatmap are brushed, one by one; none on the diagonal."""
    mask = np.zeros((len(brush.words),) * 2, bool)
    for i, j in zip(*brush.pairs, strict=True):
        mask[i, j] = mask[j, i] = True
    return mask


@given(st.integers(2, 14), st.floats(0, 1), st.integers(0, 10**6))
def test_few_and_many_pairs_move_and_join_alike(n: int, share: float, seed: int) -> None:
    numbers = np.random.default_rng(seed)
    words = tuple(f"w{k}" for k in range(n))
    first, second = (numbers.integers(0, n, 1 + int(share * n * n)) for _ in range(2))
    brush, other = brush_pairs(words, first, second), brush_pairs(words, second[:3], first[::-1][:3])
    order = tuple(words[k] for k in numbers.permutation(n)[: max(1, n - 3)])
    if brush is None or other is None:
        return
    assert named(brush.joined(other)) == named(brush) | named(other)
    assert named(brush.moved_to(order)) == {pair for pair in named(brush) if pair <= set(order)}
    assert list(brush.rows) == sorted({int(row) for ends in brush.pairs for row in ends})
    assert [(row, column) for row, columns in brush.by_row() for column in columns] == list(
        zip(*brush.pairs, strict=True)
    )


def test_the_same_words_need_no_other_brush() -> None:
    brush = brush_block(WORDS, range(2), range(6))
    assert brush is not None
    assert brush.moved_to(tuple(WORDS)) is brush


@given(st.sets(st.integers(0, 8)), st.sets(st.integers(0, 8)))
def test_any_block_against_all_pairs(rows: set[int], columns: set[int]) -> None:
    words = tuple("abcdefghi")
    wanted = {frozenset((words[i], words[j])) for i in rows for j in columns if i != j}
    assert named(brush_block(words, rows, columns)) == wanted


@pytest.mark.parametrize("n", [2, 63, 150, 257, 300, 601])
def test_the_shares_say_what_is_brushed_of_each_cell_and_lose_none(n: int) -> None:
    words = tuple(f"w{k}" for k in range(n))
    numbers = np.random.default_rng(n)
    brush = brush_pairs(
        words, np.append(numbers.integers(0, n // 3 + 1, 40), 0), np.append(numbers.integers(0, n, 40), n - 1)
    )
    assert brush is not None
    whole, *coarser = brush.shares
    mask = masked(brush)
    off_diagonal = ~np.eye(n, dtype=bool)
    np.testing.assert_array_equal((whole > 0)[off_diagonal], mask[off_diagonal])
    assert set(np.unique(whole)) <= {0, ALL}
    shown = whole > 0
    for k, level in enumerate(coarser, 1):
        size = 1 << k
        blocks = [[shown[i : i + size, j : j + size] for j in range(0, n, size)] for i in range(0, n, size)]
        assert len(level) == -(-n // size)
        for row, some in zip(level, blocks, strict=True):
            for value, block in zip(row, some, strict=True):
                assert (value > 0) == block.any()
                if block.shape == (size, size) and k == 1:
                    assert value == int(np.ceil(ALL * block.mean()))
    assert n <= 64 or coarser


def test_a_block_across_the_diagonal_has_no_gap() -> None:
    brush = brush_block(tuple("abcdefgh"), range(2, 6), range(2, 6))
    assert brush is not None
    expected = np.zeros((8, 8), bool)
    expected[2:6, 2:6] = True
    expected[2, 2] = expected[5, 5] = False  # beside them are cells that are not brushed
    np.testing.assert_array_equal(brush.shares[0] > 0, expected)
