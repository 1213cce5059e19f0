"""A server that answers every request with the bytes that a test wants, valid HTTP or not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class RawServer:
    """Sends `parts` in answer to each request, then closes the connection; records the requests."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.parts = parts
        self.requests: list[bytes] = []
        self.sent_bytes = 0
        self.port = 0

    @property
    def url(self) -> str:
        """The server's address, without a path."""
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read the head of one request and answer it."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            for part in self.parts:
                writer.write(part)
                await writer.drain()
                self.sent_bytes += len(part)
        writer.close()


@asynccontextmanager
async def raw_server(
    *parts: bytes, endless: Iterable[bytes] = (), tls: ssl.SSLContext | None = None
) -> AsyncIterator[RawServer]:
    """A server on loopback that sends these parts, or an endless iterable of them."""
    raw = RawServer(parts or endless)
    server = await asyncio.start_server(raw.answer, "127.0.0.1", 0, ssl=tls)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()


def response(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """A complete response, whose connection is closed after it."""
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), b"Connection: close"]
    return b"\r\n".join([*lines, *headers, b"", body])
