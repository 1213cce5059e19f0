"""Limits the bytes that are read for one response, whatever they are.

The HTTP library drops informational responses and what stands between the parts of a body, so
these pass the limit of the body unseen, and an endless flood of them would keep the processor busy
until the deadline. Only the connection itself sees every byte.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import httpx

from bot.errors import UnexpectedReply
from bot.limits import MAX_HEAD_BYTES, MAX_RESPONSE_BYTES

TOO_MUCH = "The response has more bytes around its body than any response needs."


class _Reads:
    """The bytes that may still be read for the current response: first its head, then its body."""

    def __init__(self) -> None:
        self.bytes_left = MAX_HEAD_BYTES

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """Follow a request. https://www.encode.io/httpcore/extensions/#trace"""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            _count_reads(info["return_value"])
        elif event.endswith(".receive_response_headers.complete"):
            self.bytes_left = 2 * MAX_RESPONSE_BYTES

    def count(self, data: bytes) -> None:
        """Raise `UnexpectedReply` if this data exceeds what may be read."""
        self.bytes_left -= len(data)
        if self.bytes_left < 0:
            raise UnexpectedReply(TOO_MUCH)


_reads: ContextVar[_Reads] = ContextVar("reads")


def limit_reads(request: httpx.Request) -> None:
    """Limit the bytes that are read for this request's response, in the current task."""
    reads = _Reads()
    _reads.set(reads)
    request.extensions["trace"] = reads.trace


def _count_reads(stream: Any) -> None:
    """Count what is read from a new connection, for the request that it is then used for.

    httpx has no setting for its connections, but shows each one that it opens.
    """
    read = stream.read

    async def counted_read(*args: Any, **options: Any) -> bytes:
        data: bytes = await read(*args, **options)
        _reads.get().count(data)
        return data

    stream.read = counted_read
