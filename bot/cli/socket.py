"""`socket`: the bot over Socket Mode, where Slack cannot reach it by HTTP.

The same listeners; the connection is kept, and made anew when it breaks, by Slack's own client.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import logging
import re
import signal
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import log as log_lines
from bot.app import Services, run_services
from bot.limits import CALL_LIMIT_S
from bot.settings import SLACK, SOCKET, VONAGE, Settings, load
from bot.slack import api

log = logging.getLogger(__name__)

PING = 5  # seconds between two looks whether the connection is still there
GRACE = 3.0  # seconds for acknowledgements at the end: Slack waits no longer for one
REFUSED = "Slack refuses the app token (%s): check SLACK_APP_TOKEN, and its scope connections:write"


def socket() -> int:
    """Answer Slack until told to end; 1 if it refuses the token. Raises `SettingsError`."""
    settings = load(needs=(SLACK, SOCKET, VONAGE))
    log_lines.setup(settings.log_level, settings.log_format)
    return asyncio.run(_run(settings))


class Handler(AsyncSocketModeHandler):
    """Slack's own, with an id for the log of each request, and an orderly end."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services.bolt, token, logger=_client_log(), ping_interval=PING)
        self._begun: set[asyncio.Task[Any]] = set()

    async def handle(  # type: ignore[override]
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        """Answer one request."""
        if task := asyncio.current_task():
            self._begun.add(task)
            task.add_done_callback(self._begun.discard)
        with log_lines.request(req.envelope_id):
            await super().handle(client, req)

    async def connect(self) -> None:
        """Connect, and try again until it works."""
        await self.connect_async()  # type: ignore[no-untyped-call]
        log.info("Ext is connected to Slack by Socket Mode")

    async def renew(self) -> None:
        """Have a new address asked for as long as there is no connection.

        Slack's client tries one address for ever, but its ticket is good for one time.
        """
        while True:
            await asyncio.sleep(PING)
            if not await self.client.is_connected():
                self.client.wss_uri = None

    async def finish(self) -> None:
        """Acknowledge what came already, then disconnect."""
        if self._begun:
            await asyncio.wait(tuple(self._begun), timeout=GRACE)
        await self.close_async()  # type: ignore[no-untyped-call]


async def _run(settings: Settings) -> int:
    stop = _told_to_end()
    token = settings.slack_app_token.reveal()
    async with run_services(settings) as services:
        if refusal := await _refusal(services, token):
            log.error(REFUSED, refusal)
            return 1
        handler = Handler(services, token)
        services.tasks.start(handler.connect(), name="Socket Mode", background=True)
        services.tasks.start(handler.renew(), name="Socket Mode address", background=True)
        await stop.wait()
        log.info("Ext was told to end; it finishes what was begun")
        await handler.finish()
    return 0


def _told_to_end() -> asyncio.Event:
    """Return what is set at the first signal to end; the next one ends at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signs = (signal.SIGTERM, signal.SIGINT)

    def told() -> None:
        for sign in signs:
            loop.remove_signal_handler(sign)
        stop.set()

    for sign in signs:
        loop.add_signal_handler(sign, told)
    return stop


async def _refusal(services: Services, token: str) -> str:
    """Return Slack's name for why it refuses the token, which Slack's client would try for ever."""
    try:
        async with asyncio.timeout(CALL_LIMIT_S):
            await services.bolt.client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        code = api.refusal_code(error)
        return "" if code in api.TRANSIENT else code
    except Exception as fault:  # whatever it is, the client goes on trying
        log.warning("Slack did not answer yet: %s", type(fault).__name__)
    return ""


def _client_log() -> logging.Logger:
    """The log of Slack's client, without the addresses that it mentions: a ticket is in them."""
    client_log = logging.getLogger("slack_sdk.socket_mode")
    client_log.addFilter(_without_addresses)
    return client_log


def _without_addresses(record: logging.LogRecord) -> bool:
    record.msg, record.args = re.sub(r"wss?://[^\s'\"]+", "wss://…", record.getMessage()), ()
    return True
