"""Pairs in an order: sorted like Python sorts them, found again, all or those brushed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from engine.brush import brush_block
from engine.disagreement import DISAGREEMENTS, Disagreement
from engine.pair_order import FIRST, OTHER_WORD, SECOND, WORD, PairList, sort_pairs
from engine.pair_positions import pair_position, pair_positions
from engine.progress import SILENT, Cancelled
from tests.engine.test_difference import matrices
from tests.engine.test_ordering import CancelledAt

WORDS = ("pear", "Apple", "apple", "Zebra", "émile", "fig", "kiwi", "date", "nut", "oat", "rye", "soy")
DIFFERING = Disagreement(*matrices())  # with many ties
KEYS = (WORD, OTHER_WORD, FIRST, SECOND, *DISAGREEMENTS)


def key(by: str, i: int, j: int) -> object:
    """What Python would sort a pair by."""
    names = [(WORDS[row].casefold(), WORDS[row]) for row in (i, j)]
    if by in (WORD, OTHER_WORD):
        return names if by == WORD else names[::-1]
    if by in (FIRST, SECOND):
        return float((DIFFERING.first if by == FIRST else DIFFERING.second).values[i, j])
    return float(np.float32(DIFFERING.of_pair(by, i, j)))


@pytest.mark.parametrize("by", KEYS)
@pytest.mark.parametrize("brushed", [False, True])
def test_pairs_are_sorted_and_equal_ones_stand_as_in_the_matrix(by: str, brushed: bool) -> None:
    brush = brush_block(WORDS, range(4), range(2, 12)) if brushed else None
    order = sort_pairs(PairList(WORDS, DIFFERING, by, brush), SILENT)
    found = [order.pair(place) for place in range(len(order.positions))]
    pairs = list(combinations(range(12), 2))
    if brush is not None:
        pairs = [pair for pair in pairs if pair[0] * 12 + pair[1] in brush.cells]
    assert order.listed.n_pairs == len(pairs) == len(found)
    assert found == sorted(pairs, key=lambda pair: (key(by, *pair), pair))


@pytest.mark.parametrize("by", KEYS)
def test_every_pair_is_found_again_whichever_word_is_named_first(by: str) -> None:
    order = sort_pairs(PairList(WORDS, DIFFERING, by), SILENT)
    for place in range(66):
        i, j = order.pair(place)
        assert order.place(i, j) == order.place(j, i) == place


def test_a_pair_that_is_not_brushed_is_not_listed() -> None:
    order = sort_pairs(PairList(WORDS, DIFFERING, "z", brush_block(WORDS, [0], [1, 2])), SILENT)
    assert order.place(0, 2) in (0, 1)
    assert order.place(3, 4) is None


def test_one_pair_is_a_list() -> None:
    differing = Disagreement(*matrices(2))
    order = sort_pairs(PairList(("a", "b"), differing, "z"), SILENT)
    assert order.pair(0) == (0, 1)
    assert order.positions.tolist() == [0]


def test_positions_of_many_pairs_are_those_of_each() -> None:
    first, second = np.triu_indices(9, 1)
    assert pair_positions(first, second, 9).tolist() == list(range(36))
    assert [pair_position(i, j, 9) for i, j in zip(first, second, strict=True)] == list(range(36))


@pytest.mark.parametrize("by", ["z", "ranks", WORD])
def test_sorting_can_be_cancelled(by: str) -> None:
    with pytest.raises(Cancelled):
        sort_pairs(PairList(WORDS, DIFFERING, by), CancelledAt("sorting 66 pairs"))
