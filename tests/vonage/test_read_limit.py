"""Bytes of a response that the HTTP library drops are counted and limited, too."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.errors import UnexpectedReply
from bot.limits import MAX_HEAD_BYTES, MAX_RESPONSE_BYTES
from bot.vonage import read_limit
from bot.vonage.transport import HttpResponse, exchange
from tests.vonage.raw_server import HEAD, raw_server, response

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


async def get(http: httpx.AsyncClient, url: str) -> HttpResponse:
    """Request a URL."""
    deadline = asyncio.get_running_loop().time() + 60
    return await exchange(http, http.build_request("GET", url), deadline)


async def test_head_with_endless_informational_responses_is_refused():
    """The library reads over them, so they would go on until the deadline."""
    flood = CONTINUE * (MAX_HEAD_BYTES // len(CONTINUE) + 1)
    async with raw_server(flood, response(b"{}")) as server, httpx.AsyncClient() as http:
        with pytest.raises(UnexpectedReply, match=read_limit.TOO_MUCH):
            await get(http, server.url)


async def test_body_with_long_chunk_extensions_is_refused():
    """What stands between the parts of a body is limited together with them."""
    part = b"1;" + b"x" * 10_000 + b"\r\nx\r\n"
    parts = [part] * (3 * MAX_RESPONSE_BYTES // len(part))
    async with raw_server(CHUNKED, *parts, b"0\r\n\r\n") as server, httpx.AsyncClient() as http:
        with pytest.raises(UnexpectedReply, match=read_limit.TOO_MUCH):
            await get(http, server.url)


async def test_body_is_limited_apart_from_the_head_for_each_response():
    """Many large responses on one client are read, each with limits of its own."""
    body = b"x" * (MAX_RESPONSE_BYTES - 1)
    sent = [CONTINUE * 1_000, response(body)]
    async with raw_server(*sent) as server, httpx.AsyncClient() as http:
        for _ in range(3):
            assert len((await get(http, server.url)).body) == len(body)


async def test_responses_on_one_connection_each_have_the_whole_limit():
    """A connection that is used again counts for the request that it is used for."""
    body = b"{}"
    alive = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + body
    flood = CONTINUE * (MAX_HEAD_BYTES // len(CONTINUE) - 100)
    connections = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        try:
            for _ in range(3):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(flood + alive)
                await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with httpx.AsyncClient() as http:
        for _ in range(3):
            assert (await get(http, f"http://127.0.0.1:{port}")).body == body
    server.close()
    assert connections == 1
