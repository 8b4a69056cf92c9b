"""What stand-ins for the network offer, and how a test takes it."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.engine.downloads.stub import Stub, content
from tests.engine.sources.vector_files import binary_bytes, random_vectors
from ui.main_window import MainWindow

SIXES = ["planet", "meteor", "galaxy", "cosmos"]
PACKED = gzip.compress(binary_bytes([word.encode() for word in SIXES], random_vectors(4, 5)), mtime=0)
GOOGLE = "word2vec-google-news-300"


def offer_word_vectors(server: Stub) -> None:
    entry = {
        "num_records": 4,
        "file_size": len(PACKED),
        "license": "not found",
        "parameters": {"dimension": 5},
        "description": "Trained on news.",
        "checksum": hashlib.md5(PACKED, usedforsecurity=False).hexdigest(),
        "file_name": f"{GOOGLE}.gz",
        "parts": 1,
    }
    listed = {"corpora": {}, "models": {GOOGLE: entry, "glove-twitter": entry | {"description": "Trained on tweets."}}}
    server.answers["/mirror/list.json"] = [content(json.dumps(listed).encode())]
    server.answers[f"/mirror/{GOOGLE}/{GOOGLE}.gz"] = [content(PACKED)]


def found(window: MainWindow, qtbot: QtBot, kind: type) -> object:
    """The dialog of a kind that is on screen, waited for."""
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in window.findChildren(kind)), timeout=15_000)
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def drop(window: MainWindow, paths: list[Path], side: int) -> None:
    """Drag files into the window and let them go over one side of the pictures."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(600, 300), copy, data, left, none))
    target = window.drop_target
    assert target.isVisible()
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(600, 300), copy, data, left, none))
    place = QPointF(target.width() * (0.25 + 0.5 * side), target.height() / 2)
    QApplication.sendEvent(target, QDropEvent(place, copy, data, left, none))
    assert not target.isVisible()


def write_table(path: Path) -> Path:
    rows = [f"{word},{k},{k * k},1" for k, word in enumerate(SIXES, 1)]
    path.write_text("\n".join(rows), "utf-8")
    return path
