"""A network without sockets: the bot reaches both fakes, and Slack the bot, inside one process.

Simulated time waits for nothing then, so that a cell of the matrix takes a fraction of a second.
The faults of a connection itself (no such host, refused, a wrong certificate) are made here.
"""

from __future__ import annotations

import errno
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from types import TracebackType
from typing import Any
from unittest import mock

import aiohttp
import httpx
from starlette.types import ASGIApp

from bot import app as composition

Failure = Callable[[], OSError]
_SELF_SIGNED = 18  # OpenSSL's X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT


def no_such_host() -> OSError:
    """What a resolver that doesn't know the name leads to."""
    return socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def refused() -> OSError:
    """What a closed port leads to."""
    return ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


def untrusted_certificate() -> OSError:
    """What a self-signed certificate leads to."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = _SELF_SIGNED
    return error


class Network:
    """The hosts, and which of them can't be reached now, and why."""

    def __init__(self) -> None:
        self.failures: dict[str, Failure] = {}
        self._hosts: dict[str, httpx.ASGITransport] = {}

    def add(self, host: str, app: ASGIApp) -> str:
        """Let a host be served by an app; returns its address."""
        self._hosts[host] = httpx.ASGITransport(app)
        return f"http://{host}"

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, or raise what httpx raises for a connection that fails."""
        if failure := self.failures.get(request.url.host):
            cause = failure()
            raise httpx.ConnectError(str(cause), request=request) from cause
        response = await self._hosts[request.url.host].handle_async_request(request)
        response.request = request
        return response


class SlackSession:
    """What `slack_sdk` uses of aiohttp's session, over a `Network`."""

    closed = False

    def __init__(self, network: Network) -> None:
        self._http = httpx.AsyncClient(transport=_Transport(network), timeout=None)

    async def __aenter__(self) -> SlackSession:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType) -> None:
        await self._http.aclose()

    @asynccontextmanager
    async def request(self, method: str, url: str, **arguments: Any) -> AsyncIterator[SlackReply]:
        """Make a request. `ssl` and `proxy` mean nothing here."""
        used: dict[str, Any] = {
            name: arguments.get(name) for name in ("params", "data", "json", "headers")
        }
        if isinstance(used["data"], str):
            used["content"] = used.pop("data")
        try:
            response = await self._http.request(method, url, **used)
        except httpx.ConnectError as error:
            raise aiohttp.ClientOSError(errno.ECONNREFUSED, "Connection refused") from error
        yield SlackReply(response)


class SlackReply:
    """What `slack_sdk` uses of aiohttp's response."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers = response.headers
        self.content_type = response.headers.get("content-type", "").partition(";")[0]

    async def text(self) -> str:
        """Return the body as text."""
        return self._response.text

    async def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self._response.text)


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, network: Network) -> None:
        self._network = network

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._network.handle(request)


@contextmanager
def only_network(network: Network) -> Iterator[httpx.AsyncClient]:
    """Let the bot's clients use this network. Yields a client of it for people and Slack."""
    with (
        mock.patch.object(
            httpx.AsyncHTTPTransport,
            "handle_async_request",
            lambda _, request: network.handle(request),
        ),
        mock.patch.object(composition, "open_session", partial(SlackSession, network)),
    ):
        yield httpx.AsyncClient(transport=_Transport(network), timeout=None)
