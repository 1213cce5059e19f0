"""The `response_url` of a command or a button: what comes by it, and what Slack makes of that.

Five messages within half an hour. A button's can replace or delete the message that it stands
in; a command's cannot replace anything.
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.content_rules import judge, rule
from bot.sandbox.slack.messages import Message, Messages
from bot.sandbox.slack.posting import Place, post
from bot.sandbox.slack.violations import Violations

USES = 5
LIFE = 30 * 60.0  # seconds

_WHERE = "response_url"


@dataclass(frozen=True, slots=True)
class UrlMessage:
    """What came by a `response_url`: by which, the body, and the message it led to, if any."""

    url_id: str
    body: dict[str, Any]
    message: Message | None = None
    at: float = field(default=0.0, compare=False)  # epoch seconds


@dataclass(frozen=True, slots=True)
class Refusal:
    """Slack's answer to what it does not take: a status and the name of the error."""

    status: int
    error: str


@dataclass(slots=True)
class ResponseUrl:
    """One address: whose question it answers, where, and, for a button, in which message."""

    id: str
    opened_at: float
    user: str
    channel: str
    source: Message | None = None
    uses: int = 0
    waiting: asyncio.Queue[UrlMessage] = field(default_factory=asyncio.Queue)


class ResponseUrls:
    """Every `response_url` that was given out, and all that came by them."""

    def __init__(
        self, messages: Messages, breaches: Violations, clock: Callable[[], float]
    ) -> None:
        self.received: list[UrlMessage] = []
        self._messages = messages
        self._breaches = breaches
        self._clock = clock
        self._urls: dict[str, ResponseUrl] = {}

    def open(self, url_id: str, *, user: str, channel: str, source: Message | None = None) -> None:
        """Begin the half hour of an address; a `source` makes it a button's."""
        self._urls[url_id] = ResponseUrl(url_id, self._clock(), user, channel, source)

    async def next(self, url_id: str, within: float) -> UrlMessage:
        """What comes next by this address. Raises TimeoutError."""
        async with asyncio.timeout(within):
            return await self._urls[url_id].waiting.get()

    def receive(self, url_id: str, body: dict[str, Any]) -> Refusal | None:
        """Take what was posted to an address, and do what it says."""
        url = self._urls.get(url_id)
        if url is None:
            self._breaches.note("unknown_url", f"{_WHERE}: nobody was given the address {url_id}.")
            return Refusal(404, "used_url")
        if refusal := self._closed(url) or self._judged(body):
            return refusal
        url.uses += 1
        came = UrlMessage(url_id, body, self._done(url, body), self._clock())
        self.received.append(came)
        url.waiting.put_nowait(came)
        return None

    def _closed(self, url: ResponseUrl) -> Refusal | None:
        if self._clock() - url.opened_at > LIFE:
            self._breaches.note("expired_url", f"{_WHERE}: used after more than 30 minutes.")
            return Refusal(404, "expired_url")
        if url.uses >= USES:
            self._breaches.note("used_url", f"{_WHERE}: used more than five times.")
            return Refusal(404, "used_url")
        return None

    def _judged(self, body: dict[str, Any]) -> Refusal | None:
        refused = judge(self._breaches, _WHERE, body)
        return Refusal(400, rule(refused[0])) if refused else None

    def _done(self, url: ResponseUrl, body: dict[str, Any]) -> Message | None:
        if _says(body, "delete_original"):
            self._delete(url)
            return self._posted(url, body) if body.get("text") or body.get("blocks") else None
        if _says(body, "replace_original"):
            return self._replaced(url, body)
        if url.source and "replace_original" not in body:
            self._note(
                "replace_original",
                "a button's answer says neither replace_original true nor false, "
                "and Slack may put it in place of the message.",
            )
        return self._posted(url, body)

    def _delete(self, url: ResponseUrl) -> None:
        if url.source is None:
            self._note("delete_original", "it does nothing by a command's address.")
        else:
            url.source.gone = True

    def _replaced(self, url: ResponseUrl, body: dict[str, Any]) -> Message | None:
        source = url.source
        if source is None:
            self._note(
                "replace_original",
                "it does nothing by a command's address: the message comes as a further one.",
            )
            return self._posted(url, body)
        if body.get("response_type", _type(source)) != _type(source):
            self._note(
                "response_type",
                f"a message stays for whom it was: this one remains {_type(source)}.",
            )
        if source.gone:
            self._note("message_not_found", "the message to replace is gone.")
            return None
        self._messages.edit(source, body)
        return source

    def _posted(self, url: ResponseUrl, body: dict[str, Any]) -> Message:
        shared = body.get("response_type") == "in_channel"
        place = Place(url.channel, str(body.get("thread_ts") or ""), "" if shared else url.user)
        return post(self._messages, self._breaches, body, place, _WHERE)

    def _note(self, rule: str, what: str) -> None:
        self._breaches.note(rule, f"{_WHERE}: {what}")


def _type(message: Message) -> str:
    return "ephemeral" if message.is_ephemeral else "in_channel"


def _says(body: dict[str, Any], key: str) -> bool:
    """Slack takes true as JSON or as a word."""
    return body.get(key) in (True, "true")
