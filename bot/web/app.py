"""The bot over HTTP: Slack's requests through the guard to Bolt, and the operator's pages.

`create_web` is an ASGI factory, so that nothing is built at import.
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
from bot.web.guard import Content, Guard, RequestRejected

log = logging.getLogger(__name__)

PATH = "/slack/events"
UNREADABLE = "The request is not what Slack sends."


def create_web(settings: Settings | None = None) -> Web:
    """Return the ASGI application; the settings are read where none are given.

    `app.state.health` is what /readyz reads, for whoever ends the process to say so.
    """
    known = settings or load()
    log_lines.setup(known.log_level, known.log_format)
    metrics, health, entrance = Metrics(), endpoints.Health(), BoltEndpoint()

    @asynccontextmanager
    async def lifespan(_web: Starlette) -> AsyncIterator[None]:
        async with run_services(known, metrics) as services:
            entrance.bolt = services.bolt
            health.slack_refusal = services.slack_refusal
            health.vonage = services.directory.status
            health.up = True
            yield
            health.stopping = True

    web = Web(routes=endpoints.routes(health, metrics), lifespan=lifespan)
    web.guard = Guard(entrance.answer, signing_secret=known.slack_signing_secret, metrics=metrics)
    web.state.health = health
    return web


class Web(Starlette):
    """The application. What Slack sends is most of it, and goes straight to the guard."""

    guard: Guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end."""
        if scope["type"] == "http" and scope["path"] == PATH:
            await self.guard(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class BoltAsgiResponse:
    """What Bolt answers, as ASGI sends it: every answer is one, so nothing is made of it twice."""

    def __init__(self, reply: BoltResponse) -> None:
        self._body = reply.body.encode()
        self._status = reply.status
        self._headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, values in reply.headers.items()
            for value in values
        ]

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        length = (b"content-length", b"%d" % len(self._body))
        headers = [*self._headers, length]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": self._body})


class BoltEndpoint:
    """Hands what the guard has read to Bolt, once it runs.

    Bolt fails with 500, or an exception, on payloads that lack what it looks for. Listeners
    answer their own faults, so a failure here is the payload's: 400.
    """

    bolt: AsyncApp

    async def answer(self, content: Content) -> ASGIApp:
        """Return Bolt's answer to a payload; Slack's own checks need none."""
        if content.get("type") == "url_verification":
            return JSONResponse({"challenge": str(content.get("challenge", ""))})
        if "ssl_check" in content:
            return Response()
        try:
            # By this mode Bolt takes a payload that was read already, as from a WebSocket.
            request = AsyncBoltRequest(body=content, mode="socket_mode")
            reply = await self.bolt.async_dispatch(request)
        except Exception:
            log.exception("Bolt could not read a request")
            raise RequestRejected(400, UNREADABLE) from None
        if reply.status >= 500:
            log.error("Bolt could not read a request")
            raise RequestRejected(400, UNREADABLE)
        return BoltAsgiResponse(reply)
