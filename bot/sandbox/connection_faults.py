"""Faults of the connection: each yields the bytes that are sent in place of a body."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.sandbox.faults import ConnectionDropped

_CHUNK_BYTES = 65_536


async def drip(body: bytes, seconds: float) -> AsyncIterator[bytes]:
    """Yield one byte at a time, with a pause before each."""
    for i in range(len(body)):
        await asyncio.sleep(seconds)
        yield body[i : i + 1]


async def reset(body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Yield half of the body, then drop the connection."""
    yield body[: len(body) // 2]
    raise ConnectionDropped("peer closed connection without sending complete message body")


async def truncated(body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Yield half of the body as if it were all of it."""
    yield body[: len(body) // 2]


async def malformed(body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Yield text that looks like JSON but is not."""
    yield body.replace(b'":', b'"=>', 1) if b'":' in body else b"{" + body


async def huge(body: bytes, megabytes: float) -> AsyncIterator[bytes]:
    """Yield the body and many spaces after it: valid JSON, but too large."""
    yield body
    left = int(megabytes * 1_000_000)
    while left > 0:
        yield b" " * min(left, _CHUNK_BYTES)
        left -= _CHUNK_BYTES


async def not_utf8(body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Yield text in an encoding other than the declared one."""
    yield body.replace(b'"', b'"\xe9\xff', 1)


async def empty(_body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Yield nothing."""
    yield b""


async def not_an_object(_body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Yield valid JSON that is a list instead of an object."""
    yield b"[]"
