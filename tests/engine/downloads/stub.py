"""A server on loopback whose answers a test writes down: right ones, and all the wrong ones that networks give."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

Answer = Callable[[BaseHTTPRequestHandler], None]


def secret() -> dict[str, str]:
    """What only the first host may be told."""
    return {"Authorization": "Bearer secret"}


class Question(NamedTuple):
    """What the server was asked."""

    path: str
    range: str | None
    if_range: str | None
    authorization: str | None


class Stub:
    """A threaded server; `answers` has the answers to a path in turn, of which the last stays."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.questions: list[Question] = []
        self._released = threading.Event()  # ends the stalls
        stub = self

        class Handler(BaseHTTPRequestHandler):
            released = stub._released

            def do_GET(self) -> None:
                get, headers = self.headers.get, self.headers
                stub.questions.append(Question(self.path, get("Range"), get("If-Range"), headers.get("Authorization")))
                answers = stub.answers.get(self.path.partition("?")[0], [status(404)])
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                with suppress(ConnectionError):  # the other side has gone
                    answer(self)
                self.close_connection = True

            do_HEAD = do_GET  # noqa: N815  the library's name

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def url(self, path: str = "/file") -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def ranges(self, path: str = "/file") -> list[str | None]:
        """The byte ranges asked for, in order."""
        return [question.range for question in self.questions if question.path == path]


def start(handler: BaseHTTPRequestHandler, code: int, headers: dict[str, str]) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()


def content(
    whole: bytes,
    validator: str | None = '"v1"',
    resumes: bool = True,
    cut: int | None = None,
    length: int | None = None,
    stall: bool = False,
    shift: int = 0,
    kind: str = "application/octet-stream",
) -> Answer:
    """Sends a file.

    Parameters
    ----------
    validator : its ETag, or its date
    resumes : whether Range is understood
    cut : bytes of the answer after which the connection ends
    length : what Content-Length says; -1: nothing
    stall : at `cut`, wait instead
    shift : by how much the part sent is not the one asked for
    """

    def answer(handler: BaseHTTPRequestHandler) -> None:
        first, code = 0, 200
        asked, condition = handler.headers.get("Range"), handler.headers.get("If-Range")
        headers = {"Content-Type": kind}
        if validator:
            headers["ETag" if '"' in validator else "Last-Modified"] = validator
        if resumes and asked and condition in (None, validator):
            first, code = int(asked.removeprefix("bytes=").removesuffix("-")) + shift, 206
            if first >= len(whole):
                return start(handler, 416, {"Content-Range": f"bytes */{len(whole)}"})
            headers["Content-Range"] = f"bytes {first}-{len(whole) - 1}/{len(whole)}"
        body = whole[first:]
        if length != -1:
            headers["Content-Length"] = str(len(body) if length is None else length)
        start(handler, code, headers)
        if handler.command == "GET":
            handler.wfile.write(body[:cut])
            if stall:
                handler.wfile.flush()
                handler.released.wait(60)  # type: ignore[attr-defined]
        return None

    return answer


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    """Answers with a code."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        start(handler, code, {"Content-Length": str(len(body)), **named})
        if handler.command == "GET":
            handler.wfile.write(body)

    return answer


def redirect(to: str, code: int = 302) -> Answer:
    """Sends elsewhere."""
    return status(code, Location=to)


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Never answers."""
    handler.released.wait(60)  # type: ignore[attr-defined]


def nonsense(handler: BaseHTTPRequestHandler) -> None:
    """Answers in another protocol."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
