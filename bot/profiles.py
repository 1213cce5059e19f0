"""Who somebody is in Slack: the email address of a user, and the user of an email address.

Both are asked of Slack once and remembered, what is not found too.
https://docs.slack.dev/reference/methods/users.info
https://docs.slack.dev/reference/methods/users.lookupByEmail
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cache import HOUR, Cache, Life
from bot.errors import SlackUnavailable
from bot.tasks import Tasks

log = logging.getLogger(__name__)

_REMEMBERED = Life(found=600, missing=600, stale=HOUR, kept=24 * HOUR)
_NOBODY = ("user_not_found", "users_not_found", "user_not_visible")


class Profiles:
    """Slack's users, asked through a cache."""

    def __init__(self, client: AsyncWebClient, tasks: Tasks) -> None:
        self._client = client
        self._tasks = tasks
        self._emails: Cache[str, str] = Cache(_REMEMBERED, missing=lambda email: not email)
        self._ids: Cache[str, str] = Cache(_REMEMBERED, missing=lambda user_id: not user_id)

    async def email_of(self, user_id: str, *, deadline: float) -> str:
        """Return a user's email address, or nothing where Slack has none to give.

        Raises `SlackUnavailable`.
        """

        async def load() -> str:
            user = (await self._ask("users_info", user=user_id)).get("user") or {}
            return str((user.get("profile") or {}).get("email") or "").strip().lower()

        try:
            async with asyncio.timeout_at(deadline):
                return (await self._emails.get(user_id, load)).value
        except TimeoutError:
            raise SlackUnavailable from None

    def known_id(self, email: str) -> str:
        """Return the user of an email address, if that is known already.

        Otherwise Slack is asked behind the answer's back, for the next time.
        """
        if not email:
            return ""
        email = email.lower()
        held = self._ids.peek(email)
        if held is None:
            self._tasks.start(self._find(email), name="slack profile", background=True)
        return held.value if held else ""

    async def close(self) -> None:
        """End what is under way."""
        await asyncio.gather(self._emails.close(), self._ids.close())

    async def _find(self, email: str) -> None:
        async def load() -> str:
            try:
                found = await self._ask("users_lookupByEmail", email=email)
            except SlackUnavailable:
                return ""  # an ornament of a card: left out for ten minutes
            return str((found.get("user") or {}).get("id") or "")

        await self._ids.get(email, load)

    async def _ask(self, method: str, **arguments: str) -> dict[str, Any]:
        """Call a method of the Web API; a person who is not there is an empty answer."""
        try:
            answer = await getattr(self._client, method)(**arguments)
        except SlackApiError as refusal:
            if (code := refusal_of(refusal)) in _NOBODY:
                return {}
            log.warning("Slack refused %s: %s", method, code)
            raise SlackUnavailable from None
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as fault:
            log.warning("Slack did not answer %s: %s", method, type(fault).__name__)
            raise SlackUnavailable from None
        return answer.data if isinstance(answer.data, dict) else {}


def refusal_of(error: SlackApiError) -> str:
    """Return Slack's name for a refusal, or the status of an answer that is not Slack's own.

    The client calls every answer a refusal that is not a good one, a proxy's page too.
    """
    body = getattr(error.response, "data", error.response)
    name = body.get("error") if isinstance(body, dict) else None
    if isinstance(name, str) and name.isidentifier():
        return name
    return f"status {getattr(error.response, 'status_code', '?')}"
