"""How what Slack sends gets to an app: here over HTTP, signed, as the Request URL gets it.

The other way is `socket_mode`. Both tell how the app answered, and after how many seconds.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from bot.sandbox.slack.signing import SIGNING_SECRET, sign

LIMIT = 3.0  # seconds that Slack waits for an acknowledgement

COMMAND, INTERACTIVE, EVENT = "slash_commands", "interactive", "events_api"


@dataclass(frozen=True, slots=True)
class Retry:
    """That something was sent before: for which time it comes again, and why."""

    number: int
    reason: str = "http_timeout"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app answered, and after how many seconds.

    `status` is 0 where nothing came in time; `payload` is what the body holds, bare text as
    `text`. `wants_no_retry` is its word that the same need not come again.
    """

    status: int
    seconds: float
    payload: dict[str, Any] = field(default_factory=dict)
    wants_no_retry: bool = False
    failure: str = ""  # Slack's name for why this is no acknowledgement

    @property
    def is_ok(self) -> bool:
        """Whether this is an acknowledgement."""
        return not self.failure


@dataclass(slots=True)
class Exchange:
    """One request to the app as it went, and its answer once that is there.

    `id` is the name that the app's own calls carry on, in `X-Request-Id`.
    """

    id: str
    kind: str
    headers: dict[str, str]
    body: str
    at: float  # epoch seconds
    answer: Answer | None = None


class Transport(Protocol):
    """A way to an app. `kind` is what an envelope of Socket Mode calls it."""

    limit: float

    async def carry(
        self, kind: str, payload: Mapping[str, Any], retry: Retry | None = None
    ) -> Answer:
        """Take something to the app and bring back its answer."""
        ...


class Http:
    """Posts to the app's Request URL, signed with its secret.

    `url` may change while it is in use. With `keep` every exchange is kept, oldest first.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        *,
        secret: str = SIGNING_SECRET,
        limit: float = LIMIT,
        keep: bool = False,
    ) -> None:
        self.limit = limit
        self.url = url
        self.exchanges: list[Exchange] = []
        self._keep = keep
        self._http = http
        self._secret = secret

    async def carry(
        self, kind: str, payload: Mapping[str, Any], retry: Retry | None = None
    ) -> Answer:
        """Post it; what takes longer than the limit is broken off, as Slack does."""
        body, headers = _written(kind, payload)
        headers |= sign(body, self._secret)
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry.number)
            headers["X-Slack-Retry-Reason"] = retry.reason
        if not self._keep:
            return await self._post(body, headers)
        exchange = self._kept(kind, body, headers)
        exchange.answer = await self._post(body, headers | {"X-Request-Id": exchange.id})
        return exchange.answer

    def _kept(self, kind: str, body: bytes, headers: dict[str, str]) -> Exchange:
        name = f"sandbox-{len(self.exchanges) + 1}"
        exchange = Exchange(name, kind, headers, body.decode(), time.time())
        self.exchanges.append(exchange)
        return exchange

    async def _post(self, body: bytes, headers: dict[str, str]) -> Answer:
        now = asyncio.get_running_loop().time
        begun = now()
        try:
            async with asyncio.timeout(self.limit):
                reply = await self._http.post(self.url, content=body, headers=headers)
        except TimeoutError:
            return Answer(0, now() - begun, failure="http_timeout")
        except httpx.TransportError:
            return Answer(0, now() - begun, failure="connection_failed")
        return _read(reply, now() - begun)


def _written(kind: str, payload: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    if kind == COMMAND:
        return urlencode(payload).encode(), form
    written = json.dumps(payload, ensure_ascii=False)
    if kind == INTERACTIVE:
        return urlencode({"payload": written}).encode(), form
    return written.encode(), {"Content-Type": "application/json"}


def _read(reply: httpx.Response, seconds: float) -> Answer:
    return Answer(
        reply.status_code,
        seconds,
        _payload(reply.text),
        wants_no_retry=reply.headers.get("x-slack-no-retry") == "1",
        failure="" if reply.is_success else "http_error",
    )


def _payload(body: str) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        return {"text": body} if body.strip() else {}
    return content if isinstance(content, dict) else {"text": body}
