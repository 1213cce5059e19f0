"""The people of the workspace, as Slack's user objects describe them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.signing import TEAM_ID

BOT_TOKEN = "xoxb-sandbox-bot-token"  # noqa: S105 - invented
APP_TOKEN = "xapp-1-A0EXT-sandbox-app-token"  # noqa: S105 - invented
BOT_USER_ID = "U0EXTBOT"
BOT_ID = "B0EXTBOT"
OTHER_TEAM_ID = "T0STRANGER"
OTHER_ENTERPRISE_ID = "E0STRANGER"
SIBLING_TEAM_ID = "T0SIBLING"  # another workspace of the same organization
ENTERPRISE_ID = "E0LANTERN"
ENTERPRISE_NAME = "Lantern"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the workspace, or a user met in a channel shared with another one.

    `enterprise_id` is that of the organization that the user's workspace belongs to, if any.
    """

    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    team_id: str = TEAM_ID
    enterprise_id: str = ""
    tz: str = "America/New_York"
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False

    @property
    def is_foreign(self) -> bool:
        """Whether the user belongs to another company."""
        return self.team_id not in (TEAM_ID, SIBLING_TEAM_ID)

    @property
    def is_guest(self) -> bool:
        """Whether the user was invited to some channels only."""
        return self.is_restricted or self.is_ultra_restricted


MEMBERS: tuple[Member, ...] = (
    Member("U0JOHN", "john.smith", "John Smith", "john.smith@example.com", "Buyer"),
    Member("U0ADMIN", "mary.obrien", "Mary O'Brien", "mary.obrien@example.com", is_admin=True),
    Member("U0ANNA", "anna.nowak", "Anna Nowak", "anna.nowak@example.com", tz="Europe/Warsaw"),
    Member("U0GUEST", "guest", "Gus Guest", "gus@guests.example", is_restricted=True),
    Member(
        "U0SINGLE", "single", "Sina Single", "sina@guests.example",
        is_restricted=True, is_ultra_restricted=True,
    ),
    Member("U0NOPHONE", "noah.phone", "Noah Phone", "noah.phone@example.com"),
    Member(
        "U0STRANGER", "stella", "Stella Stranger",
        team_id=OTHER_TEAM_ID, enterprise_id=OTHER_ENTERPRISE_ID,
    ),
    Member("U0FARAWAY", "fred", "Fred Faraway", team_id="T0FARAWAY"),
    Member("U0GONE", "gone", "Gordon Gone", "gordon.gone@example.com", deleted=True),
    Member("U0ROBOT", "robot", "Another Bot", is_bot=True),
    Member(BOT_USER_ID, "ext", "Ext", is_bot=True),
)  # fmt: skip

# The same people where the workspace belongs to an Enterprise organization, and a member of
# another of its workspaces.
ENTERPRISE_MEMBERS: tuple[Member, ...] = (
    *(member if member.is_foreign else replace(member, enterprise_id=ENTERPRISE_ID)
      for member in MEMBERS),
    Member(
        "U0COUSIN", "carla", "Carla Cousin", "carla.cousin@example.com",
        team_id=SIBLING_TEAM_ID, enterprise_id=ENTERPRISE_ID,
    ),
)  # fmt: skip


def user_object(member: Member, *, with_email: bool, is_stranger: bool) -> JsonObject:
    """A user object. Slack leaves out the email address where the scope is missing.

    `is_stranger` marks a user of another company who is in no channel that the app can see. For
    users in a shared channel Slack doesn't set it; their `team_id` tells.
    """
    user_fields: JsonObject = {
        "id": member.id,
        "team_id": member.team_id,
        "name": member.name,
        "deleted": member.deleted,
        "profile": _profile(member, with_email=with_email),
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }
    if member.deleted:
        return user_fields  # Slack leaves out the rights of a deactivated user
    enterprise_fields = (
        {"enterprise_user": _enterprise_user(member)} if member.enterprise_id else {}
    )
    stranger = {"is_stranger": is_stranger} if member.is_foreign else {}
    return {**user_fields, **_membership_fields(member), **stranger, **enterprise_fields}


def _membership_fields(member: Member) -> JsonObject:
    return {
        "color": "9f69e7",
        "real_name": member.real_name,
        "tz": member.tz,
        "tz_label": member.tz,
        "tz_offset": 0,
        "is_admin": member.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": member.is_restricted,
        "is_ultra_restricted": member.is_ultra_restricted,
        "is_email_confirmed": bool(member.email),
        "who_can_share_contact_card": "EVERYONE",
    }


def _enterprise_user(member: Member) -> JsonObject:
    is_own = member.enterprise_id == ENTERPRISE_ID
    return {
        "id": member.id,
        "enterprise_id": member.enterprise_id,
        "enterprise_name": ENTERPRISE_NAME if is_own else "Elsewhere",
        "is_admin": member.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "teams": [member.team_id],
    }


def _profile(member: Member, *, with_email: bool) -> JsonObject:
    first, _, last = member.real_name.partition(" ")
    profile: JsonObject = {
        "title": member.title,
        "phone": "",
        "skype": "",
        "real_name": member.real_name,
        "real_name_normalized": member.real_name,
        "display_name": member.name,
        "display_name_normalized": member.name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "g0000000000",
        "first_name": first,
        "last_name": last,
        "image_48": "https://avatars.invalid/48.png",
        "image_192": "https://avatars.invalid/192.png",
        "team": member.team_id,
    }
    if with_email and member.email:
        profile["email"] = member.email
    return profile
