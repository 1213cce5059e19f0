"""`serve`: the bot over HTTP, in one process."""

from __future__ import annotations

import logging

import uvicorn

from bot.settings import load
from bot.web import create_web

log = logging.getLogger(__name__)

GRACE = 12  # seconds for requests that are open when the process is told to end


def serve() -> int:
    """Serve until told to end. Raises `SettingsError`."""
    settings = load()
    web = create_web(settings)
    log.info("Ext listens on %s port %d", settings.host, settings.port)
    uvicorn.run(
        web,
        host=settings.host,
        port=settings.port,
        lifespan="on",
        log_config=None,  # ours
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    return 0
