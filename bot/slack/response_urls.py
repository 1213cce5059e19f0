"""Messages after the acknowledgement, by a command's `response_url`.

It takes five messages within half an hour.
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.metrics import Metrics

log = logging.getLogger(__name__)

POST_LIMIT = 5.0  # seconds
PAUSES = (0.3, 1.0)  # seconds before another try after a fault of Slack's; five uses are allowed


class ResponseUrls:
    """Posts to response_urls over one shared session."""

    def __init__(self, session: aiohttp.ClientSession, metrics: Metrics) -> None:
        self._session = session
        self._metrics = metrics

    async def post(self, url: str, payload: dict[str, Any]) -> None:
        """Post a message; where Slack refuses its blocks, the text alone."""
        status = await self._send(url, payload)
        for pause in PAUSES:
            if status < 500:
                break
            await asyncio.sleep(pause)
            status = await self._send(url, payload)
        if 400 <= status < 500 and status not in (404, 410, 429):
            plain = {name: value for name, value in payload.items() if name != "blocks"}
            status = await self._send(url, plain)
        self._metrics.answered("response_url" if status == 200 else "lost")
        if status != 200:
            log.error("An answer could not be posted to its response_url: %s", status or "no reply")

    async def _send(self, url: str, payload: dict[str, Any]) -> int:
        """Return the status of Slack's reply, 0 for none."""
        client = AsyncWebhookClient(
            url,
            session=self._session,
            retry_handlers=[AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler()],
        )
        try:
            async with asyncio.timeout(POST_LIMIT):
                return (await client.send_dict(payload)).status_code
        except (TimeoutError, OSError, aiohttp.ClientError, SlackClientError) as fault:
            log.warning("A response_url did not answer: %s", type(fault).__name__)
            return 0
