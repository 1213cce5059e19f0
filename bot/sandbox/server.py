"""Runs an ASGI app on loopback inside the running event loop, for tests and demos.

It installs no signal handlers, writes no log lines, and doesn't wait for open requests when it
stops.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.faults import ConnectionDropped

HOST = "127.0.0.1"


@asynccontextmanager
async def serving(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Serve `app` and yield its address, such as `http://127.0.0.1:40123`. Port 0 picks a free one.

    Raises OSError where the port is taken. At the end, requests that still hang are cut off.
    """
    # asyncio sets TCP_NODELAY only if the protocol is given; without it responses wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        server = _Server(_config(app))
        await server.startup(sockets=[listener])
        main_loop = asyncio.create_task(server.main_loop())
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            main_loop.cancel()
            with suppress(asyncio.CancelledError):
                await main_loop
            await server.shutdown(sockets=[listener])


def _config(app: ASGIApp) -> uvicorn.Config:
    config = uvicorn.Config(app, http=_Connection, ws="none", log_config=None, access_log=False)
    config.load()
    return config


class _Server(uvicorn.Server):
    """Stops at once: closes connections and cancels their requests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.lifespan = config.lifespan_class(config)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, cut every connection, and let the app end its lifespan."""
        for listener in self.servers:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # lets each connection notice that it was cut
        requests = list(self.server_state.tasks)
        for request in requests:
            request.cancel()
        await asyncio.gather(*requests, return_exceptions=True)
        await self.lifespan.shutdown()


class _UnexpectedErrorsOnly(logging.Filter):
    """Drops log records of errors that a fault or the end of the server caused on purpose."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, ConnectionDropped | asyncio.CancelledError)


_LOG = logging.getLogger("bot.sandbox.server")
_LOG.setLevel(logging.ERROR)
_LOG.addFilter(_UnexpectedErrorsOnly())


class _Connection(H11Protocol):
    """uvicorn's connection with a logger of our own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _LOG
