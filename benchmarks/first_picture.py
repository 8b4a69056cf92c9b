"""How long until the window shows its first picture, against a bare window of three plots.

    python benchmarks/first_picture.py [RUNS]

Both sides are whole processes, started in turn, on the same Qt platform (offscreen unless QT_QPA_PLATFORM says
otherwise). The clock runs from the start of a process until its plots are painted and it has ended. To reach: at most
1.6 times the bare window.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]

BARE = """
import numpy as np, pyqtgraph as pg
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
application = QApplication([])
window = QWidget()
layout = QHBoxLayout(window)
rng = np.random.default_rng(0)
for kind in ("image", "image", "points"):
    plot = pg.PlotWidget()
    layout.addWidget(plot)
    if kind == "image":
        plot.addItem(pg.ImageItem(rng.random((100, 100)), axisOrder="row-major"))
    else:
        plot.addItem(pg.ScatterPlotItem(x=rng.random(4950), y=rng.random(4950), size=4, pen=None))
window.resize(1280, 800)
window.show()
application.processEvents()
window.grab()
"""

OURS = f"""
import gc, sys
gc.disable()  # as main.py does before it imports the window
sys.path.insert(0, {str(ROOT)!r})
from ui.application import create_application, open_window
from engine.session import Session
application = create_application([])
window = open_window(Session())
window.resize(1280, 800)
while window.state.result is None:
    application.processEvents()
window.grab()
window.close()
"""


def seconds(program: str) -> float:
    """Of a whole process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - start


def main(runs: int) -> None:
    """Run both sides in turn and print medians and their ratio."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # who has started the program before has it compiled
    sides = {"bare window of three plots": BARE, "rsascope, sample analysed": OURS}
    for program in sides.values():
        seconds(program)  # warm the page cache
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, program in sides.items():
            times[name].append(seconds(program))
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {runs} runs each, medians"
    )
    for name, values in times.items():
        print(f"{name:32} {median(values):6.3f} s  ({min(values):.3f} to {max(values):.3f})")
    bare, ours = (median(values) for values in times.values())
    print(f"{'ratio':32} {ours / bare:6.2f}    (to reach: at most 1.6)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
