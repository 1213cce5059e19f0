"""The people and the workspace of a request, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and in which channel; any id is empty where the request names none.

    `team_id` is the workspace that the person belongs to, as the request claims.
    """

    user_id: str
    team_id: str = ""
    channel_id: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A Slack user, from users.info. `enterprise_id` is that of the person's organization."""

    id: str
    email: str = ""
    team_id: str = ""
    enterprise_id: str = ""
    is_guest: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace where Ext is installed, from auth.test; `url` ends with a slash."""

    team_id: str
    enterprise_id: str = ""
    url: str = ""
    bot_user_id: str = ""
