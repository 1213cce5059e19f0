"""A small app that Slack delivers to. It responds as the test says, and records what it
received.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.signing import sign
from bot.sandbox.slack.transports import HttpTransport
from bot.sandbox.slack.workspace import Workspace


@dataclass
class AppReply:
    """How the app responds: the status, the body, and the delay in seconds."""

    status: int = 200
    body: Any = None
    delay_s: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The HTTP response: objects as JSON, text unchanged."""
        if self.body is None or isinstance(self.body, str):
            return Response(self.body, self.status, self.headers, media_type="text/plain")
        body = json.dumps(self.body)
        return Response(body, self.status, self.headers, media_type="application/json")


class RecordingApp:
    """The app. It uses `replies` in order, and repeats the last one."""

    def __init__(self, *replies: AppReply) -> None:
        self.replies = list(replies) or [AppReply()]
        self.headers: list[Mapping[str, str]] = []
        self.bodies: list[dict[str, Any]] = []
        self.asgi = Starlette(routes=[Route("/slack/events", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        raw = await request.body()
        stamp = int(request.headers["x-slack-request-timestamp"])
        assert (
            request.headers["x-slack-signature"] == sign(raw, timestamp=stamp)["X-Slack-Signature"]
        )
        self.headers.append(request.headers)
        self.bodies.append(_read(request.headers["content-type"], raw))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        await asyncio.sleep(reply.delay_s)
        return reply.response()

    def delivery(self, slack: Workspace, **options: Any) -> Delivery:
        """A Delivery to this app, which waits for less than Slack's three seconds."""
        http = httpx.AsyncClient(transport=httpx.ASGITransport(self.asgi), base_url="http://app")
        transport = HttpTransport(http, "/slack/events", ack_timeout_s=0.3)
        return Delivery(slack, transport, "http://slack", **options)


def _read(content_type: str, raw: bytes) -> dict[str, Any]:
    if content_type == "application/json":
        body: dict[str, Any] = json.loads(raw)
        return body
    fields = dict(parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=True))
    return json.loads(fields["payload"]) if "payload" in fields else dict(fields)
