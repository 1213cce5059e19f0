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
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import log as log_lines
from bot.metrics import Metrics
from bot.settings import Secret

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024  # bytes; Slack's largest payloads have some 250 kB
MAX_AGE = 300  # seconds
BODY_LIMIT = 5.0  # seconds in which a body must have come
MAX_FIELDS = 100

_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Refused(Exception):
    """A request that goes no further: an HTTP status and a word on why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Guard:
    """Lets signed, well-formed requests of Slack through to `app`, each with an id for the log."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        signing_secret: Secret,
        metrics: Metrics | None = None,
        body_limit: float = BODY_LIMIT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._app = app
        self._secret = signing_secret.reveal().encode()
        self._metrics = metrics or Metrics()
        self._body_limit = body_limit
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request; answer with 4xx or hand it on."""
        with log_lines.request(Headers(scope=scope).get(log_lines.REQUEST_ID, "")):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._checked(scope, receive)
        except Refused as refusal:
            log.info("A request was refused: %d, %s", refusal.status, refusal.why)
            self._metrics.refused(refusal.status)
            response = PlainTextResponse(refusal.why, status_code=refusal.status)
            await response(scope, receive, send)
            return
        await self._app(scope, _replayed(body), send)

    async def _checked(self, scope: Scope, receive: Receive) -> bytes:
        if scope["method"] != "POST":
            raise Refused(405, "Slack sends POST requests here.")
        headers = Headers(scope=scope)
        body = await _read(headers, receive, self._body_limit)
        self._verify(headers, body)
        _check_shape(headers.get("content-type", ""), body)
        return body

    def _verify(self, headers: Headers, body: bytes) -> None:
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise Refused(401, "The request is not signed.")
        if abs(self._clock() - int(timestamp)) > MAX_AGE:
            raise Refused(401, "The request is too old, or a clock is wrong.")
        signed = b"v0:" + timestamp.encode() + b":" + body
        expected = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            raise Refused(401, "The signature does not match.")


async def _read(headers: Headers, receive: Receive, seconds: float) -> bytes:
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MAX_BODY:
        raise Refused(413, "The request is too large.")
    try:
        async with asyncio.timeout(seconds):
            return await _read_all(receive)
    except TimeoutError:
        raise Refused(408, "The request did not arrive in time.") from None


async def _read_all(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The request broke off.")
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise Refused(413, "The request is too large.")
        if not message.get("more_body", False):
            return bytes(body)


def _check_shape(content_type: str, body: bytes) -> None:
    """Accept a JSON object, a form with a JSON object as `payload`, or a slash command."""
    try:
        text = body.decode("utf-8")
        if content_type.startswith("application/json"):
            content = json.loads(text)
        elif content_type.startswith("application/x-www-form-urlencoded"):
            content = _form(text)
        else:
            raise Refused(400, "The content type is not one of Slack's.")
    except (ValueError, RecursionError):
        raise Refused(400, "The body cannot be read.") from None
    if not isinstance(content, dict):
        raise Refused(400, "The body is not an object.")


def _form(text: str) -> object:
    if text.lstrip().startswith("{"):
        raise ValueError  # Bolt would read it as JSON
    fields = parse_qs(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    if "payload" in fields:
        return json.loads(fields["payload"][-1])
    if "command" in fields or "ssl_check" in fields:
        return fields
    raise ValueError


def _replayed(body: bytes) -> Receive:
    """Return a `receive` that gives the body again, whole."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return parts.pop() if parts else {"type": "http.disconnect"}

    return receive
