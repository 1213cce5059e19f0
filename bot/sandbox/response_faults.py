"""Faults that answer instead of the API, or keep it from answering."""

from __future__ import annotations

import asyncio
from random import Random

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

_RANDOM = Random(4)

_BAD_GATEWAY = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>
</html>
"""


async def latency(_request: Request, seconds: float) -> None:
    """Wait, then go on."""
    await asyncio.sleep(seconds)


async def jitter(_request: Request, seconds: float) -> None:
    """Wait for up to this long, then go on."""
    await asyncio.sleep(_RANDOM.random() * seconds)


async def hang(request: Request, _value: float) -> Response | None:
    """Never answer. Ends when the caller gives up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response(status_code=204)


async def html_502(_request: Request, _value: float) -> Response:
    """A proxy's page."""
    return HTMLResponse(_BAD_GATEWAY, 502)


async def redirect(_request: Request, _value: float) -> Response:
    """Somebody else's address, where a token must not be sent."""
    return RedirectResponse("https://elsewhere.invalid/login", 302)
