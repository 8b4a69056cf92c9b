"""The endpoints of the Hugging Face hub that are needed to find and fetch a model, on loopback."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.engine.downloads.stub import Answer, Stub, content, start, status

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = (".safetensors", ".bin")  # stored apart, as the hub does with large files


class HubStub(Stub):
    """A hub with models; `far` is the other host that large files come from."""

    def __init__(self) -> None:
        super().__init__()
        self.far = Stub()

    def close(self) -> None:
        self.far.close()
        super().close()

    def put(self, model: str, folder: Path, commit: str = COMMIT, **facts: Any) -> None:
        """Offer the files of a folder as a model."""
        self.offer(model, {path.name: path.read_bytes() for path in folder.iterdir()}, commit, **facts)

    def offer(self, model: str, files: Mapping[str, bytes], commit: str = COMMIT, **facts: Any) -> None:
        """Offer files as a model."""
        siblings = [self._file(model, commit, name, data) for name, data in files.items()]
        info = {"id": model, "sha": commit, "gated": False, "siblings": siblings} | facts
        self.answers[f"/api/models/{model}"] = [content(json.dumps(info).encode(), kind="application/json")]

    def asked_for(self) -> set[str]:
        """The names of all files whose content was asked for."""
        return {question.path.rpartition("/")[2] for question in (*self.far.questions, *self.questions)}

    def _file(self, model: str, commit: str, name: str, data: bytes) -> dict[str, Any]:
        git = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        described: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": git}
        where = f"/{model}/resolve/{commit}/{name}"
        if name.endswith(LARGE):
            sha = hashlib.sha256(data).hexdigest()
            described["lfs"] = {"size": len(data), "sha256": sha, "pointerSize": 134}
            self.far.answers[f"/{name}"] = [content(data, '"far"')]
            headers = {
                "X_Linked_Etag": f'"{sha}"',
                "X_Linked_Size": str(len(data)),
                "Location": self.far.url(f"/{name}"),
            }
            self.answers[where] = [status(302, X_Repo_Commit=commit, **headers)]
        else:
            self.answers[where] = [small(data, git, commit)]
        return described


def small(data: bytes, etag: str, commit: str) -> Answer:
    """A file that the hub gives itself; it cannot resume."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        start(handler, 200, {"ETag": f'"{etag}"', "X-Repo-Commit": commit, "Content-Length": str(len(data))})
        if handler.command == "GET":
            handler.wfile.write(data)

    return answer
