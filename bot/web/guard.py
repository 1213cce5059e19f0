"""Checks requests that claim to come from Slack, as ASGI, before Bolt sees them.

The order is: headers and their age, size, signature of the raw body, form of the body. No byte of a
body is read if the headers show that the request isn't Slack's. Bolt's own verification is off,
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
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import log as log_lines
from bot.limits import (
    BODY_LIMIT_S,
    MAX_BODY_BYTES,
    MAX_FORM_FIELDS,
    MAX_LARGE_BODIES_BYTES,
    MAX_REQUEST_AGE_S,
    SMALL_BODY_BYTES,
)
from bot.metrics import Metrics
from bot.settings import Secret

log = logging.getLogger(__name__)

NOT_FROM_SLACK = "This request isn't one that Slack sends."

Content = dict[str, Any]
Headers = dict[str, str]

_REQUEST_ID = log_lines.REQUEST_ID.lower()
_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_LENGTH = re.compile(r"\d{1,12}", re.ASCII)
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
# Which of two would count isn't defined, so a proxy and Ext could check different ones.
_SINGLE = {b"x-slack-signature", b"x-slack-request-timestamp"}
# The escape of half a character, such as \ud83d; two of them are an emoji.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# What these fields are, or null, wherever Slack sends them. Bolt and the listeners rely on that.
_TYPES: dict[str, type] = {
    "type": str,
    "command": str,
    "response_url": str,
    "trigger_id": str,
    "action_id": str,
    "callback_id": str,
    "event_id": str,
    "event": dict,
    "user": dict,
    "team": dict,
    "channel": dict,
    "container": dict,
    "message": dict,
    "view": dict,
    "actions": list,
    "authorizations": list,
}


class RequestRejected(Exception):
    """A request that isn't passed on, with the HTTP status and the text of the response."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason

    def response(self) -> PlainTextResponse:
        """Return the response. It ends the connection, so that no rest of the body is read."""
        headers = {"connection": "close"}
        if self.status == 503:
            headers["retry-after"] = "1"
        return PlainTextResponse(self.reason, status_code=self.status, headers=headers)


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
        self._large_bodies = MemoryBudget(MAX_LARGE_BODIES_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request, and respond with 4xx or pass it on."""
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
        with log_lines.request(headers.get(_REQUEST_ID, "")):
            try:
                response: ASGIApp = await self._respond(await self._check(scope, headers, receive))
            except RequestRejected as rejection:
                log.info("A request was refused: %d, %s", rejection.status, rejection.reason)
                self._metrics.refused(rejection.status)
                response = rejection.response()
            await response(scope, receive, send)

    async def _check(self, scope: Scope, headers: Headers, receive: Receive) -> Content:
        self._check_headers(scope, headers)
        body = await self._read(receive)
        self._verify(headers, body)
        return _parse_body(_media_type(headers), body)

    def _check_headers(self, scope: Scope, headers: Headers) -> None:
        if scope["method"] != "POST":
            raise RequestRejected(405, "Slack sends POST requests here.")
        if len(headers) < len(scope["headers"]) and _has_repeated(scope["headers"]):
            raise RequestRejected(401, "The request is signed twice.")
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise RequestRejected(401, "The request is not signed.")
        if abs(self._clock() - int(timestamp)) > MAX_REQUEST_AGE_S:
            raise RequestRejected(401, "The request is too old, or this machine's clock is wrong.")
        if _media_type(headers) not in (_JSON, _FORM):
            raise RequestRejected(400, "Slack doesn't send this content type.")
        length = headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length):
            raise RequestRejected(400, "The content length is not a number.")
        if int(length) > MAX_BODY_BYTES:
            raise RequestRejected(413, "The request is too large.")

    async def _read(self, receive: Receive) -> bytes:
        """Return the body. Raises `RequestRejected`."""
        with self._large_bodies.share() as share:
            try:
                async with asyncio.timeout(self._body_limit_s):
                    return await _read_body(receive, share)
            except TimeoutError:
                raise RequestRejected(408, "The request did not arrive in time.") from None

    def _verify(self, headers: Headers, body: bytes) -> None:
        timestamp, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
        signed = b"v0:" + timestamp.encode() + b":" + body
        expected = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            raise RequestRejected(401, "The signature does not match.")


class MemoryBudget:
    """The bytes that all large bodies may take together while they are read.

    A small body is always read: the number of connections limits those.
    """

    def __init__(self, max_bytes: int) -> None:
        self._free_bytes = max_bytes

    @contextmanager
    def share(self) -> Iterator[Callable[[int], None]]:
        """Yield a function to call with the size of one body, each time it has grown.

        The function raises `RequestRejected` if the budget is used up. The share ends with the
        block.
        """
        taken = 0

        def resize(size: int) -> None:
            nonlocal taken
            growth = max(size - SMALL_BODY_BYTES, 0) - taken
            if growth > self._free_bytes:
                raise RequestRejected(503, "Too many large requests are being read.")
            self._free_bytes -= growth
            taken += growth

        try:
            yield resize
        finally:
            self._free_bytes += taken


async def _read_body(receive: Receive, resize: Callable[[int], None]) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestRejected(400, "The request was cut off.")
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise RequestRejected(413, "The request is too large.")
        resize(len(body))
        if not message.get("more_body", False):
            return bytes(body)


def _has_repeated(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the signature or its timestamp is there twice."""
    names = [name for name, _ in headers if name in _SINGLE]
    return len(names) > len(set(names))


def _media_type(headers: Headers) -> str:
    """Return the content type without parameters, such as `application/json`."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _parse_body(media_type: str, body: bytes) -> Content:
    """Parse a JSON object, a form with a JSON object as `payload`, or a slash command's fields."""
    try:
        text = body.decode("utf-8")
        content = _load_json(text) if media_type == _JSON else _parse_form(text)
    except (ValueError, RecursionError):
        raise RequestRejected(400, "The body cannot be read.") from None
    if not isinstance(content, dict):
        raise RequestRejected(400, "The body is not an object.")
    if not _has_slacks_types(content):
        raise RequestRejected(400, NOT_FROM_SLACK)
    return content


def _has_slacks_types(content: Content) -> bool:
    for name, kind in _TYPES.items():
        if name in content and not isinstance(content[name], kind) and content[name] is not None:
            return False
    actions = content.get("actions")
    return actions is None or bool(actions and all(isinstance(each, dict) for each in actions))


def _parse_form(text: str) -> Any:
    fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS))
    if "payload" in fields:
        return _load_json(fields["payload"])
    if "command" in fields or "ssl_check" in fields:
        return fields
    raise ValueError


def _load_json(text: str) -> Any:
    """Parse JSON into text that can be encoded, and numbers that are numbers.

    Half of an escaped pair, such as the \\ud83d of an emoji that was cut in two, becomes a question
    mark, because nothing that holds it could be sent, stored or logged. Raises ValueError.
    """
    content = json.loads(text, parse_constant=_reject_constant)
    if _SURROGATE.search(text):
        content = json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
    return content


def _reject_constant(name: str) -> None:
    """Reject NaN and the infinities, which are not JSON."""
    raise ValueError(name)
