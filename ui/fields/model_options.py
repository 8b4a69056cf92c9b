"""How a transformer gives a word its vector: which layer, which token, in which sentence."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from engine.sources import HuggingFaceSource
from engine.sources.huggingface import EMBEDDING
from engine.sources.pooling import DEVICES, POOLINGS
from engine.sources.tokens import TOKEN_FORMS
from ui.fields.inputs import Number, choice
from ui.theme import GRID

TOKEN_MATRIX = -1  # what the layer's field holds for the input token matrix
MOST_LAYERS = 999
FORM_LABELS = {  # short, for a narrow panel; the tooltips have them whole
    "bare": "no leading space",
    "leading-space": "leading space",
    "either": "either, space first",
    "pieces": "any word, in pieces",
}
POOLING_LABELS = {"mean": "mean of tokens", "first": "first token", "last": "last token"}


class ModelOptions(QWidget):
    """The fields of a `HuggingFaceSource` besides its model.

    Signals
    -------
    changed()
        The user changed one.
    """

    changed = Signal()

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.token_form = choice(FORM_LABELS, f"Token form of space {letter}", TOKEN_FORMS)
        self.token_form.setToolTip(
            "Which token stands for a word. It decides which words are shared and which vectors are compared."
        )
        self.layer = Number(TOKEN_MATRIX, MOST_LAYERS, f"Layer of space {letter}")
        self.layer.setSpecialValueText("token matrix")
        self.layer.setToolTip(
            "The input token matrix, or a hidden layer: 0 is what enters the first block, N what leaves block N. "
            "For a hidden layer the words are run through the model."
        )
        self.template = QLineEdit()
        self.template.setPlaceholderText("the word alone")
        self.template.setAccessibleName(f"Sentence of space {letter}")
        self.template.setToolTip("A sentence with {word} where the word goes, as in: I saw the {word} today.")
        poolings = {name: pooling.label for name, pooling in POOLINGS.items()}
        self.pooling = choice(POOLING_LABELS, f"Pooling of space {letter}", poolings)
        self.pooling.setToolTip("How the vectors of a word's own tokens become one")
        self.device = choice({device: device for device in DEVICES}, f"Device of space {letter}")
        self.device.setToolTip("Where the model runs")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(GRID // 2)
        self._form.addRow(self.token_form)
        self._form.addRow("layer", self.layer)
        self._form.addRow("in", self.template)
        self._form.addRow("pool", self.pooling)
        self._form.addRow("on", self.device)

    def _connect(self) -> None:
        for combo in (self.token_form, self.pooling, self.device):
            combo.activated.connect(self.changed)
        self.layer.valueChanged.connect(self.changed)
        self.template.editingFinished.connect(self.changed)

    def source(self, source: HuggingFaceSource) -> HuggingFaceSource:
        """The source with the fields as chosen now."""
        layer, template = self.layer.value(), self.template.text()  # with its spaces, which are tokens
        is_layer = layer != TOKEN_MATRIX
        return replace(
            source,
            token_form=self.token_form.currentData(),
            layer=layer if is_layer else EMBEDDING,
            template=template if is_layer and template.strip() else "",
            pooling=self.pooling.currentData(),
            device=self.device.currentData(),
        )

    def show_source(self, source: HuggingFaceSource) -> None:
        """Show a source's fields without telling anyone."""
        blocked = self.blockSignals(True)
        for combo, value in (
            (self.token_form, source.token_form),
            (self.pooling, source.pooling),
            (self.device, source.device),
        ):
            combo.setCurrentIndex(combo.findData(value))
        is_layer = source.layer != EMBEDDING
        self.layer.setValue(int(source.layer) if is_layer else TOKEN_MATRIX)
        if is_layer:  # else the sentence stays, for the next time
            self.template.setText(source.template)
            self.template.setCursorPosition(0)
        for widget in (self.template, self.device):  # mean something for hidden layers only
            self._form.setRowVisible(widget, is_layer)
        self._form.setRowVisible(self.pooling, is_layer or source.token_form == "pieces")
        self.blockSignals(blocked)
