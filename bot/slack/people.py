"""Who asks, and who somebody is in Slack: plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the Slack user id, and where known the workspace and the channel.

    `team_id` is the workspace that the person belongs to, as the request tells.
    """

    user_id: str
    team_id: str = ""
    channel_id: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A Slack user, as users.info tells. `enterprise_id` is that of a person's organisation."""

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
    """Where Ext is installed, as auth.test tells; `url` ends with a slash."""

    team_id: str
    enterprise_id: str = ""
    url: str = ""
    bot_user_id: str = ""
