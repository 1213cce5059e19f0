"""Our own address, where it is set: does what Slack will reach there answer as Ext does?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx

from bot.cli.doctor.check import Check, fix, ok
from bot.cli.doctor.reach import why_silent
from bot.web.endpoints import ALIVE

LIMIT = 10.0  # seconds
LABEL = "PUBLIC_URL"

DEPLOY = (
    "Deploy Ext (`python -m bot serve`) and see its log, or correct PUBLIC_URL: it is the address "
    "that Slack reaches, such as https://ext.example.com."
)
ANOTHER = (
    "Something else answers there. PUBLIC_URL is the address of Ext alone, with nothing after "
    "it that Ext does not serve."
)


async def checks(url: str) -> AsyncIterator[Check]:
    """Ask for /healthz below the address."""
    host = urlsplit(url).hostname
    try:
        async with httpx.AsyncClient(timeout=LIMIT) as http:
            reply = await http.get(f"{url}/healthz")
    except httpx.HTTPError:
        yield fix(LABEL, await why_silent(url), DEPLOY)
        return
    if reply.status_code >= 500:
        yield fix(LABEL, f"{host} answers with status {reply.status_code}", DEPLOY)
    elif reply.status_code != 200 or reply.text != ALIVE:
        yield fix(LABEL, f"{host} answers, but is not Ext (status {reply.status_code})", ANOTHER)
    else:
        yield ok(LABEL, f"Ext answers at {host}")
