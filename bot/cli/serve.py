"""`serve`: the bot over HTTP in one process, with a clean shutdown.

On SIGTERM or Ctrl-C, /readyz reports at once that the bot isn't ready. The bot goes on answering
for a moment, until load balancers have noticed. Then it accepts no more requests and finishes open
work. All of that takes less than the 30 seconds that hosting platforms allow. A second signal ends
the process immediately.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import time
from types import FrameType

import uvicorn

from bot import limits
from bot.cli.bind import open_port
from bot.cli.startup import log_start
from bot.settings import Settings, load
from bot.web.app import PATH, Web, create_web
from bot.web.connection import (
    Connection,
    Connections,
    connection_limit,
    lengthen_queues,
    wait_for_descriptors,
)
from bot.web.endpoints import Health

log = logging.getLogger(__name__)

SHUTTING_DOWN = "Shutting down: finishing open work"


def serve() -> int:
    """Serve until a signal; return 0, or 1 if it couldn't start. Raises `SettingsError`."""
    settings = load()
    web = create_web(settings)
    log_start(settings)
    sockets = open_port(settings.host, settings.port)
    config = uvicorn.Config(
        web,
        http=Connection,
        ws="none",
        h11_max_incomplete_event_size=limits.MAX_HEADER_BYTES,
        backlog=limits.MAX_ACCEPTS,
        lifespan="on",
        log_config=None,  # bot.log configured logging; uvicorn's config would add another format
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=limits.SERVE_GRACE_S,
    )
    server = Server(config, settings, web)
    server.run(sockets)
    return 0 if server.started else 1


class Server(uvicorn.Server):
    """uvicorn's server with a cleaner shutdown, and log lines about start and shutdown."""

    def __init__(self, config: uvicorn.Config, settings: Settings, web: Web) -> None:
        super().__init__(config)
        self.server_state = Connections(connection_limit(), web.state.metrics)
        self._settings = settings
        self._health: Health = web.state.health

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the bot, accept requests, and log the address."""
        wait_for_descriptors(asyncio.get_running_loop())
        await super().startup(sockets)
        if self.started:
            lengthen_queues(self.servers)
            # Objects from start-up are permanent. `freeze` keeps the garbage collector from
            # scanning them again, which takes a pause of 50 ms.
            gc.collect()
            gc.freeze()
            port = self.servers[0].sockets[0].getsockname()[1]
            log.info("Ext is listening on %s port %d, %s", self._settings.host, port, PATH)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the shutdown at the first signal; end the process at the second."""
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self._health.stopping = True
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Linger for late requests, then finish open work."""
        started_at = time.monotonic()
        log.info(SHUTTING_DOWN)
        await asyncio.sleep(limits.SERVE_LINGER_S)
        await super().shutdown(sockets)
        log.info("Ext stopped after %.1f s", time.monotonic() - started_at)
