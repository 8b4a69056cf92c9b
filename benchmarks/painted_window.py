"""The notebook recipe on full-size models until its pictures are painted: a notebook against the window.

    python benchmarks/painted_window.py FOLDER        (or the folder in RSASCOPE_STAND_INS)

Both are whole processes that start from nothing. The notebook draws its two heatmaps and its scatter with matplotlib,
as its pages show them; ours opens the window, on the offscreen platform unless QT_QPA_PLATFORM says otherwise, and
paints it with the result. Both find the same hundred words and the same numbers, which is checked.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from notebook_recipe import ANSWER, RECIPE, check_same, session_of
from stand_ins import folder_given, stand_ins
from timing import HEADER, ROOT, machine, row, side_by_side, warm

DRAWING = """
import io
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt

for E in (E_A, E_B):
    figure, axes = plt.subplots(figsize=(8, 7))
    picture = axes.imshow(E @ E.T, cmap="plasma", vmin=0.1, vmax=0.6)
    axes.set_xticks(range(0, len(words), 5), words[::5], rotation=90)
    axes.set_yticks(range(0, len(words), 5), words[::5])
    figure.colorbar(picture)
    figure.savefig(io.BytesIO())
figure, axes = plt.subplots()
axes.scatter(a, b, s=4)
figure.savefig(io.BytesIO())
"""

OURS = f"""
import gc, json, sys
gc.disable()  # as main.py does before it imports the window
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from ui.application import create_application, open_window
from engine.session import read_session
application = create_application([])
window = open_window(read_session(Path(sys.argv[1])))
window.resize(1280, 800)
while window.state.result is None:
    application.processEvents()
window.grab()
result = window.state.result
print(json.dumps({{"answer": {{"words": result.words, **result.comparisons[0].values}}}}))
window.close()
"""


def main() -> None:
    vectors, model = stand_ins(folder_given())
    for path in (vectors, *model.iterdir()):
        warm(path)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["HF_HUB_OFFLINE"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = os.environ["XDG_CONFIG_HOME"] = folder  # nothing is remembered from earlier
        session = Path(folder, "session.json")
        session.write_text(json.dumps(session_of(vectors, model)), "utf-8")
        notebook, ours = side_by_side(
            {
                "notebook, drawn": [sys.executable, "-c", RECIPE + DRAWING + ANSWER, str(vectors), str(model)],
                "window, painted": [sys.executable, "-c", OURS, str(session)],
            }
        ).values()
    check_same(notebook.answer, ours.answer)
    print(machine(), HEADER, sep="\n\n")
    print(
        row(
            "notebook recipe until its pictures are there; ours: the window painted",
            (notebook.process, notebook.megabytes),
            (ours.process, ours.megabytes),
        )
    )
    print("\nto reach: 30 times faster, 25 times smaller")


if __name__ == "__main__":
    main()
