"""`socket`: the bot over Socket Mode, where Slack cannot reach it by HTTP.

The same listeners; the connection is kept, and made anew when it breaks, by Slack's own client.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import logging
import signal

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import log as log_lines
from bot.app import running
from bot.settings import SLACK, SOCKET, VONAGE, Settings, load

log = logging.getLogger(__name__)


def socket() -> int:
    """Answer Slack until told to end. Raises `SettingsError`."""
    settings = load(needs=(SLACK, SOCKET, VONAGE))
    log_lines.setup(settings.log_level, settings.log_format)
    asyncio.run(_run(settings))
    return 0


class Handler(AsyncSocketModeHandler):
    """Slack's own, with an id for the log of each request."""

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:
        """Answer one request."""
        with log_lines.request(req.envelope_id):
            await super().handle(client, req)


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told(sign: signal.Signals) -> None:
        """End in order at the first signal; the next one ends at once."""
        loop.remove_signal_handler(sign)
        stop.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, told, sign)
    async with running(settings) as services:
        handler = Handler(services.bolt, settings.slack_app_token.reveal())
        await handler.connect_async()  # type: ignore[no-untyped-call]
        log.info("Ext is connected to Slack by Socket Mode")
        await stop.wait()
        log.info("Ext ends; finishing what was begun")
        await handler.close_async()  # type: ignore[no-untyped-call]
