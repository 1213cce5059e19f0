"""Messages that Ext posts by itself: in a thread, to one person, in a direct message.

https://docs.slack.dev/reference/methods/chat.postMessage
https://docs.slack.dev/reference/methods/chat.postEphemeral
"""

from __future__ import annotations

import logging
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards.message import Message
from bot.errors import SlackUnavailable
from bot.webapi import SlackRefused, ask

log = logging.getLogger(__name__)

_BAD_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long")


class Posting:
    """Posts messages; where Slack refuses the blocks, the text, which holds the whole answer."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def say(self, message: Message, *, channel: str, thread_ts: str = "") -> None:
        """Post where everybody in the channel sees it."""
        place = {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        await self._post("chat.postMessage", message, place, thread_ts)

    async def whisper(
        self, message: Message, *, channel: str, user: str, thread_ts: str = ""
    ) -> None:
        """Post where one person sees it."""
        place = {"channel": channel, "user": user}
        await self._post("chat.postEphemeral", message, place, thread_ts)

    async def _post(
        self, method: str, message: Message, place: dict[str, Any], thread_ts: str
    ) -> None:
        place |= {"thread_ts": thread_ts} if thread_ts else {}
        try:
            await ask(self._client, method, message=place | message.payload())
        except SlackRefused as refusal:
            if refusal.code not in _BAD_BLOCKS:
                log.error("An answer could not be posted: %s", refusal.code)
                return
            await self._post_text(method, place | {"text": message.text})
        except SlackUnavailable:
            log.error("An answer could not be posted: Slack did not answer")

    async def _post_text(self, method: str, message: dict[str, Any]) -> None:
        try:
            await ask(self._client, method, message=message)
        except SlackUnavailable as refusal:
            log.error("An answer could not be posted, not even as text: %s", refusal)
