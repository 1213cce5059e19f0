"""Who can read a channel: whether people of another organisation are in it.

https://docs.slack.dev/reference/methods/conversations.info
"""

from __future__ import annotations

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from bot.cache import Cache, TtlPolicy
from bot.errors import SlackUnavailable
from bot.slack.api import call

# A channel can be shared at any time, so what is known of it is not kept for long.
REMEMBERED = TtlPolicy(found=60, missing=60, stale=0, stale_if_error=0)

_HIDDEN = ("channel_not_found", "missing_scope", "not_in_channel", "method_not_supported")


class SlackChannels:
    """Slack's channels, asked through a cache."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._outsiders: Cache[str, bool | None] = Cache(REMEMBERED)

    async def has_outsiders(self, channel_id: str, *, deadline: float) -> bool | None:
        """Return whether outsiders read a channel; `None` where Slack does not tell us."""
        if not channel_id:
            return None

        async def load() -> bool | None:
            told = await call(
                self._client, "conversations.info", nothing=_HIDDEN, channel=channel_id
            )
            return _outsiders(told.get("channel"))

        try:
            async with asyncio.timeout_at(deadline):
                return (await self._outsiders.get(channel_id, load)).value
        except (SlackUnavailable, TimeoutError):
            return None

    async def close(self) -> None:
        """End what is under way."""
        await self._outsiders.close()


def _outsiders(channel: object) -> bool | None:
    """Channels that are about to be shared count: what is posted now will be read then."""
    if not isinstance(channel, dict) or "is_ext_shared" not in channel:
        return None
    pending = channel.get("is_pending_ext_shared") or channel.get("pending_shared")
    return bool(channel["is_ext_shared"] or pending)
