"""Pairs picked together keep their words, whatever order these come in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.brush import Brush, brush_block, brush_pairs

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
