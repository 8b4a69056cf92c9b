"""One answer from the network, or one clear error: what servers, proxies and networks do, in words fit for the user."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from engine import __version__
from engine.errors import SourceError

STALL = 20.0  # seconds without a byte after which a connection is given up
ANSWER = 5.0  # seconds that small questions wait: the user waits too
LONGEST_WAIT = 30.0  # seconds, whatever a busy server asks for
TRY_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
AGENT = f"rsascope/{__version__}"
SCHEMES = ("http", "https")
LENGTH = re.compile(r"\d{1,18}")  # bytes; no file has more


class Interrupted(Exception):
    """The connection broke, stalled or was put off; trying again may help.

    Parameters
    ----------
    reason : str
    wait : float
        Seconds the server asked to wait.
    """

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class OutOfRange(Exception):
    """The server has no bytes from there on."""


@contextmanager
def asked(
    url: str, headers: Mapping[str, str], name: str, refused: str = "", timeout: float | None = None
) -> Iterator[HTTPResponse]:
    """The server's answer, whose content is not read yet; closed after the block.

    Parameters
    ----------
    url : str
    headers : mapping
        `Authorization` among them goes to the first host only.
    name, refused : str
        As of `RemoteFile`.
    timeout : float, optional
        Seconds without a byte after which the connection is given up; `STALL`, if left out.

    Raises
    ------
    Interrupted
    OutOfRange
    SourceError
        If trying again will not help.
    """
    if not _is_web_address(url):
        raise SourceError(f"{url} is not an address on the web; check the settings that name it.")
    with interruptions(url):
        try:
            answer = build_opener(_Redirects).open(
                Request(url, headers={"User-Agent": AGENT, **headers}), timeout=timeout or STALL
            )
        except HTTPError as error:
            with closing(error):
                raise _explained(error, name, refused) from None
        except ssl.SSLCertVerificationError as error:
            raise _untrusted(url, error) from None
        except URLError as error:
            if isinstance(error.reason, ssl.SSLCertVerificationError):
                raise _untrusted(url, error.reason) from None
            raise
    with closing(answer):
        if answer.headers.get_content_type() == "text/html":
            raise SourceError(
                f"{host(answer.url)} sends a web page instead of {name}: a proxy or a login page stands between; open "
                f"{url} in a browser to see what it wants."
            )
        yield answer


@contextmanager
def interruptions(url: str) -> Iterator[None]:
    """Turns what a network does in the middle of things into `Interrupted`."""
    try:
        yield
    except TimeoutError:
        raise Interrupted(f"{host(url)} does not answer") from None
    except (OSError, HTTPException, ValueError, OverflowError) as error:  # the latter two: impossible addresses
        reason = getattr(error, "reason", error)  # of an URLError
        if isinstance(reason, TimeoutError):
            raise Interrupted(f"{host(url)} does not answer") from None
        raise Interrupted(getattr(reason, "strerror", None) or str(reason) or type(reason).__name__) from None


def read(url: str, headers: Mapping[str, str], most: int) -> bytes:
    """The content of a small file.

    Raises
    ------
    SourceError
        If it cannot be had at once, or has more than `most` bytes.
    """
    name = url.partition("?")[0].rpartition("/")[2]
    try:
        with asked(url, headers, name, timeout=ANSWER) as answer, interruptions(url):
            content = answer.read(most + 1)
    except Interrupted as error:
        raise SourceError(f"{host(url)} cannot be reached ({error}); check the connection and try again.") from None
    except OutOfRange:
        raise SourceError(f"{host(url)} has no {name}; try again later.") from None
    declared = declared_length(answer)
    if declared is not None and len(content) < min(declared, most + 1):
        raise SourceError(f"{host(url)} cut {name} off; try again.")
    if len(content) > most:
        raise SourceError(f"{host(url)} sends more than {most:,} bytes as {name}, which cannot be right; try later.")
    return content


def _is_web_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in SCHEMES
    except ValueError:  # half an IPv6 address
        return False


def host(url: str) -> str:
    """The host of an address, for messages."""
    return urlsplit(url).netloc.rpartition("@")[2] or url if _is_web_address(url) else url


class _Redirects(HTTPRedirectHandler):
    """Follows redirects, also to other hosts, but never to less safety, and tells no other host who asks."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        if after.scheme not in SCHEMES or (before.scheme, after.scheme) == ("https", "http"):
            raise SourceError(
                f"{host(req.full_url)} redirects to {after.scheme}://{host(newurl)}, which is not safe; nothing was "
                "fetched from there. Try again later or from another network."
            )
        request = super().redirect_request(req, fp, code, msg, headers, newurl)
        if request is not None and (before.scheme, before.netloc) != (after.scheme, after.netloc):
            request.remove_header("Authorization")
        return request

    def http_error_302(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> HTTPResponse | None:
        try:
            answer: HTTPResponse | None = super().http_error_302(req, fp, code, msg, headers)
            return answer
        except Exception:  # an address that cannot be, or one of ours: the library leaves the connection open
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _explained(error: HTTPError, name: str, refused: str) -> Exception:
    where, code = host(error.url or ""), error.code
    if code == 416:
        return OutOfRange()
    if code in TRY_AGAIN:
        wait = error.headers.get("Retry-After", "")
        seconds = min(float(wait), LONGEST_WAIT) if wait.isdecimal() else 0.0
        return Interrupted(f"{where} answers {code} {error.reason}", seconds)
    if code in (401, 403, 407):
        return SourceError(refused or f"{where} refuses {name} ({code} {error.reason}); it or a proxy wants a login.")
    if code in (404, 410):
        return SourceError(f"{where} has no {name} any more ({code} {error.reason}); choose another model.")
    if 300 <= code < 400:
        return SourceError(f"{where} redirects {name} in a circle or to nowhere; try again later.")
    return SourceError(f"{where} does not give {name} ({code} {error.reason}); try again later.")


def _untrusted(url: str, error: ssl.SSLCertVerificationError) -> SourceError:
    return SourceError(
        f"The certificate of {host(url)} is not trusted ({error.verify_message}); check this computer's clock, or "
        "whether a proxy needs a certificate of its own (SSL_CERT_FILE)."
    )


def declared_length(answer: HTTPResponse) -> int | None:
    """How many bytes an answer says it has; None if it does not say, or nonsense."""
    length = answer.headers.get("Content-Length", "")
    return int(length) if LENGTH.fullmatch(length) else None
