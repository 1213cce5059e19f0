"""`serve`: the bot over HTTP, in one process, and its orderly end.

Told to end (SIGTERM, Ctrl-C) it is no longer ready at once, goes on answering for a moment
while routers take note, then takes nothing new and finishes what was begun. Together that is
less than the half minute that a PaaS gives. Told a second time it ends where it stands.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import platform
import signal
import socket
import time
from types import FrameType
from urllib.parse import urlsplit

import uvicorn

from bot.settings import Settings, load
from bot.web.app import PATH, create_web
from bot.web.endpoints import Health

log = logging.getLogger(__name__)

LINGER = 1.0  # seconds in which requests still come that were on their way
GRACE = 5  # seconds for requests that are open then; what outlives them has app.DRAIN_LIMIT more


def serve() -> int:
    """Serve until told to end. Raises `SettingsError`."""
    settings = load()
    web = create_web(settings)
    config = uvicorn.Config(
        web,
        host=settings.host,
        port=settings.port,
        lifespan="on",
        log_config=None,  # ours
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = Server(config, settings, web.state.health)
    server.run()
    return 0 if server.started else 1


class Server(uvicorn.Server):
    """uvicorn's, with an end of our own and words about it in the log."""

    def __init__(self, config: uvicorn.Config, settings: Settings, health: Health) -> None:
        super().__init__(config)
        self._settings = settings
        self._health = health

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the bot and listen; say what runs where."""
        await super().startup(sockets)
        if self.started:
            # What is there now stays; to go through it again would hold everybody up for 50 ms.
            gc.collect()
            gc.freeze()
            port = self.servers[0].sockets[0].getsockname()[1]
            log.info("Ext listens on %s port %d, %s", self._settings.host, port, PATH)
            log.info("It runs on Python %s; %s", platform.python_version(), leads(self._settings))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; on the second signal end at once."""
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self._health.stopping = True
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what was begun."""
        begun = time.monotonic()
        log.info("Ext was told to end; it finishes what was begun")
        await asyncio.sleep(LINGER)
        await super().shutdown(sockets)
        log.info("Ext ended after %.1f s", time.monotonic() - begun)


def leads(settings: Settings) -> str:
    """Return where Slack and Vonage are and how much Vonage is asked, for the log."""
    slack = urlsplit(settings.slack_api_url).hostname
    if settings.directory_csv:
        return f"Slack is {slack}; the directory is {settings.directory_csv}"
    vonage = urlsplit(settings.vonage_base_url).hostname
    return (
        f"Slack is {slack}; Vonage is {vonage}, account {settings.vonage_account_id}, "
        f"{settings.vonage_requests_per_minute} calls a minute"
    )
