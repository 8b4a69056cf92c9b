"""The look: palettes for light and dark, the colours that mean something, line icons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"
STYLE = Path(__file__).resolve().parents[1] / "resources" / "style.qss"

SETTLING = 30  # ms; another palette or font, and its style, in one turn of the event loop would make that a long one
GRID = 8  # pixels; margins and gaps are this or half of it
FRAME = QSize(16, 48)  # pixels that a window system draws round a window
USUAL_LINE = 14  # pixels of a line of text that sizes in pixels are meant for
TEXT_SIZES = (80, 90, 100, 110, 125, 150, 175, 200)  # per cent of the system's


@dataclass(frozen=True)
class Colours:
    """The colours of one theme.

    `spaces` are the hues of space A, B, ... wherever a space is drawn or named; `accent` marks the selection and
    nothing else; `problem` colours what went wrong.
    """

    window: str
    base: str
    raised: str
    text: str
    faint: str
    line: str
    accent: str
    points: str
    problem: str
    spaces: tuple[str, ...]


LIGHT = Colours(
    window="#f4f5f7",
    base="#ffffff",
    raised="#fbfbfc",
    text="#1d212a",
    faint="#646b79",
    line="#d3d7de",
    accent="#00856a",
    points="#3f4757",
    problem="#b3261e",
    spaces=("#2563c9", "#c2570c", "#7a3fb5", "#4d7c0f"),
)
DARK = Colours(
    window="#282b32",
    base="#16181d",
    raised="#343841",
    text="#e4e7ec",
    faint="#98a0ae",
    line="#454a56",
    accent="#2fd6ad",
    points="#c3cad6",
    problem="#ff8a80",
    spaces=("#74a9ff", "#ffa45c", "#c79bff", "#a3d15a"),
)

SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def colours(palette: QPalette) -> Colours:
    """The colours that go with a widget's palette."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def apply_theme(application: QApplication, theme: str) -> None:
    """Give the whole program a theme: "light", "dark", or "system" to follow the desktop's."""
    hints = QGuiApplication.styleHints()
    hints.setColorScheme(SCHEMES[theme])
    # Not every platform reports back the scheme it was told.
    dark = theme == "dark" or (theme == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
    _paint(application, dark)


def follow_system(application: QApplication, chosen: Callable[[], str]) -> None:
    """Take the desktop's theme whenever it changes, while that is what is chosen."""

    def follow(scheme: Qt.ColorScheme) -> None:
        if chosen() == "system":
            _paint(application, scheme == Qt.ColorScheme.Dark)

    QGuiApplication.styleHints().colorSchemeChanged.connect(follow)


def _paint(application: QApplication, dark: bool) -> None:
    application.setPalette(_palette(DARK if dark else LIGHT))


def style_window(window: QWidget) -> None:
    """Give a window and its dialogs the style sheet that goes with its palette.

    The sheet is the window's, not the application's, which would style every widget there is four times as slowly.
    """
    sheet = _style_sheet(colours(window.palette()))
    if window.styleSheet() != sheet:
        window.setStyleSheet(sheet)


def apply_text_size(application: QApplication, percent: int) -> None:
    """Give the whole program larger or smaller text than the system's; 100: the same."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if percent != 100:
        font.setPointSizeF(font.pointSizeF() * percent / 100)
    windows = [one for one in application.topLevelWidgets() if isinstance(one, QMainWindow) and one.isVisible()]
    for window in windows:
        style_window(window)  # if text was given a size just now, and the style is still to come
    application.setFont(font)
    application.sendPostedEvents(None, QEvent.Type.ApplicationFontChange.value)  # by which Qt tells the widgets
    for window in windows:
        window.setStyleSheet("")  # what a style sheet has styled keeps its font
        style_soon(window)


def style_soon(window: QWidget) -> None:
    """Give a window its style sheet in a later turn of the event loop, and have nobody see it before."""
    window.setUpdatesEnabled(False)
    QTimer.singleShot(SETTLING, window, partial(_style_again, window))


def _style_again(window: QWidget) -> None:
    style_window(window)
    window.setUpdatesEnabled(True)
    if handle := window.windowHandle():
        handle.requestUpdate()  # a request that was under way when updates were disabled is lost; Qt makes no other


def scaled(pixels: int) -> int:
    """So many pixels beside text of the usual size, and more where text is larger."""
    return round(pixels * max(1.0, QFontMetricsF(QApplication.font()).height() / USUAL_LINE))


def within_screen(window: QWidget, width: int, height: int) -> QSize:
    """A size of so many pixels, and more where text is larger, as far as the window's screen has them."""
    room = window.screen().availableSize() - FRAME
    return QSize(scaled(width), scaled(height)).boundedTo(room)


def bold() -> QFont:
    """The program's font in bold."""
    font = QFont()
    font.setBold(True)
    return font


def _palette(theme: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for target, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.base),
        (role.AlternateBase, theme.raised),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.faint),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.base),
        (role.Link, theme.accent),
        (role.Mid, theme.line),
        (role.Accent, theme.accent),
    ):
        palette.setColor(target, QColor(colour))
    for target in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(theme.faint))
    return palette


@cache
def _style_sheet(theme: Colours) -> str:
    sheet = STYLE.read_text("utf-8")
    for name in ("window", "base", "raised", "text", "faint", "line", "accent", "problem"):
        sheet = sheet.replace(f"@{name}@", getattr(theme, name))
    return sheet


def renew_links(label: QLabel) -> None:
    """Draw a label's links in the present theme's colour: Qt fixes it when the text is set."""
    text = label.text()
    label.clear()
    label.setText(text)


def icon(name: str, palette: QPalette) -> QIcon:
    """A line icon of resources/icons in the palette's text colour; disabled it is faint."""
    from PySide6.QtSvg import QSvgRenderer

    drawing = (ICONS / f"{name}.svg").read_text("utf-8")
    theme = colours(palette)
    result = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.text), (QIcon.Mode.Disabled, theme.line)):
        renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
        for pixels in (16, 20, 32, 40):
            pixmap = QPixmap(QSize(pixels, pixels))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter)
            painter.end()
            result.addPixmap(pixmap, mode)
    return result
