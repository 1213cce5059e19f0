"""The people of the stand-in for a Slack workspace, as Slack tells of them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.signing import TEAM_ID

BOT_TOKEN = "xoxb-sandbox-bot-token"  # noqa: S105 - invented
BOT_USER_ID = "U0EXTBOT"
BOT_ID = "B0EXTBOT"
OTHER_TEAM_ID = "T0STRANGER"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the workspace, or met in a channel that is shared with another."""

    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    team_id: str = TEAM_ID
    tz: str = "America/New_York"
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False

    @property
    def is_stranger(self) -> bool:
        """Whether this is somebody of another workspace."""
        return self.team_id != TEAM_ID


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
    Member("U0STRANGER", "stella", "Stella Stranger", team_id=OTHER_TEAM_ID),
    Member("U0GONE", "gone", "Gordon Gone", "gordon.gone@example.com", deleted=True),
    Member(BOT_USER_ID, "ext", "Ext", is_bot=True),
)  # fmt: skip


def user(member: Member, *, with_email: bool) -> dict[str, object]:
    """A user object. Slack leaves the e-mail address out where a scope is missing."""
    told: dict[str, object] = {
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
        return told  # what somebody who left may do is not told any more
    return {**told, **_standing(member)}


def _standing(member: Member) -> dict[str, object]:
    told: dict[str, object] = {
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
    if member.is_stranger:
        told["is_stranger"] = True
    return told


def _profile(member: Member, *, with_email: bool) -> dict[str, object]:
    first, _, last = member.real_name.partition(" ")
    profile: dict[str, object] = {
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
