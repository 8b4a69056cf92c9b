"""The real window on thousands of words: from request to picture, frames while one points, pans and zooms, memory.

    python benchmarks/views.py [WORDS]            (5,000 unless said otherwise)

Runs offscreen unless QT_QPA_PLATFORM says otherwise, at 1280 x 800, on word2vec files of seeded numbers that are
written first (300 and 768 dimensions, two spaces that agree a little). Real events are sent to the widgets; a frame is
the time from an event until the picture under the pointer is painted. Bounds are for 5,000 words on two cores with
nothing else to do; on a busy machine the time of the processor (of the window's thread for frames, of the whole process
for requests) comes nearer to that than the clock.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
gc.disable()  # as main.py does before it imports the window

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HOME = tempfile.TemporaryDirectory(prefix="rsascope-views-")
for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
    os.environ[variable] = HOME.name  # nobody's settings, nobody's cache

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, QRect, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QMouseEvent, QWheelEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402
from timing import MAXRSS, machine  # noqa: E402

from engine.brush_shapes import Rectangle, Shape  # noqa: E402
from engine.disagreement import DISAGREEMENTS  # noqa: E402
from engine.request import AnalysisRequest, NamedSource  # noqa: E402
from engine.session import Session  # noqa: E402
from engine.sources import VectorsSource  # noqa: E402
from engine.words import WordRule  # noqa: E402
from main import SWITCH_INTERVAL  # noqa: E402
from ui.application import create_application, open_window  # noqa: E402
from ui.main_window import MainWindow  # noqa: E402

SIZE = 1280, 800
MOST_SECONDS, LONGEST_STALL, MEDIAN_FRAME, WORST_FRAME, MOST_MEMORY = 4.0, 200, 16.0, 33.0, 1.5  # s, ms, ms, ms, GB
TOPICS = 40  # directions that both spaces share, so that their similarities agree
REST = 0.04  # seconds between two moves: pointing is answered at most 30 times a second
LONGEST_WAIT = 60.0
MOST_SORTING = 2.0  # seconds

LONGEST_FRAME = 0.5
BEAT = 5  # ms
NOTCH = 120  # what a wheel says of one notch

Place = Callable[[float, float], QPoint]
Times = np.ndarray  # (2,) seconds: by the clock; of the processor


def now(thread: bool = False) -> Times:
    """By the clock, and what the processor has spent on this process or this thread: equal if nobody else worked."""
    return np.array([time.perf_counter(), time.thread_time() if thread else time.process_time()])


def write_vectors(path: Path, count: int, dimensions: int, seed: int) -> None:
    """A word2vec binary of `count` words, seven letters each."""
    topics = np.random.default_rng(0).standard_normal((count, TOPICS)) / np.sqrt(TOPICS)
    topics[:, 0] += 0.8  # what all words have in common, so that most similarities are positive
    numbers = np.random.default_rng(seed)
    vectors = topics @ numbers.standard_normal((TOPICS, dimensions)) + numbers.standard_normal((count, dimensions))
    with path.open("wb") as file:
        file.write(b"%d %d\n" % (count, dimensions))
        for k, row in enumerate(vectors.astype(np.float32)):
            file.write(f"w{_letters(k)} ".encode() + row.tobytes())


def _letters(k: int) -> str:
    return "".join(chr(ord("a") + k // 26**place % 26) for place in range(5, -1, -1))


class Painted(QObject):
    """Counts how often widgets are painted."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.times = dict.fromkeys(widgets, 0)
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.times[watched] += 1
        return False


class Stage:
    """The window, and who watches when its views are painted."""

    def __init__(self, request: AnalysisRequest) -> None:
        self.application = create_application([])
        self.window: MainWindow = open_window(Session())
        self.window.resize(*SIZE)
        self.window.reset_layout()
        self.until(lambda: self.window.state.result is not None)
        self.heatmaps = self.window.stage.heatmaps.canvas.viewport()
        self.scatter = self.window.stage.scatter.plot.viewport()
        self.pairs = self.window.stage.pairs.table.viewport()
        profile = self.window.stage.profile.plots.viewport()
        self.painted = Painted(self.heatmaps, self.scatter, profile, self.pairs)
        self._beats = QTimer(interval=BEAT)
        self._beats.start()  # so that waiting for events ends

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.perf_counter() + LONGEST_WAIT
        while not condition():
            self.turn()
            if time.perf_counter() > end:
                sys.exit("the window does not answer")

    def turn(self) -> float:
        """One turn of the event loop, asleep while there is nothing to do; the seconds of work in it."""
        start = time.thread_time()
        self.application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        return time.thread_time() - start

    def ask(self, request: AnalysisRequest) -> tuple[Times, float]:
        """Seconds from a request until all views are painted and as sharp as they get, and the longest stall in it."""
        start, stalls = now(), []
        old = self.window.state.result
        self.window.run(request)
        while self.window.state.result is old:
            stalls.append(self.turn())
        before = {widget: times for widget, times in self.painted.times.items() if widget.isVisible()}
        stalls.append(self.turn())
        self.until(lambda: all(self.painted.times[widget] > times for widget, times in before.items()))
        self.until(lambda: self.window.stage.scatter.pairs.is_complete)
        self.turn()
        return now() - start, max(stalls)

    def brush(self, shape: Shape) -> tuple[Times, float]:
        """Seconds from a shape until its pairs are shown in all views, and the longest stall in it."""
        start, stalls, old = now(), [0.0], self.window.state.brush
        before = dict(self.painted.times)
        self.window.brushing.pick(shape, False)
        while self.window.state.brush is old or not self.window.stage.scatter.brushed.is_complete:
            stalls.append(self.turn())
        self.until(lambda: all(self.painted.times[one] > before[one] for one in (self.heatmaps, self.scatter)))
        return now() - start, max(stalls)

    def frame(self, widget: QWidget, send: Callable[[], None]) -> Times | None:
        """Seconds from an event until the widget is painted; None if nothing had to be."""
        before, start = self.painted.times[widget], now(thread=True)
        send()
        while self.painted.times[widget] == before:
            self.turn()
            if now(thread=True)[0] - start[0] > LONGEST_FRAME:
                return None
        return now(thread=True) - start

    def rest(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.turn()


def wheel(widget: QWidget, place: QPoint, turns: int) -> None:
    event = QWheelEvent(
        QPointF(place), widget.mapToGlobal(QPointF(place)), QPoint(), QPoint(0, NOTCH * turns),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def move(widget: QWidget, place: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(place), widget.mapToGlobal(QPointF(place)),
        Qt.MouseButton.NoButton, held, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def place_in(area: QRect, x: float, y: float) -> QPoint:
    """A place in a part of a widget, 0 to 1 across and down."""
    return QPoint(int(area.x() + x * area.width()), int(area.y() + y * area.height()))


def zooming(stage: Stage, widget: QWidget, place: Place) -> Iterator[Times | None]:
    """In to the last, and out again, at several places; now quickly, now with pauses that let the picture sharpen."""
    for at in (place(0.5, 0.5), place(0.35, 0.6), place(0.3, 0.7)):
        for turns in 20 * (1,) + 22 * (-1,):
            yield stage.frame(widget, partial(wheel, widget, at, turns))
            if at == place(0.35, 0.6):
                stage.rest(0.1)


def panning(stage: Stage, widget: QWidget, place: Place) -> Iterator[Times | None]:
    """Dragged to and fro, at the whole, half way in, and deep inside."""
    for turns in (0, 6, 8):
        for _ in range(turns):
            wheel(widget, place(0.5, 0.5), 1)
        stage.rest(0.5)
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=place(0.5, 0.5))
        for step in range(60):
            x, y = 0.5 + 0.4 * np.sin(step / 9), 0.5 + 0.3 * np.sin(step / 6)
            yield stage.frame(widget, partial(move, widget, place(x, y), Qt.MouseButton.LeftButton))
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=place(0.5, 0.5))


def hovering(stage: Stage, widget: QWidget, place: Place) -> Iterator[Times | None]:
    """Pointing here and there; the pauses between are not counted."""
    for step in range(150):
        x, y = 0.3 + 0.1 * np.sin(step / 7), 0.7 + 0.1 * np.sin(step / 11)
        stage.rest(REST)
        yield stage.frame(widget, partial(move, widget, place(x, y)))


def sorting(stage: Stage) -> Iterator[tuple[str, Times]]:
    """By every kind of disagreement and by words: seconds until the rows stand in the new order."""
    view = stage.window.stage.pairs
    for place, kind in enumerate(DISAGREEMENTS.values()):
        start = now()
        if place == 0:
            stage.window.stage.tabs.setCurrentWidget(view)  # sorts when it is first looked at
        else:
            view.kind.setCurrentIndex(place)
            view.kind.activated.emit(place)
        stage.until(lambda: not stage.window.runner.is_busy and view.model.rowCount() > 0)
        stage.turn()
        yield kind.label, now() - start
    start = now()
    QTest.keyClick(view.table, Qt.Key.Key_1)
    stage.until(lambda: not stage.window.runner.is_busy)
    stage.turn()
    yield "by words", now() - start


def scrolling(stage: Stage) -> Iterator[Times | None]:
    """By wheel, and by dragging the bar from the first row to the last."""
    bar = stage.window.stage.pairs.table.verticalScrollBar()
    for step in range(200):
        yield stage.frame(stage.pairs, partial(wheel, stage.pairs, QPoint(50, 50), -1 if step % 70 < 50 else 1))
    for step in range(201):
        yield stage.frame(stage.pairs, partial(bar.setValue, bar.maximum() * step // 200))


def main(words: int) -> None:
    folder = Path(HOME.name)
    spaces = []
    for seed, (name, dimensions) in enumerate({"stand-in A": 300, "stand-in B": 768}.items(), start=1):
        write_vectors(folder / f"{dimensions}.bin", words + 1000, dimensions, seed)
        spaces.append(NamedSource(name, VectorsSource(folder / f"{dimensions}.bin")))
    request = AnalysisRequest(tuple(spaces), WordRule(1, 99, words))
    sys.setswitchinterval(SWITCH_INTERVAL)
    stage = Stage(request)
    lines = []

    def report(what: str, times: Times, bound: float, unit: str) -> None:
        missed = "" if times[0] <= bound else f"{times[0] - bound:.3g} {unit}"
        lines.append(f"| {what} | {bound:g} {unit} | {times[0]:.3g} {unit} | {times[1]:.3g} {unit} | {missed} |")

    def report_frames(what: str, frames: Sequence[Times]) -> None:
        medians, worst = np.percentile(1000 * np.array(frames), (50, 99), axis=0)
        report(f"{what} ({len(frames)} frames): median", medians, MEDIAN_FRAME, "ms")
        report("99th percentile", worst, WORST_FRAME, "ms")

    def report_memory(what: str) -> None:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS / 1e9
        missed = f"{most - MOST_MEMORY:.2f} GB" if most > MOST_MEMORY else ""
        lines.append(f"| {what} | {MOST_MEMORY} GB | {most:.2f} GB | | {missed} |")

    took, stall = stage.ask(request)
    report("request to all views painted", took, MOST_SECONDS, "s")
    report("most work in one turn of the window's thread", np.full(2, 1000 * stall), LONGEST_STALL, "ms")
    result = stage.window.state.result
    views = {
        "heatmaps": (stage.heatmaps, stage.window.stage.heatmaps.maps[0].box, stage.window.stage.heatmaps.canvas),
        "scatter": (stage.scatter, stage.window.stage.scatter.plot.getViewBox(), stage.window.stage.scatter.plot),
    }

    def report_gestures(when: str) -> None:
        for name, (widget, box, canvas) in views.items():
            place = partial(place_in, canvas.mapFromScene(box.sceneBoundingRect()).boundingRect())
            for gesture in (hovering, zooming, panning):
                (stage.window.stage.heatmaps if name == "heatmaps" else stage.window.stage.scatter).reset_zoom()
                stage.rest(0.5)
                frames = [one for one in gesture(stage, widget, place) if one is not None]
                report_frames(f"{gesture.__name__}, {name}{when}", frames)

    report_gestures("")
    pairs = [(result.words[7 * k], result.words[11 * k + 1]) for k in range(40)]

    def report_selecting(what: str, widget: QWidget) -> None:
        selecting = [stage.frame(widget, partial(stage.window.state.select_pair, *pair)) for pair in pairs]
        median = 1000 * np.median([one for one in selecting if one is not None], axis=0)
        lines.append(f"| {what}: median | | {median[0]:.3g} ms | {median[1]:.3g} ms | |")

    report_selecting("selecting a pair", stage.heatmaps)
    report_memory("most memory of the whole process")
    for label, took in sorting(stage):
        report(f"sorting all pairs, {label}", took, MOST_SORTING, "s")
    report_frames("scrolling, pairs", [one for one in scrolling(stage) if one is not None])
    report_selecting("selecting a pair while all are listed", stage.pairs)
    report_memory("most memory, pairs sorted")
    index = result.pair_index
    for what, shape in {
        "half of the scatter": Rectangle((index.x_range[0], sum(index.x_range) / 6), index.y_range),
        "all pairs": Rectangle(index.x_range, index.y_range),
    }.items():
        took, stall = stage.brush(shape)
        n_pairs = stage.window.state.brush.n_pairs
        report(f"brushing {what} ({n_pairs:,} pairs) in all views", took, MOST_SECONDS, "s")
        report("most work in one turn of the window's thread", np.full(2, 1000 * stall), LONGEST_STALL, "ms")
        report_gestures(f", {n_pairs:,} pairs brushed")
    report_memory("most memory, all pairs brushed")
    del result, index, shape  # else the old result would be kept
    took, _ = stage.ask(AnalysisRequest(tuple(spaces), WordRule(1, 99, words), similarity="pearson"))
    report("another similarity to all views painted", took, MOST_SECONDS, "s")
    report_memory("most memory, one result replaced by another while all pairs are brushed")
    print(f"{machine()}; load {os.getloadavg()[0]:.1f}; {words:,} words")
    print("| | bound | by the clock | of the processor | missed by |\n|---|---|---|---|---|", *lines, sep="\n")
    stage.window.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
