"""The channels of the workspace and their members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.members import BOT_USER_ID, Member
from bot.sandbox.slack.signing import TEAM_ID

_CREATED = 1_700_000_000


@dataclass(slots=True)
class Channel:
    """A channel or a direct message. `members` are user ids, with the bot's where it was
    invited.
    """

    id: str
    name: str
    members: frozenset[str] = frozenset()
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    is_org_shared: bool = False
    is_archived: bool = False

    @property
    def has_bot(self) -> bool:
        """Whether Ext is a member."""
        return BOT_USER_ID in self.members

    @property
    def is_public(self) -> bool:
        """Whether everyone in the workspace could join."""
        return not (self.is_private or self.is_im or self.is_mpim)

    @property
    def kind(self) -> str:
        """The channel type in events: `channel`, `group`, `im` or `mpim`."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "group" if self.is_private else "channel"

    @property
    def scope(self) -> str:
        """The scope that an app needs to read it."""
        return {"channel": "channels", "group": "groups"}.get(self.kind, self.kind) + ":read"

    @property
    def name_in_payloads(self) -> str:
        """The channel name in slash commands and buttons; names of private channels are
        replaced.
        """
        return {"im": "directmessage", "group": "privategroup"}.get(self.kind, self.name)


def build_channels(members: Iterable[Member]) -> dict[str, Channel]:
    """Every channel of a workspace of these members, by id."""
    people = [member for member in members if not member.is_bot]
    everyone = frozenset(person.id for person in people if not person.is_foreign) | {BOT_USER_ID}
    three = frozenset({"U0JOHN", "U0ADMIN", "U0ANNA"})
    shared = three | {"U0GUEST", "U0STRANGER", BOT_USER_ID}
    all_channels = (
        Channel("C0GENERAL", "general", everyone),
        Channel("C0RANDOM", "random", everyone - {BOT_USER_ID}),
        Channel("C0OLD", "old-project", everyone, is_archived=True),
        Channel("C0PARTNERS", "partners", shared, is_ext_shared=True),
        Channel("C0TEAM", "team", three | {BOT_USER_ID}, is_private=True),
        Channel("C0SECRET", "secret", three, is_private=True),
        Channel("G0THREE", "mpdm-john.smith--mary.obrien--anna.nowak-1", three, is_mpim=True),
        Channel("G0FOUR", "mpdm-john.smith--mary.obrien--anna.nowak--ext-1", three | {BOT_USER_ID},
                is_mpim=True),
        Channel("D0FRIENDS", "", frozenset({"U0JOHN", "U0ANNA"}), is_im=True),
        *(Channel(direct_channel_id(person.id), "", frozenset({person.id, BOT_USER_ID}), is_im=True)
          for person in people),
    )  # fmt: skip
    return {channel.id: channel for channel in all_channels}


def direct_channel_id(user: str) -> str:
    """The id of a user's direct messages with Ext: D0JOHN for U0JOHN."""
    return "D" + user[1:]


def channel_object(channel: Channel, *, with_members: bool) -> JsonObject:
    """A channel object, as `conversations.info` gives it."""
    if channel.is_im:
        user = next(iter(channel.members - {BOT_USER_ID}))
        return {
            "id": channel.id,
            "created": _CREATED,
            "is_archived": channel.is_archived,
            "is_im": True,
            "is_org_shared": channel.is_org_shared,
            "context_team_id": TEAM_ID,
            "user": user,
            "is_user_deleted": False,
            "is_open": True,
            "priority": 0,
        }
    count = {"num_members": len(channel.members)} if with_members else {}
    return {**_channel_fields(channel), **_sharing_fields(channel), **count}


def _channel_fields(channel: Channel) -> JsonObject:
    empty = {"value": "", "creator": "", "last_set": 0}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": False,
        "is_im": False,
        "is_mpim": channel.is_mpim,
        "is_private": not channel.is_public,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_member": channel.has_bot,
        "created": _CREATED,
        "updated": _CREATED * 1000,
        "creator": "U0ADMIN",
        "unlinked": 0,
        "context_team_id": TEAM_ID,
        "parent_conversation": None,
        "topic": empty,
        "purpose": empty,
        "previous_names": [],
    }


def _sharing_fields(channel: Channel) -> JsonObject:
    return {
        "is_shared": channel.is_ext_shared or channel.is_org_shared,
        "is_org_shared": channel.is_org_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "pending_shared": ["T0PENDING"] if channel.is_pending_ext_shared else [],
        "pending_connected_team_ids": [],
        "shared_team_ids": [TEAM_ID],
    }
