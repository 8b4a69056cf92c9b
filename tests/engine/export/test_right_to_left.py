"""Names that are written from right to left keep their place in figures, wherever a line ends within them."""

from __future__ import annotations

import re
import unicodedata

import pytest

from tests.engine.export.drawn import drawn
from tests.engine.export.made import made_result

NAMES = {
    "Arabic": ("مساحة التضمين العربية من ويكيبيديا", "مساحة التضمين العربية من الأخبار"),
    "mixed": ("مساحة word2vec التضمين gensim العربية من", "word2vec مساحة التضمين GloVe العربية من الأخبار"),
    "unbroken": ("مساحةالتضمينالعربية" * 5, "תיבותשיכוןמילים" * 8),
}
NAME = re.compile("\u2068([^\u2069]*)\u2069")


def direction(text: str) -> str:
    """R or L, as the first letter is."""
    kinds = (unicodedata.bidirectional(char).replace("AL", "R") for char in text)
    return next(kind for kind in kinds if kind in "LR")


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_no_line_is_turned_by_a_name_that_it_ends_within(names: tuple[str, str]) -> None:
    result = made_result([f"w{i}" for i in range(9)], names, difference="values")
    lines = [text.get_text() for text in drawn("difference", result).texts]
    for line in lines:
        outside = NAME.sub("", line)
        assert not {unicodedata.bidirectional(char) for char in outside} & {"R", "AL", "FSI", "PDI"}, "all is isolated"
        if outside != line:
            assert direction(outside) == "L"

    pieces = [piece for line in lines for piece in NAME.findall(line)]
    assert len(pieces) > 4, "some are broken"
    for name in names:
        of_name = [piece for piece in pieces if piece.strip("\u200e\u200f") in name]
        assert {direction(piece) for piece in of_name} == {direction(name)}, "a part runs as the whole does"
