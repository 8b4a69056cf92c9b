"""What a server may do wrong: one clear error each, and nothing under the name of the file."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from engine.downloads import RemoteFile
from engine.errors import SourceError
from tests.engine.downloads.made_files import OTHER, WHOLE, begun, left, md5, remote, run
from tests.engine.downloads.stub import Stub, content, nonsense, redirect, secret, silence, status

pytestmark = pytest.mark.usefixtures("impatient")


class TestWhatGoesWrong:
    """One clear error each; nothing under the name; what is worth keeping is kept."""

    def refused(self, stub: Stub, target: Path, message: str, kept: int = 0, **changes: object) -> None:
        file = remote(stub, target, **changes)  # type: ignore[arg-type]
        with pytest.raises(SourceError, match=message) as caught:
            run(file)
        assert "secret" not in str(caught.value)
        assert not target.exists()
        assert file.received == kept

    @pytest.mark.parametrize(
        ("code", "message"),
        [
            (400, "does not give vectors.gz"),
            (401, "wants a login"),
            (403, "wants a login"),
            (404, "has no vectors.gz any more"),
            (410, "has no vectors.gz any more"),
            (416, "damaged or changed"),
            (429, "429 Too Many Requests.*check the connection"),
            (500, "500 Internal Server Error"),
            (503, "503 Service Unavailable"),
        ],
    )
    def test_codes(self, stub: Stub, target: Path, code: int, message: str) -> None:
        stub.answers["/file"] = [status(code)]
        self.refused(stub, target, message)

    def test_a_sentence_for_who_may_not(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [status(403)]
        with pytest.raises(SourceError, match=r"^accept the terms$"):
            run(RemoteFile(stub.url(), target, None, md5(WHOLE), "x", refused="accept the terms"))

    @pytest.mark.parametrize("kind", ["text/html", "text/html; charset=utf-8"])
    def test_a_web_page_instead(self, stub: Stub, target: Path, kind: str) -> None:
        stub.answers["/file"] = [content(b"<html>Please log in", kind=kind)]
        self.refused(stub, target, "sends a web page instead of vectors.gz: a proxy")

    def test_a_web_page_does_not_spoil_what_has_come(self, stub: Stub, target: Path) -> None:
        begun(remote(stub, target))
        stub.answers["/file"] = [content(b"<html>Please log in", kind="text/html", resumes=False)]
        self.refused(stub, target, "web page", kept=400_000)

    def test_a_server_that_always_cuts(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, cut=1000, resumes=False)]
        self.refused(stub, target, "cut the connection.*the 1 of 1,000 kB that have come are kept", kept=1000)
        assert len(stub.questions) == 4  # the first, and three tries without any more than before

    def test_a_server_that_says_more_than_it_has(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, length=1_000_100, resumes=False)]
        self.refused(stub, target, "cut the connection", kept=len(WHOLE), size=None)

    def test_a_server_that_says_less_than_it_has(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, length=500_000)]
        self.refused(stub, target, "checksum")

    def test_a_length_of_another_file(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE, length=10**15)]
        self.refused(stub, target, "sends 1,000,000,000,000,000 bytes or more as vectors.gz, which has 1,000,000")
        self.refused(stub, target, "too little room", size=None)

    def test_an_answer_without_end(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(WHOLE * 4, length=-1)]
        file = remote(stub, target)
        with pytest.raises(SourceError, match=r"or more as vectors.gz"):
            run(file)
        assert not target.exists()

    def test_another_content(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [content(OTHER)]
        self.refused(stub, target, "came from 127.0.0.1.* damaged or changed: its checksum")
        assert left() == ["partial"]

    def test_another_protocol(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [nonsense]
        self.refused(stub, target, "cannot be fetched")

    def test_silence(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [silence]
        self.refused(stub, target, "does not answer")

    def test_nobody_there(self, target: Path) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{nobody.getsockname()[1]}/file"
        with pytest.raises(SourceError, match=r"Connection refused.*check the connection"):
            run(RemoteFile(url, target, None, md5(WHOLE), "x"))

    def test_redirects_in_a_circle(self, stub: Stub, target: Path) -> None:
        stub.answers["/file"] = [redirect("/other")]
        stub.answers["/other"] = [redirect("/file")]
        self.refused(stub, target, "in a circle or to nowhere")

    @pytest.mark.parametrize(
        "to", ["http://127.0.0.1:1x/", "http://127.0.0.1:9999999/", "http://[::1/", "http://a..b/", "//"]
    )
    def test_redirects_to_addresses_that_cannot_be(self, stub: Stub, target: Path, to: str) -> None:
        stub.answers["/file"] = [redirect(to)]
        self.refused(stub, target, "cannot be fetched|nowhere")

    def test_a_damaged_memory_of_what_was_begun(self, stub: Stub, target: Path) -> None:
        file = remote(stub, target)
        begun(file, validator="\x00\r\nEvil: header")
        stub.answers["/file"] = [content(WHOLE)]
        run(file)
        assert target.read_bytes() == WHOLE
        assert [question.if_range for question in stub.questions] == [None]

    @pytest.mark.parametrize("to", ["ftp://127.0.0.1/x", "file:///etc/passwd"])
    def test_redirects_to_other_protocols(self, stub: Stub, target: Path, to: str) -> None:
        stub.answers["/file"] = [redirect(to)]
        self.refused(stub, target, "not safe|nowhere")

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "nowhere", "http://[::1"])
    def test_other_protocols(self, target: Path, url: str) -> None:
        with pytest.raises(SourceError, match="not an address on the web"):
            run(RemoteFile(url, target, None, md5(WHOLE), "x"))


def test_no_redirect_from_https_to_http() -> None:
    """The handler itself: a server for https would need a certificate that is trusted."""
    from email.message import Message
    from io import BytesIO
    from urllib.request import Request

    from engine.downloads.http import _Redirects

    for new, refused in (("http://example.org/x", True), ("https://example.org/x", False)):
        request = Request("https://example.org/file", headers=secret())
        arguments = (request, BytesIO(), 302, "Found", Message(), new)
        if refused:
            with pytest.raises(SourceError, match=r"redirects to http://example.org, which is not safe"):
                _Redirects().redirect_request(*arguments)  # type: ignore[arg-type]
        else:
            followed = _Redirects().redirect_request(*arguments)  # type: ignore[arg-type]
            assert followed is not None
            assert followed.get_header("Authorization") == "Bearer secret"
