"""Serving an app on loopback: the fake API as a client really meets it."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.sandbox.server import serving
from tests.sandbox.vonage.calling import EXTENSIONS, ask, login, sign_in

ONE = f"{EXTENSIONS}/789"


@pytest.fixture
async def http(app):
    """A signed-in caller over a socket."""
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        client.headers["Accept"] = "application/json"
        await sign_in(client)
        yield client


async def test_the_api_answers_over_a_socket(http):
    """The same answers come over HTTP, with a date."""
    assert (await ask(http, ONE))["_embedded"]["extension"]["extension_number"] == "789"
    assert "date" in (await http.get(ONE)).headers


async def test_it_stops_listening_when_it_ends(app):
    """After the end nobody answers, and the port is free at once."""
    async with serving(app) as url:
        port = int(url.rpartition(":")[2])
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)
    async with serving(app, port) as again:
        assert again == url


async def test_a_taken_port_is_an_os_error(app):
    """Two cannot listen on one port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            async with serving(app, taken.getsockname()[1]):
                pass


@pytest.mark.parametrize("fault", ["hang", "latency", "drip"])
async def test_it_ends_at_once_though_requests_hang(app, sandbox, fault, caplog):
    """Nobody waits for a request that will not end, and nothing is logged about it."""
    async with httpx.AsyncClient() as client:
        async with serving(app) as url:
            sandbox.faults.on(fault, 3_600)
            waiting = asyncio.create_task(client.get(f"{url}{ONE}"))
            await asyncio.sleep(0.05)
        with pytest.raises(httpx.TransportError):
            await waiting
    assert caplog.records == []


async def test_a_hanging_request_ends_when_the_caller_leaves(app, sandbox):
    """A caller that gives up leaves nothing behind."""
    async with serving(app) as url:
        sandbox.faults.on("hang")
        async with httpx.AsyncClient(timeout=0.05) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get(f"{url}{ONE}")
        for _ in range(100):
            if sandbox.calls.templates.total():
                break
            await asyncio.sleep(0.01)
        assert sandbox.calls.templates.total() == 1


async def test_a_reset_cuts_the_body_off(http, sandbox, caplog):
    """Over a socket the body ends in the middle, which httpx notices."""
    sandbox.faults.on("reset", calls=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await http.get(ONE)
    assert caplog.records == []
    assert (await http.get(ONE)).status_code == 200


async def test_a_dripping_body_comes_byte_by_byte(http, sandbox):
    """Time between bytes never ends for a client that only looks at pauses."""
    sandbox.faults.on("drip", 0.0001)
    async with http.stream("GET", ONE) as response:
        pieces = [piece async for piece in response.aiter_raw()]
    assert len(pieces) > 50


async def test_a_huge_body_comes_without_its_length(http, sandbox):
    """A client has to count for itself, and may stop reading."""
    sandbox.faults.on("huge")
    async with http.stream("GET", ONE) as response:
        assert "content-length" not in response.headers
        read = 0
        async for piece in response.aiter_raw():
            read += len(piece)
            if read > 1_000_000:
                break
    assert (await login(http)).status_code == 200


async def test_the_lifespan_of_an_app_is_kept():
    """What an app opens at its start it can close at its end."""
    seen = []

    @asynccontextmanager
    async def lifespan(_app):
        """Note the start and the end."""
        seen.append("start")
        yield
        seen.append("end")

    app = Starlette(
        routes=[Route("/", lambda _request: PlainTextResponse("here"))],
        lifespan=lifespan,
    )
    async with serving(app) as url, httpx.AsyncClient() as client:
        assert (await client.get(url)).text == "here"
        assert seen == ["start"]
    assert seen == ["start", "end"]


async def test_a_real_mistake_is_logged(caplog):
    """An error that nobody switched on does not pass in silence."""

    def broken(_request):
        """Fail."""
        raise ZeroDivisionError

    app = Starlette(routes=[Route("/", broken)])
    with caplog.at_level(logging.ERROR):
        async with serving(app) as url, httpx.AsyncClient() as client:
            assert (await client.get(url)).status_code == 500
    assert "ZeroDivisionError" in caplog.text
