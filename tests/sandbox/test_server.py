"""Serving an app on loopback, as a client meets it."""

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
from tests.sandbox.vonage.calling import EXTENSIONS, get_json, login, sign_in

ONE = f"{EXTENSIONS}/789"


@pytest.fixture
async def http(app):
    """A client with a token, over a socket."""
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        client.headers["Accept"] = "application/json"
        await sign_in(client)
        yield client


async def test_api_over_a_socket_responds_as_in_process(http):
    """The same responses come over HTTP, with a date."""
    assert (await get_json(http, ONE))["_embedded"]["extension"]["extension_number"] == "789"
    assert "date" in (await http.get(ONE)).headers


async def test_stopped_server_frees_its_port(app):
    """It can be used again at once."""
    async with serving(app) as url:
        port = int(url.rpartition(":")[2])
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)
    async with serving(app, port) as again:
        assert again == url


async def test_taken_port_raises_os_error(app):
    """Two servers can't listen on one port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            async with serving(app, taken.getsockname()[1]):
                pass


@pytest.mark.parametrize("fault", ["hang", "latency", "drip"])
async def test_server_with_hanging_request_stops_at_once(app, vonage, fault, caplog):
    """Nothing is logged about it."""
    async with httpx.AsyncClient() as client:
        async with serving(app) as url:
            vonage.faults.on(fault, 3_600)
            waiting = asyncio.create_task(client.get(f"{url}{ONE}"))
            await asyncio.sleep(0.05)
        with pytest.raises(httpx.TransportError):
            await waiting
    assert caplog.records == []


async def test_hanging_request_ends_when_client_disconnects(app, vonage):
    """Nothing stays behind."""
    async with serving(app) as url:
        vonage.faults.on("hang")
        async with httpx.AsyncClient(timeout=0.05) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get(f"{url}{ONE}")
        for _ in range(100):
            if vonage.calls.templates.total():
                break
            await asyncio.sleep(0.01)
        assert vonage.calls.templates.total() == 1


async def test_reset_over_a_socket_cuts_the_body(http, vonage, caplog):
    """Httpx notices it."""
    vonage.faults.on("reset", calls=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await http.get(ONE)
    assert caplog.records == []
    assert (await http.get(ONE)).status_code == 200


async def test_dripping_body_defeats_a_read_timeout(http, vonage):
    """The time-out of httpx counts the pauses only."""
    vonage.faults.on("drip", 0.0001)
    async with http.stream("GET", ONE) as response:
        pieces = [piece async for piece in response.aiter_raw()]
    assert len(pieces) > 50


async def test_huge_body_has_no_content_length(http, vonage):
    """A client has to count by itself, and can stop reading."""
    vonage.faults.on("huge")
    async with http.stream("GET", ONE) as response:
        assert "content-length" not in response.headers
        read = 0
        async for piece in response.aiter_raw():
            read += len(piece)
            if read > 1_000_000:
                break
    assert (await login(http)).status_code == 200


async def test_server_runs_the_lifespan_of_the_app():
    """The app closes at the end what it opened at the start."""
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


async def test_unexpected_error_is_logged(caplog):
    """Only errors of faults are silent."""

    def broken(_request):
        """Fail."""
        raise ZeroDivisionError

    app = Starlette(routes=[Route("/", broken)])
    with caplog.at_level(logging.ERROR):
        async with serving(app) as url, httpx.AsyncClient() as client:
            assert (await client.get(url)).status_code == 500
    assert "ZeroDivisionError" in caplog.text
