"""Fetching files from the network, because the user asked: resumed, checked, and under their name only when whole.

`fetch` works in a process of its own; `Download` says what it will do before it starts.
"""

from __future__ import annotations

from engine.downloads.download import fetch, read_page
from engine.downloads.remote import Download, RemoteFile, no_headers

__all__ = ["Download", "RemoteFile", "fetch", "no_headers", "read_page"]
