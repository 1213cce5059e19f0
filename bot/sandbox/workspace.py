"""The state of the stand-in for Slack: who is there, what was asked and what was answered."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox import instead
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.members import BOT_TOKEN, MEMBERS, Member

SCOPES = ("commands", "chat:write", "app_mentions:read", "im:history", "users:read",
          "users:read.email")  # fmt: skip

USES = 5
LIFE = 30 * 60.0


async def _ratelimited(_request: Request, seconds: float) -> Response:
    headers = {"Retry-After": str(int(seconds))}
    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)


async def _down(_request: Request, _value: float) -> Response:
    return Response("upstream connect error", 503, media_type="text/plain")


_TABLE = (
    Fault("latency", "Answers only after so many seconds.", 1.0, instead=instead.latency),
    Fault("hang", "Never answers.", instead=instead.hang),
    Fault("down", "503, in plain text.", instead=_down),
    Fault("ratelimited", "429: come back in so many seconds.", 30, instead=_ratelimited),
)

SLACK_FAULTS: dict[str, Fault] = {fault.name: fault for fault in _TABLE}


@dataclass(frozen=True, slots=True)
class WebCall:
    """A call of a Web API method: its arguments without the token, and what it was told."""

    method: str
    args: dict[str, str]
    ok: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class UrlMessage:
    """A message that came by a `response_url`: which, and the body."""

    url_id: str
    body: dict[str, Any]


@dataclass(slots=True)
class _ResponseUrl:
    opened_at: float
    uses: int = 0
    waiting: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)


class Workspace:
    """One workspace with Ext installed; `clock` gives epoch seconds."""

    def __init__(
        self,
        *,
        members: Iterable[Member] = MEMBERS,
        token: str = BOT_TOKEN,
        scopes: Iterable[str] = SCOPES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.scopes = tuple(scopes)
        self.faults = Faults(SLACK_FAULTS)
        self.members = {member.id: member for member in members}
        self.calls: list[WebCall] = []
        self.responses: list[UrlMessage] = []
        self._clock = clock
        self._urls: defaultdict[str, _ResponseUrl] = defaultdict(
            lambda: _ResponseUrl(opened_at=clock())
        )

    def open(self, url_id: str) -> str:
        """Start the half hour of a `response_url`; returns its path."""
        self._urls[url_id] = _ResponseUrl(opened_at=self._clock())
        return f"/response/{url_id}"

    async def response(self, url_id: str, within: float = 5.0) -> dict[str, Any]:
        """The next message that comes by this `response_url`. Raises TimeoutError."""
        async with asyncio.timeout(within):
            return await self._urls[url_id].waiting.get()

    def receive(self, url_id: str, body: dict[str, Any]) -> bool:
        """Take a message, unless the address is used up or too old."""
        url = self._urls[url_id]
        if url.uses >= USES or self._clock() - url.opened_at > LIFE:
            return False
        url.uses += 1
        url.waiting.put_nowait(body)
        self.responses.append(UrlMessage(url_id, body))
        return True

    def by_email(self, address: str) -> Member | None:
        """The active member of this workspace with this address, in either case."""
        for member in self.members.values():
            if member.email.lower() == address.lower() and not member.deleted:
                return member
        return None
