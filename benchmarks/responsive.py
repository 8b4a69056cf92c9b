"""How long the window stands still while full-size files load, and how soon Cancel answers at any moment.

    python benchmarks/responsive.py FOLDER        (or the folder in RSASCOPE_STAND_INS)

Each stage is a process of its own that opens the real window on the sample, offscreen unless QT_QPA_PLATFORM says
otherwise. A timer beats every 5 ms in the GUI thread while the stage's analysis runs until its result is painted; the
longest time between two beats is the longest stall. Then the same analysis is cancelled at moments spread over the
time it took: from the click until the window is idle, and until the worker thread has answered a new, trivial job.
"""

from __future__ import annotations

import gc
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from stand_ins import folder_given, make_vectors, stand_ins  # finds the program, too
from timing import machine, warm

from engine import cache
from engine.errors import EngineError
from engine.progress import SILENT
from engine.request import SAMPLE_SPACES, AnalysisRequest, NamedSource
from engine.sources import HuggingFaceSource, Source, VectorsSource
from engine.step_cache import StepCache
from engine.words import WordList, WordRule

BEAT = 5  # ms
MOMENTS = 12  # at which the same analysis is cancelled
PACKED_WORDS = 300_000  # packed again, 0.3 GB instead of 3.3: unpacking all is the same, ten times as long
STALL, STALL_TORCH, CANCEL = 50, 250, 100  # ms, to reach
STAGES = {  # name -> what is opened, and what is in the cache before
    "GPT-2 token matrix": ("model", "nothing"),
    "word2vec .bin, first opening": ("vectors", "nothing"),
    "word2vec .bin, second opening": ("vectors", "index"),
    "word2vec .bin, own list of all its words": ("vectors", "index"),
    f"word2vec .bin.gz of {PACKED_WORDS:,} words": ("packed", "nothing"),
    "GPT-2 hidden layer, first use of torch": ("layer", "nothing"),
}


def main() -> None:
    vectors, model = stand_ins(folder_given())
    packed = packed_stand_in(vectors.parent)
    for path in (vectors, packed, *model.iterdir()):
        warm(path)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["HF_HUB_OFFLINE"] = "1"
    print(machine(), "", "| | took | longest stall | to reach | idle after Cancel | worker free | to reach |", sep="\n")
    print("|---|---|---|---|---|---|---|")
    for stage in STAGES:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = os.environ["XDG_CONFIG_HOME"] = folder
            command = [sys.executable, __file__, "--stage", stage, *map(str, (vectors, model, packed))]
            print(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip(), flush=True)


def packed_stand_in(folder: Path) -> Path:
    path = folder / f"vectors-{PACKED_WORDS}x300.bin.gz"
    if not path.exists():
        print(f"making {path}", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=folder) as draft:
            plain, whole = Path(draft, "plain"), Path(draft, "packed")
            make_vectors(plain, PACKED_WORDS)
            with plain.open("rb") as source, gzip.open(whole, "wb", compresslevel=1) as target:
                shutil.copyfileobj(source, target, 1 << 20)
            os.replace(whole, path)
    return path


# Below here: one stage, in its own process.


def measure(stage: str, vectors: Path, model: Path, packed: Path) -> str:
    """The stage's line of the table."""
    opened, in_cache = STAGES[stage]
    sources: dict[str, Source] = {
        "model": HuggingFaceSource(str(model)),
        "layer": HuggingFaceSource(str(model), layer=6),
        "vectors": VectorsSource(vectors),
        "packed": VectorsSource(packed),
    }
    words: WordRule | WordList = WordRule()
    try:
        sources[opened].check()
    except EngineError:
        return f"| {stage} | not built yet | | | | | |"
    if in_cache == "index":
        lookup = sources[opened].open(SILENT).lookup(SILENT)
        if "all its words" in stage:
            words = WordList(tuple(lookup))
    request = AnalysisRequest(spaces=(SAMPLE_SPACES[1], NamedSource("full size", sources[opened])), words=words)
    return Stage(request, clear=in_cache == "nothing").line(stage)


class Stage:
    """The window, and an analysis to be run and cancelled in it.

    The sample's words are looked up in the full-size space, so that its index is needed.
    """

    def __init__(self, request: AnalysisRequest, clear: bool) -> None:
        from PySide6.QtCore import QEventLoop, Qt, QTimer

        from engine.session import Session
        from main import SWITCH_INTERVAL
        from ui.application import create_application, open_window

        sys.setswitchinterval(SWITCH_INTERVAL)
        self.application = create_application([])
        self.window = open_window(Session())
        self.window.resize(1280, 800)
        self.window.runner.succeeded.connect(self.on_succeeded)
        self.window.runner.failed.connect(self.on_failed)
        self.request, self.clear = request, clear
        self.loop, self.condition = QEventLoop(), lambda: False
        self.beats: list[float] = []
        self.succeeded: list[float] = []
        self.timer = QTimer(interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.on_beat)
        self.timer.start()
        self.until(lambda: self.window.state.result is not None)
        self.wait(0.5)  # painted

    def line(self, stage: str) -> str:
        took, stall = self.run()
        answers = [self.cancel(took * (k + 0.5) / MOMENTS) for k in range(MOMENTS)]
        idle, free = (max(column) for column in zip(*answers, strict=True))
        self.window.close()
        bound = STALL_TORCH if "torch" in stage else STALL
        return (
            f"| {stage} | {took:.2f} s | {1000 * stall:.0f} ms | {bound} ms "
            f"| {1000 * idle:.0f} ms | {1000 * free:.0f} ms | {CANCEL} ms |"
        )

    def run(self) -> tuple[float, float]:
        """Seconds until the result is painted, and the longest time between two beats until then and a bit after."""
        self.beats.clear()
        started = self.start()
        self.until(lambda: bool(self.succeeded))
        took = time.perf_counter() - started
        self.wait(1.5)  # garbage is collected every second
        return took, max(later - earlier for earlier, later in pairwise([started, *self.beats]))

    def cancel(self, after: float) -> tuple[float, float]:
        """Seconds from Cancel until the window is idle, and until the worker has done another job."""
        self.start()
        self.wait(after)
        started = time.perf_counter()
        self.window.commands.cancel.trigger()
        assert not self.window.runner.is_busy
        idle = time.perf_counter() - started
        self.succeeded.clear()
        self.window.runner.submit("nothing", lambda progress: None)
        self.until(lambda: bool(self.succeeded))
        return idle, self.succeeded[0] - started

    def start(self) -> float:
        """The analysis, as if nothing had been opened before; when it began."""
        if self.clear:
            cache.clear()
        self.window._cache = StepCache()
        self.succeeded.clear()
        started = time.perf_counter()
        self.window.run(self.request)
        return started

    def wait(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() >= end)

    def until(self, condition: Callable[[], bool]) -> None:
        """The event loop, as the program runs it, until the condition holds at a beat."""
        self.condition = condition
        self.loop.exec()

    def on_beat(self) -> None:
        self.beats.append(time.perf_counter())
        if self.condition():
            self.loop.quit()

    def on_succeeded(self, kind: str, result: object) -> None:
        self.succeeded.append(time.perf_counter())

    def on_failed(self, kind: str, error: BaseException) -> None:
        raise SystemExit(f"the analysis failed: {error}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stage"]:
        gc.disable()  # as main.py does before it imports the window
        print(measure(sys.argv[2], *map(Path, sys.argv[3:])))
    else:
        main()
