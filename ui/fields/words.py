"""The choice of words: by a rule, or one's own list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.word_lists import parse_word_list, word_list_text
from engine.words import WordList, WordRule
from ui.fields.inputs import Number, choice
from ui.fields.problem import ProblemLabel
from ui.theme import GRID, scaled

LONGEST_WORD = 99
MOST_WORDS = 1_000_000

CASE_LABELS = {"any": "any case", "lower": "lower case", "upper": "upper case", "title": "capitalised"}
CHARACTER_LABELS = {"any": "any characters", "letters": "letters only", "ascii-letters": "letters a to z"}
PICK_LABELS = {"first": "the first", "random": "random"}


class WordsField(QWidget):
    """Which words are analysed.

    Signals
    -------
    changed()
        The user changed the rule or the list.
    file_requested()
        The user wants to open a file with a list.
    """

    changed = Signal()
    file_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = choice({"rule": "by rule", "list": "own list"}, "Words by rule or own list")
        self.shortest, self.longest = Number(1, LONGEST_WORD, "Shortest word"), Number(1, LONGEST_WORD, "Longest word")
        self.pick = choice(PICK_LABELS, "Which of the shared words")
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
        self.list = QPlainTextEdit()
        self.list.setPlaceholderText(
            "Paste or type words, separated by spaces, commas or lines; or lines of a word, a tab and its category"
        )
        self.list.setAccessibleName("Own words")
        self.list.setToolTip("Words one by one, and perhaps the category of each")
        self.list.setTabChangesFocus(True)
        self.list.setMaximumHeight(scaled(140))
        self.summary = QLabel()
        self.summary.setObjectName("noteLine")
        self.open = QToolButton()
        self.open.setText("open…")
        self.open.setToolTip("Open a text file or table with words, and perhaps a category beside each")
        self.open.clicked.connect(self.file_requested)
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
        self._rule = rule
        own = QVBoxLayout(self._own)
        own.setContentsMargins(0, 0, 0, 0)
        own.setSpacing(GRID // 2)
        own.addWidget(self.list)
        own.addWidget(_row(self.summary, self.open))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for widget in (self.kind, rule, self._own, self.problem):
            layout.addWidget(widget)

    def _connect(self) -> None:
        for combo in (self.kind, self.pick, self.case, self.characters):
            combo.activated.connect(self._on_changed)
        for spin in (self.shortest, self.longest, self.limit, self.seed):
            spin.valueChanged.connect(self._on_changed)
        self.pattern.editingFinished.connect(self._on_changed)
        self.list.textChanged.connect(self._on_changed)

    @property
    def words(self) -> WordRule | WordList:
        """The words as chosen now."""
        if self.kind.currentData() == "list":
            return parse_word_list(self.list.toPlainText())
        return WordRule(
            min_length=self.shortest.value(),
            max_length=self.longest.value(),
            limit=self.limit.value() or None,
            pattern=self.pattern.text(),
            case=self.case.currentData(),
            characters=self.characters.currentData(),
            pick=self.pick.currentData(),
        )

    def show_words(self, words: WordRule | WordList, seed: int) -> None:
        """Show a rule or list without telling anyone."""
        blocked = self.blockSignals(True)
        self.seed.setValue(seed)
        if isinstance(words, WordList):
            self.kind.setCurrentIndex(self.kind.findData("list"))
            self.list.setPlainText(word_list_text(words))
        else:
            self._show_rule(words)
        self._show_parts()
        self.blockSignals(blocked)

    def _show_rule(self, rule: WordRule) -> None:
        self.kind.setCurrentIndex(self.kind.findData("rule"))
        self.longest.setValue(rule.max_length)
        self.shortest.setValue(rule.min_length)
        self.limit.setValue(rule.limit or 0)
        self.pattern.setText(rule.pattern)
        for combo, value in ((self.case, rule.case), (self.characters, rule.characters), (self.pick, rule.pick)):
            combo.setCurrentIndex(combo.findData(value))

    def _show_parts(self) -> None:
        self._rule.setVisible(self.kind.currentData() == "rule")
        self._own.setVisible(self.kind.currentData() == "list")
        words = self.words
        if isinstance(words, WordList):
            self.summary.setText(_summary(words))
        random = self.pick.currentData() == "random"
        self.seed.setVisible(random)
        self._seed_label.setVisible(random)

    def _on_changed(self) -> None:
        if self.sender() is self.shortest:  # the other end gives way, so that no rule is impossible
            self.longest.setValue(max(self.longest.value(), self.shortest.value()))
        elif self.sender() is self.longest:
            self.shortest.setValue(min(self.longest.value(), self.shortest.value()))
        self._show_parts()
        if self.words != WordList(()):  # a list not yet begun is no request
            self.changed.emit()


def _summary(words: WordList) -> str:
    """What was understood of the list: "24 words, 3 categories"."""
    categories = {category for _, category in words.categories}
    return f"{len(words.words):,} words" + (f", {len(categories):,} categories" if categories else "")


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID // 2)
    for widget in widgets:
        layout.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
    return row
