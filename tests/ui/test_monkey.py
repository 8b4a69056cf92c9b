"""Ten thousand random clicks, drags, keys, wheels and sizes: nothing breaks, nothing stalls, nothing grows."""

from __future__ import annotations

import ctypes
import gc
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QDesktopServices, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from engine.request import AnalysisRequest
from tests.own_cache import use_cache
from tests.ui.inferring import EVERYTHING, inferred, tab
from ui.garbage import GarbageCollection
from ui.main_window import MainWindow

EVENTS = 10_000
WARM = 2_000  # events after which everything that is made once has been made
STALL = 0.2  # seconds of the window's thread without a turn of its event loop; of the processor: no other counts
BEAT = 5  # ms; how often the event loop is asked for a turn
GROWTH = 100 << 20  # bytes; the cache of steps holds now more, now less, and allocators keep what is given back
MORE_WIDGETS = 250  # menus and lists make some when first opened
SIZES = ((900, 600), (1280, 800), (1000, 950), (1920, 1080), (2560, 1440))
KEY_NAMES = "Left Right Up Down Home End Tab Return Escape Space Delete F1 F2 F3 F6".split()  # noqa: SIM905
KEYS = [getattr(Qt.Key, f"Key_{name}") for name in (*KEY_NAMES, *"AEIORSTX0123456789")]
NO_MODIFIER, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
MODIFIERS = [NO_MODIFIER] * 4 + [SHIFT, CONTROL, ALT, CONTROL | SHIFT, CONTROL | ALT]
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


class Monkey:
    """Plays with a window by a seed."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window = window
        self.random = random.Random(seed)
        self.slowest: tuple[float, str] = (0.0, "nothing")
        own = window.findChildren(QAction, options=Qt.FindChildOption.FindDirectChildrenOnly)
        self._actions = [action for action in own if action is not window.commands.quit]
        self._plays = [self.click] * 6 + [self.drag] * 4 + [self.move] * 4 + [self.wheel] * 3 + [self.press] * 5
        self._plays += [self.resize, self.act, self.choose]
        self._what, self._last = "nothing", time.thread_time()
        self._beats = QTimer(window, interval=BEAT)
        self._beats.timeout.connect(self._beat)
        self._beats.start()
        self._keys = QTimer(window, interval=20)
        self._keys.timeout.connect(self._press_in_menu)
        self._keys.start()

    def _press_in_menu(self) -> None:
        """Press keys in menus: an open one has an event loop of its own, in which only timers act.

        The events are posted: what a key opens may be another such menu, and a timer waits for its own slot.
        """
        if menu := QApplication.activePopupWidget():
            key = self.random.choice((Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape))
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.postEvent(menu, QKeyEvent(kind, key, NO_MODIFIER))

    def stop(self) -> None:
        """Press no more keys."""
        for timer in (self._keys, self._beats):
            timer.stop()

    def play(self, n_events: int) -> None:
        """Do so many random things."""
        for _ in range(n_events):
            self._tidy()
            steps = self.random.choice(self._plays)()
            while what := self._step(steps):
                assert not self._bugs(), f"after {what}: {self._bugs()[0].informativeText()}"

    def _step(self, steps: Iterator[str]) -> str | None:
        """Do the next step and let the window answer; None after the last."""
        what = next(steps, None)
        self._what = what or self._what
        QApplication.processEvents()
        return what

    def _beat(self) -> None:
        """Note how long the window's thread has worked since the turn before."""
        now = time.thread_time()
        self.slowest = max(self.slowest, (now - self._last, self._what))
        self._last = now

    def click(self) -> Iterator[str]:
        target, place = self._target()
        name = _name(target)  # before it may be gone
        button, modifier = self.random.choice([LEFT] * 5 + [RIGHT, MIDDLE]), self.random.choice(MODIFIERS)
        QTest.mouseClick(target, button, modifier, place)
        if self.random.random() < 0.2 and isValid(target):
            QTest.mouseDClick(target, button, modifier, place)
        yield f"click on {name}"

    def drag(self) -> Iterator[str]:
        target, place = self._target()
        name = _name(target)  # before it may be gone
        modifier = self.random.choice(MODIFIERS)
        QTest.mousePress(target, LEFT, modifier, place)
        for _ in range(self.random.randint(1, 6)):
            if not isValid(target):  # a menu that is gone meanwhile
                return
            place = self._place(target)
            QTest.mouseMove(target, place)
            yield f"drag on {name}"
        if isValid(target):
            QTest.mouseRelease(target, LEFT, modifier, place)
        yield f"end of a drag on {name}"

    def move(self) -> Iterator[str]:
        target, place = self._target()
        name = _name(target)  # before it may be gone
        QTest.mouseMove(target, place)
        yield f"move over {name}"

    def wheel(self) -> Iterator[str]:
        target, place = self._target()
        name = _name(target)  # before it may be gone
        turn = QPoint(0, self.random.choice((-480, -120, 120, 480)))
        where = QPointF(place), QPointF(target.mapToGlobal(place))
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(*where, QPoint(), turn, Qt.MouseButton.NoButton, NO_MODIFIER, phase, False)
        QApplication.sendEvent(target, event)
        yield f"wheel over {name}"

    def press(self) -> Iterator[str]:
        target = QApplication.focusWidget() or self.window
        name = _name(target)
        key, modifier = self.random.choice(KEYS), self.random.choice(MODIFIERS)
        QTest.keyClick(target, key, modifier)
        yield f"{modifier} {key} on {name}"

    def resize(self) -> Iterator[str]:
        self.window.resize(QSize(*self.random.choice(SIZES)))
        yield "resizing"

    def act(self) -> Iterator[str]:
        """Trigger an action of a menu."""
        action = self.random.choice([one for one in self._actions if one.isEnabled()])
        action.trigger()
        yield f"action {action.text()}"

    def choose(self) -> Iterator[str]:
        """Type into a field of the panel, whatever has the focus."""
        fields = [field for field in self.window.panel.findChildren(QWidget) if _is_usable(field)]
        field = self.random.choice(fields)
        field.setFocus()
        QTest.keyClicks(field, self.random.choice(("moon star ", "7", "0", "un.*", "(", "99", "c", "word")))
        yield f"typing into {_name(field)}"

    def _target(self) -> tuple[QWidget, QPoint]:
        """A visible widget, and a place on it."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        widgets = [widget for widget in top.findChildren(QWidget) if _is_usable(widget)] or [top]
        target = self.random.choice(widgets)
        return target, self._place(target)

    def _place(self, target: QWidget) -> QPoint:
        return QPoint(*(self.random.randrange(max(length, 1)) for length in (target.width(), target.height())))

    def _tidy(self) -> None:
        """Close what would swallow all that follows, now and then."""
        if self.random.random() < 0.1:
            for top in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
                if top is not None:
                    top.close()

    def _bugs(self) -> list[QMessageBox]:
        return [box for box in self.window.findChildren(QMessageBox) if "fault of the program" in box.informativeText()]


def _is_usable(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and not widget.visibleRegion().isEmpty()


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()!r}"


@pytest.fixture
def harmless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing leaves the test's folder: files are saved there, links open nothing, no server is there to be asked."""
    use_cache(monkeypatch, tmp_path)
    numbers = iter(range(1_000_000))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "")
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / f"saved{next(numbers) % 9}"), "")
    )
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("", False))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)
    monkeypatch.setenv("RSASCOPE_GENSIM_URL", "http://127.0.0.1:9")


def _settled(window: MainWindow, qtbot: QtBot) -> tuple[int, int]:
    """Bytes and widgets of the whole process with the sample analysed and nothing else left to do."""
    for top in QApplication.topLevelWidgets():
        if top is not window and top.isVisible():
            top.close()
    window.runner.cancel()
    window.panel.show_request(AnalysisRequest())
    with qtbot.waitSignal(window.state.result_changed, timeout=60_000):
        window.run(AnalysisRequest())
    qtbot.waitUntil(lambda: not window.runner.is_busy, timeout=60_000)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # else what is free but kept for later would count
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096, len(QApplication.allWidgets())


def make_every_plot(window: MainWindow, qtbot: QtBot) -> None:
    """Have all views make what they make when first needed: whether the monkey gets there is a matter of time."""
    inferred(window, qtbot, AnalysisRequest(statistics=EVERYTHING))
    window.state.select_pair(*window.state.result.words[:2])
    for title in ("Test", "Interval", "Robustness"):
        tab(window, title)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory from /proc")
@pytest.mark.parametrize("seed", [1])
def test_random_use_neither_breaks_nor_stalls_nor_grows(
    open_window: Callable[..., MainWindow], usual: QApplication, qtbot: QtBot, harmless: None, seed: int
) -> None:
    window = open_window()
    GarbageCollection(window)  # as in the program: otherwise all that other tests left behind is examined in some turn
    make_every_plot(window, qtbot)
    monkey = Monkey(window, seed)
    monkey.play(WARM)
    before, widgets_before = _settled(window, qtbot)
    monkey.play(EVENTS - WARM)
    monkey.stop()
    after, widgets_after = _settled(window, qtbot)
    assert after - before < GROWTH
    assert widgets_after - widgets_before < MORE_WIDGETS
    took, what = monkey.slowest
    assert took < STALL, what
