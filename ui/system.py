"""Whether a window can open on this system, asked before Qt is imported: Qt itself would abort the process."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Iterable, Mapping

HEADLESS_HINT = "to analyse without a window use: rsascope run SESSION.json --out DIR"

# The libraries that Qt's wheels expect of a Linux system -> the Debian and Ubuntu package that has them.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
}
X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}

DISPLAYS = {"xcb": "DISPLAY", "wayland": "WAYLAND_DISPLAY"}  # Qt's platform -> the variable that says where to draw


def why_no_window() -> str | None:
    """One line on why a window cannot open here and what to do; None if it can.

    Only Linux is looked at: elsewhere the Qt wheels bring all they need, and there is always a desktop.
    """
    if not sys.platform.startswith("linux"):
        return None
    platforms = _platforms()
    if not platforms:
        return f"there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); {HEADLESS_HINT}"
    for platform in platforms:
        reason = _why_not(platform)
        if reason is None:
            return None
    return reason


def missing_packages(window: bool) -> list[str]:
    """The Debian and Ubuntu packages that Qt lacks here; empty if none.

    Parameters
    ----------
    window : bool
        True: for windows on an X11 display; False: for Qt's offscreen platform.
    """
    if not sys.platform.startswith("linux"):
        return []
    return _packages_of_missing({**QT_LIBRARIES, **X11_LIBRARIES} if window else QT_LIBRARIES)


def install_hint(packages: Iterable[str]) -> str:
    """One line that says how to install missing packages."""
    return (
        "Qt lacks libraries of the system; on Debian and Ubuntu: "
        f"sudo apt-get install -y {' '.join(packages)} (other distributions name them alike)"
    )


def _platforms() -> list[str]:
    """Qt's platforms to try, in Qt's order: of those asked for ("wayland;xcb:option") the ones that have a display."""
    asked = os.environ.get("QT_QPA_PLATFORM") or "wayland;xcb"
    platforms = [platform.strip().split(":")[0].split("-")[0] for platform in asked.split(";")]  # wayland-egl: wayland
    return [platform for platform in platforms if platform not in DISPLAYS or os.environ.get(DISPLAYS[platform])]


def _why_not(platform: str) -> str | None:
    if platform == "xcb":
        return _why_no_qt({**QT_LIBRARIES, **X11_LIBRARIES}) or _why_no_x11()
    if platform == "wayland":
        return _why_no_qt({**QT_LIBRARIES, **WAYLAND_LIBRARIES}) or _why_no_wayland()
    return _why_no_qt(QT_LIBRARIES)  # offscreen, minimal, vnc ...: drawn without a display


def _why_no_qt(libraries: Mapping[str, str]) -> str | None:
    packages = _packages_of_missing(libraries)
    return install_hint(packages) if packages else None


def _packages_of_missing(libraries: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(package for library, package in libraries.items() if not _loads(library)))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _why_no_x11() -> str | None:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return f"the display {os.environ['DISPLAY']} cannot be reached; {HEADLESS_HINT}" if failed else None


def _why_no_wayland() -> str | None:
    name = os.environ["WAYLAND_DISPLAY"]
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), name))
    except OSError:
        return f"the Wayland display {name} cannot be reached; {HEADLESS_HINT}"
    return None
