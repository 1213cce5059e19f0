"""Sends one request and returns the whole response, or raises a `SourceError`.

No redirect is followed, because the next host would get the token. A body is read up to
`MAX_RESPONSE_BYTES`. The deadline is for the whole exchange, so a response that arrives byte by
byte is cut off too. No exception of httpx leaves this module.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from bot import log as log_lines
from bot.errors import Unavailable, UnexpectedReply
from bot.limits import MAX_RESPONSE_BYTES


class ConnectFailed(Unavailable):
    """Could not connect to Vonage, so the request was not sent."""


class TimedOut(Unavailable):
    """Vonage did not answer in time."""


class NotReached(ConnectFailed, TimedOut):
    """Vonage did not accept the connection in time, so the request was not sent."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP response with its whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def exchange(
    http: httpx.AsyncClient, request: httpx.Request, deadline: float
) -> HttpResponse:
    """Send a request and read the response until `deadline`, in the event loop's time.

    The id of Slack's request is sent as a header, so that the call can be found in both logs.
    Raises `ConnectFailed`, `TimedOut`, `Unavailable` or `UnexpectedReply`.
    """
    if request_id := log_lines.request_id():
        request.headers[log_lines.REQUEST_ID] = request_id
    try:
        async with asyncio.timeout_at(deadline):
            return await _read(http, request)
    except TimeoutError:
        raise TimedOut from None
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict) as error:
        raise translate_error(error) from None


async def _read(http: httpx.AsyncClient, request: httpx.Request) -> HttpResponse:
    response = await http.send(request, stream=True, follow_redirects=False)
    try:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_RESPONSE_BYTES:
                raise UnexpectedReply("The response is larger than 8 MB.")
        return HttpResponse(response.status_code, response.headers, bytes(body))
    finally:
        await response.aclose()


def translate_error(error: Exception) -> Unavailable | UnexpectedReply:
    """Return the `SourceError` for an error of httpx, without its text, which contains URLs."""
    match error:
        case httpx.ConnectTimeout():
            return NotReached()
        case httpx.ConnectError() | httpx.PoolTimeout():
            return ConnectFailed()
        case httpx.TimeoutException():
            return TimedOut()
        case httpx.DecodingError() | httpx.TooManyRedirects() | httpx.InvalidURL():
            return UnexpectedReply("The response could not be decoded.")
        case _:
            return Unavailable("The connection broke.")
