"""The `response_url` of a command or a button: up to five messages within 30 minutes.

A button's can replace or delete the button's message; a command's can't replace anything.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.message_posting import Destination, post
from bot.sandbox.slack.message_rules import check_message, error_name
from bot.sandbox.slack.messages import Message, Messages
from bot.sandbox.slack.violations import Violations

MAX_USES = 5
LIFETIME_S = 30 * 60.0

_ORIGIN = "response_url"


@dataclass(frozen=True, slots=True)
class ResponseUrlMessage:
    """A body posted to a `response_url`, and the message that it led to, if any."""

    url_id: str
    body: JsonObject
    message: Message | None = None
    at: float = field(default=0.0, compare=False)  # epoch seconds


@dataclass(frozen=True, slots=True)
class ResponseUrlRefusal:
    """Slack's response to a body that it doesn't accept: a status and the name of the error."""

    status: int
    error: str


@dataclass(slots=True)
class ResponseUrl:
    """One address: its user, its channel and, for a button, the button's message."""

    id: str
    opened_at: float
    user: str
    channel: str
    source: Message | None = None
    uses: int = 0
    queue: asyncio.Queue[ResponseUrlMessage] = field(default_factory=asyncio.Queue)


class ResponseUrls:
    """Every `response_url` that was handed out, and every body posted to them."""

    def __init__(
        self, messages: Messages, violations: Violations, clock: Callable[[], float]
    ) -> None:
        self.received: list[ResponseUrlMessage] = []
        self._messages = messages
        self._violations = violations
        self._clock = clock
        self._urls: dict[str, ResponseUrl] = {}

    def open(self, url_id: str, *, user: str, channel: str, source: Message | None = None) -> None:
        """Start the 30 minutes of an address; a `source` makes it a button's."""
        self._urls[url_id] = ResponseUrl(url_id, self._clock(), user, channel, source)

    async def next_message(self, url_id: str, timeout_s: float) -> ResponseUrlMessage:
        """The next message posted to this address. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            return await self._urls[url_id].queue.get()

    def receive(self, url_id: str, body: JsonObject) -> ResponseUrlRefusal | None:
        """Accept a body posted to an address and apply it, or return the refusal."""
        url = self._urls.get(url_id)
        if url is None:
            self._violations.record(
                "unknown_url", f"{_ORIGIN}: the address {url_id} doesn't exist."
            )
            return ResponseUrlRefusal(404, "used_url")
        if refusal := self._refuse_used_up(url) or self._refuse_content(body):
            return refusal
        url.uses += 1
        message = ResponseUrlMessage(url_id, body, self._apply(url, body), self._clock())
        self.received.append(message)
        url.queue.put_nowait(message)
        return None

    def _refuse_used_up(self, url: ResponseUrl) -> ResponseUrlRefusal | None:
        if self._clock() - url.opened_at > LIFETIME_S:
            self._violations.record("expired_url", f"{_ORIGIN}: used after more than 30 minutes.")
            return ResponseUrlRefusal(404, "expired_url")
        if url.uses >= MAX_USES:
            self._violations.record("used_url", f"{_ORIGIN}: used more than five times.")
            return ResponseUrlRefusal(404, "used_url")
        return None

    def _refuse_content(self, body: JsonObject) -> ResponseUrlRefusal | None:
        problems = check_message(self._violations, _ORIGIN, body)
        return ResponseUrlRefusal(400, error_name(problems[0])) if problems else None

    def _apply(self, url: ResponseUrl, body: JsonObject) -> Message | None:
        if _is_true(body, "delete_original"):
            self._delete(url)
            return self._post(url, body) if body.get("text") or body.get("blocks") else None
        if _is_true(body, "replace_original"):
            return self._replace(url, body)
        if url.source and "replace_original" not in body:
            self._record(
                "replace_original",
                "a button's response sets replace_original neither to true nor to false, "
                "so Slack may replace the message with it.",
            )
        return self._post(url, body)

    def _delete(self, url: ResponseUrl) -> None:
        if url.source is None:
            self._record("delete_original", "it has no effect on a command's address.")
        else:
            url.source.is_deleted = True

    def _replace(self, url: ResponseUrl, body: JsonObject) -> Message | None:
        source = url.source
        if source is None:
            self._record(
                "replace_original",
                "it has no effect on a command's address: the message is posted as a new one.",
            )
            return self._post(url, body)
        if body.get("response_type", _response_type(source)) != _response_type(source):
            self._record(
                "response_type",
                f"a message keeps its readers: this one stays {_response_type(source)}.",
            )
        if source.is_deleted:
            self._record("message_not_found", "the message to replace is deleted.")
            return None
        self._messages.edit(source, body)
        return source

    def _post(self, url: ResponseUrl, body: JsonObject) -> Message:
        shared = body.get("response_type") == "in_channel"
        destination = Destination(
            url.channel, str(body.get("thread_ts") or ""), "" if shared else url.user
        )
        return post(self._messages, self._violations, body, destination, _ORIGIN)

    def _record(self, rule: str, description: str) -> None:
        self._violations.record(rule, f"{_ORIGIN}: {description}")


def _response_type(message: Message) -> str:
    return "ephemeral" if message.is_ephemeral else "in_channel"


def _is_true(body: JsonObject, key: str) -> bool:
    """Whether a flag is set. Slack accepts true as JSON and as a string."""
    return body.get(key) in (True, "true")
