"""The people and the workspace of a request, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asker:
    """The person who asks, and the channel; an id is empty if the request doesn't have it.

    `team_id` is the person's workspace according to the request, which Slack's API may correct.
    """

    user_id: str
    team_id: str = ""
    channel_id: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A Slack user, from users.info. `enterprise_id` is the id of their Enterprise organization.

    A guest has limited access to this workspace. A stranger belongs to another workspace and only
    shares a channel with this one.
    """

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
