"""What the program says of itself: first steps, about."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QTextBrowser, QVBoxLayout, QWidget

from engine import __version__
from ui.theme import within_screen

FIRST_STEPS = (
    "<b>Bundled sample:</b> 1,000 words of word2vec GoogleNews and MiniLM. "
    "<a href='recipe'>Get the full word2vec and GPT-2…</a>&nbsp; <a href='help'>Other spaces</a>"
)

HELP = """
<h3>Word2vec and GPT-2 at full size</h3>
<p><i>File &gt; Notebook recipe with the full models</i> gets the GoogleNews vectors and GPT-2 and compares them. Before
anything is downloaded you are told how much it is and where it goes; what is on this computer already is not downloaded
again.</p>
<h3>Other spaces</h3>
<p>The button beside A and B opens a vector file (word2vec, GloVe, fastText, packed or not), a table (NPZ, CSV, TSV: a
word and its numbers in each row), a model folder, a model of the Hugging Face hub by its name, or word vectors of
gensim’s catalogue. Or drag a file or folder onto the pictures: the left half is A, the right half B.</p>
<p>Files are read where they are, and only as far as needed. What had to be indexed, unpacked or downloaded stays in the
cache; <i>File &gt; Cache</i> shows how much that is and clears it. The network is asked only when you ask for it.</p>
<h3>How a transformer is read</h3>
<p>A word may mean the token without or with a leading space: it decides which words are shared. <i>Pieces</i> takes
words of several tokens too, as the mean of their tokens. <i>Layer</i> is the token matrix, or a hidden layer: then the
words are run through the model, alone or in a sentence of yours that has {word} where the word goes.</p>
<h3>The sample</h3>
<p>The 1,000 words of the sample had their letter case folded by their publisher, so some rows are the vector of the
capitalised word. It is good for learning the window, not for conclusions.</p>
<h3>Pointing</h3>
<p>Hover: both similarities in the status bar. Click a cell, a point or a row: that pair everywhere. Double click a
cell: zoom to its neighbourhood. Wheel zooms at the pointer, drag pans. Ctrl+click two rows of the word table:
that pair. Right click: what can be done with the pair. Drag the handles of the colour bar to change its ends.</p>
<h3>Brushing</h3>
<p>Shift+drag: the pairs in a rectangle of the scatter or in a block of a heatmap are brushed in all views; Ctrl+drag:
a lasso in the scatter; both keys: besides those brushed before. Shift with arrow keys: a block of the heatmap. Or
choose in the toolbar what a drag does. Above the pictures it says how many pairs and words these are; click that to
copy, keep, leave out or save them. Esc clears.</p>
<p>Undo (Ctrl+Z) goes back to what was analysed before, rules of words included;
after a change that failed, to what is shown.</p>
<h3>Where the spaces differ</h3>
<p>Beside the scatter, <i>Pairs</i> lists all pairs, or those brushed, by how much the spaces differ on them.
<i>Neighbours</i> has the nearest words of any word in either space, among those shown or in the whole vocabulary.
The word table and the inspector tell how alike the spaces see each word; the order of the words in the panel brings
out clusters, and a third heatmap the difference.</p>
<h3>Is it more than chance?</h3>
<p><i>Statistics</i> in the panel asks for permutation tests, intervals and robustness; they are computed in the
background, and what they found is above the scatter and in the views beside it.</p>
<h3>Keyboard</h3>
<p>Ctrl+F finds a word among those shown. Ctrl+Shift+P finds a command. F1 lists all keys, also those of the heatmaps
and the scatter. F6 goes from one part of the window to the next.</p>
"""


def show_help(parent: QWidget) -> None:
    """First steps and how to load other spaces."""
    _show(parent, "First steps", HELP)


def show_about(parent: QWidget) -> None:
    """Version, licence, credits."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About rsascope")
    box.setIconPixmap(parent.windowIcon().pixmap(64, 64))
    box.setText(
        f"<h3>rsascope {__version__}</h3><p>Compares embedding spaces by representational similarity analysis.</p>"
        "<p>MIT licence. Bundled sample: GoogleNews word2vec (Apache-2.0, by way of word2vecjson, MIT) and "
        "all-MiniLM-L6-v2 (Apache-2.0). Built with Qt for Python (LGPL), pyqtgraph, numpy and matplotlib.</p>"
    )
    box.open()


def _show(parent: QWidget, title: str, text: str) -> None:
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.resize(within_screen(dialog, 560, 520))
    browser = QTextBrowser()
    browser.setAccessibleName(title)
    browser.setHtml(text)
    layout = QVBoxLayout(dialog)
    layout.addWidget(browser)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.rejected.connect(dialog.reject)
    layout.addWidget(buttons)
    dialog.open()
