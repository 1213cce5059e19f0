"""The ways from Slack to an app. Here: over HTTP, signed, to the app's Request URL.

The other way is `socket_mode`. Both return the app's response and its duration in seconds.
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

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.signing import SIGNING_SECRET, sign

ACK_TIMEOUT_S = 3.0  # how long Slack waits for an acknowledgement

COMMAND, INTERACTIVE, EVENT = "slash_commands", "interactive", "events_api"


@dataclass(frozen=True, slots=True)
class Retry:
    """Marks a redelivery: its number, and the reason."""

    number: int
    reason: str = "http_timeout"


@dataclass(frozen=True, slots=True)
class AppResponse:
    """The response of an app, and the seconds until it came.

    `status` is 0 where nothing came in time; `payload` is the body, with bare text as `text`.
    `wants_no_retry` is set where the app asks Slack not to send the same again.
    """

    status: int
    seconds: float
    payload: JsonObject = field(default_factory=dict)
    wants_no_retry: bool = False
    failure: str = ""  # Slack's name for the reason if this is no acknowledgement

    @property
    def is_ok(self) -> bool:
        """Whether this is an acknowledgement."""
        return not self.failure


@dataclass(slots=True)
class Exchange:
    """One request to the app, and the response once it has come.

    The app's own calls carry `id` in `X-Request-Id`.
    """

    id: str
    kind: str
    headers: dict[str, str]
    body: str
    at: float  # epoch seconds
    response: AppResponse | None = None


class Transport(Protocol):
    """A way to an app. `kind` is the envelope's `type` in Socket Mode."""

    ack_timeout_s: float

    async def send(
        self, kind: str, payload: Mapping[str, Any], retry: Retry | None = None
    ) -> AppResponse:
        """Send a payload to the app and return its response."""
        ...


class HttpTransport:
    """Posts to the app's Request URL, signed with its secret.

    `url` may change while it is in use. With `keep_exchanges` every exchange is kept, oldest first.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        *,
        secret: str = SIGNING_SECRET,
        ack_timeout_s: float = ACK_TIMEOUT_S,
        keep_exchanges: bool = False,
    ) -> None:
        self.ack_timeout_s = ack_timeout_s
        self.url = url
        self.exchanges: list[Exchange] = []
        self._keep_exchanges = keep_exchanges
        self._http = http
        self._secret = secret

    async def send(
        self, kind: str, payload: Mapping[str, Any], retry: Retry | None = None
    ) -> AppResponse:
        """Post a payload. Slack gives up after `ack_timeout_s`, and so does this."""
        body, headers = _encode(kind, payload)
        headers |= sign(body, self._secret)
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry.number)
            headers["X-Slack-Retry-Reason"] = retry.reason
        if not self._keep_exchanges:
            return await self._post(body, headers)
        exchange = self._record_exchange(kind, body, headers)
        exchange.response = await self._post(body, headers | {"X-Request-Id": exchange.id})
        return exchange.response

    def _record_exchange(self, kind: str, body: bytes, headers: dict[str, str]) -> Exchange:
        name = f"sandbox-{len(self.exchanges) + 1}"
        exchange = Exchange(name, kind, headers, body.decode(), time.time())
        self.exchanges.append(exchange)
        return exchange

    async def _post(self, body: bytes, headers: dict[str, str]) -> AppResponse:
        now = asyncio.get_running_loop().time
        started = now()
        try:
            async with asyncio.timeout(self.ack_timeout_s):
                response = await self._http.post(self.url, content=body, headers=headers)
        except TimeoutError:
            return AppResponse(0, now() - started, failure="http_timeout")
        except httpx.TransportError:
            return AppResponse(0, now() - started, failure="connection_failed")
        return _app_response(response, now() - started)


def _encode(kind: str, payload: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    if kind == COMMAND:
        return urlencode(payload).encode(), form
    body = json.dumps(payload, ensure_ascii=False)
    if kind == INTERACTIVE:
        return urlencode({"payload": body}).encode(), form
    return body.encode(), {"Content-Type": "application/json"}


def _app_response(response: httpx.Response, seconds: float) -> AppResponse:
    return AppResponse(
        response.status_code,
        seconds,
        _parse_payload(response.text),
        wants_no_retry=response.headers.get("x-slack-no-retry") == "1",
        failure="" if response.is_success else "http_error",
    )


def _parse_payload(body: str) -> JsonObject:
    try:
        content = json.loads(body)
    except ValueError:
        return {"text": body} if body.strip() else {}
    return content if isinstance(content, dict) else {"text": body}
