"""Faults of the connection: each says which bytes go out in place of a body."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.sandbox.faults import ConnectionDropped

_CHUNK_BYTES = 65_536


async def drip(body: bytes, seconds: float) -> AsyncIterator[bytes]:
    """One byte at a time, with a pause before each."""
    for i in range(len(body)):
        await asyncio.sleep(seconds)
        yield body[i : i + 1]


async def reset(body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Half of the body, and then nobody is there any more."""
    yield body[: len(body) // 2]
    raise ConnectionDropped("peer closed connection without sending complete message body")


async def truncated(body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Half of the body, as if that were all."""
    yield body[: len(body) // 2]


async def malformed(body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Something that looks like JSON and is none."""
    yield body.replace(b'":', b'"=>', 1) if b'":' in body else b"{" + body


async def huge(body: bytes, megabytes: float) -> AsyncIterator[bytes]:
    """The body with a great many spaces after it: good JSON, and too much of it."""
    yield body
    left = int(megabytes * 1_000_000)
    while left > 0:
        yield b" " * min(left, _CHUNK_BYTES)
        left -= _CHUNK_BYTES


async def not_utf8(body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Text in another encoding than the one that was promised."""
    yield body.replace(b'"', b'"\xe9\xff', 1)


async def empty(_body: bytes, _value: float) -> AsyncIterator[bytes]:
    """Nothing."""
    yield b""


async def not_an_object(_body: bytes, _value: float) -> AsyncIterator[bytes]:
    """JSON, but a list."""
    yield b"[]"
