"""The door for what says it comes from Slack: ASGI, before Bolt.

In this order: size, signature over the raw body, then the body's shape. Bolt crashes on
malformed bodies before it checks their signature, and reads bodies of any size; behind this
door its own check is off. https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import log as log_lines
from bot.metrics import Metrics
from bot.settings import Secret

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024  # bytes; Slack's largest payloads have some 250 kB
MAX_AGE = 300  # seconds
BODY_LIMIT = 5.0  # seconds in which a body must have come
MAX_FIELDS = 100

Content = dict[str, Any]
Headers = dict[str, str]

_REQUEST_ID = log_lines.REQUEST_ID.lower()
_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class RequestRejected(Exception):
    """A request that goes no further: an HTTP status and a word on why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Guard:
    """Hands signed, well-formed requests of Slack to `answer`, each with an id for the log.

    `answer` gets what Slack says (the JSON object, or the fields of a slash command) and
    returns the HTTP answer.
    """

    def __init__(
        self,
        answer: Callable[[Content], Awaitable[ASGIApp]],
        *,
        signing_secret: Secret,
        metrics: Metrics | None = None,
        body_limit: float = BODY_LIMIT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._answer = answer
        self._secret = signing_secret.reveal().encode()
        self._metrics = metrics or Metrics()
        self._body_limit = body_limit
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request; answer with 4xx or hand it on."""
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
        with log_lines.request(headers.get(_REQUEST_ID, "")):
            try:
                response: ASGIApp = await self._answer(await self._checked(scope, headers, receive))
            except RequestRejected as refusal:
                log.info("A request was refused: %d, %s", refusal.status, refusal.why)
                self._metrics.refused(refusal.status)
                response = PlainTextResponse(refusal.why, status_code=refusal.status)
            await response(scope, receive, send)

    async def _checked(self, scope: Scope, headers: Headers, receive: Receive) -> Content:
        if scope["method"] != "POST":
            raise RequestRejected(405, "Slack sends POST requests here.")
        body = await _read(headers, receive, self._body_limit)
        self._verify(headers, body)
        return _content(headers.get("content-type", ""), body)

    def _verify(self, headers: Headers, body: bytes) -> None:
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise RequestRejected(401, "The request is not signed.")
        if abs(self._clock() - int(timestamp)) > MAX_AGE:
            raise RequestRejected(401, "The request is too old, or a clock is wrong.")
        signed = b"v0:" + timestamp.encode() + b":" + body
        expected = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            raise RequestRejected(401, "The signature does not match.")


async def _read(headers: Headers, receive: Receive, seconds: float) -> bytes:
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MAX_BODY:
        raise RequestRejected(413, "The request is too large.")
    try:
        async with asyncio.timeout(seconds):
            return await _read_all(receive)
    except TimeoutError:
        raise RequestRejected(408, "The request did not arrive in time.") from None


async def _read_all(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestRejected(400, "The request broke off.")
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise RequestRejected(413, "The request is too large.")
        if not message.get("more_body", False):
            return bytes(body)


def _content(content_type: str, body: bytes) -> Content:
    """Read a JSON object, a form with a JSON object as `payload`, or a slash command's fields."""
    try:
        text = body.decode("utf-8")
        if content_type.startswith("application/json"):
            content = json.loads(text)
        elif content_type.startswith("application/x-www-form-urlencoded"):
            content = _form(text)
        else:
            raise RequestRejected(400, "The content type is not one of Slack's.")
    except (ValueError, RecursionError):
        raise RequestRejected(400, "The body cannot be read.") from None
    if not isinstance(content, dict):
        raise RequestRejected(400, "The body is not an object.")
    return content


def _form(text: str) -> Any:
    fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    if "payload" in fields:
        return json.loads(fields["payload"])
    if "command" in fields or "ssl_check" in fields:
        return fields
    raise ValueError
