"""What the window remembers between runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from engine.dimensions import ALL_DIMENSIONS
from engine.errors import EngineError
from engine.export.figures import FORMATS, HIGHEST_RESOLUTION, LOWEST_RESOLUTION
from engine.request import NamedSource
from engine.session import parse_space, space_values
from ui.theme import SCHEMES, TEXT_SIZES

RECENT_SPACES_KEPT = 8


class Settings:
    """Typed access to the user's stored settings; everything has a default and survives a damaged store."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "rsascope", "rsascope")

    @property
    def geometry(self) -> QByteArray | None:
        """Size and place of the window."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    def layout(self, name: str) -> QByteArray | None:
        """State of the docks or of a splitter."""
        return self._bytes(f"layout/{name}")

    def set_layout(self, name: str, value: QByteArray) -> None:
        """Remember the state of the docks or of a splitter."""
        self._store.setValue(f"layout/{name}", value)

    @property
    def theme(self) -> str:
        """ "system", "light" or "dark"."""
        value = str(self._store.value("theme", "system"))
        return value if value in SCHEMES else "system"

    @theme.setter
    def theme(self, value: str) -> None:
        self._store.setValue("theme", value)

    @property
    def text_size(self) -> int:
        """Per cent of the system's."""
        try:
            return min(max(int(str(self._store.value("text_size", 100))), TEXT_SIZES[0]), TEXT_SIZES[-1])
        except ValueError:
            return 100

    @text_size.setter
    def text_size(self, value: int) -> None:
        self._store.setValue("text_size", value)

    @property
    def folder(self) -> str:
        """The folder of the last file dialog."""
        value = str(self._store.value("folder", ""))
        return value if value and Path(value).is_dir() else str(Path.home())

    @folder.setter
    def folder(self, value: str) -> None:
        self._store.setValue("folder", value)

    @property
    def hint_closed(self) -> bool:
        """Whether the user has closed the line on the bundled sample."""
        return self._store.value("hint_closed", "false") == "true"

    @hint_closed.setter
    def hint_closed(self, value: bool) -> None:
        self._store.setValue("hint_closed", "true" if value else "false")

    @property
    def export_options(self) -> tuple[tuple[str, ...], int]:
        """Figure formats and resolution (dots per inch) of the last export."""
        formats = str(self._store.value("export/formats", "svg")).split("+")
        try:
            resolution = int(str(self._store.value("export/resolution", 300)))
        except ValueError:
            resolution = 300
        known = tuple(name for name in formats if name in FORMATS)
        return known, min(max(resolution, LOWEST_RESOLUTION), HIGHEST_RESOLUTION)

    @export_options.setter
    def export_options(self, value: tuple[tuple[str, ...], int]) -> None:
        self._store.setValue("export/formats", "+".join(value[0]))
        self._store.setValue("export/resolution", value[1])

    @property
    def export_folder(self) -> str:
        """Where the last export went; empty before the first."""
        return str(self._store.value("export/folder", ""))

    @export_folder.setter
    def export_folder(self, folder: str) -> None:
        self._store.setValue("export/folder", folder)

    @property
    def recent_spaces(self) -> list[NamedSource]:
        """Spaces used lately, the latest first; entries that cannot be read any more are skipped."""
        recent = []
        try:
            entries = json.loads(str(self._store.value("recent_spaces", "[]")))
        except ValueError:
            return []
        for entry in entries if isinstance(entries, list) else []:
            try:
                recent.append(parse_space(entry, "recent", Path.home()))
            except EngineError:
                continue
        return recent

    def remember_space(self, space: NamedSource, instead_of: NamedSource | None = None) -> None:
        """Put a space at the head of the recent ones, with all its dimensions; take out the one it was a moment ago."""
        gone = [space.source, instead_of and instead_of.source]
        others = [known for known in self.recent_spaces if known.source not in gone]
        latest = replace(space, dimensions=ALL_DIMENSIONS)
        entries = [space_values(known, None) for known in [latest, *others][:RECENT_SPACES_KEPT]]
        self._store.setValue("recent_spaces", json.dumps(entries))

    def _bytes(self, key: str) -> QByteArray | None:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else None
