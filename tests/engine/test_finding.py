"""Words found by a part of them."""

from __future__ import annotations

import random
import string

from engine.finding import WordFinder


def test_the_word_itself_comes_first_then_beginnings_then_the_rest() -> None:
    finder = WordFinder(("unman", "manly", "Man", "man", "women", "human", "MANOR"))
    assert finder.find("man") == ["man", "Man", "manly", "MANOR", "unman", "human"]
    assert finder.find("Man ")[:2] == ["Man", "man"]
    assert finder.find("  ") == finder.find("manx") == []


def test_case_is_folded_beyond_english() -> None:
    assert WordFinder(("Straße", "ΣΊΣΥΦΟΣ")).find("STRASSE") == ["Straße"]
    assert WordFinder(("Straße", "ΣΊΣΥΦΟΣ")).find("σίσυφος") == ["ΣΊΣΥΦΟΣ"]


def test_many_words_keep_their_order_within_each_kind() -> None:
    drawn = random.Random(0)
    words = sorted({"".join(drawn.choices(string.ascii_lowercase[:5], k=6)) for _ in range(5000)})
    drawn.shuffle(words)
    found = WordFinder(words).find("abc")
    first = [word for word in words if word.startswith("abc")]
    assert found == first + [word for word in words if "abc" in word and not word.startswith("abc")]
