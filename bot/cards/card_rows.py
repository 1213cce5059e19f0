"""The rows of a card: each says one thing about an extension, or nothing where it is not known.

`ROWS` names them all, in the order in which they stand; their keys are `models.FIELDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.cards import links, time_text
from bot.cards.blocks import clean, code, count_fitting, join_first, label, mention, plain_text
from bot.models import Did, Extension, Handset, Location

DIDS_LIMIT = 1_950  # characters; a field holds 2,000
HANDSETS_LIMIT = 2_400  # the small print holds 3,000
TIGHT_LIMIT = 1_000  # of each of them on a card that is full of other things too

_BLOCKED = {True: "blocked", False: "not blocked", None: ""}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about. `location` is `None` where none of the extension's id is known.

    `tight` cards have less room for long lists.
    """

    extension: Extension
    location: Location | None = None
    slack_id: str = ""
    now: float = 0.0
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a card says: `shown` as mrkdwn in a block, `said` by a screen reader."""

    mrkdwn: str
    plain: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """One row of the card. `fact` returns `None` where there is nothing to say.

    `key` names the row for whoever must hide it; `small` rows stand below, in small text.
    """

    key: str
    label: str
    fact: Callable[[Subject], Fact | None]
    small: bool = False


def _direct(subject: Subject) -> Fact | None:
    limit = TIGHT_LIMIT if subject.tight else DIDS_LIMIT
    facts = [fact for did in subject.extension.dids if (fact := direct_number(did)).plain]
    if count_fitting([fact.mrkdwn for fact in facts], limit=limit) < len(facts):
        # Links take most of the room: to see all numbers is worth more.
        facts = [direct_number(did, linked=False) for did in subject.extension.dids]
    return _listed("direct", [fact for fact in facts if fact.plain], limit, separator="\n")


def _listed(name: str, facts: Sequence[Fact], limit: int, *, separator: str = ", ") -> Fact | None:
    """As many facts as there is room for, the same for the eyes and the ears."""
    if not facts:
        return None
    shown, said = [fact.mrkdwn for fact in facts], [fact.plain for fact in facts]
    count = min(
        count_fitting(shown, limit=limit, separator=separator), count_fitting(said, limit=limit)
    )
    return Fact(join_first(shown, count, separator=separator), f"{name} {join_first(said, count)}")


def direct_number(did: Did, *, linked: bool = True) -> Fact:
    """Return a direct number with its tag."""
    said = plain_text(links.international(did.phone_number), 60)
    plain = label(links.international(did.phone_number), 60)
    shown = links.telephone(did.phone_number) if linked else plain
    if tag := label(did.custom_tag, 80):
        return Fact(
            f"{shown} ({tag})".strip(), f"{said} ({plain_text(did.custom_tag, 80)})".strip()
        )
    return Fact(shown, said)


def _email(subject: Subject) -> Fact | None:
    address = subject.extension.user.email if subject.extension.user else ""
    said = plain_text(address, links.EMAIL_LIMIT)
    return Fact(links.email(address), said) if said else None


def _slack(subject: Subject) -> Fact | None:
    profile = mention(subject.slack_id)
    return Fact(profile, f"on Slack {profile}") if profile else None


def _location(subject: Subject) -> Fact | None:
    where = place(subject.extension, subject.location)
    if not where:
        return None
    shown, said = label(where, 200), plain_text(where, 200)
    zone = subject.location.time_zone if subject.location else ""
    if clock := time_text.local_time(zone, subject.now):
        return Fact(f"{shown}\n{clock} local time", f"{said}, {clock} local time")
    return Fact(shown, said)


def place(extension: Extension, location: Location | None) -> str:
    """Return name and city of the location in plain text, `Location 145214` for a nameless one."""
    name = clean(location.name) if location else ""
    if not name and extension.location_id:
        name = f"Location {clean(extension.location_id)}"
    city = clean(location.city) if location else ""
    return ", ".join(filter(None, [name, city if city != name else ""]))


def _do_not_disturb(subject: Subject) -> Fact | None:
    return _switch(subject.extension.dnd_enabled, said="Do Not Disturb")


def _login(subject: Subject) -> Fact | None:
    login = subject.extension.user.login_name if subject.extension.user else ""
    said = plain_text(login, 100)
    return Fact(code(login, 100), f"login {said}") if said else None


def _caller_id(subject: Subject) -> Fact | None:
    caller_id = links.international(subject.extension.caller_id)
    blocked = _BLOCKED[subject.extension.block_caller_id]
    shown, said = label(caller_id, 100), plain_text(caller_id, 100)
    if not shown:
        return Fact(blocked.capitalize(), f"caller ID {blocked}") if blocked else None
    mark = f" ({blocked})" if blocked else ""
    return Fact(shown + mark, f"caller ID {said}{mark}")


def _voicemail(subject: Subject) -> Fact | None:
    fact = _switch(subject.extension.vtt_enabled, said="voicemail transcription")
    return Fact(f"{fact.mrkdwn} (set for the whole location)", fact.plain) if fact else None


def _switch(on: bool | None, *, said: str) -> Fact | None:
    if on is None:
        return None
    return Fact("On", f"{said} on") if on else Fact("Off", f"{said} off")


def _handsets(subject: Subject) -> Fact | None:
    limit = TIGHT_LIMIT if subject.tight else HANDSETS_LIMIT
    facts = [fact for phone in subject.extension.handsets if (fact := _handset(phone)).plain]
    return _listed("handsets", facts, limit)


def _handset(handset: Handset) -> Fact:
    shown, said = label(handset.handset_name, 60), plain_text(handset.handset_name, 60)
    if sip_id := code(handset.sip_id, 60):
        shown, said = f"{shown} (SIP {sip_id})", f"{said} (SIP {plain_text(handset.sip_id, 60)})"
    return Fact(shown.strip(), said.strip())


ROWS = (
    CardRow("dids", "Direct", _direct),
    CardRow("email", "Email", _email),
    CardRow("slack", "Slack", _slack),
    CardRow("location", "Location", _location),
    CardRow("dnd", "Do Not Disturb", _do_not_disturb),
    CardRow("login", "Login", _login, small=True),
    CardRow("caller_id", "Caller ID", _caller_id, small=True),
    CardRow("voicemail", "Voicemail transcription", _voicemail, small=True),
    CardRow("handsets", "Handsets", _handsets, small=True),
)
