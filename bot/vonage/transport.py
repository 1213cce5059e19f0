"""Sends one request and returns the whole response, or raises a `SourceError`.

A server may send anything, so nothing that it sends is followed, kept or decoded: no redirect,
because the next host would get the token; no cookie; no compressed body, of which a kilobyte can
be a gigabyte. A body is read up to `MAX_RESPONSE_BYTES`. The deadline is for the whole exchange,
so a response that arrives byte by byte is cut off too. No exception of httpx leaves this module.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any, cast

import httpx

from bot import log as log_lines
from bot.errors import CertificateRefused, Unavailable, UnexpectedReply
from bot.limits import MAX_RESPONSE_BYTES, MAX_RESPONSE_CHUNKS
from bot.vonage.read_limit import limit_reads

TOO_LARGE = "The response is larger than 8 MB."
ENCODED = "The response is compressed, although Ext asked for a plain one."
MALFORMED = "The response is not valid HTTP."
UNSENDABLE = "The request can't be sent: it has a character that HTTP doesn't allow."
BAD_REDIRECT = "The response redirects to an address that can't be read."

# OpenSSL's codes: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/#error-codes
_CERTIFICATE_REASONS = {
    9: "it isn't valid yet",
    10: "it has expired",
    18: "it's self-signed",
    19: "its authority isn't trusted here",
    20: "its authority isn't trusted here",
    21: "its authority isn't trusted here",
    23: "it's revoked",
    62: "it's for another host",
    64: "it's for another host",
}
_OTHER_REASON = "it isn't trusted here"


class ConnectFailed(Unavailable):
    """Could not connect to Vonage, so the request was not sent."""


class TimedOut(Unavailable):
    """Vonage did not answer in time."""


class NotReached(ConnectFailed, TimedOut):
    """Vonage did not accept the connection in time, so the request was not sent."""


class UntrustedHost(ConnectFailed, CertificateRefused):
    """The host's certificate was refused, so the request was not sent."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP response. The body is whole, but empty if it can't be read and the status says no."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _NoCookies(CookieJar):
    """A cookie jar that reads no cookie and sends none.

    httpx keeps cookies otherwise, and sends more and larger ones until the server refuses them.
    """

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Keep nothing; not even a malformed cookie is parsed."""

    def add_cookie_header(self, request: Any) -> None:
        """Send nothing."""


async def exchange(
    http: httpx.AsyncClient, request: httpx.Request, deadline: float
) -> HttpResponse:
    """Send a request and read the response until `deadline`, in the event loop's time.

    The id of Slack's request is sent as a header, so that the call can be found in both logs.
    Raises `ConnectFailed`, `UntrustedHost`, `TimedOut`, `Unavailable` or `UnexpectedReply`.
    """
    if request_id := log_lines.request_id():
        request.headers[log_lines.REQUEST_ID] = request_id
    request.headers["Accept-Encoding"] = "identity"
    http.cookies.jar = _NoCookies()
    limit_reads(request)
    try:
        async with asyncio.timeout_at(deadline):
            response = await http.send(request, stream=True, follow_redirects=False)
    except TimeoutError:
        raise TimedOut from None
    except _ERRORS as error:
        raise translate_error(error) from None
    try:
        body = await _body_until(response, deadline)
    except (Unavailable, UnexpectedReply):
        # The status of a refusal is enough. A refused login would be repeated without it, and
        # Vonage would lock the user.
        if response.status_code < 400:
            raise
        body = b""
    return HttpResponse(response.status_code, response.headers, body)


# httpx's own errors, and the ones that slip through it on what no server should send: a
# `Content-Length` of thousands of digits is a ValueError, for example.
_ERRORS = (
    *(httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict),
    *(ValueError, LookupError, ArithmeticError),
)


async def _body_until(response: httpx.Response, deadline: float) -> bytes:
    try:
        async with asyncio.timeout_at(deadline):
            return await _body(response)
    except TimeoutError:
        raise TimedOut from None
    except _ERRORS as error:
        raise translate_error(error) from None
    finally:
        await response.aclose()


async def _body(response: httpx.Response) -> bytes:
    """Return the body as it was sent: `response.stream` decodes nothing."""
    if _is_encoded(response):
        raise UnexpectedReply(ENCODED)
    body, chunks = bytearray(), 0
    async for chunk in cast("httpx.AsyncByteStream", response.stream):
        body += chunk
        chunks += 1
        if len(body) > MAX_RESPONSE_BYTES or chunks > MAX_RESPONSE_CHUNKS:
            raise UnexpectedReply(TOO_LARGE)
    return bytes(body)


def _is_encoded(response: httpx.Response) -> bool:
    encodings = response.headers.get("content-encoding", "").split(",")
    return any(each.strip().lower() not in ("", "identity") for each in encodings)


def translate_error(error: Exception) -> Unavailable | UnexpectedReply:
    """Return the `SourceError` for an error of httpx, without its text, which contains URLs."""
    match error:
        case httpx.ConnectTimeout() | httpx.ConnectError() | httpx.PoolTimeout():
            return _connect_failure(error)
        case httpx.TimeoutException():
            return TimedOut()
        case httpx.RemoteProtocolError(__context__=httpx.InvalidURL()):
            return UnexpectedReply(BAD_REDIRECT)  # httpx reads it, although Ext doesn't follow it
        case httpx.LocalProtocolError():
            return UnexpectedReply(UNSENDABLE)
        case httpx.DecodingError() | httpx.TooManyRedirects():
            return UnexpectedReply(MALFORMED)
        case httpx.HTTPError() | httpx.StreamError():
            return Unavailable("The connection broke.")
        case _:
            return UnexpectedReply(MALFORMED)


def _connect_failure(error: httpx.TransportError) -> ConnectFailed:
    """Return why there is no connection: the cause of httpx's error, if it was a certificate."""
    if isinstance(error, httpx.ConnectTimeout):
        return NotReached()
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = _CERTIFICATE_REASONS.get(cause.verify_code, _OTHER_REASON)
            return UntrustedHost(f"Vonage's certificate was refused: {reason}.", reason=reason)
    return ConnectFailed()


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
