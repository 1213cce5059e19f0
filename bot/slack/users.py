"""Who somebody is in Slack, and who we are: asked once and remembered, misses too.

https://docs.slack.dev/reference/methods/users.info
https://docs.slack.dev/reference/methods/users.lookupByEmail
https://docs.slack.dev/reference/methods/auth.test
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.cache import HOUR, Cache, Entry, TtlPolicy
from bot.errors import SlackUnavailable
from bot.metrics import Metrics
from bot.slack.api import SlackRefused, call
from bot.slack.people import Member, Workspace
from bot.tasks import Tasks

V = TypeVar("V")

# A person's rights are asked for once in ten minutes; without Slack the last answer holds a day.
MEMBERS = TtlPolicy(found=600, missing=600, stale=0, stale_if_error=24 * HOUR, failed=10)
IDS = TtlPolicy(found=600, missing=600, stale=HOUR, stale_if_error=24 * HOUR)
OURSELVES = TtlPolicy(found=HOUR, stale=24 * HOUR, stale_if_error=30 * 24 * HOUR, failed=10)

# What Slack says of a token that it will not accept again.
# https://docs.slack.dev/reference/methods/auth.test#errors
TOKEN_REFUSED = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        *("not_allowed_token_type", "org_login_required", "team_access_not_granted"),
    }
)

_NOBODY = ("user_not_found", "users_not_found", "user_not_visible")


class SlackUsers:
    """Slack's users, asked through a cache.

    `refusal` is Slack's name for why it does not accept our token, or nothing.
    """

    def __init__(
        self, client: AsyncWebClient, tasks: Tasks, metrics: Metrics | None = None
    ) -> None:
        self._client = client
        self._tasks = tasks
        self.refusal = ""
        cached = (metrics or Metrics()).cached
        self._members: Cache[str, Member | None] = Cache(MEMBERS, count=cached("members"))
        self._ids: Cache[str, str] = Cache(IDS, missing=lambda user_id: not user_id)
        self._workspace: Cache[str, Workspace] = Cache(OURSELVES, missing=lambda _: False)

    async def workspace(self, *, deadline: float) -> Workspace:
        """Return where Ext is installed. Raises `SlackUnavailable`."""

        async def load() -> Workspace:
            return _workspace(await self._ask("auth.test"))

        return (await _by(deadline, self._workspace.get("ours", load))).value

    async def member(self, user_id: str, *, deadline: float) -> Member | None:
        """Return a user, or `None` where Slack knows none. Raises `SlackUnavailable`."""

        async def load() -> Member | None:
            told = await self._ask("users.info", user=user_id)
            if not told:
                return None  # Slack knows nobody of this id
            user = _object(told.get("user"))
            if not user.get("id") or not (user.get("team_id") or user.get("profile")):
                raise SlackUnavailable  # half an answer is none: who somebody is must be known
            return _member(user_id, user)

        return (await _by(deadline, self._members.get(user_id, load))).value

    def known_member(self, user_id: str) -> Member | None:
        """Return a user of whom Slack need not be asked now."""
        held = self._members.fresh(user_id)
        return held.value if held else None

    def known_workspace(self) -> Workspace | None:
        """Return where Ext is installed, if that is known already."""
        held = self._workspace.peek("ours")
        return held.value if held else None

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
        caches = (self._members, self._ids, self._workspace)
        await asyncio.gather(*(cache.close() for cache in caches))

    async def _find(self, email: str) -> None:
        async def load() -> str:
            try:
                told = await self._ask("users.lookupByEmail", form={"email": email})
            except SlackUnavailable:
                return ""  # an ornament of a card: left out for ten minutes
            return str((told.get("user") or {}).get("id") or "")

        await self._ids.get(email, load)

    async def _ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Ask Slack, and note whether it accepts our token."""
        try:
            told = await call(self._client, method, nothing=_NOBODY, **arguments)
        except SlackRefused as refused:
            self.refusal = refused.code if refused.code in TOKEN_REFUSED else ""
            raise
        self.refusal = ""
        return told


async def _by(deadline: float, loading: Awaitable[Entry[V]]) -> Entry[V]:
    try:
        async with asyncio.timeout_at(deadline):
            return await loading
    except TimeoutError:
        raise SlackUnavailable from None


def _member(user_id: str, user: dict[str, Any]) -> Member:
    organisation = _object(user.get("enterprise_user"))
    return Member(
        id=user_id,
        email=str(_object(user.get("profile")).get("email") or "").strip().lower(),
        team_id=str(user.get("team_id") or ""),
        enterprise_id=str(organisation.get("enterprise_id") or user.get("enterprise_id") or ""),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")),
        is_bot=bool(user.get("is_bot")) or user_id == "USLACKBOT",
        deleted=bool(user.get("deleted")),
    )


def _workspace(told: dict[str, Any]) -> Workspace:
    return Workspace(
        team_id=str(told.get("team_id") or ""),
        enterprise_id=str(told.get("enterprise_id") or ""),
        url=str(told.get("url") or ""),
        bot_user_id=str(told.get("user_id") or ""),
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
