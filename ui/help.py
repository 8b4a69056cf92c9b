"""What the program says of itself: first steps, keys, about."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QTextBrowser, QVBoxLayout, QWidget

from engine import __version__

FIRST_STEPS = (
    "<b>Bundled sample:</b> 1,000 common words of word2vec GoogleNews and all-MiniLM-L6-v2. "
    "<a href='help'>Load GPT-2 and the full word2vec</a>"
)

HELP = """
<h3>The full word2vec</h3>
<p>Get <i>GoogleNews-vectors-negative300.bin.gz</i> (1.6 GB; the word2vec project offers it, and gensim's catalogue as
<i>word2vec-google-news-300</i>). Then, in the panel at the left, press the button of space A and choose
<i>Vector file</i>. The file is read where it is, packed or not; unpacked is faster.</p>
<h3>GPT-2</h3>
<p>Download it once with <tt>hf download gpt2</tt> in a terminal, then press the button of space B, choose <i>Hugging
Face model by name</i> and type <tt>gpt2</tt>. Or choose <i>Model folder</i> for a folder that holds
<tt>model.safetensors</tt> and the tokenizer's files. Only the token matrix is read. Below the name you choose whether a
word means the token without or with a leading space: it decides which words are shared.</p>
<h3>The sample</h3>
<p>The 1,000 words of the sample had their letter case folded by their publisher, so some rows are the vector of the
capitalised word. It is good for learning the window, not for conclusions.</p>
<h3>Pointing</h3>
<p>Hover: both similarities in the status bar. Click a cell, a point or a row: that pair everywhere. Double click a
cell: zoom to its neighbourhood. Wheel zooms at the pointer, drag pans. Ctrl+click two rows of the word table:
that pair. Right click: what can be done with the pair. Drag the handles of the colour bar to change its ends.</p>
"""


def show_help(parent: QWidget) -> None:
    """First steps and how to load other spaces."""
    _show(parent, "First steps", HELP)


def show_keys(parent: QWidget, keys: list[tuple[str, str]]) -> None:
    """All shortcuts.

    Parameters
    ----------
    keys : list of (what, key)
    """
    rows = "".join(f"<tr><td style='padding-right:24px'>{what}</td><td><b>{key}</b></td></tr>" for what, key in keys)
    _show(parent, "Keyboard", f"<table cellpadding='3'>{rows}</table>")


def show_about(parent: QWidget) -> None:
    """Version, licence, credits."""
    QMessageBox.about(
        parent,
        "About rsascope",
        f"<h3>rsascope {__version__}</h3><p>Compares embedding spaces by representational similarity analysis.</p>"
        "<p>MIT licence. Bundled sample: GoogleNews word2vec (Apache-2.0, by way of word2vecjson, MIT) and "
        "all-MiniLM-L6-v2 (Apache-2.0). Built with Qt for Python (LGPL), pyqtgraph, numpy and matplotlib.</p>",
    )


def _show(parent: QWidget, title: str, text: str) -> None:
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.resize(560, 520)
    browser = QTextBrowser()
    browser.setHtml(text)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(browser)
    layout.addWidget(buttons)
    dialog.open()
