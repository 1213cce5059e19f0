"""Slack's users and the bot's own workspace, through a cache that also keeps misses.

https://docs.slack.dev/reference/methods/users.info
https://docs.slack.dev/reference/methods/users.lookupByEmail
https://docs.slack.dev/reference/methods/auth.test
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from bot.cache import Cache, Entry, TtlPolicy
from bot.errors import SlackUnavailable
from bot.limits import (
    MEMBER_STALE_IF_ERROR_S,
    MEMBER_TTL_S,
    SLACK_FAILURE_TTL_S,
    USER_ID_STALE_S,
    WORKSPACE_STALE_IF_ERROR_S,
    WORKSPACE_STALE_S,
    WORKSPACE_TTL_S,
)
from bot.metrics import Metrics
from bot.slack.api import SlackRefused, call
from bot.slack.people import Member, Workspace
from bot.tasks import Tasks

V = TypeVar("V")

MEMBERS = TtlPolicy(
    found=MEMBER_TTL_S,
    missing=MEMBER_TTL_S,
    stale=0,  # access is never decided by a stale entry while Slack can be asked
    stale_if_error=MEMBER_STALE_IF_ERROR_S,
    failed=SLACK_FAILURE_TTL_S,
)
USER_IDS = TtlPolicy(
    found=MEMBER_TTL_S,
    missing=MEMBER_TTL_S,
    stale=USER_ID_STALE_S,
    stale_if_error=MEMBER_STALE_IF_ERROR_S,
)
WORKSPACE = TtlPolicy(
    found=WORKSPACE_TTL_S,
    stale=WORKSPACE_STALE_S,
    stale_if_error=WORKSPACE_STALE_IF_ERROR_S,
    failed=SLACK_FAILURE_TTL_S,
)

# Refusals that mean Slack will not accept the token again.
# https://docs.slack.dev/reference/methods/auth.test#errors
TOKEN_REFUSED = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        *("not_allowed_token_type", "org_login_required", "team_access_not_granted"),
    }
)

_NO_USER = ("user_not_found", "users_not_found", "user_not_visible")


class SlackUsers:
    """Slack's users and the workspace, through a cache.

    `refusal` is Slack's error code if it doesn't accept the token, else an empty text.
    """

    def __init__(
        self, client: AsyncWebClient, tasks: Tasks, metrics: Metrics | None = None
    ) -> None:
        self._client = client
        self._tasks = tasks
        self.refusal = ""
        cached = (metrics or Metrics()).cached
        self._members: Cache[str, Member | None] = Cache(MEMBERS, count=cached("members"))
        self._user_ids: Cache[str, str] = Cache(USER_IDS, missing=lambda user_id: not user_id)
        self._workspace: Cache[str, Workspace] = Cache(WORKSPACE, missing=lambda _: False)

    async def workspace(self, *, deadline: float) -> Workspace:
        """Return the workspace where Ext is installed. Raises `SlackUnavailable`."""

        async def load() -> Workspace:
            return _workspace(await self._call("auth.test"))

        return (await _within(deadline, self._workspace.get("own", load))).value

    async def member(self, user_id: str, *, deadline: float) -> Member | None:
        """Return a user, or `None` if Slack has no such user. Raises `SlackUnavailable`."""

        async def load() -> Member | None:
            response = await self._call("users.info", user=user_id)
            if not response:
                return None
            user = _as_dict(response.get("user"))
            if not user.get("id") or not (user.get("team_id") or user.get("profile")):
                # Access depends on these fields: a user without them is unknown, not allowed.
                raise SlackUnavailable
            return _member(user_id, user)

        return (await _within(deadline, self._members.get(user_id, load))).value

    def known_member(self, user_id: str) -> Member | None:
        """Return a user if the cache has a fresh entry for them, without a call."""
        entry = self._members.fresh(user_id)
        return entry.value if entry else None

    def known_workspace(self) -> Workspace | None:
        """Return the workspace where Ext is installed, if it is cached."""
        entry = self._workspace.peek("own")
        return entry.value if entry else None

    def known_id(self, email: str) -> str:
        """Return the user id of an email address if it is cached, else an empty text.

        If it isn't cached, Slack is asked in the background, so that the next card has it.
        """
        if not email:
            return ""
        email = email.lower()
        entry = self._user_ids.peek(email)
        if entry is None:
            self._tasks.start(self._load_id(email), name="slack profile", background=True)
        return entry.value if entry else ""

    async def close(self) -> None:
        """Cancel the open calls."""
        caches = (self._members, self._user_ids, self._workspace)
        await asyncio.gather(*(cache.close() for cache in caches))

    async def _load_id(self, email: str) -> None:
        async def load() -> str:
            try:
                # The email is sent in the body, because proxies log URLs.
                response = await self._call("users.lookupByEmail", form={"email": email})
            except SlackUnavailable:
                return ""  # a card is complete without the profile, so the miss is cached
            return str(_as_dict(response.get("user")).get("id") or "")

        await self._user_ids.get(email, load)

    async def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method, and note whether Slack accepts the token."""
        try:
            response = await call(self._client, method, empty_on=_NO_USER, **arguments)
        except SlackRefused as refused:
            self.refusal = refused.code if refused.code in TOKEN_REFUSED else ""
            raise
        self.refusal = ""
        return response


class SingleTokenAuthorize(AsyncAuthorize):
    """Authorizes each of Bolt's requests with the one bot token, without calling auth.test."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, **_: object
    ) -> AuthorizeResult:
        """Return the token for a request from any workspace.

        `lookup.access` decides whether people of that workspace may ask.
        """
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self._token)


async def _within(deadline: float, loading: Awaitable[Entry[V]]) -> Entry[V]:
    try:
        async with asyncio.timeout_at(deadline):
            return await loading
    except TimeoutError:
        raise SlackUnavailable from None


def _member(user_id: str, user: dict[str, Any]) -> Member:
    enterprise_user = _as_dict(user.get("enterprise_user"))
    return Member(
        id=user_id,
        email=str(_as_dict(user.get("profile")).get("email") or "").strip().lower(),
        team_id=str(user.get("team_id") or ""),
        enterprise_id=str(enterprise_user.get("enterprise_id") or user.get("enterprise_id") or ""),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")),
        is_bot=bool(user.get("is_bot")) or user_id == "USLACKBOT",
        deleted=bool(user.get("deleted")),
    )


def _workspace(response: dict[str, Any]) -> Workspace:
    return Workspace(
        team_id=str(response.get("team_id") or ""),
        enterprise_id=str(response.get("enterprise_id") or ""),
        url=str(response.get("url") or ""),
        bot_user_id=str(response.get("user_id") or ""),
    )


def _as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
