"""The network, as one function: a request out, a whole reply back, or one of our errors.

No redirect is followed (the next host would get the token), a body is read up to
`MAX_BODY`, and the deadline holds for the whole exchange, so that a reply that drips is cut
off too. httpx's errors end here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from bot import log as log_lines
from bot.errors import Unavailable, UnexpectedReply

MAX_BODY = 8 * 1024 * 1024  # bytes; a page of 100 extensions has some 60 kB


class ConnectFailed(Unavailable):
    """Vonage could not be reached, so the request never was with them."""


class TimedOut(Unavailable):
    """Vonage did not answer in time."""


class NotReached(ConnectFailed, TimedOut):
    """Vonage did not even take the connection in time."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def exchange(
    http: httpx.AsyncClient, request: httpx.Request, deadline: float
) -> HttpResponse:
    """Send a request and read the reply until `deadline`, in the event loop's time.

    The id of Slack's request goes with it, so that Vonage's support can be told of one call.
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
        raise translated(error) from None


async def _read(http: httpx.AsyncClient, request: httpx.Request) -> HttpResponse:
    response = await http.send(request, stream=True, follow_redirects=False)
    try:
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > MAX_BODY:
                raise UnexpectedReply("The reply is larger than 8 MB.")
        return HttpResponse(response.status_code, response.headers, bytes(body))
    finally:
        await response.aclose()


def translated(error: Exception) -> Unavailable | UnexpectedReply:
    """Return what an error of httpx means to us. httpx's words hold addresses: they stay here."""
    match error:
        case httpx.ConnectTimeout():
            return NotReached()
        case httpx.ConnectError() | httpx.PoolTimeout():
            return ConnectFailed()
        case httpx.TimeoutException():
            return TimedOut()
        case httpx.DecodingError() | httpx.TooManyRedirects() | httpx.InvalidURL():
            return UnexpectedReply("The reply could not be decoded.")
        case _:
            return Unavailable("The connection broke.")
