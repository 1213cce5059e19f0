"""The bot over HTTP: Slack's requests through the guard to Bolt, and the operator's pages.

`create_web` is an ASGI factory, so that nothing is built at import.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from bot import log as log_lines
from bot import ops
from bot.app import running
from bot.guard import Guard
from bot.metrics import Metrics
from bot.settings import Settings, load

log = logging.getLogger(__name__)

PATH = "/slack/events"


def create_web(settings: Settings | None = None) -> Starlette:
    """Return the ASGI application; the settings are read where none are given.

    `app.state.health` is what /readyz reads, for whoever ends the process to say so.
    """
    known = settings or load()
    log_lines.setup(known.log_level, known.log_format)
    metrics, health = Metrics(), ops.Health()
    entrance = Entrance(metrics)

    @asynccontextmanager
    async def lifespan(_web: Starlette) -> AsyncIterator[None]:
        async with running(known, metrics) as services:
            entrance.bolt = AsyncSlackRequestHandler(services.bolt, path=PATH)
            health.slack_refusal = services.slack_refusal
            health.vonage = services.directory.status
            health.up = True
            yield
            health.stopping = True

    guarded = Guard(entrance, signing_secret=known.slack_signing_secret, metrics=metrics)
    web = Starlette(routes=[Route(PATH, guarded), *ops.routes(health, metrics)], lifespan=lifespan)
    web.state.health = health
    return web


class Entrance:
    """Hands a checked request to Bolt, once it runs.

    Bolt fails with 500, or an exception, on payloads that lack what it looks for. Listeners
    answer their own faults, so a failure here is the payload's: 400.
    """

    bolt: AsyncSlackRequestHandler

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def without_faults(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 500:
                log.error("Bolt could not read a request")
                self._metrics.refused(400)
                message["status"] = 400
            await send(message)

        try:
            await self.bolt(dict(scope), receive, without_faults)
        except Exception:
            log.exception("Bolt could not read a request")
            self._metrics.refused(400)
            await PlainTextResponse("The request cannot be read.", 400)(scope, receive, send)
