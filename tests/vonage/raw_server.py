"""A server that answers every request with the bytes that a test wants, valid HTTP or not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class RawServer:
    """Sends `parts` in answer to each request, then closes the connection; records the requests.

    Each answer begins after `pause_s` seconds.
    """

    def __init__(self, parts: Iterable[bytes], pause_s: float) -> None:
        self.parts = parts
        self.pause_s = pause_s
        self.requests: list[bytes] = []
        self.sent_bytes = 0
        self.tasks: set[asyncio.Task[None]] = set()
        self.host, self.port = "127.0.0.1", 0

    @property
    def url(self) -> str:
        """The server's address, without a path."""
        return f"http://{self.host}:{self.port}"

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer a connection in a task that `end` can end."""
        self.tasks.add(asyncio.ensure_future(self._answer(reader, writer)))

    async def end(self) -> None:
        """Close what is open. A connection that outlives its loop would fail a later test."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read the head of one request and answer it."""
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                await asyncio.sleep(self.pause_s)
                for part in self.parts:
                    writer.write(part)
                    await writer.drain()
                    self.sent_bytes += len(part)
        finally:
            writer.close()


@asynccontextmanager
async def raw_server(
    *parts: bytes,
    endless: Iterable[bytes] = (),
    pause_s: float = 0.0,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[RawServer]:
    """A server on loopback that sends these parts, or an endless iterable of them."""
    raw = RawServer(parts or endless, pause_s)
    server = await asyncio.start_server(raw.accept, "127.0.0.1", 0, ssl=tls)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()
        await raw.end()


def response(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """A complete response, whose connection is closed after it."""
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), b"Connection: close"]
    return b"\r\n".join([*lines, *headers, b"", body])
