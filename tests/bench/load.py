"""A client that costs little beside what it measures: whole requests over kept connections.

Requests are bytes made beforehand, and of a reply only the status, the length and one expected
word are looked at. An HTTP library would be busier than the server here.
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

LIMIT = 30.0  # seconds for a whole load
MOST = 50_000  # requests of a load that is limited by time

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class UnexpectedAnswer(Exception):
    """A server answered something else than what is being measured."""


@dataclass(slots=True)
class Load:
    """What came of it: the seconds of each answer, in their order, and of all together."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds


def slash_command(text: str, *, response_url: str = "") -> bytes:
    """A whole HTTP request as Slack sends it, signed now; it is good for five minutes."""
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


def for_seconds(seconds: float, request: bytes) -> Iterator[bytes]:
    """The same request again and again, for a while."""
    until = time.perf_counter() + seconds
    for _ in range(MOST):
        if time.perf_counter() > until:
            return
        yield request


async def load(
    port: int, requests: Iterable[bytes], *, connections: int = 1, expect: bytes = b""
) -> Load:
    """Send all requests, so many at a time, and wait for their answers.

    Raises `UnexpectedAnswer` for one without status 200 or without the word to `expect`.
    """
    loop = asyncio.get_running_loop()
    waiting, result = iter(requests), Load()
    callers: list[_Caller] = []
    try:
        async with asyncio.timeout(LIMIT):
            for _ in range(connections):
                _, caller = await loop.create_connection(
                    lambda: _Caller(waiting, expect, result.took), HOST, port
                )
                callers.append(caller)
            begun = time.perf_counter()
            for caller in callers:
                caller.ask()
            await asyncio.gather(*(caller.ended for caller in callers))
            result.seconds = time.perf_counter() - begun
    finally:
        for caller in callers:
            caller.close()
    return result


class _Caller(asyncio.Protocol):
    """One connection; it asks again as soon as it is answered, until no request is left."""

    def __init__(self, requests: Iterator[bytes], expect: bytes, took: list[float]) -> None:
        self._requests = requests
        self._expect = expect
        self._took = took
        self._reply = b""
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self) -> None:
        """Send the next request, or end."""
        request = next(self._requests, None)
        if request is None:
            self.ended.set_result(None)
            return
        assert self._transport
        self._reply = b""
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a part of the reply; look at it when it is whole."""
        self._reply += data
        head, blank, body = self._reply.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not blank or (length and len(body) < int(length[1])):
            return
        self._took.append(time.perf_counter() - self._sent)
        if length and head.startswith(b"HTTP/1.1 200 ") and self._expect in body:
            self.ask()
        elif not self.ended.done():
            self.ended.set_exception(UnexpectedAnswer(self._reply[:400].decode(errors="replace")))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell where the server ended it."""
        if not self.ended.done():
            self.ended.set_exception(exc or UnexpectedAnswer("The connection was closed."))

    def close(self) -> None:
        """End the connection, whatever is under way."""
        self.ended.cancel()
        if self._transport:
            self._transport.abort()
