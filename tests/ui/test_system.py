"""Whether a window can open, and what a person reads if not."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import PySide6
import pytest

from ui import system
from ui.system import missing_packages, why_no_window

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")

ON_EVERY_SYSTEM = {"libc.so.6", "libgcc_s.so.1", "libm.so.6", "libstdc++.so.6", "libz.so.1", "libzstd.so.1"}
NO_SUCH_LIBRARY = {"librsascope-none.so.7": "librsascope-none7"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def wayland_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    monkeypatch.setattr(system, "WAYLAND_LIBRARIES", {})  # a machine without a desktop may lack them
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        yield


@pytest.fixture
def x11_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the libraries for X11 only the one that connects: a machine without a desktop may lack the rest."""
    monkeypatch.setattr(system, "X11_LIBRARIES", {"libxcb.so.1": "libxcb1"})


def test_without_a_display_the_line_names_the_way_without_a_window() -> None:
    assert why_no_window() == (
        "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); "
        "to analyse without a window use: rsascope run SESSION.json --out DIR"
    )


@pytest.mark.parametrize("platform", ["xcb", "wayland", "wayland-egl", "wayland;xcb", "xcb:option"])
def test_asking_for_a_platform_does_not_replace_its_display(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert "there is no display" in why_no_window()


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600", "xcb;offscreen"])
def test_platforms_that_draw_elsewhere_need_no_display(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert why_no_window() is None


@pytest.mark.usefixtures("x11_libraries")
def test_a_display_nobody_serves_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    assert why_no_window().startswith("the display :4711 cannot be reached; to analyse without a window")


def test_a_wayland_display_nobody_serves_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(system, "WAYLAND_LIBRARIES", {})
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert why_no_window().startswith("the Wayland display wayland-7 cannot be reached;")


@pytest.mark.usefixtures("wayland_socket")
def test_a_wayland_display_that_answers_will_do() -> None:
    assert why_no_window() is None


@pytest.mark.usefixtures("wayland_socket", "x11_libraries")
def test_one_display_that_answers_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    assert why_no_window() is None
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert "display :4711" in why_no_window()


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="needs Xvfb")
@pytest.mark.usefixtures("x11_libraries")
def test_an_x11_display_that_answers_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["Xvfb", "-displayfd", "1", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        monkeypatch.setenv("DISPLAY", f":{server.stdout.readline().strip()}")
        reason = why_no_window()
        server.terminate()
    assert reason is None


@pytest.mark.parametrize(
    ("table", "window", "expected"),
    [
        ("QT_LIBRARIES", False, ["librsascope-none7"]),
        ("QT_LIBRARIES", True, ["librsascope-none7"]),
        ("X11_LIBRARIES", False, []),
        ("X11_LIBRARIES", True, ["librsascope-none7"]),
    ],
)
def test_libraries_for_x11_matter_for_windows_only(
    monkeypatch: pytest.MonkeyPatch, table: str, window: bool, expected: list[str]
) -> None:
    monkeypatch.setattr(system, "QT_LIBRARIES", {"libc.so.6": "libc6"})
    monkeypatch.setattr(system, "X11_LIBRARIES", {})
    monkeypatch.setattr(system, table, {"libc.so.6": "libc6", **NO_SUCH_LIBRARY})
    assert missing_packages(window) == expected


def test_missing_libraries_are_named_as_packages_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    twice = {"librsascope-none-a.so.1": "librsascope-none7"}
    monkeypatch.setattr(system, "QT_LIBRARIES", {**system.QT_LIBRARIES, **NO_SUCH_LIBRARY, **twice})
    reason = why_no_window()
    assert "sudo apt-get install -y librsascope-none7 (" in reason
    assert "\n" not in reason


def test_missing_libraries_come_before_a_missing_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setattr(system, "X11_LIBRARIES", NO_SUCH_LIBRARY)
    assert "librsascope-none7" in why_no_window()


@pytest.mark.parametrize(
    ("library", "known"),
    [
        ("libQt6Core.so.6", system.QT_LIBRARIES),
        ("libQt6Gui.so.6", system.QT_LIBRARIES),
        ("libQt6DBus.so.6", system.QT_LIBRARIES),
        ("libQt6XcbQpa.so.6", {**system.QT_LIBRARIES, **system.X11_LIBRARIES}),
        ("libQt6WaylandClient.so.6", {**system.QT_LIBRARIES, **system.WAYLAND_LIBRARIES}),
    ],
)
def test_the_tables_know_all_that_qts_own_files_ask_for(library: str, known: dict[str, str]) -> None:
    content = (Path(PySide6.__file__).parent / "Qt" / "lib" / library).read_bytes()
    asked = {name.decode() for name in re.findall(rb"(?<=\0)lib[\w+.-]+\.so\.\d+(?=\0)", content)}
    assert len(asked) > 5
    assert {name for name in asked if not name.startswith(("libQt6", "libicu")) and name not in ON_EVERY_SYSTEM} <= set(
        known
    )
