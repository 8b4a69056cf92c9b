"""The choice of words: by a rule, or one's own list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.word_lists import parse_word_list, word_list_text
from engine.words import WordList, WordRule
from ui.elided_text import ElidedLabel
from ui.fields.inputs import Choice, Number, choice
from ui.fields.problem import ProblemLabel
from ui.fields.word_list_edit import WordListEdit
from ui.theme import GRID, scaled

LONGEST_WORD = 99
MOST_WORDS = 1_000_000
MOST_EDITED, FIRST_SHOWN = 20_000, 1_000  # words of a list that are edited here; of a longer one, how many are shown
HIGHEST_RANK = 2**31 - 1
RANK_TIP = (
    "A band of frequency: words from one rank to another in space A's own order. Files of word vectors have frequent "
    "words first. A tokenizer's vocabulary has the order of its merges, which follows frequency roughly."
)

CASE_LABELS = {"any": "any case", "lower": "lower case", "upper": "upper case", "title": "capitalised"}
CHARACTER_LABELS = {"any": "any characters", "letters": "letters only", "ascii-letters": "letters a to z"}
PICK_LABELS = {"first": "the first", "random": "random"}


class WordsField(QWidget):
    """Which words are analysed.

    Signals
    -------
    changed()
        The user changed the rule or the list.
    typed()
        Now or soon: `words_as_typed` may be others already.
    file_requested()
        The user wants to open a file with a list.
    """

    changed = Signal()
    typed = Signal()
    file_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = choice({"rule": "by rule", "list": "own list"}, "Words by rule or own list")
        self.shortest, self.longest = Number(1, LONGEST_WORD, "Shortest word"), Number(1, LONGEST_WORD, "Longest word")
        self.pick = choice(PICK_LABELS, "Which of the shared words")
        self.pick.setSizeAdjustPolicy(self.pick.SizeAdjustPolicy.AdjustToContents)  # of its row it takes what it needs
        self.limit = Number(0, MOST_WORDS, "Most words")
        self.limit.setSpecialValueText("all")
        self.limit.setToolTip("How many words at most; 0 means all")
        self.seed = Number(0, 2**31 - 1, "Seed of the random draw")
        self.case = choice(CASE_LABELS, "Case")
        self.characters = choice(CHARACTER_LABELS, "Characters")
        self.pattern = QLineEdit()
        self.pattern.setPlaceholderText("pattern, as in un.*")
        self.pattern.setAccessibleName("Pattern")
        self.pattern.setToolTip("A regular expression that the whole word must match")
        self.min_rank, self.max_rank = Number(0, HIGHEST_RANK, "First rank"), Number(0, HIGHEST_RANK, "Last rank")
        self.min_rank.setSpecialValueText("first")
        self.max_rank.setSpecialValueText("last")
        for spin in (self.min_rank, self.max_rank):
            spin.setToolTip(RANK_TIP)
            spin.setGroupSeparatorShown(False)  # without separators and arrows there is room for millions
            spin.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.list = WordListEdit()
        self.list.setPlaceholderText(
            "Paste or type words, separated by spaces, commas or lines; or lines of a word, a tab and its category"
        )
        self.list.setAccessibleName("Own words")
        self.list.setToolTip("Words one by one; Tab after a word begins its category")
        self.list.setMaximumHeight(scaled(140))
        self.list.setAcceptDrops(False)  # the whole field takes what is dropped, whether or not the list is shown
        self.setAcceptDrops(True)
        self.summary = ElidedLabel()
        self.summary.setObjectName("noteLine")
        self.open = QToolButton()
        self.open.setText("open…")
        self.open.setToolTip("Open a text file or table with words, and perhaps a category beside each")
        self.open.clicked.connect(self.file_requested)
        self.clear = QToolButton()
        self.clear.setText("clear")
        self.clear.setToolTip("Take this list away to type or paste another")
        self.clear.clicked.connect(self._on_cleared)
        self._shown = ("", WordList(()))  # a list and the text it is shown as, which need not read back as the same
        self._is_long = False  # too long to be edited; taking it apart would stop the window
        self.count = ElidedLabel()
        self.count.setObjectName("noteLine")
        self.count.setAccessibleName("Words the spaces share")
        self._own = QWidget()
        self.problem = ProblemLabel()
        self._lay_out()
        self.show_words(WordRule(), 0)
        self._connect()

    def _lay_out(self) -> None:
        rule = QWidget()
        form = QFormLayout(rule)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GRID // 2)
        form.addRow("length", _row(self.shortest, QLabel("to"), self.longest))
        form.addRow("take", _row(self.pick, self.limit))
        self._seed_label = QLabel("seed")
        form.addRow(self._seed_label, self.seed)
        form.addRow("case", self.case)
        form.addRow("letters", self.characters)
        form.addRow("like", self.pattern)
        form.addRow("rank", _row(self.min_rank, QLabel("to"), self.max_rank))
        self._rule = rule
        own = QVBoxLayout(self._own)
        own.setContentsMargins(0, 0, 0, 0)
        own.setSpacing(GRID // 2)
        own.addWidget(self.list)
        below = QHBoxLayout()
        below.setSpacing(GRID // 2)
        below.addWidget(self.summary, 1)
        below.addWidget(self.clear)
        own.addLayout(below)
        above = QHBoxLayout()
        above.setSpacing(GRID // 2)
        above.addWidget(self.kind, 1)
        above.addWidget(self.open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(above)
        for widget in (rule, self._own, self.count, self.problem):
            layout.addWidget(widget)
        self.setTabOrder(self.kind, self.open)

    def _connect(self) -> None:
        for combo in (self.kind, self.pick, self.case, self.characters):
            combo.activated.connect(self._on_changed)
        for spin in (self.shortest, self.longest, self.limit, self.min_rank, self.max_rank, self.seed):
            spin.valueChanged.connect(self._on_changed)
            spin.lineEdit().textEdited.connect(self.typed)
        self.pattern.textEdited.connect(self.typed)
        self.pattern.editingFinished.connect(self._on_pattern_entered)
        self.list.textChanged.connect(self._on_changed)

    @property
    def words(self) -> WordRule | WordList:
        """The words as chosen now."""
        return self._words(QSpinBox.value)

    @property
    def words_as_typed(self) -> WordRule | WordList:
        """The words with what is not entered yet."""
        return self._words(lambda spin: spin.typed)

    def _words(self, value: Callable[[Number], int]) -> WordRule | WordList:
        if self.kind.currentData() == "list":
            text = self.list.toPlainText()
            return self._shown[1] if text == self._shown[0] else parse_word_list(text)
        return WordRule(
            min_length=value(self.shortest),
            max_length=value(self.longest),
            limit=value(self.limit) or None,
            pattern=self.pattern.text(),
            case=self.case.currentData(),
            characters=self.characters.currentData(),
            pick=self.pick.currentData(),
            min_rank=value(self.min_rank) or None,
            max_rank=value(self.max_rank) or None,
        )

    def show_words(self, words: WordRule | WordList, seed: int) -> None:
        """Show a rule or list without telling anyone; what was counted was of another."""
        self.show_count("")
        blocked = self.blockSignals(True)
        self.seed.setValue(seed)
        if isinstance(words, WordList):
            self.kind.setCurrentIndex(self.kind.findData("list"))
            self._show_list(words)
        else:
            self._show_rule(words)
        self._show_parts()
        self.blockSignals(blocked)

    def _show_list(self, words: WordList) -> None:
        self._is_long = len(words.words) > MOST_EDITED
        shown = WordList(words.words[:FIRST_SHOWN]) if self._is_long else words
        blocked = self.list.blockSignals(True)
        self.list.setPlainText(word_list_text(shown))
        self.list.blockSignals(blocked)
        self._shown = self.list.toPlainText(), words

    def _on_cleared(self) -> None:
        self._is_long, self._shown = False, ("", WordList(()))
        self.list.clear()

    def show_count(self, text: str) -> None:
        """Say how many words there are to be had."""
        self.count.set_text(text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data, within = event.mimeData(), event.source() in (self.list, self.list.viewport())
        if data.hasText() and not data.hasUrls() and not within:  # files are the window's business
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        words = parse_word_list(event.mimeData().text())
        if words != WordList(()):
            blocked = self.blockSignals(True)
            self.kind.setCurrentIndex(self.kind.findData("list"))
            self._show_list(words)
            self.blockSignals(blocked)
            self._on_changed()

    def _show_rule(self, rule: WordRule) -> None:
        self.kind.setCurrentIndex(self.kind.findData("rule"))
        self.longest.setValue(rule.max_length)
        self.shortest.setValue(rule.min_length)
        self.limit.setValue(rule.limit or 0)
        self.max_rank.setValue(rule.max_rank or 0)
        self.min_rank.setValue(rule.min_rank or 0)
        self.pattern.setText(rule.pattern)
        for combo, value in ((self.case, rule.case), (self.characters, rule.characters), (self.pick, rule.pick)):
            combo.setCurrentIndex(combo.findData(value))

    def _show_parts(self) -> None:
        self._rule.setVisible(self.kind.currentData() == "rule")
        for widget in (self._own, self.open):
            widget.setVisible(self.kind.currentData() == "list")
        self.list.setReadOnly(self._is_long)
        self.clear.setVisible(self._is_long)
        words = self.words
        if isinstance(words, WordList):
            self.summary.set_text(f"{len(words.words):,}, the first shown" if self._is_long else _summary(words))
        random = self.pick.currentData() == "random"
        self.seed.setVisible(random)
        self._seed_label.setVisible(random)

    def _on_pattern_entered(self) -> None:
        if self.pattern.isModified():
            self.pattern.setModified(False)
            self._on_changed()

    def _on_changed(self) -> None:
        if self.sender() is self.shortest:  # the other end gives way, so that no rule is impossible
            self.longest.setValue(max(self.longest.value(), self.shortest.value()))
        elif self.sender() is self.longest:
            self.shortest.setValue(min(self.longest.value(), self.shortest.value()))
        elif self.sender() is self.min_rank and self.max_rank.value():
            self.max_rank.setValue(max(self.max_rank.value(), self.min_rank.value()))
        elif self.sender() is self.max_rank and self.max_rank.value():
            self.min_rank.setValue(min(self.max_rank.value(), self.min_rank.value()))
        self._show_parts()
        self.typed.emit()
        if self.words != WordList(()):  # a list not yet begun is no request
            self.changed.emit()


def _summary(words: WordList) -> str:
    """What was understood of the list: "24 words, 3 categories"."""
    categories = {category for _, category in words.categories}
    n, m = len(words.words), len(categories)
    told = f", {m:,} categor{'y' if m == 1 else 'ies'}" if m else ""
    return f"{n:,} word{'s' * (n != 1)}{told}"


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID // 2)
    for widget in widgets:
        layout.addWidget(widget, 0 if isinstance(widget, QLabel | Choice) else 1)
    return row
