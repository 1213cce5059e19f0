"""Messages that Ext posts by itself: in a thread, to one person, in a direct message.

https://docs.slack.dev/reference/methods/chat.postMessage
https://docs.slack.dev/reference/methods/chat.postEphemeral
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackUnavailable
from bot.metrics import Metrics
from bot.slack.api import TRANSIENT, SlackRefused, call

log = logging.getLogger(__name__)

PAUSES = (1.0, 2.0)  # seconds; the event was acknowledged, so Slack will not send it again
_BAD_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long")


class SlackMessages:
    """Posts messages; where Slack refuses the blocks, the text, which holds the whole answer."""

    def __init__(self, client: AsyncWebClient, metrics: Metrics) -> None:
        self._client = client
        self._metrics = metrics

    async def post(self, payload: dict[str, Any], *, channel: str, thread_ts: str = "") -> None:
        """Post where everybody in the channel sees it."""
        place = {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        await self._post("chat.postMessage", payload, place, thread_ts)

    async def post_ephemeral(
        self, payload: dict[str, Any], *, channel: str, user: str, thread_ts: str = ""
    ) -> None:
        """Post where one person sees it."""
        place = {"channel": channel, "user": user}
        await self._post("chat.postEphemeral", payload, place, thread_ts)

    async def _post(
        self, method: str, payload: dict[str, Any], place: dict[str, Any], thread_ts: str
    ) -> None:
        place |= {"thread_ts": thread_ts} if thread_ts else {}
        try:
            await self._ask(method, place | payload, place | {"text": payload["text"]})
        except SlackUnavailable as fault:
            self._metrics.answered("lost")
            log.error("An answer could not be posted: %s", fault)
        else:
            self._metrics.answered("message")

    async def _ask(self, method: str, message: dict[str, Any], plain: dict[str, Any]) -> None:
        """Post, again after a refusal that passes. What may have arrived is not sent twice."""
        for pause in (*PAUSES, None):
            try:
                await call(self._client, method, message=message)
            except SlackRefused as refusal:
                if refusal.code in _BAD_BLOCKS and message is not plain:
                    message = plain
                elif refusal.code not in TRANSIENT or pause is None:
                    raise
                else:
                    await asyncio.sleep(pause)
            else:
                return
