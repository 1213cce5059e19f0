"""Whether people of another organization can read a channel.

https://docs.slack.dev/reference/methods/conversations.info
"""

from __future__ import annotations

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from bot.cache import Cache, TtlPolicy
from bot.errors import SlackUnavailable
from bot.limits import CHANNEL_TTL_S
from bot.slack.api import call

# A stale entry is never used, because an answer that was shared by mistake can't be taken back.
CHANNELS = TtlPolicy(found=CHANNEL_TTL_S, missing=CHANNEL_TTL_S, stale=0, stale_if_error=0)

_NOT_VISIBLE = (
    "channel_not_found",
    "missing_scope",
    "not_in_channel",
    "method_not_supported",
)


class SlackChannels:
    """What Slack says about channels, through a cache."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._outsiders: Cache[str, bool | None] = Cache(CHANNELS)

    async def has_outsiders(self, channel_id: str, *, deadline: float) -> bool | None:
        """Return whether outsiders can read a channel; `None` if Slack doesn't say in time."""
        if not channel_id:
            return None

        async def load() -> bool | None:
            response = await call(
                self._client, "conversations.info", empty_on=_NOT_VISIBLE, channel=channel_id
            )
            return _has_outsiders(response.get("channel"))

        try:
            async with asyncio.timeout_at(deadline):
                return (await self._outsiders.get(channel_id, load)).value
        except (SlackUnavailable, TimeoutError):
            return None

    async def close(self) -> None:
        """Cancel the open calls."""
        await self._outsiders.close()


def _has_outsiders(channel: object) -> bool | None:
    """Read a channel object.

    A channel that is about to be shared counts as shared: outsiders will see its history too.
    """
    if not isinstance(channel, dict) or "is_ext_shared" not in channel:
        return None
    pending = channel.get("is_pending_ext_shared") or channel.get("pending_shared")
    return bool(channel["is_ext_shared"] or pending)
