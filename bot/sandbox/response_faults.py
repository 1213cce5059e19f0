"""Faults that replace the response of a service, or delay it."""

from __future__ import annotations

import asyncio
from random import Random

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

_RANDOM = Random(4)  # seeded: each run has the same delays

_BAD_GATEWAY = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>
</html>
"""


async def latency(_request: Request, seconds: float) -> None:
    """Wait, then let the service answer."""
    await asyncio.sleep(seconds)


async def jitter(_request: Request, seconds: float) -> None:
    """Wait for up to this long, then let the service answer."""
    await asyncio.sleep(_RANDOM.random() * seconds)


async def hang(request: Request, _value: float) -> Response | None:
    """Never answer. Ends when the caller disconnects."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response(status_code=204)


async def html_502(_request: Request, _value: float) -> Response:
    """The HTML error page of a proxy."""
    return HTMLResponse(_BAD_GATEWAY, 502)


async def redirect(_request: Request, _value: float) -> Response:
    """A redirect to a foreign host, which must not get the token."""
    return RedirectResponse("https://elsewhere.invalid/login", 302)
