"""The ASGI application: Slack's requests through the guard to Bolt, and the health endpoints.

`create_web` is a factory, so that nothing is built at import.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import log as log_lines
from bot.app import run_services
from bot.metrics import Metrics
from bot.settings import Settings, load
from bot.web import endpoints
from bot.web.guard import NOT_FROM_SLACK, Content, Guard, RequestRejected

log = logging.getLogger(__name__)

PATH = "/slack/events"
NO_BODY = "This address takes no body."


def create_web(settings: Settings | None = None) -> Web:
    """Return the ASGI application; without `settings`, load them.

    `app.state.health` is what /readyz reports. The server sets its `stopping` at shutdown.
    """
    settings = settings or load()
    log_lines.setup(settings.log_level, settings.log_format)
    metrics, health, bolt_endpoint = Metrics(), endpoints.Health(), BoltEndpoint()

    @asynccontextmanager
    async def lifespan(_web: Starlette) -> AsyncIterator[None]:
        async with run_services(settings, metrics) as services:
            bolt_endpoint.bolt = services.bolt
            health.slack_refusal = services.slack_refusal
            health.directory_status = services.directory.status
            health.up = True
            yield
            health.stopping = True

    web = Web(routes=endpoints.routes(health, metrics), lifespan=lifespan)
    web.guard = Guard(
        bolt_endpoint.respond, signing_secret=settings.slack_signing_secret, metrics=metrics
    )
    web.state.health, web.state.metrics = health, metrics
    return web


class Web(Starlette):
    """The application. Slack's requests skip Starlette's routing, which takes longer than Ext.

    No other request may have a body: nobody would read it.
    """

    guard: Guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request, or run the lifespan."""
        if scope["type"] == "http" and scope["path"] == PATH:
            await self.guard(scope, receive, send)
        elif scope["type"] == "http" and _has_body(scope):
            await RequestRejected(413, NO_BODY).response()(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _has_body(scope: Scope) -> bool:
    """Whether the headers of a request announce a body."""
    headers = dict(scope["headers"])
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


class BoltAsgiResponse:
    """Bolt's response as ASGI, encoded once."""

    def __init__(self, response: BoltResponse) -> None:
        self._body = response.body.encode("utf-8", "replace")
        self._status = response.status
        self._headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the response."""
        length = (b"content-length", b"%d" % len(self._body))
        headers = [*self._headers, length]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": self._body})


class BoltEndpoint:
    """Hands payloads that passed the guard to Bolt.

    `listeners.errors` handles errors in a listener. If Bolt itself raises or responds with 500,
    the payload lacks fields that every request from Slack has, so it is rejected.
    """

    bolt: AsyncApp

    async def respond(self, content: Content) -> ASGIApp:
        """Return the response to a payload; Slack's two set-up checks don't go to Bolt."""
        if content.get("type") == "url_verification":
            return _echo(content.get("challenge"))
        if "ssl_check" in content:
            return Response()
        try:
            # In this mode Bolt takes a parsed payload, as from a WebSocket, and doesn't parse it
            # again.
            request = AsyncBoltRequest(body=content, mode="socket_mode")
            response = await self.bolt.async_dispatch(request)
        except Exception as error:
            log.error("Bolt could not read a request: %s", type(error).__name__)
            log.debug("Where Bolt failed", exc_info=True)
            raise RequestRejected(400, NOT_FROM_SLACK) from None
        if response.status >= 500:
            log.error("Bolt could not read a request")
            raise RequestRejected(400, NOT_FROM_SLACK)
        return BoltAsgiResponse(response)


def _echo(challenge: object) -> Response:
    """Return the challenge, by which Slack checks the address of the app."""
    if not isinstance(challenge, str):
        raise RequestRejected(400, NOT_FROM_SLACK)
    return JSONResponse({"challenge": challenge})
