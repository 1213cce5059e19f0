"""Checks requests that claim to come from Slack, as ASGI, before Bolt sees them.

The order is: size, signature of the raw body, form of the body. Bolt's own verification is off,
because Bolt reads bodies of any size and crashes on malformed ones before it verifies the
signature. https://docs.slack.dev/authentication/verifying-requests-from-slack
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
from bot.limits import BODY_LIMIT_S, MAX_BODY_BYTES, MAX_FORM_FIELDS, MAX_REQUEST_AGE_S
from bot.metrics import Metrics
from bot.settings import Secret

log = logging.getLogger(__name__)

Content = dict[str, Any]
Headers = dict[str, str]

_REQUEST_ID = log_lines.REQUEST_ID.lower()
_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class RequestRejected(Exception):
    """A request that isn't passed on, with the HTTP status and the text of the response."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Guard:
    """Passes signed, well-formed requests to `respond`, each with a request id for the log.

    `respond` takes the content (a JSON object, or the fields of a slash command) and returns the
    response. `clock` returns epoch seconds.
    """

    def __init__(
        self,
        respond: Callable[[Content], Awaitable[ASGIApp]],
        *,
        signing_secret: Secret,
        metrics: Metrics | None = None,
        body_limit_s: float = BODY_LIMIT_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._respond = respond
        self._secret = signing_secret.reveal().encode()
        self._metrics = metrics or Metrics()
        self._body_limit_s = body_limit_s
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request, and respond with 4xx or pass it on."""
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
        with log_lines.request(headers.get(_REQUEST_ID, "")):
            try:
                response: ASGIApp = await self._respond(await self._check(scope, headers, receive))
            except RequestRejected as rejection:
                log.info("A request was refused: %d, %s", rejection.status, rejection.reason)
                self._metrics.refused(rejection.status)
                response = PlainTextResponse(rejection.reason, status_code=rejection.status)
            await response(scope, receive, send)

    async def _check(self, scope: Scope, headers: Headers, receive: Receive) -> Content:
        if scope["method"] != "POST":
            raise RequestRejected(405, "Slack sends POST requests here.")
        body = await _read(headers, receive, self._body_limit_s)
        self._verify(headers, body)
        return _parse_body(headers.get("content-type", ""), body)

    def _verify(self, headers: Headers, body: bytes) -> None:
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise RequestRejected(401, "The request is not signed.")
        if abs(self._clock() - int(timestamp)) > MAX_REQUEST_AGE_S:
            raise RequestRejected(401, "The request is too old, or this machine's clock is wrong.")
        signed = b"v0:" + timestamp.encode() + b":" + body
        expected = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            raise RequestRejected(401, "The signature does not match.")


async def _read(headers: Headers, receive: Receive, limit_s: float) -> bytes:
    # Too large a body is refused before it is read, if its length is declared.
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MAX_BODY_BYTES:
        raise RequestRejected(413, "The request is too large.")
    try:
        async with asyncio.timeout(limit_s):
            return await _read_body(receive)
    except TimeoutError:
        raise RequestRejected(408, "The request did not arrive in time.") from None


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestRejected(400, "The request was cut off.")
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise RequestRejected(413, "The request is too large.")
        if not message.get("more_body", False):
            return bytes(body)


def _parse_body(content_type: str, body: bytes) -> Content:
    """Parse a JSON object, a form with a JSON object as `payload`, or a slash command's fields."""
    try:
        text = body.decode("utf-8")
        if content_type.startswith("application/json"):
            content = json.loads(text)
        elif content_type.startswith("application/x-www-form-urlencoded"):
            content = _parse_form(text)
        else:
            raise RequestRejected(400, "Slack doesn't send this content type.")
    except (ValueError, RecursionError):
        raise RequestRejected(400, "The body cannot be read.") from None
    if not isinstance(content, dict):
        raise RequestRejected(400, "The body is not an object.")
    return content


def _parse_form(text: str) -> Any:
    fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS))
    if "payload" in fields:
        return json.loads(fields["payload"])
    if "command" in fields or "ssl_check" in fields:
        return fields
    raise ValueError
