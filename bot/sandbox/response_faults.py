"""Faults that replace the response of a service, or delay it."""

from __future__ import annotations

import asyncio
import gzip
from functools import cache
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


async def maintenance(_request: Request, seconds: float) -> Response:
    """A load balancer's page that says when to come back."""
    return HTMLResponse(_BAD_GATEWAY, 503, {"Retry-After": str(int(seconds))})


async def gzip_bomb(_request: Request, megabytes: float) -> Response:
    """A kilobyte that says it is compressed twice, and has this many megabytes of zeros in it."""
    headers = {"Content-Encoding": "gzip, gzip"}
    return Response(_bomb(int(megabytes)), headers=headers, media_type="application/json")


@cache
def _bomb(megabytes: int) -> bytes:
    return gzip.compress(gzip.compress(bytes(megabytes * 1_000_000)))


async def refuse_large_cookies(request: Request, kilobytes: float) -> Response | None:
    """Refuse a request that sends back more cookies than this, as many servers do."""
    sent = len(request.headers.get("cookie", ""))
    return Response(status_code=431) if sent > kilobytes * 1_000 else None


def set_large_cookies(kilobytes: float) -> list[tuple[bytes, bytes]]:
    """Headers with so many kilobytes of cookies, of a kilobyte each."""
    return [
        (b"set-cookie", b"session%d=%s; Path=/" % (i, b"x" * 1_000))
        for i in range(int(kilobytes) + 1)
    ]
