"""What an operator's machines ask: is it alive?"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse


async def healthz(_request: Request) -> PlainTextResponse:
    """Answer that the process is alive."""
    return PlainTextResponse("ok\n")
