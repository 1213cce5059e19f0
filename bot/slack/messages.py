"""Messages that the bot posts with its token: in a channel or thread, or for one person.

https://docs.slack.dev/reference/methods/chat.postMessage
https://docs.slack.dev/reference/methods/chat.postEphemeral
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackUnavailable
from bot.limits import MESSAGE_PAUSES_S
from bot.metrics import Metrics
from bot.slack.api import TRANSIENT, SlackRefused, call

log = logging.getLogger(__name__)

_BAD_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long")
# Slack shows an ephemeral message only to members of the channel.
_NOT_A_MEMBER = "user_not_in_channel"

Payload = dict[str, Any]


class SlackMessages:
    """Posts messages, whose payloads have `text` and `blocks` as Slack defines them.

    If Slack refuses the blocks, the text is posted alone: it contains the whole answer.
    """

    def __init__(self, client: AsyncWebClient, metrics: Metrics) -> None:
        self._client = client
        self._metrics = metrics

    async def post(self, payload: Payload, *, channel: str, thread_ts: str = "") -> None:
        """Post a message that everybody in the channel can read."""
        target: Payload = {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        await self._deliver(self._post("chat.postMessage", payload, target, thread_ts))

    async def post_ephemeral(
        self, payload: Payload, *, channel: str, user: str, thread_ts: str = ""
    ) -> None:
        """Post a message that only one person sees, in the channel or else in a direct message."""
        await self._deliver(self._post_ephemeral(payload, channel, user, thread_ts))

    async def _post_ephemeral(
        self, payload: Payload, channel: str, user: str, thread_ts: str
    ) -> None:
        try:
            target = {"channel": channel, "user": user}
            await self._post("chat.postEphemeral", payload, target, thread_ts)
        except SlackRefused as refusal:
            if refusal.code != _NOT_A_MEMBER:
                raise
            # A user id as the channel means the direct message with that user.
            # https://docs.slack.dev/reference/methods/chat.postMessage#channels
            await self._post("chat.postMessage", payload, {"channel": user}, "")

    async def _deliver(self, post: Awaitable[None]) -> None:
        """Post, count the result, and log a lost message: there is no other way to report it."""
        try:
            await post
        except SlackUnavailable as error:
            self._metrics.answered("lost")
            log.error("An answer could not be posted: %s", error)
        else:
            self._metrics.answered("message")

    async def _post(self, method: str, payload: Payload, target: Payload, thread_ts: str) -> None:
        """Post a message, and retry after a transient refusal.

        A time-out is not retried: Slack may have posted the message, and people would see it twice.
        """
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        message = target | thread | payload
        text_only = target | thread | {"text": payload["text"]}
        for pause_s in (*MESSAGE_PAUSES_S, None):  # `None` marks the last attempt
            try:
                await call(self._client, method, message=message)
            except SlackRefused as refusal:
                if refusal.code in _BAD_BLOCKS and message is not text_only:
                    message = text_only
                elif refusal.code not in TRANSIENT or pause_s is None:
                    raise
                else:
                    await asyncio.sleep(pause_s)
            else:
                return
