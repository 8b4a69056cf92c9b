"""Typing an own list of words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.words import WordList
from ui.fields.words import WordsField
from ui.main_window import MainWindow

SKY = WordList(("moon", "star", "cat"), (("moon", "sky"), ("star", "sky"), ("cat", "animal")))


@pytest.fixture
def field(window: MainWindow) -> WordsField:
    window.panel.show_words(SKY)
    words = window.panel.words
    words.list.setFocus()
    QTest.keyClick(words.list, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    return words


def test_tab_after_a_word_begins_its_category_and_goes_on_elsewhere(field: WordsField) -> None:
    QTest.keyClick(field.list, Qt.Key.Key_Return)
    QTest.keyClicks(field.list, "dog")
    QTest.keyClick(field.list, Qt.Key.Key_Tab)
    QTest.keyClicks(field.list, "animal")
    assert field.words == WordList((*SKY.words, "dog"), (*SKY.categories, ("dog", "animal")))
    assert field.summary.full_text == "4 words, 2 categories"
    QTest.keyClick(field.list, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not field.list
    assert field.list.toPlainText().endswith("dog\tanimal")


@pytest.mark.parametrize("typed", ["moon, star, sun, rose", "moon star sun rose", ""])
def test_tab_leaves_a_line_that_is_not_one_word(window: MainWindow, typed: str) -> None:
    words = window.panel.words
    words.show_words(WordList(()), 0)
    words.list.setFocus()
    QTest.keyClicks(words.list, typed)
    QTest.keyClick(words.list, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not words.list
    assert words.words == WordList(("moon", "star", "sun", "rose") if typed else ())


def test_a_word_that_has_no_category_yet_takes_none_from_the_others(field: WordsField) -> None:
    QTest.keyClick(field.list, Qt.Key.Key_Return)
    QTest.keyClicks(field.list, "eye")
    assert field.words == WordList((*SKY.words, "eye"), SKY.categories)


def test_a_list_that_does_not_read_back_stays_as_it_was_until_it_is_edited(field: WordsField) -> None:
    odd = WordList((" moon", "a\tb", "line\nbreak", '"'), ((" moon", " sky"),))
    field.show_words(odd, 0)
    assert field.words == odd
    QTest.keyClicks(field.list, "x")
    assert field.words != odd
