"""Fetching what is on the network, in a process of its own, so that Cancel answers at every stage."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress

from engine.child import call_once
from engine.downloads.remote import Download
from engine.progress import Progress


def fetch(download: Download, progress: Progress) -> None:
    """Nothing; fetches the files of a download, going on where an earlier attempt stopped.

    Raises
    ------
    SourceError
        If a file cannot be had; the message says why and the way out. What has come so far is kept for the next time
        in the cache, kind "partial".
    Cancelled
        From `progress`, within moments at any stage; what has come so far is kept.
    """
    owner = os.getpid()
    try:
        call_once(_fetch, download, owner, progress=progress)
    except BaseException:
        for file in download.files:  # a process that was ended clears nothing away
            with suppress(OSError):
                file.draft(owner).unlink()
        raise


def read_page(url: str, headers: Callable[[], Mapping[str, str]], most: int, progress: Progress) -> bytes:
    """The content of a small file on the network, in a process of its own.

    Raises
    ------
    SourceError
        If it cannot be had, after a few seconds, or has more than `most` bytes.
    """
    return call_once(_read_page, url, headers, most, progress=progress)


# Below here: the child process, which alone imports what transfers.


def _fetch(download: Download, owner: int, progress: Progress) -> None:
    from engine.downloads.transfer import transfer

    transfer(download, owner, progress)


def _read_page(url: str, headers: Callable[[], Mapping[str, str]], most: int, progress: Progress) -> bytes:
    from engine.downloads.http import read

    progress.step(f"asking {url}")
    return read(url, headers(), most)
