"""What can be fetched from the network, told before anything starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine import cache
from engine.progress import Progress
from engine.writing import DRAFT


def no_headers() -> Mapping[str, str]:
    """Nothing to send along with a request."""
    return {}


@dataclass(frozen=True)
class RemoteFile:
    """A file on the network that is not here yet.

    Parameters
    ----------
    url : str
        http or https.
    target : Path
        Where it goes, under this name only when it is whole and checked.
    size : int or None
        Bytes, as the catalogue has them.
    checksum : str
        "md5:", "sha256:" or "git-sha1:" and hexadecimal digits.
    name : str
        What the user calls it.
    headers : callable
        Of a module; gives what is sent to the first host only (who asks). Called where it is needed, so that no
        secret is a part of this value.
    refused : str
        The sentence for the user if the host wants to know who asks.
    """

    url: str
    target: Path
    size: int | None
    checksum: str
    name: str
    headers: Callable[[], Mapping[str, str]] = no_headers
    refused: str = ""

    def entry(self, kind: str) -> Path:
        """The cache's entry of a kind for this file: "partial" is what of it is here already."""
        return cache.entry(self.target, self.checksum, kind)

    def draft(self, owner: int) -> Path:
        """What it is called while process `owner` has it copied from the cache to another disk."""
        return self.target.with_name(f"{DRAFT}{owner}-{self.target.name[:64]}")

    @property
    def received(self) -> int:
        """Bytes of it that are here already."""
        try:
            return self.entry("partial").stat().st_size
        except OSError:
            return 0


@dataclass(frozen=True)
class Download:
    """What must be fetched before a space can be opened, told before anything starts.

    Parameters
    ----------
    title : str
        The model's name.
    files : tuple of RemoteFile
        Only those not here yet.
    folder : Path
        Where they go, to show the user.
    licence : str
        As the catalogue has it; empty if it says nothing.
    description : str
    finish : callable, optional
        Of a module or a partial of one; called with a progress when all files are here.
    """

    title: str
    files: tuple[RemoteFile, ...]
    folder: Path
    licence: str = ""
    description: str = ""
    finish: Callable[[Progress], None] | None = None

    @property
    def size(self) -> int | None:
        """Bytes still to fetch, without those of partial files already here; None if a catalogue does not say."""
        total = 0
        for file in self.files:
            if file.size is None:
                return None
            total += max(0, file.size - file.received)
        return total
