"""An HTTP client that costs little compared with the server that it measures.

Requests are bytes made beforehand and sent over kept connections. Of a reply only the status, the
length and one expected word are checked. An HTTP library would use more CPU than the server here.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.sandbox.server import HOST
from bot.sandbox.slack import signing
from bot.web.app import PATH

LIMIT_S = 30.0  # for all requests of one `load`
MAX_REQUESTS = 50_000  # of `repeat_for`

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class UnexpectedAnswer(Exception):
    """A server gave another answer than the one that is measured."""


@dataclass(slots=True)
class Load:
    """The seconds that each answer took, in their order, and all together."""

    seconds_each: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Return the answers per second."""
        return len(self.seconds_each) / self.seconds


def slash_command(text: str, *, response_url: str = "") -> bytes:
    """Return a whole HTTP request as Slack sends it, signed now; it is valid for five minutes."""
    body = signing.slash_command(text, response_url=response_url)
    headers = {
        "Host": HOST,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept-Encoding": "gzip,deflate",
        "Accept": "application/json,*/*",
        "Content-Length": str(len(body)),
        **signing.form_headers(body),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {PATH} HTTP/1.1\r\n{lines}\r\n".encode() + body


def repeat_for(seconds: float, request: bytes) -> Iterator[bytes]:
    """Give the same request again and again, for some seconds."""
    end = time.perf_counter() + seconds
    for _ in range(MAX_REQUESTS):
        if time.perf_counter() > end:
            return
        yield request


async def load(
    port: int, requests: Iterable[bytes], *, connections: int = 1, expect: bytes = b""
) -> Load:
    """Send all requests over some connections at once, and wait for the answers.

    Raises `UnexpectedAnswer` for an answer without status 200 or without the bytes `expect`.
    """
    loop = asyncio.get_running_loop()
    remaining, result = iter(requests), Load()
    open_connections: list[_Connection] = []
    try:
        async with asyncio.timeout(LIMIT_S):
            for _ in range(connections):
                _, connection = await loop.create_connection(
                    lambda: _Connection(remaining, expect, result.seconds_each), HOST, port
                )
                open_connections.append(connection)
            started_at = time.perf_counter()
            for connection in open_connections:
                connection.send_next()
            await asyncio.gather(*(connection.done for connection in open_connections))
            result.seconds = time.perf_counter() - started_at
    finally:
        for connection in open_connections:
            connection.close()
    return result


class _Connection(asyncio.Protocol):
    """One connection, which sends the next request as soon as it has the answer."""

    def __init__(self, requests: Iterator[bytes], expect: bytes, seconds_each: list[float]) -> None:
        self._requests = requests
        self._expect = expect
        self._seconds_each = seconds_each
        self._reply = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send_next(self) -> None:
        """Send the next request; without one, be done."""
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            return
        assert self._transport
        self._reply = b""
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Collect the reply, and check it when it is complete."""
        self._reply += data
        head, blank, body = self._reply.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not blank or (length and len(body) < int(length[1])):
            return
        self._seconds_each.append(time.perf_counter() - self._sent_at)
        if length and head.startswith(b"HTTP/1.1 200 ") and self._expect in body:
            self.send_next()
        elif not self.done.done():
            self.done.set_exception(UnexpectedAnswer(self._reply[:400].decode(errors="replace")))

    def connection_lost(self, exc: Exception | None) -> None:
        """Report that the server closed the connection before the last answer."""
        if not self.done.done():
            self.done.set_exception(exc or UnexpectedAnswer("The connection was closed."))

    def close(self) -> None:
        """Close the connection, also in the middle of a request."""
        self.done.cancel()
        if self._transport:
            self._transport.abort()
