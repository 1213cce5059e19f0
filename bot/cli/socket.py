"""`socket`: the bot over Socket Mode, for places that Slack can't reach over HTTP.

It uses the same listeners as `serve`. Slack's own client holds the WebSocket and reconnects it.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import limits
from bot import log as log_lines
from bot.app import Services, run_services
from bot.cli.startup import log_start
from bot.settings import SLACK, SOCKET, VONAGE, Settings, load
from bot.slack import api
from bot.slack.session import open_session

log = logging.getLogger(__name__)

REFUSED = "Slack refuses the app token (%s): check SLACK_APP_TOKEN and its connections:write scope"
SHUTTING_DOWN = "Shutting down: finishing open work"


def socket() -> int:
    """Answer Slack until a signal; return 0, or 1 if Slack refuses the app token.

    Raises `SettingsError`.
    """
    settings = load(needs=(SLACK, SOCKET, VONAGE))
    log_lines.setup(settings.log_level, settings.log_format)
    log_start(settings)
    return asyncio.run(_run(settings))


class Handler(AsyncSocketModeHandler):
    """Bolt's handler, with a request id in the log and a clean shutdown."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services.bolt, token, ping_interval=limits.SOCKET_PING_S)
        self._open_requests: set[asyncio.Task[Any]] = set()

    async def handle(  # type: ignore[override]
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        """Answer one request."""
        if task := asyncio.current_task():
            self._open_requests.add(task)
            task.add_done_callback(self._open_requests.discard)
        with log_lines.request(req.envelope_id):
            await super().handle(client, req)

    async def connect(self) -> None:
        """Connect, and retry until that works. Slack's client makes a session with cookies."""
        await self.client.aiohttp_client_session.close()
        self.client.aiohttp_client_session = open_session()
        await self.connect_async()  # type: ignore[no-untyped-call]
        log.info("Ext is connected to Slack over Socket Mode")

    async def renew_address(self) -> None:
        """Drop the WebSocket's address while disconnected, so that the client fetches a new one.

        The ticket in an address works only once, but Slack's client retries the same address
        forever.
        """
        while True:
            await asyncio.sleep(limits.SOCKET_PING_S)
            if not await self.client.is_connected():
                self.client.wss_uri = None

    async def finish(self) -> None:
        """Acknowledge the requests that have arrived, then disconnect."""
        if self._open_requests:
            await asyncio.wait(tuple(self._open_requests), timeout=limits.SOCKET_GRACE_S)
        await self.close_async()  # type: ignore[no-untyped-call]


async def _run(settings: Settings) -> int:
    stop = _stop_event()
    token = settings.slack_app_token.reveal()
    async with run_services(settings) as services:
        if refusal := await _refusal(services, token):
            log.error(REFUSED, refusal)
            return 1
        handler = Handler(services, token)
        services.tasks.start(handler.connect(), name="Socket Mode", background=True)
        services.tasks.start(handler.renew_address(), name="Socket Mode address", background=True)
        await stop.wait()
        log.info(SHUTTING_DOWN)
        await handler.finish()
    return 0


def _stop_event() -> asyncio.Event:
    """Return an event that the first signal sets; the second signal ends the process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)

    def on_signal() -> None:
        for number in signals:
            loop.remove_signal_handler(number)
        stop.set()

    for number in signals:
        loop.add_signal_handler(number, on_signal)
    return stop


async def _refusal(services: Services, token: str) -> str:
    """Return Slack's error code if it refuses the token for good, else an empty text.

    Without this check Slack's client would retry a refused token forever.
    """
    try:
        async with asyncio.timeout(limits.CALL_LIMIT_S):
            await services.bolt.client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        code = api.refusal_code(error)
        return "" if code in api.TRANSIENT else code
    except Exception as error:  # network errors pass, and the client retries by itself
        log.warning("Slack hasn't answered yet: %s", type(error).__name__)
    return ""
