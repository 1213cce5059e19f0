"""Checks of `PUBLIC_URL`: whether Ext answers at the address where Slack sends its requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx

from bot import limits
from bot.cli.doctor.check import Check, fix, ok
from bot.cli.doctor.reach import explain_unreachable
from bot.web.endpoints import ALIVE

LABEL = "PUBLIC_URL"

DEPLOY = (
    "Deploy Ext (`python -m bot serve`) and read its log, or correct PUBLIC_URL: it's the address "
    "where Slack reaches Ext, such as https://ext.example.com."
)
NOT_EXT = (
    "Something else answers there. PUBLIC_URL must be Ext's own address, with no path: "
    "https://ext.example.com."
)


async def checks(url: str) -> AsyncIterator[Check]:
    """Fetch /healthz at the address, and check that Ext answers."""
    host = urlsplit(url).hostname
    try:
        async with httpx.AsyncClient(timeout=limits.DOCTOR_PUBLIC_URL_S) as http:
            response = await http.get(f"{url}/healthz")
    except httpx.HTTPError:
        yield fix(LABEL, await explain_unreachable(url), DEPLOY)
        return
    if response.status_code >= 500:
        yield fix(LABEL, f"{host} answers with status {response.status_code}", DEPLOY)
    elif response.status_code != 200 or response.text != ALIVE:
        seen = f"{host} answers, but isn't Ext (status {response.status_code})"
        yield fix(LABEL, seen, NOT_EXT)
    else:
        yield ok(LABEL, f"Ext answers at {host}")
