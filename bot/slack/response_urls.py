"""Messages after the acknowledgement, posted to the response_url of a command or a button press.

A response_url accepts five messages within half an hour.
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.limits import RESPONSE_URL_LIMIT_S, RESPONSE_URL_PAUSES_S
from bot.metrics import Metrics
from bot.slack.api import NO_ANSWER

log = logging.getLogger(__name__)


class ResponseUrls:
    """Posts to response_urls over one shared session."""

    def __init__(self, session: aiohttp.ClientSession, metrics: Metrics) -> None:
        self._session = session
        self._metrics = metrics

    async def post(self, url: str, payload: dict[str, Any]) -> None:
        """Post a message. If Slack refuses the blocks, post the text, which has the whole answer.

        After 404, 410 or 429 it isn't tried: the URL is the problem, not the blocks.
        """
        status = await self._send(url, payload)
        for pause_s in RESPONSE_URL_PAUSES_S:
            if status < 500:
                break
            await asyncio.sleep(pause_s)
            status = await self._send(url, payload)
        if 400 <= status < 500 and status not in (404, 410, 429):
            text_only = {name: value for name, value in payload.items() if name != "blocks"}
            status = await self._send(url, text_only)
        self._metrics.answered("response_url" if status == 200 else "lost")
        if status != 200:
            log.error("An answer could not be posted to its response_url: %s", status or "no reply")

    async def _send(self, url: str, payload: dict[str, Any]) -> int:
        """Return the HTTP status of Slack's response; 0 for no response."""
        client = AsyncWebhookClient(
            url,
            session=self._session,
            retry_handlers=[AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler()],
        )
        try:
            async with asyncio.timeout(RESPONSE_URL_LIMIT_S):
                return (await client.send_dict(payload)).status_code
        except NO_ANSWER as error:
            log.warning("A response_url did not answer: %s", type(error).__name__)
            return 0
